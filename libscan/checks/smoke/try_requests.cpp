// One attempt of a check that makes requests: alone or in a session, once or timed many times.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "libscan/checks/smoke/key_reader.hpp"
#include "libscan/checks/smoke/kinds.hpp"
#include "libscan/checks/smoke/login.hpp"
#include "libscan/checks/smoke/stats.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"

namespace launchgate::checks::smoke {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr unsigned kPercentileSamples = 20;
constexpr std::size_t kMaxAssets = 60;
constexpr double kSlowShare = 0.05;  // of a p95
// What a check of time advises when the time was not what was wrong.
constexpr std::string_view kWrongAnswer =
    "Open the page by hand and compare what it answers with what expect asks for; look at the release's logs.";

// Where on the way: with one family only, nothing; with two, which of them failed.
std::string through(const Route& route, std::size_t routes) {
  if (routes < 2 || route.address.empty()) return "";
  return fmt::format(" over {} ({})", route.family == net::Family::v6 ? "IPv6" : "IPv4", printable(route.address));
}

class Attempt {
 public:
  Attempt(const CheckSpec& spec, Run& run) : spec_(spec), run_(run), routes_(run.routes(spec.connection)) {}

  Tried go() {
    const Budget& b = spec_.budget;
    out_.budget_ms = b.max_ms > 0 ? b.max_ms : b.p95_ms > 0 ? b.p95_ms : b.median_ms;
    const unsigned usual = b.p95_ms > 0 || b.median_ms > 0 ? kPercentileSamples : 1;
    wanted_ = std::max<unsigned>(b.samples > 0 ? b.samples : usual, static_cast<unsigned>(routes_.size()));
    if (!enter()) return std::move(out_);
    // A cold first request per route is told apart and not judged; a check of one request is judged on it.
    if (wanted_ > routes_.size() && !b.fresh)
      for (const Route& route : routes_)
        if (!take(route, true)) return std::move(out_);
    while (judged_ < wanted_) {
      if (!take(routes_[judged_ % routes_.size()], false)) return std::move(out_);
      if (hopeless()) break;
      if (judged_ == wanted_ && b.p95_ms > 0 && judge_share(judged_, over_, kSlowShare).is == Shares::more) ++wanted_;
    }
    conclude();
    if (out_.outcome == Outcome::pass && stranger_) answer(*stranger_);
    return std::move(out_);
  }

 private:
  // Signs in when the check uses a session. On a repeat, and when no session is left, anew.
  bool enter() {
    if (spec_.use.empty()) return true;
    const auto kept = run_.sessions.find(spec_.use);
    if (kept != run_.sessions.end()) return session_ = kept->second, true;
    const CheckSpec& login = *run_.config().find(spec_.use);
    Flow flow(run_, login.connection, run_.routes(login.connection).front(), run_.attempt() > 0);
    if (auto in = sign_in(login, flow); in.trouble) {
      // The login check fails of that, this one cannot be judged: charged to both, one bad moment would block twice as
      // often.
      in.trouble->outcome = Outcome::inconclusive;
      in.trouble->why = "could not sign in: " + in.trouble->why;
      return stop(*in.trouble), false;
    }
    session_ = flow.session;
    run_.sessions.insert_or_assign(spec_.use, flow.session);
    return true;
  }

  void answer(const Trouble& t) {
    out_.outcome = t.outcome;
    out_.detail = t.why;
    out_.unreached = t.unreached;
    out_.retry_after_ms = t.retry_after_ms;
  }

  void stop(const Trouble& t) {
    answer(t);
    if (is_wrong_answer(t)) advise_on_answer();
  }

  static bool is_wrong_answer(const Trouble& t) { return t.outcome == Outcome::fail && !t.unreached && !t.late; }

  void advise_on_answer() {
    if (spec_.kind->id == "page-load") out_.fix = kWrongAnswer;
  }

  // One sample over one route. False: the attempt is over, `out_` says why.
  bool take(const Route& route, bool cold) {
    const bool fresh = cold || spec_.budget.fresh || (run_.attempt() > 0 && judged_ < routes_.size());
    Flow flow(run_, spec_.connection, route, fresh);
    flow.session = session_;
    std::optional<Trouble> trouble;
    for (const Step& step : spec_.steps) {
      net::Response response;
      trouble = flow.perform(step, response);
      if (!trouble && spec_.kind->id == "page-load" && response.body.empty() && response.status != 204)
        trouble = Trouble{Outcome::fail, "the page is empty", false, 0};
      if (!trouble && spec_.budget.assets) trouble = load_assets(flow, response);
      if (trouble) break;
      ask_as_stranger(step, flow.session.captures);
      last_ = std::move(response);
    }
    clean_up(flow);
    if (trouble) trouble->why += through(route, routes_.size());
    if (trouble && trouble->outcome == Outcome::inconclusive) return stop(*trouble), false;
    // Cold excuses a slow answer, not a failed one.
    Sample sample{trouble ? kInfinity : flow.spent_ms, cold && !trouble, flow.phases};
    out_.samples.push_back(sample);
    if (trouble) remember(*trouble);
    if (sample.cold) return true;
    ++judged_;
    if (over_budget(sample.ms)) ++over_;
    // Without a percentile nothing may go wrong.
    if (trouble && spec_.budget.p95_ms == 0 && spec_.budget.median_ms == 0) return stop(*trouble), false;
    return true;
  }

