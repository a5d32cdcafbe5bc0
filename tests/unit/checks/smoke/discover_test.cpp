#include "libscan/checks/smoke/discover.hpp"

#include <doctest/doctest.h>

#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using tests::has;
using tests::Received;
using tests::TestServer;
using tests::World;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;

namespace {

checks::smoke::Discovery look(const TestServer& server) {
  World world;
  auto found = checks::smoke::discover(server.origin(), {*world.http, world.dns, world.clock});
  REQUIRE(found);
  return *found;
}

// What init writes must be read by smoke without a change.
void reads(const std::string& toml) {
  ConfigRequest request;
  request.env = [](std::string_view name) -> std::optional<std::string> { return std::string(name) + "-value"; };
  const auto config = read_config(toml, "launchgate.toml", request);
  CHECK_MESSAGE(config.has_value(), (config ? std::string() : config.error().what), toml);
}

}  // namespace

TEST_CASE("init finds the login form behind a link, the health endpoint and the release") {
  TestServer server([](const Received& r, Wire& c) {
    if (r.path == "/") return c.reply(200, "<a href='/blog'>Blog</a> <a href='member/login?next=/'>Enter</a>");
    if (r.path == "/member/login")
      return c.reply(200, "<form id=enter method=post><input name=mail><input type=password name=pw>");
    if (r.path == "/api/health") return c.reply(200, "{\"status\":\"pass\",\"commit\":\"abc1234\"}");
    c.reply(404, "<html>nothing");
  });
  const auto d = look(server);
  CHECK(has(d.toml, "get    = \"/member/login\""));
  CHECK(has(d.toml, "form = \"#enter\""));
  CHECK(has(d.toml, "json.\"/status\" = \"pass\""));
  CHECK(has(d.toml, "release = { get = \"/api/health\", json = \"/commit\""));
  CHECK(has(d.found.at(0), "health endpoint /api/health"));
  reads(d.toml);
  CHECK(server.count() < 30);
  for (const Received& r : server.log()) CHECK(r.method == "GET");
}

TEST_CASE("init finds a form with a password alone, and where Auth.js has its own") {
  TestServer server([](const Received& r, Wire& c) {
    if (r.path == "/auth/signin") return c.reply(200, "<form method=post><input type=password name=pw>");
    r.path == "/" ? c.reply(200, "welcome") : c.reply(404);
  });
  const auto d = look(server);
  CHECK(has(d.found.at(1), "login form at /auth/signin (no user, password pw)"));
  reads(d.toml);
}

TEST_CASE("a site that answers 200 to everything has neither") {
  TestServer server([](const Received&, Wire& c) { c.reply(200, "<!doctype html><div id=root>"); });
  const auto d = look(server);
  CHECK_FALSE(has(d.toml, "\n[check."));
  CHECK(has(d.found.at(0), "no health endpoint"));
  CHECK(has(d.found.at(1), "no login form"));
}

TEST_CASE("names of a stranger's page cannot break out of the file") {
  TestServer server([](const Received& r, Wire& c) {
    r.path == "/"
        ? c.reply(200, "<form method=post id='a\"b'><input name=u><input type=password name='p\"&#10;[check.x]'>")
        : c.reply(404);
  });
  const auto d = look(server);
  CHECK_FALSE(has(d.toml, "\n[check.x]"));
  reads(d.toml);
}

TEST_CASE("a dead site is not written down") {
  World world;
  const auto dead = checks::smoke::discover("http://127.0.0.1:" + std::to_string(tests::closed_port()),
                                            {*world.http, world.dns, world.clock});
  REQUIRE_FALSE(dead);
  CHECK(dead.error().code == ErrorCode::undecided);
  CHECK(checks::smoke::discover("ftp://x", {*world.http, world.dns, world.clock}).error().code == ErrorCode::usage);
}
