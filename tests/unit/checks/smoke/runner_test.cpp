// Whole runs against a real server on loopback that plays every fault; only the clock is not real.
#include "libscan/checks/smoke/runner.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;
using tests::Received;
using tests::TestServer;

namespace {

using tests::base;
using tests::has;
using tests::one;
using tests::World;

}  // namespace

TEST_CASE("every fault of a server has its outcome and its words") {
  struct Case {
    const char* name;
    TestServer::Handler handler;
    const char* check;
    Outcome outcome;
    const char* words;
  };
  const Case cases[] = {
      {"healthy", [](auto&, Wire& c) { c.reply(200, "{\"status\":\"ok\"}"); },
       "get = \"/\"\nexpect = { json.\"/status\" = \"ok\" }", Outcome::pass, "status 200"},
      {"wrong value", [](auto&, Wire& c) { c.reply(200, "{\"status\":\"bad\"}"); },
       "get = \"/\"\nexpect = { json.\"/status\" = \"ok\" }", Outcome::fail, "/status is \"bad\", not \"ok\""},
      {"missing value", [](auto&, Wire& c) { c.reply(200, "{}"); },
       "get = \"/\"\nexpect = { json.\"/latency\" = { below = 500 } }", Outcome::fail, "has no /latency"},
      {"text for a number", [](auto&, Wire& c) { c.reply(200, "{\"latency\":\"fast\"}"); },
       "get = \"/\"\nexpect = { json.\"/latency\" = { below = 500 } }", Outcome::fail, "not a number"},
      {"NaN is no JSON", [](auto&, Wire& c) { c.reply(200, "{\"latency\":NaN}"); },
       "get = \"/\"\nexpect = { json.\"/latency\" = { below = 500 } }", Outcome::fail, "no JSON"},
      {"empty for JSON", [](auto&, Wire& c) { c.reply(200); },
       "get = \"/\"\nexpect = { json.\"/a\" = { exists = false } }", Outcome::fail, "empty"},
      {"empty page", [](auto&, Wire& c) { c.reply(200); }, "get = \"/\"\nbudget = { max = \"1s\" }", Outcome::fail,
       "the page is empty"},
      {"server error", [](auto&, Wire& c) { c.reply(503, "down"); }, "get = \"/\"", Outcome::fail, "status 503"},
      {"wrong content", [](auto&, Wire& c) { c.reply(200, "Welcome to nginx"); },
       "get = \"/\"\nexpect = { text = \"Our shop\" }", Outcome::fail, "has no 'Our shop'"},
      {"forbidden text", [](auto&, Wire& c) { c.reply(200, "Stack trace"); },
       "get = \"/\"\nexpect = { not_text = \"trace\" }", Outcome::fail, "the body has"},
      {"no form", [](auto&, Wire& c) { c.reply(200, "<p>soon"); }, "get = \"/\"\nexpect = { form = \"#login\" }",
       Outcome::fail, "has no #login"},
      {"wrong type", [](auto&, Wire& c) { c.reply(200, "x", {"Content-Type: text/plain"}); },
       "get = \"/\"\nexpect = { headers = { Content-Type = \"text/html\" } }", Outcome::fail,
       "Content-Type is 'text/plain'"},
      {"slow",
       [](auto&, Wire& c) {
         std::this_thread::sleep_for(std::chrono::milliseconds(400));
         c.reply(200);
       },
       "get = \"/\"\ntimeout = \"150ms\"", Outcome::fail, "timeout"},
      {"too slow",
       [](auto&, Wire& c) {
         std::this_thread::sleep_for(std::chrono::milliseconds(120));
         c.reply(200, "x");
       },
       "get = \"/\"\nbudget = { max = \"50ms\" }", Outcome::fail, "budget 50 ms"},
      {"reset", [](auto&, Wire& c) { c.reset(); }, "get = \"/\"", Outcome::fail, "reset"},
      {"half a body", [](auto&, Wire& c) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), c.close(); },
       "get = \"/\"", Outcome::fail, "reset"},
      {"endless body",
       [](auto&, Wire& c) {
         c.send("HTTP/1.1 200 OK\r\n\r\n");
         while (c.send(std::string(65536, 'x'))) {
         }
       },
       "get = \"/\"\nmax_body = \"256K\"", Outcome::fail, "body-too-large"},
      {"no HTTP", [](auto&, Wire& c) { c.send("SSH-2.0-OpenSSH\r\n"), c.close(); }, "get = \"/\"", Outcome::fail,
       "protocol"},
      {"redirect loop", [](auto&, Wire& c) { c.reply(302, "", {"Location: /"}); }, "get = \"/\"", Outcome::fail,
       "redirect-loop"},
      {"redirect away", [](auto&, Wire& c) { c.reply(302, "", {"Location: http://169.254.169.254/latest"}); },
       "get = \"/\"", Outcome::fail, "redirect-refused"},
      {"redirect to a file", [](auto&, Wire& c) { c.reply(302, "", {"Location: file:///etc/passwd"}); }, "get = \"/\"",
       Outcome::fail, "redirect-refused"},
      {"rate limit", [](auto&, Wire& c) { c.reply(429, "", {"Retry-After: 1"}); }, "get = \"/\"", Outcome::inconclusive,
       "limits our requests"},
      {"challenge", [](auto&, Wire& c) { c.reply(403, "<html>", {"cf-mitigated: challenge"}); }, "get = \"/\"",
       Outcome::inconclusive, "challenge page"},
      {"nothing listens", [](auto&, Wire& c) { c.reply(200); },
       "get = \"/\"\nresolve = { \"127.0.0.1\" = \"127.0.0.1\" }\nproxy = \"http://127.0.0.1:1\"", Outcome::fail,
       "connect"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const CheckResult r = one(c.handler, c.check);
    CHECK_MESSAGE(r.outcome == c.outcome, to_string(r.outcome), ": ", r.reason);
    CHECK_MESSAGE(has(r.reason, c.words), r.reason);
    CHECK(r.where.path == "launchgate.toml");
    CHECK(r.where.span.line == 3);
    if (c.outcome == Outcome::fail) CHECK(r.attempts.size() == 2);
  }
}

