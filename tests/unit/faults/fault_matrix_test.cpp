// The whole gate against everything a deployment can do wrong: each fault at each place of a site that is otherwise
// well, through real HTTP, the runner and the judge, in every scope and with every history. None may be promoted.
#include <doctest/doctest.h>
#include <libdeflate.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "libscan/gate/judge.hpp"
#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using tests::base;
using tests::kPassword;
using tests::Received;
using tests::TestServer;
using tests::World;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;

namespace {

constexpr std::string_view kForm =
    "<form id=login method=post action=/login><input type=hidden name=csrf value=t0k><input name=user><input "
    "type=password name=pass>";

// The configuration of the documentation, on a clock and a limit that a test can wait for.
const std::string kConfig = R"(timeout = "150ms"
max_body = "256K"
proxy = ""
release = { get = "/healthz", json = "/git_sha", equals = "abcdef1", wait = "10s" }
[check.login-page]
get    = "/login"
expect = { status = 200, form = "#login" }
budget = { p95 = "120ms", samples = 20 }
[check.api]
get    = "/api/health"
expect = { status = 200, json."/status" = "ok" }
[check.auth]
login   = { page = "/login", user = "$USER", password = "$PW" }
expect  = { cookie = "session", not_form = "#login" }
success = { rate = 0.95, runs = 3, pace = "1s" }
[check.dashboard]
use    = "auth"
get    = "/dashboard"
expect = { status = 200, text = "Sign out", anonymous = "denied" }
budget = { max = "120ms" }
)";

void healthy(const Received& r, Wire& c) {
  if (r.path == "/healthz") return c.reply(200, R"({"git_sha":"abcdef1"})");
  if (r.path == "/api/health") return c.reply(200, R"({"status":"ok"})");
  if (r.path == "/login" && r.method == "GET") return c.reply(200, kForm, {"Set-Cookie: session=; Path=/"});
  if (r.path == "/login") {
    auto form = r.form();
    const bool good = form["csrf"] == "t0k" && form["user"] == "smoke" && form["pass"] == kPassword;
    return good ? c.reply(302, "", {"Location: /dashboard", "Set-Cookie: session=s1; Path=/"}) : c.reply(200, kForm);
  }
  if (r.path == "/dashboard")
    return r.cookie("session") == "s1" ? c.reply(200, "Hello. Sign out") : c.reply(302, "", {"Location: /login"});
  c.reply(404);
}