  bool over_budget(double ms) const { return ms > (out_.budget_ms > 0 ? out_.budget_ms : kInfinity) || std::isinf(ms); }

  void remember(const Trouble& t) {
    ++failed_;
    unreached_ += t.unreached;
    wrong_ += is_wrong_answer(t);
    if (first_failure_.empty()) first_failure_ = t.why;
  }

  bool hopeless() const {
    if (spec_.budget.max_ms > 0 && over_ > 0) return true;
    if (spec_.budget.p95_ms > 0) return over_ >= hopeless_at(wanted_, kSlowShare);
    return spec_.budget.median_ms > 0 && over_ * 2 > wanted_;
  }

  // The page's own style sheets and scripts, as many at a time as a browser asks for.
  std::optional<Trouble> load_assets(Flow& flow, const net::Response& page) {
    auto document = Document::parse(page.body);
    const auto here = net::parse_url(page.url);
    if (!document || !here)  // less would be timed than was asked for
      return Trouble{Outcome::inconclusive,
                     "its assets cannot be counted: " + (document ? "it has no URL" : document.error().what), false, 0};
    auto base = *here;
    if (const auto b = net::resolve(*here, document->base_href()); b && !document->base_href().empty()) base = *b;
    std::vector<net::Request> requests;
    for (const std::string& asset : document->assets()) {
      const auto url = net::resolve(base, asset);
      if (!url || url->origin() != here->origin() || requests.size() >= kMaxAssets) continue;
      auto request = flow.prepare("GET", url->str(), false);
      if (!request) continue;
      request->jar = nullptr;
      if (const std::string cookies = flow.session.jar.header_for(*url, run_.clock().unix_ms() / 1000);
          !cookies.empty())
        request->headers.push_back({"Cookie", cookies});
      requests.push_back(std::move(*request));
    }
    const double start = run_.clock().now_ms();
    double slowest = 0;
    for (const net::Response& r : run_.services().http.send_all(requests, 6)) {
      slowest = std::max(slowest, r.total_ms);
      if (!r.ok() || r.status >= 400)
        return Trouble{Outcome::fail,
                       fmt::format("asset {}: {}", run_.show(safe_path(r.url)),
                                   r.ok() ? fmt::format("status {}", r.status) : std::string(to_string(r.failure))),
                       false, 0};
    }
    flow.spent_ms += std::max(slowest, run_.clock().now_ms() - start);
    return std::nullopt;
  }

  static std::string safe_path(const std::string& url) {
    const auto parsed = net::parse_url(url);
    return parsed ? parsed->path : "";
  }

  void clean_up(Flow& flow) {
    for (const Step& step : spec_.cleanup) {
      net::Response response;
      if (const auto trouble = flow.perform(step, response))
        run_.note(Note::Level::warning, fmt::format("Cleanup of check {}: {}.", printable(spec_.id), trouble->why));
    }
  }

  // ---- judging
  // ---------------------------------------------------------------------------------------------------------------

  std::vector<double> judged_samples() const {
    std::vector<double> out;
    for (const Sample& s : out_.samples)
      if (!s.cold) out.push_back(s.ms);
    return out;
  }

  std::string numbers(std::string_view what, double value) const {
    const auto samples = judged_samples();
    double most = 0, cold = -1;
    for (const double ms : samples)
      if (std::isfinite(ms)) most = std::max(most, ms);
    for (const Sample& s : out_.samples)
      if (s.cold && std::isfinite(s.ms)) cold = std::max(cold, s.ms);
    if (over_ > 0 && most == 0) return fmt::format("none of {} samples succeeded: {}", samples.size(), first_failure_);
    std::string text = std::isfinite(value) ? fmt::format("{} {} of {} samples, {} over {}", what, show_duration(value),
                                                          samples.size(), over_, show_duration(out_.budget_ms))
                                            : fmt::format("{} of {} samples failed or took over {}, too many for a {}",
                                                          over_, samples.size(), show_duration(out_.budget_ms), what);
    text += ", slowest answer " + show_duration(most);
    if (cold >= 0) text += fmt::format(", first and cold {}", show_duration(cold));
    if (failed_ > 0) text += fmt::format("; {} failed: {}", failed_, first_failure_);
    return text;
  }