TEST_CASE("a failure counts when it is repeated, fifteen seconds later, on a new connection") {
  World world;
  std::atomic<int> n = 0;
  const CheckResult r = one([&](auto&, Wire& c) { c.reply(++n <= 1 ? 500 : 200, "x"); }, "get = \"/\"", &world);
  CHECK(r.outcome == Outcome::flaky);
  CHECK(has(r.reason, "failed once (status 500), then passed"));
  REQUIRE(r.attempts.size() == 2);
  CHECK(r.attempts[1].started_ms - r.attempts[0].started_ms >= 15'000);
  CHECK(world.clock.slept_ms() == doctest::Approx(15'000));
}

TEST_CASE("only what failed is repeated, and all wait together") {
  std::atomic<int> good = 0, bad = 0;
  TestServer server(
      [&](const Received& r, Wire& c) { r.path == "/good" ? (++good, c.reply(200)) : (++bad, c.reply(500)); });
  World world;
  const RunResult r =
      world.run(base(server) + "[check.a]\nget = \"/bad\"\n[check.b]\nget = \"/good\"\n[check.c]\nget = \"/bad\"\n");
  CHECK(r.checks[0].outcome == Outcome::fail);
  CHECK(r.checks[1].outcome == Outcome::pass);
  CHECK(r.checks[2].outcome == Outcome::fail);
  CHECK(good == 1);
  CHECK(bad == 4);
  CHECK(world.clock.slept_ms() < 16'000);
  CHECK(server.connections() >= 3);
}

TEST_CASE("a deadline that comes before the repeat leaves the failure unconfirmed") {
  TestServer server([](auto&, Wire& c) { c.reply(500); });
  World world;
  const RunResult r = world.run(base(server) + "gate = { deadline = \"10s\" }\n[check.a]\nget = \"/\"\n");
  CHECK(r.checks[0].outcome == Outcome::inconclusive);
  CHECK(has(r.checks[0].reason, "not repeated"));
}

TEST_CASE("Retry-After is honoured within the deadline, and a limit that ends is no failure") {
  World world;
  std::atomic<int> n = 0;
  const CheckResult r =
      one([&](auto&, Wire& c) { ++n == 1 ? c.reply(429, "", {"Retry-After: 40"}) : c.reply(200, "x"); }, "get = \"/\"",
          &world);
  CHECK(r.outcome == Outcome::pass);
  CHECK(world.clock.slept_ms() == doctest::Approx(40'000));
}

TEST_CASE("the repeat goes to another address, and both families are asked when both resolve") {
  std::atomic<int> n4 = 0, n6 = 0;
  TestServer v4([&](auto&, Wire& c) { ++n4, c.reply(200, "four"); });
  World world;
  world.dns.names["two.test"] = {{"127.0.0.1", "127.0.0.2"}, {}, "", false};
  const std::string port = std::to_string(v4.port());
  // 127.0.0.2 refuses (the server listens on 127.0.0.1 only): sorted, it is the address of the repeat.
  RunResult r = world.run("base = \"http://two.test:" + port +
                          "\"\ntimeout = \"2s\"\n[check.a]\nget = \"/\"\nexpect = { text = \"five\" }\n");
  CHECK(r.checks[0].outcome == Outcome::fail);
  CHECK(has(r.checks[0].attempts.at(0).detail, "has no 'five'"));
  CHECK(has(r.checks[0].attempts.at(1).detail, "connect"));

  world.dns.names["both.test"] = {{"127.0.0.1"}, {"::1"}, "", false};
  const std::string both = "base = \"http://both.test:" + port + "\"\ntimeout = \"2s\"\n[check.a]\nget = \"/\"\n";
  r = world.run(both);
  CHECK(r.checks[0].outcome == Outcome::fail);
  CHECK(has(r.checks[0].reason, "over IPv6 (::1)"));
  r = world.run(both + "ip = \"v4\"\n");
  CHECK(r.checks[0].outcome == Outcome::pass);
}

TEST_CASE("a repeat is a stranger to every machine on the way: no request of it goes over an old connection") {
  std::mutex mutex;
  std::vector<std::set<int>> peers(2);  // the client's ports, by attempt
  std::atomic<int> posts = 0;
  World world;
  const CheckResult r = one(
      [&](const Received& request, Wire& c) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        ::getpeername(c.fd(), reinterpret_cast<sockaddr*>(&peer), &size);
        const std::lock_guard lock(mutex);
        peers[posts > 0].insert(ntohs(peer.sin_port));
        if (request.method == "POST") ++posts;
        c.reply(request.method == "POST" ? 500 : 200, "x");
      },
      "steps = [ { get = \"/a\" }, { get = \"/b\" }, { get = \"/c\" }, { post = \"/d\" } ]", &world);
  CHECK(r.outcome == Outcome::fail);
  REQUIRE(r.attempts.size() == 2);
  CHECK(!peers[0].empty());
  CHECK(!peers[1].empty());
  for (const int port : peers[1]) CHECK(peers[0].count(port) == 0);
}

TEST_CASE("a name that moves is followed: while the release is waited for, and when a failure is repeated") {
  TestServer v6([](const Received& r, Wire& c) { c.reply(200, r.path == "/v" ? "v2" : "new"); }, true);
  TestServer v4([](const Received& r, Wire& c) { c.reply(200, r.path == "/v" ? "v1" : "old"); }, false, v6.port());
  World world;
  int asked = 0;
  world.dns.answer = [&](std::string_view) {
    net::Addresses a;
    if (++asked <= 2)
      a.v4.emplace_back("127.0.0.1");
    else
      a.v6.emplace_back("::1");
    return a;
  };
  const std::string site = "base = \"http://moving.test:" + std::to_string(v6.port()) + "\"\ntimeout = \"2s\"\n";
  RunResult r = world.run(site +
                          "release = { get = \"/v\", equals = \"v2\", wait = \"10s\" }\n[check.a]\nget = "
                          "\"/\"\nexpect = { text = \"new\" }\n");
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::pass, r.checks[0].reason);
  CHECK_MESSAGE(r.checks[1].outcome == Outcome::pass, r.checks[1].reason);
  asked = 1;
  r = world.run(site + "[check.a]\nget = \"/\"\nexpect = { text = \"new\" }\n");
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::flaky, r.checks[0].reason);
  CHECK(has(r.checks[0].reason, "has no 'new'"));
  world.dns.answer = [&](std::string_view) {  // a resolver that hiccups takes back nothing it said
    net::Addresses a;
    if (++asked == 1) a.v6.emplace_back("::1");
    return a;
  };
  asked = 0;
  r = world.run(site + "[check.a]\nget = \"/\"\nexpect = { text = \"other\" }\n");
  CHECK_MESSAGE(has(r.checks[0].attempts.at(1).detail, "has no 'other'"), r.checks[0].attempts.at(1).detail);
}

TEST_CASE("a name that no resolver answered for says nothing of the site; one that is not there does") {
  World world;
  world.dns.names["gone.test"] = {{}, {}, "no such name", false};
  world.dns.names["unasked.test"] = {{}, {}, "try again later", true};
  RunResult r = world.run("base = \"http://gone.test\"\ntimeout = \"2s\"\n[check.a]\nget = \"/\"\n");
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::fail, r.checks[0].reason);
  r = world.run("base = \"http://unasked.test\"\ntimeout = \"2s\"\n[check.a]\nget = \"/\"\n");
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::inconclusive, r.checks[0].reason);
  CHECK(has(r.checks[0].reason, "resolver does not answer"));
}

TEST_CASE("no request outlasts the deadline of all checks, however patient its own timeout") {
  TestServer server([](auto&, Wire& c) {
    std::this_thread::sleep_for(std::chrono::milliseconds(900));
    c.reply(200, "late");
  });
  World world;
  const std::string check = base(server) + "[check.a]\nget = \"/\"\n";
  CHECK(world.run(check + "[gate]\ndeadline = \"60s\"\nspacing = \"0s\"\n").checks[0].outcome == Outcome::pass);
  CHECK(world.run(check + "[gate]\ndeadline = \"200ms\"\nspacing = \"0s\"\n").checks[0].outcome != Outcome::pass);
}

TEST_CASE("samples share a connection, or have one each where the budget says so") {
  TestServer server([](auto&, Wire& c) { c.reply(200, "page"); });
  World world;
  const auto connections = [&](const std::string& budget) {
    const int connections = server.connections(), requests = server.count();
    const RunResult r =
        world.run(base(server) + "[check.a]\nget = \"/\"\nbudget = { median = \"2s\", " + budget + " }\n");
    CHECK_MESSAGE(r.checks[0].outcome == Outcome::pass, r.checks[0].reason);
    return std::pair(server.connections() - connections, server.count() - requests);
  };
  const auto [fresh, fresh_requests] = connections("samples = 5, conn = \"fresh\"");
  CHECK(fresh_requests >= 5);
  CHECK(fresh == fresh_requests);
  const auto [reused, reused_requests] = connections("samples = 5");
  CHECK(reused_requests >= 5);
  CHECK(reused == 1);
}

TEST_CASE("mixed releases on both families of one site hold, and each address is told with what it says") {
  TestServer v6([](auto&, Wire& c) { c.reply(200, "{\"sha\":\"v2\"}"); }, true);
  TestServer v4([](auto&, Wire& c) { c.reply(200, "{\"sha\":\"v1\"}"); }, false, v6.port());
  World world;
  world.dns.names["both.test"] = {{"127.0.0.1"}, {"::1"}, "", false};
  const RunResult r =
      world.run("base = \"http://both.test:" + std::to_string(v6.port()) +
                "\"\ntimeout = \"2s\"\nrelease = { get = \"/v\", json = \"/sha\", equals = \"v2\", wait = "
                "\"5s\" }\n[check.a]\nget = \"/\"\n");
  CHECK(r.checks[0].outcome == Outcome::inconclusive);
  CHECK_MESSAGE(has(r.checks[0].reason, "not live everywhere"), r.checks[0].reason);
  CHECK(has(r.checks[0].reason, "127.0.0.1 answers 'v1', ::1 answers 'v2'"));
  CHECK(r.checks[1].outcome == Outcome::inconclusive);
}

TEST_CASE("two failures of different kinds are two failures in a row, and both are told") {
  std::atomic<int> n = 0;
  const CheckResult r = one([&](auto&, Wire& c) { ++n == 1 ? c.reply(500, "x") : c.reset(); }, "get = \"/\"");
  CHECK(r.outcome == Outcome::fail);
  CHECK_MESSAGE(has(r.reason, "reset"), r.reason);
  CHECK(has(r.reason, "; before that: status 500"));
}

TEST_CASE("a site on IPv6 only is reached; a family this machine lacks is a note") {
  TestServer v6([](auto&, Wire& c) { c.reply(200, "six"); }, true);
  World world;
  CHECK(world.run(base(v6) + "[check.a]\nget = \"/\"\n").checks[0].outcome == Outcome::pass);
  world.dns.names["both.test"] = {{"127.0.0.1"}, {"::1"}, "", false};
  world.dns.network = false;
  const RunResult r =
      world.run("base = \"http://both.test:" + std::to_string(v6.port()) + "\"\n[check.a]\nget = \"/\"\n");
  REQUIRE(!r.notes.empty());
  CHECK(has(r.notes[0].text, "no IPv6 network"));
}

TEST_CASE("an unreachable site and an offline runner are told apart by control hosts") {
  TestServer control([](auto&, Wire& c) { c.reply(200); });
  const std::string dead = "http://127.0.0.1:" + std::to_string(tests::closed_port());
  const std::string toml = "base = \"" + dead + "\"\n";
  World world;
  CHECK(world.run(toml + "[check.a]\nget = \"/\"\n").checks[0].outcome == Outcome::fail);
  CHECK(world.run(toml + "controls = [\"" + control.url("/") + "\"]\n[check.a]\nget = \"/\"\n").checks[0].outcome ==
        Outcome::fail);
  const auto offline = world.run(toml + "controls = [\"" + dead + "/x\"]\n[check.a]\nget = \"/\"\n").checks[0];
  CHECK(offline.outcome == Outcome::inconclusive);
  CHECK(has(offline.reason, "offline"));
  TestServer sick([](auto&, Wire& c) { c.reply(500); });  // any answer shows that this machine is online
  CHECK(world.run(toml + "controls = [\"" + sick.url("/") + "\"]\n[check.a]\nget = \"/\"\n").checks[0].outcome ==
        Outcome::fail);
  world.dns.network = false;
  CHECK(world.run(toml + "[check.a]\nget = \"/\"\n").checks[0].outcome == Outcome::inconclusive);
}

TEST_CASE("the release is waited for, on every address, and looked at again at the end") {
  std::atomic<int> n = 0;
  std::atomic<bool> relapse = false;
  TestServer server([&](const Received& r, Wire& c) {
    if (r.path == "/") return c.reply(200, "x");
    const bool live = ++n > 2 && !(relapse && n > 4);
    c.reply(200, live ? "{\"sha\":\"abcdef1234567\"}" : "{\"sha\":\"0000000\"}");
  });
  const std::string toml =
      base(server) +
      "release = { get = \"/v\", json = \"/sha\", equals = \"abcdef1\", wait = \"60s\" }\n[check.a]\nget = \"/\"\n";
  World world;
  RunResult r = world.run(toml);
  REQUIRE(r.checks.size() == 2);
  CHECK(r.checks[0].id == "release");
  CHECK(r.checks[0].outcome == Outcome::pass);
  CHECK(r.checks[1].outcome == Outcome::pass);
  CHECK(n == 5);

  n = 2, relapse = true;
  r = world.run(toml);
  CHECK(r.checks[0].outcome == Outcome::inconclusive);
  CHECK(has(r.checks[0].reason, "changed while it was tested"));

  n = -1000, relapse = false;
  r = world.run(toml);
  CHECK(has(r.checks[0].reason, "not live after 1 m"));
  CHECK(r.checks[1].outcome == Outcome::inconclusive);
  CHECK(has(r.checks[1].reason, "Not run"));
}

TEST_CASE("mixed versions hold, with the addresses") {
  TestServer server([](auto& r, Wire& c) { c.reply(200, r.header("Host").empty() ? "" : "v2"); });
  World world;
  world.dns.names["mixed.test"] = {{"127.0.0.1", "127.0.0.9"}, {}, "", false};
  const RunResult r = world.run(
      "base = \"http://mixed.test:" + std::to_string(server.port()) +
      "\"\ntimeout = \"1s\"\nrelease = { get = \"/v\", equals = \"v2\", wait = \"1s\" }\n[check.a]\nget = \"/\"\n");
  CHECK(r.checks[0].outcome == Outcome::inconclusive);
  CHECK(has(r.checks[0].reason, "not live everywhere"));
  CHECK(has(r.checks[0].reason, "127.0.0.1 answers 'v2'"));
  CHECK(has(r.checks[0].reason, "127.0.0.9 fails"));
}

TEST_CASE("steps hand values on, each encoded for its place, and cleanup always runs") {
  std::atomic<bool> deleted = false;
  TestServer server([&](const Received& r, Wire& c) {
    if (r.method == "POST") return c.reply(201, "{\"id\":\"a b/c\"}", {"X-Next: n\"1"});
    if (r.method == "DELETE") return deleted = r.target == "/items/a%20b%2Fc", c.reply(204);
    if (r.method == "PUT") return c.reply(r.body == "{\"next\":\"n\\\"1\",\"n\":1}" ? 200 : 400, "ok");
    c.reply(r.target == "/items/a%20b%2Fc" ? 500 : 404);
  });
  World world;
  const RunResult r = world.run(base(server) + R"([check.a]
steps = [
  { post = "/items", json = { n = 1 }, expect = { status = 201 }, capture = { id = { json = "/id" }, next = { header = "X-Next" } } },
  { put = "/next", json = { next = "{{next}}", n = 1 } },
  { get = "/items/{{id}}" },
]
cleanup = [ { delete = "/items/{{id}}" } ]
)");
  CHECK(r.checks[0].outcome == Outcome::fail);
  CHECK(has(r.checks[0].reason, "status 500"));
  CHECK(deleted);
}

TEST_CASE("a percentile takes its samples apart from the cold one, and stops when it is lost") {
  std::atomic<int> n = 0;
  const CheckResult fast =
      one([&](auto&, Wire& c) { ++n, c.reply(200, "<p>x"); }, "get = \"/\"\nbudget = { p95 = \"1s\" }");
  CHECK(fast.outcome == Outcome::pass);
  CHECK(n == 21);
  REQUIRE(fast.samples.size() == 21);
  CHECK(fast.samples[0].cold);
  CHECK_FALSE(fast.samples[1].cold);
  CHECK(has(fast.reason, "of 20 samples, 0 over 1.00 s"));
  n = 0;
  const CheckResult lost =
      one([&](auto&, Wire& c) { c.reply(++n % 2 == 0 ? 500 : 200, "<p>x"); }, "get = \"/\"\nbudget = { p95 = \"1s\" }");
  CHECK(lost.outcome == Outcome::fail);
  CHECK(n < 24);
  CHECK(has(lost.reason, "samples failed or took over 1.00 s, too many for a p95"));
  CHECK(has(lost.reason, "failed: status 500"));
  n = 0;
  const CheckResult cold = one([&](auto&, Wire& c) { c.reply(++n == 1 ? 500 : 200, "<p>x"); },
                               "get = \"/\"\nbudget = { median = \"1s\", samples = 3 }");
  CHECK(n == 3);  // the first request failed: that is a sample, whatever connection it went over
  CHECK_MESSAGE(has(cold.reason, " of 3 samples, 1 over 1.00 s"), cold.reason);
  const CheckResult never = one([](auto&, Wire& c) { c.reply(200, "<p>x"); },
                                "get = \"/\"\nexpect = { form = \"#login\" }\nbudget = { p95 = \"1s\" }");
  CHECK(never.outcome == Outcome::fail);
  CHECK_MESSAGE(has(never.reason, "none of 4 samples succeeded: the page has no #login"), never.reason);
  const CheckResult luck =
      one([&, hits = 0](auto&, Wire& c) mutable { c.reply(++hits % 21 == 20 ? 500 : 200, "<p>x"); },
          "get = \"/\"\nbudget = { p95 = \"1s\" }");
  CHECK(luck.outcome == Outcome::pass);
  CHECK(has(luck.reason, "1 over"));
}

TEST_CASE("assets of the page count, those of others do not") {
  std::atomic<int> css = 0;
  bool broken = false;
  const auto handler = [&](const Received& r, Wire& c) {
    if (r.path == "/a.css") return ++css, c.reply(broken ? 404 : 200, "x");
    c.reply(200, "<link rel=stylesheet href=a.css><script src=http://elsewhere.invalid/x.js></script>");
  };
  CHECK(one(handler, "get = \"/\"\nbudget = { max = \"2s\", assets = true }").outcome == Outcome::pass);
  CHECK(css == 1);
  broken = true;
  CHECK(has(one(handler, "get = \"/\"\nbudget = { max = \"2s\", assets = true }").reason, "asset /a.css: status 404"));
}

TEST_CASE("a skipped check says so") {
  TestServer server([](auto&, Wire& c) { c.reply(200); });
  World world;
  const CheckResult r = world.run(base(server) + "[check.a]\nget = \"/\"\nskip = true\n").checks[0];
  CHECK(r.outcome == Outcome::skipped);
  CHECK(has(r.fix, "Take skip out of its table"));
  CHECK(server.count() == 0);
}
