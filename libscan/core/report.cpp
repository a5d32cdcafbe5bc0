#include "libscan/core/report.hpp"

#include <algorithm>

namespace launchgate {
namespace {

Skipped& entry(std::vector<Skipped>& all, std::string_view reason) {
  auto at = std::lower_bound(all.begin(), all.end(), reason,
                             [](const Skipped& s, std::string_view r) { return s.reason < r; });
  if (at == all.end() || at->reason != reason) {
    at = all.insert(at, Skipped{});
    at->reason = reason;
  }
  return *at;
}

// Keeps the smallest few in order, so that the examples do not depend on which thread came first.
void add_example(std::vector<std::string>& examples, std::string_view example) {
  if (example.empty()) return;
  const auto at = std::lower_bound(examples.begin(), examples.end(), example);
  if (at != examples.end() && *at == example) return;
  examples.insert(at, std::string(example));
  if (examples.size() > Skipped::kMaxExamples) examples.pop_back();
}

}  // namespace

void Coverage::skip(std::string_view reason, std::string_view example, bool undecided) {
  Skipped& s = entry(skipped, reason);
  ++s.count;
  s.undecided |= undecided;
  add_example(s.examples, example);
}

void Coverage::merge(const Coverage& other) {
  files += other.files;
  bytes += other.bytes;
  commits += other.commits;
  for (const Skipped& from : other.skipped) {
    Skipped& to = entry(skipped, from.reason);
    to.count += from.count;
    to.undecided |= from.undecided;
    for (const std::string& e : from.examples) add_example(to.examples, e);
  }
}

bool Coverage::complete() const noexcept {
  return std::none_of(skipped.begin(), skipped.end(), [](const Skipped& s) { return s.undecided; });
}

}  // namespace launchgate
