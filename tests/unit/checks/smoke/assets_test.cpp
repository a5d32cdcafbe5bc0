// A page with its own style sheets and scripts: their time counts, and they are asked for as the page's visitor asks.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using tests::has;
using tests::one;
using tests::Received;
using Wire = tests::Connection;

TEST_CASE("the time of the assets is the page's time") {
  const auto slow_script = [](const Received& r, Wire& c) {
    if (r.path == "/a.js") std::this_thread::sleep_for(std::chrono::milliseconds(300));
    c.reply(200, r.path == "/a.js" ? "x" : "<script src=a.js></script>");
  };
  const std::string budget = "get = \"/\"\nbudget = { max = \"250ms\", assets = ";
  const CheckResult with = one(slow_script, budget + "true }\n");
  CHECK(with.outcome == Outcome::fail);
  CHECK_MESSAGE(has(with.reason, "budget 250 ms"), with.reason);
}

TEST_CASE("assets are fetched with the visitor's cookies") {
  const auto guarded = [](const Received& r, Wire& c) {
    if (r.path == "/a.css") return c.reply(r.cookie("s") == "1" ? 200 : 403, "x");
    c.reply(200, "<link rel=stylesheet href=a.css>", {"Set-Cookie: s=1; Path=/"});
  };
  const CheckResult r = one(guarded, "get = \"/\"\nbudget = { max = \"5s\", assets = true }\n");
  CHECK_MESSAGE(r.outcome == Outcome::pass, r.reason);
}

TEST_CASE("a page whose assets cannot be counted is undecided, not timed without them") {
  std::string deep;
  for (int i = 0; i < 1500; ++i) deep += "<div>";
  const auto page = [&](const Received&, Wire& c) { c.reply(200, deep + "<script src=a.js></script>"); };
  const CheckResult r = one(page, "get = \"/\"\nbudget = { max = \"5s\", assets = true }\n");
  CHECK(r.outcome == Outcome::inconclusive);
  CHECK_MESSAGE(has(r.reason, "its assets cannot be counted: the page's elements nest deeper than 1000"), r.reason);
  CHECK(one(page, "get = \"/\"\nbudget = { max = \"5s\" }\n").outcome == Outcome::pass);
}
