#include "libscan/gate/event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "libscan/core/sha256.hpp"

namespace launchgate::gate {
namespace {

// How much an outcome speaks against a release.
int caution(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::pass: return 0;
    case Outcome::flaky: return 1;
    case Outcome::skipped: return 2;
    case Outcome::inconclusive: return 3;
    case Outcome::fail: return 4;
  }
  return 4;
}

auto run_key(const Run& r) { return std::tie(r.number, r.attempt, r.unix_ms, r.id, r.env, r.release); }

// Which of two events with one identity stays; any total order does that puts the more cautious one last.
auto weight(const Event& e) {
  return std::make_tuple(caution(e.outcome), e.run.number, e.run.unix_ms, std::string_view(e.reason), e.ms);
}

}  // namespace

std::string event_id(const Event& e) {
  // Lengths in front keep ("a","bc") apart from ("ab","c").
  std::string subject;
  for (const std::string* part : {&e.run.id, &e.run.env, &e.run.release, &e.check})
    subject += fmt::format("{}:{}", part->size(), *part);
  subject += fmt::format("{}:{}", e.run.attempt, e.n);
  return hex(sha256(subject), 32);
}

bool run_before(const Run& a, const Run& b) noexcept { return run_key(a) < run_key(b); }

bool event_before(const Event& a, const Event& b) noexcept {
  if (run_key(a.run) != run_key(b.run)) return run_key(a.run) < run_key(b.run);
  return std::tie(a.check, a.n) < std::tie(b.check, b.n);
}

std::vector<Event> merge_events(std::vector<Event> a, const std::vector<Event>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::map<std::string, Event> by_id;
  for (Event& e : a) {
    auto [at, inserted] = by_id.try_emplace(event_id(e), e);
    if (!inserted && weight(at->second) < weight(e)) at->second = std::move(e);
  }
  std::vector<Event> merged;
  merged.reserve(by_id.size());
  for (auto& [id, event] : by_id) merged.push_back(std::move(event));
  std::sort(merged.begin(), merged.end(), event_before);
  return merged;
}

}  // namespace launchgate::gate
