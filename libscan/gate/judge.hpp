// The judge: may this release go out? A pure function of what this run saw, what earlier runs saw, and the policy.
//
// Promotion is by positive proof: every required check has a fresh pass in *this* run, nothing found is at or over
// the gate level, and nothing asked for was left out. "No two failures seen" proves nothing. So what earlier runs
// say, or a ledger that was lost or forged, can turn a failure from HOLD into BLOCK and back, and can never promote.
//
//   BLOCK    a required check failed `consecutive` times in a row, or a finding is at or over `fail_on`
//   HOLD     no confirmed failure, but no proof either: safe to run again
//   PROMOTE  proof
//
// "In a row", per check: every pass starts the count afresh; an attempt that could not be judged (runner offline,
// challenge page) neither counts nor clears. The table in tests/unit/gate/judge_test.cpp has every case.
// Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/verdict.hpp"
#include "libscan/gate/event.hpp"

namespace launchgate::gate {

enum class Scope {
  run,      // `consecutive` attempts in this run (the default: needs no memory)
  release,  // and that in `consecutive` runs of this release in a row; fewer is HOLD
  probe,    // one attempt a run, `consecutive` runs in a row of any release, no farther apart than max_gap
};
std::string_view to_string(Scope) noexcept;

struct Policy {
  unsigned consecutive = 2;  // at least 1
  Scope scope = Scope::run;
  double max_gap_ms = 3'600'000;           // probe: CI cron is late by hours, so a row with a hole in it is no row
  bool state_required = false;             // a lost ledger is HOLD instead of a note
  bool strict = false;                     // a flaky check is HOLD
  Severity fail_on = Severity::high_risk;  // checks and findings below it are told and decide nothing
  std::vector<std::string> required;       // ids that must have run; one that is absent from the report is HOLD
  bool checks_wanted = true;               // a report without any required check proves nothing: HOLD
};

struct History {
  enum class State {
    known,   // `events` is what there was, perhaps nothing
    absent,  // the ledger is not there: the first run, or it was evicted; no earlier failure is known
    lost,    // it is there and cannot be read or reached
  };
  Run run;                    // this run
  std::vector<Event> events;  // of earlier runs (and of this one, when it is judged again)
  State state = State::known;
  std::string problem;  // why it is lost; printable
};

struct Judgement {
  Verdict verdict;
  std::vector<CheckResult> checks;  // as in the report, with the outcome the evidence supports
  std::vector<Event> events;        // of this run, for the ledger
  std::vector<Note> notes;          // what a reader should know about the history
};

Judgement judge(const Report& report, const History& history, const Policy& policy);

// The outcome that attempts in their order prove; see the table. For whoever runs checks: to know when to stop.
Outcome outcome_of(const std::vector<Attempt>& attempts, unsigned consecutive) noexcept;

// How many runs in a row before `history.run` failed the check, as the scope counts them.
unsigned failures_before(const History& history, std::string_view check, const Policy& policy);

}  // namespace launchgate::gate
