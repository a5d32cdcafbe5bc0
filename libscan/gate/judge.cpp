#include "libscan/gate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace launchgate::gate {
namespace {

std::string times(unsigned n) {
  if (n == 1) return "once";
  if (n == 2) return "twice in a row";
  return fmt::format("{} times in a row", n);
}

bool passed(Outcome o) noexcept { return o == Outcome::pass || o == Outcome::flaky; }

unsigned strikes_needed(const Policy& policy) noexcept { return std::max(policy.consecutive, 1u); }

// In the probe scope one failed attempt is the run's failure: the repeat is the next probe.
unsigned strikes_in_run(const Policy& policy) noexcept {
  return policy.scope == Scope::probe ? 1 : strikes_needed(policy);
}

// What the runner declares and what its attempts prove must agree. The runner may know more (its control hosts were
// down too, the release changed under it), so its doubt counts; its certainty does not.
Outcome supported_outcome(const CheckResult& check, const Policy& policy) noexcept {
  if (check.outcome == Outcome::inconclusive || check.outcome == Outcome::skipped) return check.outcome;
  const Outcome proven = outcome_of(check.attempts, strikes_in_run(policy));
  if (check.outcome == Outcome::fail && passed(proven)) return Outcome::inconclusive;
  if (check.outcome == Outcome::flaky && proven == Outcome::pass) return Outcome::flaky;
  return proven;
}

bool is_required(const CheckResult& check, const Policy& policy) {
  return check.severity >= policy.fail_on ||
         std::find(policy.required.begin(), policy.required.end(), check.id) != policy.required.end();
}

Event event_of(const Run& run, const CheckResult& check, std::uint32_t n) {
  Event e{run, check.id, n, check.outcome, check.reason, 0};
  if (n > 0) {
    const Attempt& attempt = check.attempts[n - 1];
    e.outcome = attempt.outcome;
    e.reason = attempt.detail;
    e.ms = attempt.duration_ms;
  } else {
    for (const Attempt& attempt : check.attempts) e.ms += attempt.duration_ms;
  }
  return e;
}

// Collects reasons by weight; the worst decision of any of them is the verdict.
class Bench {
 public:
  void block(std::string reason) { blocks_.push_back(std::move(reason)); }
  void hold(std::string reason) { holds_.push_back(std::move(reason)); }
  void mention(std::string reason) { mentions_.push_back(std::move(reason)); }

  Verdict verdict() && {
    Verdict v;
    v.decision = !blocks_.empty() ? Decision::block : !holds_.empty() ? Decision::hold : Decision::promote;
    for (auto* reasons : {&blocks_, &holds_, &mentions_})
      std::move(reasons->begin(), reasons->end(), std::back_inserter(v.reasons));
    return v;
  }

 private:
  std::vector<std::string> blocks_, holds_, mentions_;
};

void judge_failure(const CheckResult& check, const History& history, const Policy& policy, Bench& bench) {
  const unsigned needed = strikes_needed(policy);
  const auto told = [&](unsigned n, std::string_view unit) {
    return fmt::format("{} failed {}{}: {}", check.id, times(n), unit, check.reason);
  };
  if (policy.scope == Scope::run || (policy.scope == Scope::release && history.state == History::State::lost))
    return bench.block(told(needed, ""));
  const unsigned strikes = failures_before(history, check.id, policy) + 1;
  const std::string_view unit = policy.scope == Scope::probe ? " (probes)" : " (runs of this release)";
  if (strikes >= needed) return bench.block(told(strikes, unit));
  bench.hold(told(strikes, unit) + fmt::format("; {} block", times(needed)));
}

void judge_check(const CheckResult& check, const History& history, const Policy& policy, Bench& bench) {
  switch (check.outcome) {
    case Outcome::fail: return judge_failure(check, history, policy, bench);
    case Outcome::inconclusive: return bench.hold(fmt::format("{} is inconclusive: {}", check.id, check.reason));
    case Outcome::skipped: return bench.hold(fmt::format("{} was skipped: {}", check.id, check.reason));
    case Outcome::flaky: {
      std::string reason = fmt::format("{} is flaky: it failed, then passed", check.id);
      return policy.strict ? bench.hold(std::move(reason)) : bench.mention(std::move(reason));
    }
    case Outcome::pass: return;
  }
}

void judge_findings(const Report& report, const Policy& policy, Bench& bench) {
  const auto at_or_over = [&](const Finding& f) { return f.severity >= policy.fail_on; };
  const auto n = std::count_if(report.findings.begin(), report.findings.end(), at_or_over);
  if (n > 0) bench.block(fmt::format("{} finding{} at or over {}", n, n == 1 ? "" : "s", to_string(policy.fail_on)));
  for (const Skipped& s : report.coverage.skipped)
    if (s.undecided)
      bench.hold(fmt::format("not looked at: {} {}{}", s.count, s.reason,
                             s.examples.empty() ? "" : ", e.g. " + s.examples.front()));
}

void judge_presence(const Judgement& judged, const Policy& policy, Bench& bench) {
  for (const std::string& id : policy.required)
    if (std::none_of(judged.checks.begin(), judged.checks.end(), [&](const CheckResult& c) { return c.id == id; }))
      bench.hold(fmt::format("{} did not run", id));
  if (policy.checks_wanted && std::none_of(judged.checks.begin(), judged.checks.end(),
                                           [&](const CheckResult& c) { return is_required(c, policy); }))
    bench.hold("no check at or over the gate level ran: there is no proof of anything");
}

void judge_state(const History& history, const Policy& policy, Judgement& judged, Bench& bench) {
  if (policy.scope == Scope::run || history.state == History::State::known) return;
  if (history.state == History::State::absent) {
    judged.notes.push_back({Note::Level::info, "no ledger yet: no earlier failure is known", ""});
    return;
  }
  judged.notes.push_back(
      {Note::Level::warning, "the ledger of earlier runs is lost: " + history.problem,
       policy.scope == Scope::release ? "this run is judged by itself" : "a failure counts as the first of its row"});
  if (policy.state_required) bench.hold("the ledger is required and lost: " + history.problem);
}

}  // namespace

