// Thousands of deployments of a simulated site, through the real runner and the real judge on a clock that stands
// still: how often noise alone blocks a good release, and whether it ever promotes a broken one.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "libscan/gate/judge.hpp"
#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using tests::kPassword;
using namespace launchgate::checks::smoke;

namespace {

// A site of four pages without a network. One request in a hundred fails for no reason; `broken` fails always.
class SimulatedSite final : public net::Http {
 public:
  explicit SimulatedSite(net::FakeClock& clock) : clock_(clock) {}

  double noise = 0.01;
  std::string broken;  // "METHOD /path", or nothing
  std::uint64_t requests = 0;

  std::vector<net::Response> send_all(std::span<const net::Request> all, int) override {
    std::vector<net::Response> out;
    out.reserve(all.size());
    for (const net::Request& r : all) out.push_back(answer(r));
    return out;
  }

 private:
  net::Response answer(const net::Request& r) {
    ++requests;
    const double took = 20 + static_cast<double>(random_() % 60);
    clock_.advance(took);
    const auto url = *net::parse_url(r.url);
    net::Response out;
    out.url = r.url;
    out.total_ms = took;
    out.hops.push_back({r.url, 200, "192.0.2.1", "HTTP/1.1", false, {1, 1, 0, took - 3, 1}});
    const bool down = r.method + " " + url.path == broken;
    if (down || std::bernoulli_distribution(noise)(random_)) return failed(std::move(out));
    out.status = 200;
    fill(r, url, out);
    out.hops.back().status = out.status;
    return out;
  }

  net::Response failed(net::Response out) {
    switch (random_() % 4) {
      case 0: out.failure = net::Failure::timeout, out.total_ms = 10'000, clock_.advance(10'000); break;
      case 1: out.failure = net::Failure::reset; break;
      case 2: out.status = 503, out.body = "down"; break;
      default: out.status = 200, out.body = "<h1>Welcome to nginx"; break;
    }
    out.hops.back().status = out.status;
    return out;
  }

  static void set(const net::Request& r, const net::Url& url, std::string_view cookie) {
    if (r.jar != nullptr) r.jar->store(url, cookie, 0);
  }

  static void fill(const net::Request& r, const net::Url& url, net::Response& out) {
    static const std::string form =
        "<form id=login method=post><input name=user><input type=password name=pass></form>";
    const bool in = r.jar != nullptr && r.jar->find("session") != nullptr;
    if (url.path == "/healthz") out.body = R"({"git_sha":"abcdef1"})";
    if (url.path == "/api/health") out.body = R"({"status":"ok"})";
    if (url.path == "/login" && r.method == "GET") out.body = form;
    if (url.path == "/login" && r.method == "POST") {
      const bool good = r.body.find("user=smoke&") != std::string::npos && r.body.find(kPassword) != std::string::npos;
      out.body = good ? "Welcome" : form;
      if (good) set(r, url, "session=s1; Path=/");
    }
    if (url.path == "/dashboard") out.status = in ? 200 : 401, out.body = in ? "Sign out" : "no";
  }

  net::FakeClock& clock_;
  std::mt19937 random_{20'260'701};
};

const std::string kConfig = R"(base = "http://simulated.test"
release = { get = "/healthz", json = "/git_sha", equals = "abcdef1", wait = "3m" }
gate    = { consecutive = 2, spacing = "15s", deadline = "5m" }
[check.login-page]
get    = "/login"
expect = { status = 200, form = "#login" }
budget = { p95 = "800ms", samples = 20 }
[check.api]
get    = "/api/health"
expect = { status = 200, json."/status" = "ok" }
[check.auth]
login   = { page = "/login", user = "$USER", password = "$PW" }
expect  = { cookie = "session", not_form = "#login" }
success = { rate = 0.95, runs = 10, pace = "1s" }
[check.dashboard]
use    = "auth"
get    = "/dashboard"
expect = { status = 200, text = "Sign out", anonymous = "denied" }
budget = { max = "2s" }
)";

struct Tally {
  int promoted = 0, held = 0, blocked = 0;
};

Tally deploy(int releases, SimulatedSite& site, net::FakeClock& clock) {
  tests::FakeDns dns;
  dns.names["simulated.test"] = {{"192.0.2.1", "192.0.2.2"}, {}, "", false};
  ConfigRequest request;
  request.env = [](std::string_view name) { return std::optional<std::string>(name == "PW" ? kPassword : "smoke"); };
  const auto config = read_config(kConfig, "launchgate.toml", request);
  REQUIRE(config);
  gate::Policy policy;
  for (const CheckSpec& c : config->checks) policy.required.push_back(c.id);
  Tally tally;
  for (int i = 0; i < releases; ++i) {
    Report report;
    report.checks = run_checks(*config, {site, dns, clock, nullptr}, gate::outcome_of).checks;
    const Decision d = gate::judge(report, {}, policy).verdict.decision;
    (d == Decision::promote ? tally.promoted : d == Decision::hold ? tally.held : tally.blocked)++;
  }
  return tally;
}

}  // namespace

TEST_CASE("simulated: with 1 % of requests failing by chance, at most 0.1 % of good releases are blocked") {
  const char* more = std::getenv("LG_SIMULATED_RELEASES");
  const int kReleases = more != nullptr ? std::atoi(more) : 5'000;
  net::FakeClock clock;
  SimulatedSite site(clock);
  const Tally t = deploy(kReleases, site, clock);
  MESSAGE(t.blocked << " of " << kReleases << " good releases blocked, " << t.held << " held, " << t.promoted
                    << " promoted; " << site.requests << " requests");
  CHECK(t.blocked <= kReleases / 1000);
  CHECK(t.promoted >= kReleases * 95 / 100);
}

TEST_CASE("simulated: noise never promotes a release in which something is broken") {
  constexpr int kReleases = 300;
  int promoted = 0, all = 0;
  for (const char* broken : {"GET /healthz", "GET /api/health", "GET /login", "POST /login", "GET /dashboard"}) {
    net::FakeClock clock;
    SimulatedSite site(clock);
    site.broken = broken;
    const Tally t = deploy(kReleases, site, clock);
    CHECK_MESSAGE(t.promoted == 0, broken);
    promoted += t.promoted, all += kReleases;
  }
  MESSAGE(promoted << " of " << all << " broken releases promoted");
}
