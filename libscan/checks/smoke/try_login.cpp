// One attempt of a login check: sign in several times, each as a new visitor, and once as somebody who does not exist.
#include <fmt/format.h>

#include <limits>

#include "libscan/checks/smoke/kinds.hpp"
#include "libscan/checks/smoke/login.hpp"
#include "libscan/checks/smoke/stats.hpp"
#include "libscan/core/units.hpp"

namespace launchgate::checks::smoke {
namespace {

constexpr unsigned kRuns = 10;
constexpr unsigned kInARow = 2;  // logins: a site that refuses twice running is not asked ten times

void stop(Tried& out, const Trouble& t) {
  out.outcome = t.outcome;
  out.detail = t.why;
  out.unreached = t.unreached;
  out.retry_after_ms = t.retry_after_ms;
}

// The negative control. Only a refusal will do: an error of the server's is none, silence is none. A control that could
// not be made is no failure of the sign-in either, which has just been seen to work: it cannot be judged.
void refuse_stranger(const CheckSpec& spec, Run& run, const Route& route, Tried& out) {
  if (!spec.login->refuse_unknown || spec.login->oauth) return;
  Flow flow(run, spec.connection, route, false);
  const SignIn in = sign_in(spec, flow, true);
  if (!in.trouble) {
    out.outcome = Outcome::fail;
    out.detail = "a user that cannot exist was let in, or expect cannot tell (add login.proof)";
  } else if (in.trouble->outcome == Outcome::inconclusive || !in.answered) {
    stop(out, *in.trouble);
    out.outcome = Outcome::inconclusive;
    out.detail = "as a user that cannot exist: " + out.detail;
  } else if (in.status >= 500) {
    out.outcome = Outcome::fail;
    out.detail = fmt::format("a user that cannot exist makes the server fail with status {}", in.status);
  }
}

}  // namespace

Tried try_login(const CheckSpec& spec, Run& run) {
  Tried out;
  const auto routes = run.routes(spec.connection);
  const double allowed = 1 - spec.success.rate, start = run.clock().now_ms();
  unsigned wanted = spec.success.runs > 0 ? spec.success.runs : spec.login->totp.empty() ? kRuns : 1;
  unsigned done = 0, bad = 0, in_a_row = 0, unreached = 0;
  std::string first_failure;
  while (done < wanted) {
    // Slots are absolute, so that slow logins do not thin out the load they are measured under.
    if (done > 0 && !run.sleep_until(start + done * spec.success.pace_ms)) {
      stop(out, {Outcome::inconclusive,
                 fmt::format("the deadline of all checks came after {} of {} logins", done, wanted), false, 0});
      return out;
    }
    Flow flow(run, spec.connection, routes[done % routes.size()], done < routes.size());
    const SignIn in = sign_in(spec, flow);
    if (in.trouble && in.trouble->outcome == Outcome::inconclusive) return stop(out, *in.trouble), out;
    out.samples.push_back({in.trouble ? std::numeric_limits<double>::infinity() : flow.spent_ms, false, flow.phases});
    ++done;
    in_a_row = in.trouble ? in_a_row + 1 : 0;
    if (in.trouble) {
      ++bad;
      unreached += in.trouble->unreached;
      if (first_failure.empty()) first_failure = in.trouble->why;
      if (in_a_row == kInARow) break;
    } else {
      if (const auto old = run.sessions.find(spec.id); old != run.sessions.end()) {
        Flow leaving(run, spec.connection, routes.front(), false);
        leaving.session = old->second;
        sign_out(spec, leaving);
      }
      run.sessions.insert_or_assign(spec.id, flow.session);
    }
    if (bad >= hopeless_at(wanted, allowed)) break;
    if (done == wanted && judge_share(done, bad, allowed).is == Shares::more) ++wanted;
  }
  const ShareVerdict share = judge_share(done, bad, allowed);
  const bool good = share.is == Shares::pass && in_a_row < kInARow;
  out.outcome = good ? Outcome::pass : Outcome::fail;
  out.unreached = bad > 0 && unreached == bad;
  out.detail = fmt::format("{} of {} logins succeeded, {:g} % wanted", done - bad, done, spec.success.rate * 100);
  if (in_a_row == kInARow) out.detail += "; two in a row failed";
  if (share.weak) out.detail += " (weak evidence: decided on the share alone)";
  if (bad > 0) out.detail += ": " + first_failure;
  if (good) refuse_stranger(spec, run, routes.front(), out);
  return out;
}

}  // namespace launchgate::checks::smoke
