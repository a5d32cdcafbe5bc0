// Which release answers: what counts as the same one, and what is no answer.
#include "libscan/checks/smoke/release.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;
using tests::base;
using tests::has;
using tests::Received;
using tests::TestServer;
using tests::World;

TEST_CASE("a release is the same when it is equal, or one is the other's commit id cut short") {
  const std::string sha = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", digits(40, '7');
  CHECK(same_release("v1.2", "v1.2"));
  CHECK(same_release(sha, sha.substr(0, 7)));
  CHECK(same_release(sha.substr(0, 12), sha));
  CHECK(same_release("0A1B2C3", sha));
  CHECK(same_release(sha.substr(0, 7), sha.substr(0, 10)));
  CHECK(same_release(digits.substr(0, 7), digits));  // one id in thirty begins with seven digits
  CHECK_FALSE(same_release(sha.substr(0, 6), sha));  // too short to be told from chance
  CHECK_FALSE(same_release(sha.substr(0, 7) + "f", sha));
  CHECK_FALSE(same_release("v1.2", "v1.20"));
  CHECK_FALSE(same_release("release-abcdef1", "release-abcdef12"));
  CHECK_FALSE(same_release("1234567", "12345678"));  // build numbers
  CHECK_FALSE(same_release("20261201", "202612011530"));
  CHECK_FALSE(same_release("", ""));
  CHECK_FALSE(same_release("", sha));
  CHECK_FALSE(same_release(sha, ""));
}

TEST_CASE("only an answer of status 200 tells a release, in its body, its JSON or its header") {
  const auto outcome = [](TestServer::Handler handler, const std::string& where) {
    TestServer server(std::move(handler));
    World world;
    return world
        .run(base(server) + "release = { get = \"/v\", equals = \"v2\", wait = \"1s\"" + where +
             " }\n[check.a]\nget = \"/\"\n")
        .checks.at(0)
        .outcome;
  };
  const auto body = [](int status, std::string text) {
    return [=](const Received&, Wire& c) { c.reply(status, text, {"X-Release: v2"}); };
  };
  CHECK(outcome(body(200, " v2\n"), "") == Outcome::pass);
  CHECK(outcome(body(200, "{\"v\":\"v2\"}"), ", json = \"/v\"") == Outcome::pass);
  CHECK(outcome(body(200, "x"), ", header = \"X-Release\"") == Outcome::pass);
  for (const int status : {201, 404, 503}) {
    CHECK(outcome(body(status, "v2"), "") == Outcome::inconclusive);
    CHECK(outcome(body(status, "x"), ", header = \"X-Release\"") == Outcome::inconclusive);
  }
  CHECK(outcome(body(200, "{\"v\":null}"), ", json = \"/v\"") == Outcome::inconclusive);
  CHECK(outcome(body(200, "not v2"), "") == Outcome::inconclusive);
  CHECK(outcome(body(200, "x"), ", header = \"X-Other\"") == Outcome::inconclusive);
}

TEST_CASE("each round asks over new connections: one that is kept open may lead to a machine that was left behind") {
  TestServer server([](const Received&, Wire& c) { c.reply(200, "v2"); });
  World world;
  const RunResult r =
      world.run(base(server) + "release = { get = \"/v\", equals = \"v2\", agree = 3 }\n[check.a]\nget = \"/\"\n");
  CHECK(r.checks.at(0).outcome == Outcome::pass);
  CHECK(server.count() == 5);        // three rounds, the check, and once more at the end
  CHECK(server.connections() == 4);  // the check itself may go on over the last of them
}
