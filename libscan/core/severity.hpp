// How bad a finding is, how sure we are, and how a check ended: three small closed vocabularies
// with their one spelling (kebab-case, as the command line, TOML and every report write them).
#pragma once

#include <optional>
#include <string_view>

namespace launchgate {

enum class Severity { can_wait, high_risk, launch_blocker };
enum class Confidence { low, medium, high };

// Never just two: a check that did not run is not a check that passed.
enum class Outcome {
  pass,
  flaky,         // failed once, then passed on the repeat
  fail,          // failed twice in a row: confirmed
  inconclusive,  // could not be judged (runner offline, zero samples, missing field)
  skipped,       // not asked for, or switched off
};

std::string_view to_string(Severity) noexcept;    // "can-wait" | "high-risk" | "launch-blocker"
std::string_view to_string(Confidence) noexcept;  // "low" | "medium" | "high"
std::string_view to_string(Outcome) noexcept;     // "pass" | "flaky" | "fail" | "inconclusive" | "skipped"

std::optional<Severity> parse_severity(std::string_view) noexcept;
std::optional<Confidence> parse_confidence(std::string_view) noexcept;

}  // namespace launchgate
