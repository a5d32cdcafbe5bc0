// A check is data: what it asks, why, how to mend it, which keys configure it, and the one function that runs it once.
//
// `run` makes one attempt and judges only that attempt; repeating it, spacing the repeats and drawing the conclusion
// is the engine's. So a check knows nothing of retries, and cannot hide a failure in one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/severity.hpp"

namespace launchgate::checks {

namespace smoke {
struct CheckSpec;
class Run;
}  // namespace smoke

// What one attempt saw.
struct Tried {
  Outcome outcome = Outcome::inconclusive;  // pass, fail or inconclusive
  std::string detail;                       // one clause, masked and printable
  bool unreached = false;                   // failed before any HTTP answer: this machine may be at fault
  double retry_after_ms = 0;                // the server asked to be left alone for this long
  std::vector<Sample> samples;
  double budget_ms = 0;
  std::string_view fix;  // advice on what was seen; empty = the kind's
};

struct CheckKind {
  std::string_view id;  // "page-load"
  std::string_view title, why, fix;
  Severity severity;
  unsigned strikes;                        // failures in a row that confirm
  std::string_view mark;                   // the key whose presence makes a [check.*] table this kind
  std::span<const std::string_view> keys;  // what it understands besides the keys every check has
  Tried (*run)(const smoke::CheckSpec&, smoke::Run&);
};

// Every kind. A table is the first kind whose mark it has; the last one has none.
std::span<const CheckKind> catalog() noexcept;

}  // namespace launchgate::checks
