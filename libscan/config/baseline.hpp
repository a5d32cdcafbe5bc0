// The baseline: findings that were there before the gate, accepted as they are, one a line.
//
//   lg1:0123456789abcdef0123456789abcdef github-pat ghp_…9fQ
//
// Fingerprint, rule, and a hint for people; only the fingerprint counts. Lines are sorted and hold no line numbers
// and no dates, so that two branches change different lines and a merge is a union. Lines that begin with '#' and
// empty lines mean nothing. Writing the file whole or not at all is the caller's (core/atomic_file.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/finding.hpp"
#include "libscan/core/result.hpp"

namespace launchgate::config {

struct BaselineEntry {
  std::string fingerprint;
  std::string rule;
  std::string hint;        // masked value, or the path of a finding that has none
  std::uint32_t line = 0;  // in the file
};

// Errors name FILE:LINE; what an unresolved merge left behind is named as such.
Result<std::vector<BaselineEntry>> parse_baseline(std::string_view text, std::string_view file);

std::vector<BaselineEntry> baseline_of(const std::vector<Finding>& findings);

// Sorted, without doubles.
std::string format_baseline(std::vector<BaselineEntry> entries);

}  // namespace launchgate::config