std::string_view to_string(Scope scope) noexcept {
  switch (scope) {
    case Scope::run: return "run";
    case Scope::release: return "release";
    case Scope::probe: return "probe";
  }
  return "run";
}

Outcome outcome_of(const std::vector<Attempt>& attempts, unsigned consecutive) noexcept {
  unsigned row = 0;
  bool ever_failed = false;
  Outcome outcome = Outcome::inconclusive;
  for (const Attempt& a : attempts) {
    if (a.outcome == Outcome::fail) {
      ever_failed = true;
      if (++row >= std::max(consecutive, 1u)) return Outcome::fail;  // later luck does not take it back
      outcome = Outcome::inconclusive;
    } else if (passed(a.outcome)) {
      row = 0;
      outcome = ever_failed ? Outcome::flaky : Outcome::pass;
    }
  }
  return outcome;
}

unsigned failures_before(const History& history, std::string_view check, const Policy& policy) {
  if (policy.scope == Scope::run || history.state != History::State::known) return 0;
  std::vector<const Event*> earlier;
  for (const Event& e : history.events)
    if (e.n == 0 && e.check == check && e.run.env == history.run.env && run_before(e.run, history.run) &&
        !(e.run.id == history.run.id && e.run.attempt == history.run.attempt) &&
        (policy.scope == Scope::probe || e.run.release == history.run.release))
      earlier.push_back(&e);
  std::sort(earlier.begin(), earlier.end(), [](const Event* a, const Event* b) { return event_before(*a, *b); });

  unsigned row = 0;
  std::int64_t later_ms = history.run.unix_ms;
  for (auto e = earlier.rbegin(); e != earlier.rend(); ++e) {
    if (passed((*e)->outcome)) break;
    if ((*e)->outcome != Outcome::fail) continue;
    const double gap = std::abs(static_cast<double>(later_ms) - static_cast<double>((*e)->run.unix_ms));
    if (policy.scope == Scope::probe && gap > policy.max_gap_ms) break;
    later_ms = (*e)->run.unix_ms;
    ++row;
  }
  return row;
}

Judgement judge(const Report& report, const History& history, const Policy& policy) {
  Judgement judged;
  Bench bench;
  judge_findings(report, policy, bench);
  for (CheckResult check : report.checks) {
    check.outcome = supported_outcome(check, policy);
    if (check.reason.empty() && check.outcome == Outcome::inconclusive) check.reason = "no attempt proves anything";
    if (is_required(check, policy)) judge_check(check, history, policy, bench);
    for (std::uint32_t n = 0; n <= check.attempts.size(); ++n) judged.events.push_back(event_of(history.run, check, n));
    judged.checks.push_back(std::move(check));
  }
  judge_presence(judged, policy, bench);
  judge_state(history, policy, judged, bench);
  judged.verdict = std::move(bench).verdict();
  return judged;
}

}  // namespace launchgate::gate
