// The browser step: against a scripted server that speaks the WebDriver protocol, always; against a real Chromium where
// there is one.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;
using tests::has;
using tests::Received;
using tests::TestServer;
using tests::World;
using Json = nlohmann::json;

namespace {

Json navigation(double load, int status = 200) {
  return {{"domainLookupStart", 1}, {"domainLookupEnd", 3}, {"connectStart", 3},       {"secureConnectionStart", 5},
          {"connectEnd", 9},        {"requestStart", 9},    {"responseStart", 29},     {"domInteractive", 40},
          {"loadEventEnd", load},   {"startTime", 0},       {"responseStatus", status}};
}

// A driver whose pages load in `loads`, one after the other (the last for ever).
struct FakeDriver {
  std::vector<double> loads{100};
  std::string ended_at;  // where the page says it is; empty = where it was sent
  int status = 200;
  Json page_error, open_error, timing;  // {"error":…,"message":…}; what the script returns
  std::atomic<int> opened{0}, closed{0}, asked{0};
  std::string went_to;  // of the one browser open at a time
  Json capabilities;

  TestServer server{[this](const Received& r, Wire& c) {
    const auto say = [&](int code, const Json& value) { c.reply(code, Json{{"value", value}}.dump()); };
    if (r.path == "/session" && r.method == "POST") {
      capabilities = Json::parse(r.body)["capabilities"]["alwaysMatch"];
      if (!open_error.is_null()) return say(500, open_error);
      asked = 0;
      return say(200, {{"sessionId", "s" + std::to_string(++opened)}, {"capabilities", Json::object()}});
    }
    const std::string mine = "/session/s" + std::to_string(opened.load());
    if (r.path == mine && r.method == "DELETE") return ++closed, say(200, nullptr);
    if (r.path == mine + "/url") {
      went_to = Json::parse(r.body)["url"];
      return page_error.is_null() ? say(200, nullptr) : say(500, page_error);
    }
    if (r.path == mine + "/execute/sync") {
      if (!timing.is_null()) return say(200, timing);
      const auto nth = static_cast<std::size_t>(opened.load() - 1);
      const double load = loads[std::min(nth, loads.size() - 1)];
      const bool early = asked++ == 0;  // the load event is not over at the first look
      return say(200, {{"url", ended_at.empty() ? went_to : ended_at},
                       {"navigation", navigation(early ? 0 : load, status)},
                       {"paint", early ? 0 : 55.5},
                       {"largest", early ? 0 : 77.5}});
    }
    say(404, {{"error", "unknown command"}, {"message", r.path}});
  }};

  CheckResult run(const std::string& more = "", const std::string& root = "") {
    World world;
    const RunResult r = world.run("base = \"http://site.example\"\nwebdriver = \"" + server.origin() +
                                  "\"\ntimeout = \"2s\"\ngate = { consecutive = 1 }\n" + root +
                                  "[check.a]\nbrowser = \"/start\"\n" + more);
    REQUIRE(r.checks.size() == 1);
    CHECK(opened == closed);  // every browser is ended, whatever happened
    return r.checks[0];
  }
};

}  // namespace

TEST_CASE("a page is timed by its own clocks, with its paints and phases") {
  FakeDriver driver;
  driver.loads = {123};
  const CheckResult r = driver.run();
  CHECK(r.outcome == Outcome::pass);
  CHECK(driver.went_to == "http://site.example/start");
  CHECK(has(r.reason, "loaded in 123 ms"));
  CHECK(has(r.reason, "first contentful paint 56 ms"));
  CHECK(has(r.reason, "largest 78 ms"));
  REQUIRE(r.samples.size() == 1);
  CHECK(r.samples[0].ms == 123);
  CHECK(r.samples[0].phases.dns == 2);
  CHECK(r.samples[0].phases.connect == 2);
  CHECK(r.samples[0].phases.tls == 4);
  CHECK(r.samples[0].phases.wait == 20);
  CHECK(r.samples[0].phases.transfer == 94);
  CHECK(driver.capabilities["browserName"] == "chrome");
  CHECK(driver.capabilities["timeouts"]["pageLoad"] == 2000);
  CHECK(has(driver.capabilities.dump(), "--headless"));
}

TEST_CASE("budgets are judged on loads of new browsers, the first one apart") {
  FakeDriver driver;
  driver.loads = {900, 100, 300, 200};
  CheckResult r = driver.run("budget = { median = \"250ms\" }\n");
  CHECK(r.outcome == Outcome::pass);
  CHECK(driver.opened == 4);
  REQUIRE(r.samples.size() == 4);
  CHECK(r.samples[0].cold);
  CHECK(has(r.reason, "median 200 ms of 3 loads"));

  FakeDriver slow;
  slow.loads = {100, 100, 300, 300};
  CHECK(slow.run("budget = { median = \"250ms\" }\n").outcome == Outcome::fail);
  FakeDriver late;
  late.loads = {301};
  CHECK(late.run("budget = { max = \"300ms\" }\n").outcome == Outcome::fail);
}

