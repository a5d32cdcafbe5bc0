// Reports for tests of the output formats: named cases, one of which is as hostile as input can be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter.hpp"
#include "libscan/core/report.hpp"
#include "libscan/core/verdict.hpp"

namespace launchgate::testing {

struct ReportCase {
  std::string name;
  Report report;
  std::optional<Verdict> verdict;
  bool golden = true;  // kept as a snapshot; what is not is held by properties alone
};

std::vector<ReportCase> report_cases();

// The options snapshots are made with: a known time and commit.
adapters::RenderOptions golden_options();

// Every string of the report is one of these somewhere: what an attacker would put into names and replies.
std::vector<std::string> hostile_strings();

}  // namespace launchgate::testing
