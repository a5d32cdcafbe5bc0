// Reports for tests of the output formats: named cases, one of which is as hostile as input can be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/verdict.hpp"

namespace launchgate::testing {

struct ReportCase {
  std::string name;
  Report report;
  std::optional<Verdict> verdict;
};

std::vector<ReportCase> report_cases();

// Every string of the report is one of these somewhere: what an attacker would put into names and replies.
std::vector<std::string> hostile_strings();

}  // namespace launchgate::testing
