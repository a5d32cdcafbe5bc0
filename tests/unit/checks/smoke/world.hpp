// A whole smoke run against a server on loopback: real HTTP, a clock that stands still, names of the test's own.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/checks/smoke/config.hpp"
#include "libscan/checks/smoke/runner.hpp"
#include "libscan/net/http_curl.hpp"
#include "tests/support/test_server.hpp"

namespace launchgate::tests {

using namespace launchgate::checks::smoke;  // NOLINT: a header of tests

inline const std::string kPassword = "pw-" + std::string("9d81c7a2e5");

// The judge's rule (gate/judge.hpp), which this room must not know: checks and gate stand side by side.
// "A pass starts the count afresh; what could not be judged neither counts nor clears."
inline Outcome settle(const std::vector<Attempt>& attempts, unsigned strikes) {
  unsigned row = 0;
  bool failed = false, passed = false;
  for (const Attempt& a : attempts) {
    if (a.outcome == Outcome::pass) row = 0, passed = true;
    if (a.outcome == Outcome::fail) ++row, failed = true, passed = false;
    if (row >= strikes) return Outcome::fail;
  }
  return !passed ? Outcome::inconclusive : failed ? Outcome::flaky : Outcome::pass;
}

class FakeDns final : public net::Dns {
 public:
  std::map<std::string, net::Addresses, std::less<>> names;
  std::function<net::Addresses(std::string_view)> answer;  // instead of `names`, when it is set
  bool network = true;
  net::Addresses resolve(std::string_view host, int) override {
    if (answer) return answer(host);
    if (const auto it = names.find(host); it != names.end()) return it->second;
    net::Addresses self;
    (host.find(':') == std::string_view::npos ? self.v4 : self.v6).emplace_back(host);
    return self;
  }
  bool routable(std::string_view) override { return network; }
};

struct World {
  net::FakeClock clock;
  FakeDns dns;
  std::unique_ptr<net::Http> http = net::make_curl_http(clock);
  Config config;
  net::Drivers* drivers = nullptr;

  RunResult run(const std::string& toml, const std::string& release = "") {
    ConfigRequest request;
    request.release = release;
    request.env = [](std::string_view name) -> std::optional<std::string> {
      if (name == "PW") return kPassword;
      if (name == "USER") return "smoke";
      if (name == "TOTP") return "JBSWY3DPEHPK3PXP";
      return std::nullopt;
    };
    auto read = read_config(toml, "launchgate.toml", request);
    if (!read) FAIL(read.error().what);
    config = std::move(*read);
    RunResult result = run_checks(config, {*http, dns, clock, drivers}, settle);
    for (const CheckResult& r : result.checks) {  // nothing that leaves may hold the password, in any form
      CHECK_FALSE(config.secrets.leaks(r.reason));
      for (const Attempt& a : r.attempts) CHECK_FALSE(config.secrets.leaks(a.detail));
    }
    for (const Note& n : result.notes) CHECK_FALSE(config.secrets.leaks(n.text));
    return result;
  }
};

inline std::string base(const TestServer& server) { return "base = \"" + server.origin() + "\"\ntimeout = \"2s\"\n"; }

// The one check of a run against `handler`.
inline CheckResult one(TestServer::Handler handler, const std::string& check, World* world = nullptr) {
  TestServer server(std::move(handler));
  World own;
  RunResult r = (world != nullptr ? *world : own).run(base(server) + "[check.a]\n" + check);
  REQUIRE(r.checks.size() == 1);
  return r.checks[0];
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace launchgate::tests
