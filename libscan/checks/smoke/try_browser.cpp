// A page in a real browser: each sample is a new browser with an empty profile, timed by the page's own clocks. Without
// a driver there is no answer, and no answer is no pass.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "libscan/checks/smoke/config.hpp"
#include "libscan/checks/smoke/kinds.hpp"
#include "libscan/checks/smoke/stats.hpp"
#include "libscan/checks/smoke/webdriver.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::smoke {
namespace {

constexpr int kDriverStartMs = 20'000;
constexpr double kPollMs = 50;
constexpr int kMaxPolls = 40;      // two seconds after the load for a first paint: a page may have none
constexpr double kSettleMs = 250;  // the largest paint often comes just after the load event
constexpr unsigned kMedianOf = 3;  // processors of CI machines are noisy
constexpr unsigned kPercentileOf = 20;
constexpr double kSlowShare = 0.05;  // of a p95

// Chrome as a stranger's machine has it, but silent: nothing is asked of hosts the configuration does not name.
std::vector<std::string> browser_arguments(const Connection& c) {
  std::vector<std::string> out{"--headless=new",
                               "--no-first-run",
                               "--no-default-browser-check",
                               "--disable-background-networking",
                               "--disable-component-update",
                               "--disable-sync",
                               "--disable-domain-reliability",
                               "--disable-features=OptimizationHints,MediaRouter,Translate",
                               "--no-pings",
                               "--disable-dev-shm-usage"};  // /dev/shm of a container is 64 MB
  if (::geteuid() == 0) out.emplace_back("--no-sandbox");   // Chrome's sandbox refuses to start as root
  std::string pins;
  for (const net::Pin& pin : c.resolve) {
    const bool v6 = pin.address.find(':') != std::string::npos;
    pins += fmt::format("{}MAP {}{} {}", pins.empty() ? "" : ",", pin.host,
                        pin.port == 0 ? "" : fmt::format(":{}", pin.port), v6 ? "[" + pin.address + "]" : pin.address);
  }
  if (!pins.empty()) out.push_back("--host-resolver-rules=" + pins);
  if (c.proxy && c.proxy->empty()) out.emplace_back("--no-proxy-server");
  if (c.proxy && !c.proxy->empty())
    if (const auto url = net::parse_url(*c.proxy)) out.push_back("--proxy-server=" + url->origin());
  return out;
}

class Attempt {
 public:
  Attempt(const CheckSpec& spec, Run& run) : spec_(spec), run_(run) {}

  Tried go() {
    const Budget& b = spec_.budget;
    out_.budget_ms = b.max_ms > 0 ? b.max_ms : b.p95_ms > 0 ? b.p95_ms : b.median_ms;
    const unsigned usual = b.p95_ms > 0 ? kPercentileOf : b.median_ms > 0 ? kMedianOf : 1;
    const unsigned wanted = b.samples > 0 ? b.samples : usual;
    if (!can_be_asked() || !reach_driver()) return std::move(out_);
    if (wanted > 1 && !take(true)) return std::move(out_);  // warms the machine's caches; told, not judged
    for (unsigned i = 0; i < wanted; ++i)
      if (!take(false)) return std::move(out_);
    conclude();
    return std::move(out_);
  }

 private:
  bool give_up(Outcome outcome, std::string why) {
    out_.outcome = outcome;
    out_.detail = std::move(why);
    return false;
  }

  // A browser cannot be given everything our own client can; what it would ignore must not pass as asked.
  bool can_be_asked() {
    const Connection& c = spec_.connection;
    if (!c.tls.ca_file.empty() || !c.tls.cert_file.empty() || !c.tls.pinned_key.empty() || c.tls_min_days > 0)
      return give_up(Outcome::inconclusive, "a browser uses the system's certificates: tls keys cannot be given to it");
    if (c.ip != net::Family::any)
      return give_up(Outcome::inconclusive, "a browser cannot be told to use one address family");
    return true;
  }

  bool reach_driver() {
    driver_url_ = run_.config().webdriver;
    if (!driver_url_.empty()) return true;
    if (run_.services().drivers == nullptr)
      return give_up(Outcome::inconclusive, "no WebDriver is there (name a running one by webdriver)");
    auto started = run_.services().drivers->start(static_cast<int>(std::min<double>(kDriverStartMs, budget_left())));
    if (!started) return give_up(Outcome::inconclusive, run_.show(started.error().what, 300));
    driver_ = std::move(*started);
    driver_url_ = driver_->url;
    return true;
  }

  double budget_left() const { return std::max(1.0, run_.left_ms()); }
  double page_timeout() const { return std::max(1.0, std::min(spec_.connection.timeout_ms, run_.left_ms())); }

  // One browser, one page. False: the attempt is over, `out_` says why.
  bool take(bool cold) {
    if (run_.left_ms() <= 0) return give_up(Outcome::inconclusive, "the deadline of all checks passed before it");
    WebDriver browser(driver_url_, run_.services().http, run_.clock());
    if (const auto error = browser.open(browser_arguments(spec_.connection), page_timeout()))
      return give_up(Outcome::inconclusive, "the browser did not start: " + words(*error));
    if (const auto error = browser.navigate(url_of(run_.config(), spec_.browser), page_timeout()))
      return not_loaded(*error);
    const auto seen = settled(browser);
    if (!seen) return false;
    if (!judge_page(*seen)) return false;
    out_.samples.push_back({seen->load, cold, seen->phases});
    last_ = *seen;
    return true;
  }

