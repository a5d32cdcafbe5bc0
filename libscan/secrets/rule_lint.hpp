// What a rule must keep to so that the whole catalogue stays fast and exact. The build refuses a built-in rule
// that breaks one of these; `rules test` tells a user about theirs. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "libscan/secrets/rule.hpp"

namespace launchgate::secrets {

struct LintFinding {
  std::string rule;
  std::string where;  // "FILE:LINE:COLUMN", may be empty
  std::string what;   // what is wrong and how to mend it
};

// Limits and why they are what they are:
inline constexpr std::uint32_t kMinLiteral = 3;  // one rule anchored on less costs more than 150 good ones
inline constexpr std::uint32_t kMaxSpan = 4096;  // history re-scans this much around every changed byte

std::vector<LintFinding> lint_rules(const RuleSet& rules);

}  // namespace launchgate::secrets
