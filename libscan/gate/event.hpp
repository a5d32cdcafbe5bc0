// What one run says about one check, as the ledger remembers it: a plain fact that is never changed afterwards.
//
// Events are merged by set union and counters are derived from them on replay, so that runs which write at the same
// time, twice, or late cannot lose or double a failure. Thread-safety: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libscan/core/severity.hpp"

namespace launchgate::gate {

// Which run this is. The server's numbers order runs; clocks of runners differ and are asked only for gaps.
struct Run {
  std::string env;            // "production"
  std::string release;        // what was deployed: a commit id, a tag
  std::string id;             // the CI's run id; made up for a run by hand
  std::uint64_t number = 0;   // counts up per workflow; 0 = unknown, then time orders
  std::uint32_t attempt = 1;  // "re-run failed jobs" keeps id and number and counts this up
  std::int64_t unix_ms = 0;   // when the run began
};

struct Event {
  Run run;
  std::string check;
  std::uint32_t n = 0;  // 0 = the run's conclusion on the check, 1.. = its attempts
  Outcome outcome = Outcome::inconclusive;
  std::string reason;  // masked, printable
  double ms = 0;       // how long it took
};

// The identity of an event: a hash of (run id, run attempt, environment, release, check, n), 32 hex digits.
std::string event_id(const Event& event);

// Order of runs: by the server's number and attempt, then by time, then by id so that it is total.
bool run_before(const Run& a, const Run& b) noexcept;
// Order of events: by run, check, n.
bool event_before(const Event& a, const Event& b) noexcept;

// Union of both, in event_before order, one event per id. Two events of one id that differ (a job that died and was
// started again under the same number) become the more cautious one, so that the union does not depend on who is first.
std::vector<Event> merge_events(std::vector<Event> a, const std::vector<Event>& b);

}  // namespace launchgate::gate
