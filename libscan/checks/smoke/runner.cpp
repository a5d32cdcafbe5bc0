#include "libscan/checks/smoke/runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libscan/checks/smoke/login.hpp"
#include "libscan/checks/smoke/release.hpp"
#include "libscan/checks/smoke/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"

namespace launchgate::checks::smoke {
namespace {

// Attempts that could not be judged do not count, so there may be more than `strikes`; but not without end.
constexpr std::size_t kSpareAttempts = 2;

std::string sentence(std::string clause) {
  if (!clause.empty() && clause.back() != '.') clause += '.';
  return clause;
}

struct Progress {
  const CheckSpec* spec;
  CheckResult result;
  Tried last;          // what the latest attempt saw
  double next_ms = 0;  // when the next attempt may start
  bool settled = false;
};

class Runner {
 public:
  Runner(const Config& config, net::Services services, Settle settle)
      : config_(config),
        run_(config, services),
        settle_(settle),
        strikes_(config.gate.scope == "probe" ? 1 : std::max(1U, config.gate.consecutive)) {}

  RunResult go() {
    for (const CheckSpec& spec : config_.checks) progress_.push_back(begin(spec));
    const bool live = !config_.release || await();
    run_.begin_checks();
    if (live) {
      for (Progress& p : progress_)
        if (!p.spec->skip) attempt(p);
      repeat_failed();
      leave();
      if (config_.release) confirm();
    }
    RunResult out;
    if (config_.release) out.checks.push_back(std::move(release_));
    for (Progress& p : progress_) out.checks.push_back(finish(p, live));
    out.notes = run_.take_notes();
    return out;
  }

 private:
  Location declared_at(config::Place place) const {
    Location where;
    where.path = config_.file;
    where.span = {place.line, place.column, place.line, place.column + 1};
    return where;
  }

  Progress begin(const CheckSpec& spec) const {
    Progress p{&spec, {}, {}, 0, false};
    p.result.id = spec.id;
    p.result.title = printable(spec.title);
    p.result.severity = spec.severity;
    p.result.fix = spec.kind->fix;
    p.result.where = declared_at(spec.place);
    return p;
  }

  double since_start() { return run_.clock().now_ms() - run_.started_ms(); }

  // ---- release
  // -----------------------------------------------------------------------------------------------------------

  void record_release(const Tried& tried, double started) {
    release_.attempts.push_back({tried.outcome, started, since_start() - started, tried.detail});
    release_.outcome = tried.outcome;
    release_.reason = sentence(tried.detail);
  }

  bool await() {
    release_.id = "release";
    release_.title = "The release is live";
    release_.fix = "Wait for the deployment to finish on every machine, then run this again.";
    release_.where = declared_at(config_.release->place);
    const double started = since_start();
    record_release(await_release(run_), started);
    return release_.outcome == Outcome::pass;
  }

  void confirm() {
    const double started = since_start();
    const Tried tried = confirm_release(run_);
    if (tried.outcome == Outcome::pass) return;  // what await() said still stands
    record_release(tried, started);
  }

  // ---- attempts
  // ----------------------------------------------------------------------------------------------------------

  void attempt(Progress& p) {
    const double started = since_start();
    Tried tried;
    if (run_.left_ms() <= 0) {
      tried.detail = "the deadline of all checks passed before it";
    } else {
      run_.start_attempt(static_cast<unsigned>(p.result.attempts.size()), p.spec->id);
      tried = p.spec->kind->run(*p.spec, run_);
      if (tried.outcome == Outcome::fail && tried.unreached) blame_runner(tried);
    }
    p.result.attempts.push_back({tried.outcome, started, since_start() - started, tried.detail});
    p.next_ms = run_.clock().now_ms() + std::max(config_.gate.spacing_ms, tried.retry_after_ms);
    p.last = std::move(tried);
    const Outcome proven = settle_(p.result.attempts, strikes_);
    p.settled = proven != Outcome::inconclusive && proven != Outcome::skipped;
    p.result.outcome = proven;
  }

  // The site could not be reached at all. When nothing else can be either, that says nothing about the site.
  void blame_runner(Tried& tried) {
    std::string why;
    if (!run_.online(why)) {
      tried.outcome = Outcome::inconclusive;
      tried.detail = why + " (" + tried.detail + ")";
    }
  }

  void repeat_failed() {
    while (true) {
      Progress* next = nullptr;
      for (Progress& p : progress_)
        if (!p.spec->skip && !p.settled && !in_vain(p) && p.result.attempts.size() < strikes_ + kSpareAttempts &&
            (next == nullptr || p.next_ms < next->next_ms))
          next = &p;
      if (next == nullptr) return;
      if (next->next_ms > run_.clock().now_ms() + run_.left_ms()) {  // would start after the deadline
        next->settled = true;
        next->result.outcome = Outcome::inconclusive;
        next->last.detail +=
            fmt::format("; not repeated: the deadline of {} came first", show_duration(config_.gate.deadline_ms));
        continue;
      }
      run_.clock().sleep_until(next->next_ms);
      attempt(*next);
    }
  }

  // What uses a login that failed for good cannot be judged, however often it is tried.
  bool in_vain(const Progress& p) const {
    return !p.spec->use.empty() && std::any_of(progress_.begin(), progress_.end(), [&](const Progress& login) {
      return login.spec->id == p.spec->use && login.result.outcome == Outcome::fail;
    });
  }

  void leave() {
    for (auto& [id, session] : run_.sessions) {
      const CheckSpec& spec = *config_.find(id);
      Flow flow(run_, spec.connection, run_.routes(spec.connection).front(), false);
      flow.session = session;
      sign_out(spec, flow);
    }
  }

  // ---- results
  // -----------------------------------------------------------------------------------------------------------

  CheckResult finish(Progress& p, bool live) const {
    CheckResult& r = p.result;
    if (p.spec->skip) {
      r.outcome = Outcome::skipped;
      r.reason = "Skipped by the configuration.";
      r.fix = "Take skip out of its table; or give it a severity below fail_on, and it decides nothing.";
      return std::move(r);
    }
    if (!live) {
      r.outcome = Outcome::inconclusive;
      r.reason = "Not run: the release is not live.";
      return std::move(r);
    }
    r.samples = std::move(p.last.samples);
    r.budget_ms = p.last.budget_ms;
    if (!p.last.fix.empty()) r.fix = p.last.fix;
    r.reason = sentence(reason_of(p));
    return std::move(r);
  }

  static std::string reason_of(const Progress& p) {
    const auto& attempts = p.result.attempts;
    if (p.result.outcome == Outcome::flaky) {
      const auto failed =
          std::find_if(attempts.begin(), attempts.end(), [](const Attempt& a) { return a.outcome == Outcome::fail; });
      return fmt::format("failed once ({}), then passed: {}", failed == attempts.end() ? "" : failed->detail,
                         p.last.detail);
    }
    if (p.result.outcome != Outcome::fail || attempts.size() < 2) return p.last.detail;
    const std::string& first = attempts.front().detail;
    return first == p.last.detail ? p.last.detail : fmt::format("{}; before that: {}", p.last.detail, first);
  }

  const Config& config_;
  Run run_;
  Settle settle_;
  unsigned strikes_;
  std::vector<Progress> progress_;
  CheckResult release_;
};

}  // namespace

RunResult run_checks(const Config& config, net::Services services, Settle settle) {
  return Runner(config, services, settle).go();
}

}  // namespace launchgate::checks::smoke