  std::string words(const DriverError& e) const {
    const std::string first = e.message.substr(0, e.message.find('\n'));
    return run_.show(e.code.empty() || first.starts_with(e.code) ? first : e.code + ": " + first, 200);
  }

  bool not_loaded(const DriverError& error) {
    if (error.code == "timeout" || error.code == "script timeout") {
      if (run_.left_ms() <= 0) return give_up(Outcome::inconclusive, "the deadline of all checks passed before it");
      out_.samples.push_back({std::numeric_limits<double>::infinity(), false, {}});
      return give_up(Outcome::fail, "not loaded within " + show_duration(page_timeout()));
    }
    // "unknown error: net::ERR_CONNECTION_REFUSED": the browser works, the page does not.
    const std::size_t at = error.message.find("net::ERR_");
    if (at == std::string::npos) return give_up(Outcome::inconclusive, "the browser gave up: " + words(error));
    const std::string name =
        error.message.substr(at, error.message.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", at + 5) - at);
    out_.unreached = true;
    return give_up(Outcome::fail, "the browser says " + run_.show(name, 60));
  }

  // The page's times once its load event is over and something was painted; the largest paint as far as it came.
  std::optional<PageTiming> settled(WebDriver& browser) {
    std::optional<PageTiming> seen;
    for (int i = 0; i < kMaxPolls && run_.left_ms() > 0; ++i) {
      const bool ready = seen && seen->load > 0 && seen->first_paint > 0;
      if (i > 0) run_.clock().sleep_for(ready ? kSettleMs : kPollMs);
      Driven<PageTiming> now = browser.timing(page_timeout());
      if (!now.value && !now.error.message.empty()) {
        give_up(Outcome::inconclusive, "the browser gave up: " + words(now.error));
        return std::nullopt;
      }
      if (!now.value) {
        give_up(Outcome::fail, "the page's own clocks cannot be read");
        return std::nullopt;
      }
      seen = std::move(now.value);
      if (ready) break;
    }
    if (seen && seen->load > 0) return seen;
    give_up(Outcome::fail, "its load event does not end");
    return std::nullopt;
  }

  bool judge_page(const PageTiming& page) {
    if (url_of(run_.config(), page.url).empty())
      return give_up(Outcome::fail, fmt::format("it ended at {}, which is neither base nor in allow_hosts",
                                                run_.show(host_of(page.url))));
    if (page.status >= 400) return give_up(Outcome::fail, fmt::format("status {}", page.status));
    return true;
  }

  static std::string host_of(const std::string& url) {
    const auto parsed = net::parse_url(url);
    return parsed ? parsed->host : url.substr(0, 30);
  }

  void conclude() {
    const Budget& b = spec_.budget;
    std::vector<double> loads;
    for (const Sample& s : out_.samples)
      if (!s.cold) loads.push_back(s.ms);
    if (loads.empty()) return void(out_.detail = "no sample was taken");  // stays inconclusive
    const double most = *std::max_element(loads.begin(), loads.end());
    bool good = true;
    std::string what = "loaded in " + show_duration(most);
    if (b.p95_ms > 0) {
      const auto over =
          static_cast<unsigned>(std::count_if(loads.begin(), loads.end(), [&](double ms) { return ms > b.p95_ms; }));
      good = judge_share(static_cast<unsigned>(loads.size()), over, kSlowShare).is == Shares::pass;
      what = fmt::format("p95 {} of {} loads", show_duration(nearest_rank(loads, 0.95)), loads.size());
    } else if (b.median_ms > 0) {
      const double median = nearest_rank(loads, 0.5);
      good = median <= b.median_ms;
      what = fmt::format("median {} of {} loads", show_duration(median), loads.size());
    }
    if (b.max_ms > 0 && most > b.max_ms) good = false;
    if (out_.budget_ms > 0) what += ", budget " + show_duration(out_.budget_ms);
    const auto paint = [](double ms) { return ms > 0 ? show_duration(ms) : std::string("none"); };
    out_.detail =
        fmt::format("{}; first byte {}, first contentful paint {}, largest {}", what,
                    show_duration(last_.phases.dns + last_.phases.connect + last_.phases.tls + last_.phases.wait),
                    paint(last_.first_paint), paint(last_.largest));
    out_.outcome = good ? Outcome::pass : Outcome::fail;
  }

  const CheckSpec& spec_;
  Run& run_;
  std::unique_ptr<net::Driver> driver_;  // outlives every browser of the attempt
  std::string driver_url_;
  PageTiming last_;
  Tried out_;
};

}  // namespace

Tried try_browser(const CheckSpec& spec, Run& run) { return Attempt(spec, run).go(); }

}  // namespace launchgate::checks::smoke