TEST_CASE("what a driver or a page may do wrong, and what is concluded") {
  struct Case {
    const char* name;
    std::function<void(FakeDriver&)> change;
    Outcome outcome;
    const char* words;
  };
  const Case cases[] = {
      {"error page", [](FakeDriver& d) { d.status = 503; }, Outcome::fail, "status 503"},
      {"led away", [](FakeDriver& d) { d.ended_at = "https://elsewhere.example/x"; }, Outcome::fail,
       "ended at elsewhere.example"},
      {"error page of the browser", [](FakeDriver& d) { d.ended_at = "chrome-error://chromewebdata/"; }, Outcome::fail,
       "neither base nor"},
      {"too slow",
       [](FakeDriver& d) {
         d.page_error = {{"error", "timeout"}, {"message", "timeout: 2.000"}};
       },
       Outcome::fail, "not loaded within 2"},
      {"no such host",
       [](FakeDriver& d) {
         d.page_error = {{"error", "unknown error"}, {"message", "unknown error: net::ERR_CERT_DATE_INVALID\n  (S"}};
       },
       Outcome::fail, "net::ERR_CERT_DATE_INVALID"},
      {"browser died",
       [](FakeDriver& d) {
         d.page_error = {{"error", "unknown error"}, {"message", "session deleted: tab crashed"}};
       },
       Outcome::inconclusive, "tab crashed"},
      {"no browser",
       [](FakeDriver& d) {
         d.open_error = {{"error", "session not created"}, {"message", "cannot find Chrome binary"}};
       },
       Outcome::inconclusive, "cannot find Chrome"},
      {"never loads", [](FakeDriver& d) { d.loads = {0}; }, Outcome::fail, "load event does not end"},
      {"no navigation entry",
       [](FakeDriver& d) {
         d.timing = {{"navigation", nullptr}, {"paint", 0}, {"largest", 0}};
       },
       Outcome::fail, "cannot be read"},
      {"a page that forges its clock",
       [](FakeDriver& d) {
         d.timing = {{"url", "http://site.example/"}, {"navigation", navigation(-5)}, {"paint", 1}, {"largest", 1}};
       },
       Outcome::fail, "cannot be read"},
      {"a page that answers nonsense", [](FakeDriver& d) { d.timing = "::set-output name=x::y"; }, Outcome::fail,
       "cannot be read"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    FakeDriver driver;
    c.change(driver);
    const CheckResult r = driver.run();
    CHECK(r.outcome == c.outcome);
    CHECK_MESSAGE(has(r.reason, c.words), r.reason);
  }
}

TEST_CASE("no driver is no pass, and a driver that is none is told") {
  World world;
  RunResult r = world.run("base = \"http://site.example\"\n[check.a]\nbrowser = \"/\"\n");
  CHECK(r.checks[0].outcome == Outcome::inconclusive);
  CHECK(has(r.checks[0].reason, "no WebDriver is there"));

  for (const char* answer : {"", "<html>", "[]", "{\"value\":{\"sessionId\":\"../../x\"}}", "{\"value\":7}"}) {
    CAPTURE(answer);
    TestServer nonsense([&](const Received&, Wire& c) { c.reply(200, answer); });
    World other;
    r = other.run("base = \"http://site.example\"\nwebdriver = \"" + nonsense.origin() +
                  "\"\n[check.a]\nbrowser = \"/\"\n");
    CHECK(r.checks[0].outcome == Outcome::inconclusive);
    CHECK(has(r.checks[0].reason, "did not start"));
  }
}

TEST_CASE("what a browser cannot be given is not silently left out; what it can be given, is") {
  FakeDriver driver;
  CHECK(driver.run("ip = \"v4\"\n").outcome == Outcome::inconclusive);
  FakeDriver pinned;
  CHECK(pinned.run("", "resolve = { \"site.example\" = \"127.0.0.9\" }\nproxy = \"http://127.0.0.1:3128\"\n").outcome ==
        Outcome::pass);
  const std::string asked = pinned.capabilities.dump();
  CHECK(has(asked, "--host-resolver-rules=MAP site.example 127.0.0.9\""));
  CHECK(has(asked, "--proxy-server=http://127.0.0.1:3128"));
}

TEST_CASE("a real Chromium opens a page") {
  net::ChromeDrivers drivers;
  net::SystemClock clock;
  {
    auto there = drivers.start(20'000);
    if (!there) {
      MESSAGE("skipped: " << there.error().what);
      return;
    }
  }
  TestServer site([](const Received& r, Wire& c) {
    if (r.path == "/gone") return c.reply(404, "<h1>gone");
    c.reply(200, "<!doctype html><title>x</title><h1>Hello</h1><p id=p></p><script>p.textContent='made here'</script>",
            {"Content-Type: text/html"});
  });
  World world;
  world.drivers = &drivers;
  const RunResult r = world.run("base = \"" + site.origin() + "\"\ntimeout = \"20s\"\ngate = { consecutive = 1 }\n" +
                                "[check.page]\nbrowser = \"/\"\nbudget = { max = \"20s\" }\n[check.gone]\nbrowser = "
                                "\"/gone\"\n");
  if (has(r.checks[0].reason, "did not start")) {
    MESSAGE("skipped: " << r.checks[0].reason);  // a driver without its browser
    return;
  }
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::pass, r.checks[0].reason);
  REQUIRE(r.checks[0].samples.size() == 1);
  CHECK(r.checks[0].samples[0].ms > 0);
  CHECK_FALSE(has(r.checks[0].reason, "first contentful paint none"));
  CHECK_FALSE(has(r.checks[0].reason, "largest none"));
  CHECK_MESSAGE(has(r.checks[1].reason, "status 404"), r.checks[1].reason);
}