  void conclude() {
    const Budget& b = spec_.budget;
    const auto samples = judged_samples();
    out_.unreached = failed_ > 0 && unreached_ == failed_;
    if (samples.empty()) return void(out_.detail = "no sample was taken");  // stays inconclusive
    bool good = true;
    if (b.p95_ms > 0) {
      const ShareVerdict share = judge_share(judged_, over_, kSlowShare);
      good = share.is == Shares::pass;
      out_.detail = numbers("p95", nearest_rank(samples, 0.95));
      if (share.weak) out_.detail += " (weak evidence: decided on the share alone)";
    } else if (b.median_ms > 0) {
      const double median = nearest_rank(samples, 0.5);
      good = median <= b.median_ms && over_ * 2 <= judged_;
      out_.detail = numbers("median", median);
    }
    if (b.max_ms > 0) {
      const double most = *std::max_element(samples.begin(), samples.end());
      if (most > b.max_ms) good = false;
      if (out_.detail.empty())
        out_.detail = fmt::format("{} took {}, budget {}", samples.size() > 1 ? "the slowest" : "it",
                                  show_duration(most), show_duration(b.max_ms));
    }
    if (out_.detail.empty())
      out_.detail = fmt::format("status {} in {}", last_.status,
                                show_duration(*std::max_element(samples.begin(), samples.end())));
    out_.outcome = good ? Outcome::pass : Outcome::fail;
    if (!good && wrong_ * 2 > over_) advise_on_answer();
  }

  // The negative control: the same request as a stranger must be refused. It is made once an attempt and right after
  // the visitor's own, for what a later step or the cleanup deletes is denied to everybody.
  void ask_as_stranger(const Step& step, const Captures& captures) {
    if (!step.expect.anonymous_denied || !asked_.insert(&step).second) return;
    if (auto trouble = not_denied(step, captures); trouble && !stranger_) stranger_ = std::move(trouble);
  }

  // nullopt: refused, by positive proof.
  std::optional<Trouble> not_denied(const Step& step, const Captures& captures) {
    const auto unasked = [](Trouble t) {  // the page itself was just seen to work
      t.outcome = Outcome::inconclusive;
      t.why = "as a stranger: " + t.why;
      return t;
    };
    Step stranger = step;
    stranger.send.bearer.clear();
    std::erase_if(stranger.send.headers, [](const net::Header& h) { return names_a_secret(h.name); });
    Flow flow(run_, spec_.connection, routes_.front(), false);
    // The page is the one the visitor saw, "/orders/17" and not "/orders/{{id}}"; what lets in is not handed on.
    for (const auto& [name, value] : captures)
      if (!names_a_secret(name)) flow.session.captures.emplace(name, value);
    auto request = flow.prepare(stranger.send);
    if (!request) return unasked({Outcome::inconclusive, request.error().what, false, 0});
    const net::Response r = flow.send(std::move(*request));
    if (auto trouble = trouble_of(run_, spec_.connection, r)) {
      // A redirect that leads out of our hosts is a sign-in page elsewhere: refused, and nothing was sent there.
      if (r.failure == net::Failure::redirect_refused) return std::nullopt;
      return unasked(std::move(*trouble));
    }
    if (r.status == 401 || r.status == 403 || r.status == 404) return std::nullopt;
    const auto page = Document::parse(r.body);
    const bool login_page = page && find_login_form(*page, Login{});
    const bool sent_away = r.hops.size() > 1 && !unmet(run_, step.expect, r, flow.session.jar).empty();
    if (r.status < 500 && (login_page || sent_away)) return std::nullopt;
    return Trouble{Outcome::fail,
                   fmt::format("a visitor who is not signed in got status {} instead of being refused", r.status)};
  }

  const CheckSpec& spec_;
  Run& run_;
  std::vector<Route> routes_;
  Session session_;
  net::Response last_;
  Tried out_;
  std::set<const Step*> asked_;      // as a stranger
  std::optional<Trouble> stranger_;  // the first of them who was not refused
  unsigned wanted_ = 1, judged_ = 0, over_ = 0, failed_ = 0, unreached_ = 0, wrong_ = 0;
  std::string first_failure_;
};

}  // namespace

Tried try_requests(const CheckSpec& spec, Run& run) { return Attempt(spec, run).go(); }

}  // namespace launchgate::checks::smoke