std::string gzip(const std::string& text) {
  libdeflate_compressor* c = libdeflate_alloc_compressor(9);
  std::string out(libdeflate_gzip_compress_bound(c, text.size()), '\0');
  out.resize(libdeflate_gzip_compress(c, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(c);
  return out;
}

const std::string& bomb() {
  static const std::string bytes = gzip(std::string(8 << 20, ' '));
  return bytes;
}

void wait_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

struct Fault {
  const char* name;
  void (*play)(const Received&, Wire&);
};

void redirect(Wire& c, const std::string& to) { c.reply(302, "", {"Location: " + to}); }

const Fault kFaults[] = {
    {"500", [](auto&, Wire& c) { c.reply(500, "x"); }},
    {"502", [](auto&, Wire& c) { c.reply(502, "bad gateway"); }},
    {"503 with Retry-After", [](auto&, Wire& c) { c.reply(503, "x", {"Retry-After: 1"}); }},
    {"404", [](auto&, Wire& c) { c.reply(404, "x"); }},
    {"401", [](auto&, Wire& c) { c.reply(401, "x"); }},
    {"204", [](auto&, Wire& c) { c.send("HTTP/1.1 204 No Content\r\n\r\n"); }},
    {"slow", [](const Received& r, Wire& c) { wait_ms(300), healthy(r, c); }},
    {"drip",
     [](auto&, Wire& c) {
       c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
       for (int i = 0; i < 40 && c.send("x"); ++i) wait_ms(10);
       c.close();
     }},
    {"reset", [](auto&, Wire& c) { c.reset(); }},
    {"closed", [](auto&, Wire& c) { c.close(); }},
    {"half body",
     [](auto&, Wire& c) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\""), c.close(); }},
    {"half chunk",
     [](auto&, Wire& c) { c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nx"), c.close(); }},
    {"endless body",
     [](auto&, Wire& c) {
       c.send("HTTP/1.1 200 OK\r\n\r\n");
       while (c.send(std::string(65536, 'x'))) {
       }
     }},
    {"4 GiB body",
     [](auto&, Wire& c) {
       c.send("HTTP/1.1 200 OK\r\nContent-Length: 4294967301\r\n\r\n");
       while (c.send(std::string(65536, 'x'))) {
       }
     }},
    {"compression bomb", [](auto&, Wire& c) { c.reply(200, bomb(), {"Content-Encoding: gzip"}); }},
    {"no gzip at all", [](auto&, Wire& c) { c.reply(200, "plain", {"Content-Encoding: gzip"}); }},
    {"header flood",
     [](auto&, Wire& c) {
       c.send("HTTP/1.1 200 OK\r\n");
       while (c.send("X-Flood: " + std::string(1000, 'x') + "\r\n")) {
       }
     }},
    {"no HTTP", [](auto&, Wire& c) { c.send("SSH-2.0-OpenSSH\r\n"), c.close(); }},
    {"redirect loop", [](const Received& r, Wire& c) { redirect(c, r.path); }},
    {"redirect to a file", [](auto&, Wire& c) { redirect(c, "file:///etc/passwd"); }},
    {"redirect to metadata", [](auto&, Wire& c) { redirect(c, "http://169.254.169.254/latest/meta-data/"); }},
    {"the same, decimal", [](auto&, Wire& c) { redirect(c, "http://2852039166/"); }},
    {"the same, IPv6", [](auto&, Wire& c) { redirect(c, "http://[fd00:ec2::254]/"); }},
    {"the same, mapped", [](auto&, Wire& c) { redirect(c, "http://[::ffff:169.254.169.254]/"); }},
    {"redirect to a stranger", [](auto&, Wire& c) { redirect(c, "http://elsewhere.example/"); }},
    {"wrong content", [](auto&, Wire& c) { c.reply(200, "<h1>Welcome to nginx"); }},
    {"empty", [](auto&, Wire& c) { c.reply(200); }},
    {"a number that is none", [](auto&, Wire& c) { c.reply(200, R"({"status":NaN,"git_sha":NaN})"); }},
    {"another's answers", [](auto&, Wire& c) { c.reply(200, R"({"status":"degraded","git_sha":"abcdef2"})"); }},
    {"429", [](auto&, Wire& c) { c.reply(429, "", {"Retry-After: 1"}); }},
    {"429 for long", [](auto&, Wire& c) { c.reply(429, "", {"Retry-After: 86400"}); }},
    {"challenge page", [](auto&, Wire& c) { c.reply(403, "<html>", {"cf-mitigated: challenge"}); }},
    {"echoes what it is sent",
     [](const Received& r, Wire& c) { c.reply(200, r.body + "\n::error::" + kPassword + "\n##vso[x]"); }},
};

struct Place {
  const char* name;
  bool (*is)(const Received&);
};

const Place kPlaces[] = {
    {"release", [](const Received& r) { return r.path == "/healthz"; }},
    {"API", [](const Received& r) { return r.path == "/api/health"; }},
    {"login page", [](const Received& r) { return r.path == "/login" && r.method == "GET"; }},
    {"login", [](const Received& r) { return r.path == "/login" && r.method == "POST"; }},
    {"dashboard", [](const Received& r) { return r.path == "/dashboard"; }},
    {"everywhere", [](const Received&) { return true; }},
};

RunResult run(World& world, const TestServer& server) {
  return world.run("base = \"" + server.origin() + "\"\n" + kConfig);
}

// The verdicts on what was seen, under every scope, history and state of the ledger.
template <class Each>
void judge_all(const RunResult& result, Each&& each) {
  using gate::History;
  Report report;
  report.checks = result.checks;
  for (const gate::Scope scope : {gate::Scope::run, gate::Scope::release, gate::Scope::probe})
    for (const auto state : {History::State::known, History::State::absent, History::State::lost})
      for (const Outcome before : {Outcome::pass, Outcome::fail}) {
        History history;
        history.state = state;
        history.run = {"prod", "abcdef1", "now", 10, 1, 600'000};
        for (const CheckResult& c : report.checks)
          if (state == History::State::known)
            history.events.push_back({{"prod", "abcdef1", "before", 9, 1, 540'000}, c.id, 0, before, "", 0});
        gate::Policy policy;
        policy.scope = scope;
        policy.required = {"login-page", "api", "auth", "dashboard"};
        each(gate::judge(report, history, policy));
      }
}

}  // namespace

TEST_CASE("zero false promotes over the fault matrix") {
  std::atomic<const Fault*> fault = nullptr;
  std::atomic<const Place*> place = nullptr;
  TestServer server([&](const Received& r, Wire& c) {
    const Place* where = place;
    where != nullptr && where->is(r) ? fault.load()->play(r, c) : healthy(r, c);
  });
  int cells = 0, verdicts = 0, promoted = 0, blocked = 0;
  for (const Fault& f : kFaults)
    for (const Place& p : kPlaces) {
      fault = &f, place = &p;
      World world;
      const RunResult result = run(world, server);
      ++cells;
      judge_all(result, [&](const gate::Judgement& j) {
        ++verdicts;
        promoted += j.verdict.decision == Decision::promote;
        blocked += j.verdict.decision == Decision::block;
        if (j.verdict.decision == Decision::promote) CHECK_MESSAGE(false, f.name, " at the ", p.name, " was promoted");
      });
    }
  MESSAGE(promoted << " false promotes over " << cells << " cells of the fault matrix, " << verdicts << " verdicts, "
                   << blocked << " of them BLOCK");
  CHECK(promoted == 0);
  CHECK(blocked > 0);
  // And without a fault it is promoted, or all of this shows nothing.
  place = nullptr;
  World world;
  const RunResult result = run(world, server);
  judge_all(result, [&](const gate::Judgement& j) {
    CHECK_MESSAGE(j.verdict.decision == Decision::promote, j.verdict.reasons.size(), " reasons");
  });
}
