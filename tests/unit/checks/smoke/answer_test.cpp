// What an answer is judged by, what is taken from it and handed on, and what is said when it is wrong.
#include <doctest/doctest.h>

#include <atomic>
#include <ctime>
#include <string>
#include <thread>

#include "tests/support/temp_repo.hpp"
#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;
using tests::base;
using tests::has;
using tests::one;
using tests::Received;
using tests::TestServer;
using tests::World;

TEST_CASE("resolve pins a host on every port, or on the one that is named") {
  TestServer server([](auto&, Wire& c) { c.reply(200, "x"); });
  const std::string port = std::to_string(server.port());
  World world;
  world.dns.names["site.test"] = {{"192.0.2.1"}, {}, "", false};
  const auto outcome = [&](const std::string& pin) {
    return world
        .run("base = \"http://site.test:" + port + "\"\ntimeout = \"1s\"\nproxy = \"\"\nresolve = { \"" + pin +
             "\" = \"127.0.0.1\" }\n[check.a]\nget = \"/\"\n")
        .checks[0]
        .outcome;
  };
  CHECK(outcome("site.test") == Outcome::pass);
  CHECK(outcome("site.test:" + port) == Outcome::pass);
  CHECK(outcome("site.test:80") == Outcome::fail);
}

TEST_CASE("the advice fits what was wrong: the answer, or the time") {
  const std::string page = "get = \"/\"\nexpect = { text = \"shop\" }\nbudget = ";
  const auto wrong = [](auto&, Wire& c) { c.reply(200, "Welcome to nginx"); };
  const auto slow = [](auto&, Wire& c) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    c.reply(200, "shop");
  };
  for (const char* budget : {"{ max = \"5s\" }", "{ p95 = \"5s\" }", "{ median = \"5s\", samples = 3 }"}) {
    const CheckResult r = one(wrong, page + budget);
    CHECK(r.outcome == Outcome::fail);
    CHECK_MESSAGE(has(r.fix, "what it answers"), r.fix);
    CHECK_FALSE(has(r.fix, "phases"));
  }
  for (const char* budget : {"{ max = \"20ms\" }", "{ median = \"20ms\", samples = 3 }"}) {
    const CheckResult r = one(slow, page + budget);
    CHECK(r.outcome == Outcome::fail);
    CHECK_MESSAGE(has(r.fix, "phases"), r.fix);
  }
  CHECK(has(one(slow, "timeout = \"30ms\"\n" + page + "{ max = \"5s\" }").fix, "phases"));
}

TEST_CASE("values are captured by expression, form field and cookie too, and bodies, headers and tokens are sent") {
  TestServer server([&](const Received& r, Wire& c) {
    if (r.path == "/a")
      return c.reply(200, "order=A-17; <form><input type=hidden name=nonce value=n1></form>",
                     {"Set-Cookie: sid=c1; Path=/"});
    const bool proper = r.path == "/A-17" && r.form()["nonce"] == "n1" && r.header("X-Sid") == "c1" &&
                        r.header("Authorization") == "Bearer " + tests::kPassword &&
                        r.header("Content-Type").starts_with("application/x-www-form-urlencoded");
    c.reply(proper ? 200 : 400, "x");
  });
  World world;
  const RunResult r = world.run(base(server) + R"toml([check.a]
steps = [
  { get = "/a", capture = { id = { regex = "order=([A-Z0-9-]+)" }, nonce = { form = "nonce" }, sid = { cookie = "sid" } } },
  { post = "/{{id}}", form = { nonce = "{{nonce}}" }, headers = { X-Sid = "{{sid}}" }, bearer = "$PW" },
]
)toml");
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::pass, r.checks[0].reason);
  const CheckResult missing = one([](auto&, Wire& c) { c.reply(200, "x"); },
                                  "steps = [ { get = \"/\", capture = { a = { regex = \"b(c)\" } } } ]");
  CHECK_MESSAGE(has(missing.reason, "nothing for capture 'a'"), missing.reason);
}

TEST_CASE("every condition on a JSON value fails where it should") {
  const auto outcome = [](const std::string& condition) {
    return one([](auto&, Wire& c) { c.reply(200, R"({"n":5,"s":"ab1","l":[1,2],"b":true,"~1":1,"a/b":2})"); },
               "get = \"/\"\nexpect = { json." + condition + " }")
        .outcome;
  };
  for (const char* good :
       {"\"/n\" = { below = 6 }", "\"/n\" = { at_most = 5 }", "\"/n\" = { above = 4 }", "\"/n\" = { at_least = 5 }",
        "\"/s\" = { matches = \"^ab[0-9]$\" }", "\"/l\" = { type = \"array\" }", "\"/l\" = [1, 2]", "\"/b\" = true",
        "\"/l/1\" = 2", "\"/~01\" = 1", "\"/a~1b\" = 2"})
    CHECK_MESSAGE(outcome(good) == Outcome::pass, good);
  for (const char* bad :
       {"\"/n\" = { below = 5 }", "\"/n\" = { at_most = 4 }", "\"/n\" = { above = 5 }", "\"/n\" = { at_least = 6 }",
        "\"/s\" = { matches = \"^b\" }", "\"/l\" = { type = \"object\" }", "\"/l\" = [1]", "\"/l\" = [1, 3]",
        "\"/b\" = false", "\"/s\" = true", "\"/n\" = true", "\"/l\" = false", "\"/n\" = \"5\"", "\"/l/2\" = 2"})
    CHECK_MESSAGE(outcome(bad) == Outcome::fail, bad);
}

TEST_CASE("a page that cannot be read neither has a form nor lacks one, and null is no value") {
  std::string deep;
  for (int i = 0; i < 1500; ++i) deep += "<div>";
  const auto page = [&](auto&, Wire& c) { c.reply(200, deep); };
  for (const char* expect : {"form = \"#login\"", "not_form = \"#login\""}) {
    const CheckResult r = one(page, "get = \"/\"\nexpect = { " + std::string(expect) + " }");
    CHECK(r.outcome == Outcome::fail);
    CHECK_MESSAGE(has(r.reason, "nest deeper"), r.reason);
  }
  const CheckResult null = one([](auto&, Wire& c) { c.reply(200, "{\"id\":null}"); },
                               "steps = [ { get = \"/\", capture = { a = { json = \"/id\" } } } ]");
  CHECK_MESSAGE(has(null.reason, "nothing for capture 'a'"), null.reason);
}

TEST_CASE("a redirect may lead to a host that is named") {
  TestServer server([](const Received& r, Wire& c) {
    const std::string host = r.header("Host");
    if (host.starts_with("localhost")) return c.reply(200, "there");
    c.reply(302, "", {"Location: http://localhost" + host.substr(host.find(':')) + "/"});
  });
  World world;
  const std::string rest = "[check.a]\nget = \"/\"\nexpect = { text = \"there\" }\n";
  CHECK(has(world.run(base(server) + rest).checks[0].reason, "redirect-refused"));
  CHECK(world.run(base(server) + "allow_hosts = [\"localhost\"]\n" + rest).checks[0].outcome == Outcome::pass);
}

TEST_CASE("limits and challenges in their other forms: a date to come back at, AWS, pages that ask for a human") {
  World world;
  std::atomic<int> n = 0;
  const CheckResult late = one(
      [&](auto&, Wire& c) {
        ++n == 1 ? c.reply(429, "", {"Retry-After: Sun, 15 Jun 2025 15:07:20 GMT"}) : c.reply(200, "x");
      },
      "get = \"/\"", &world);
  CHECK(late.outcome == Outcome::pass);
  CHECK(world.clock.slept_ms() == doctest::Approx(40'000).epsilon(0.05));  // the clock began at 15:06:40
  const auto outcome = [](int status, const std::string& body, const std::string& header) {
    return one([&](auto&, Wire& c) { c.reply(status, body, {header}); }, "get = \"/\"").outcome;
  };
  CHECK(outcome(202, "", "x-amzn-waf-action: challenge") == Outcome::inconclusive);
  CHECK(outcome(405, "", "x-amzn-waf-action: captcha") == Outcome::inconclusive);
  CHECK(outcome(405, "", "x-amzn-waf-action: allow") == Outcome::fail);
  CHECK(outcome(304, "", "A: b") == Outcome::fail);  // without expect.status it is 2xx that is wanted
  CHECK(outcome(403, "<script src=/cdn-cgi/challenge-platform/x.js>", "A: b") == Outcome::inconclusive);
  CHECK(outcome(403, "<p>Forbidden", "A: b") == Outcome::fail);
  CHECK(outcome(200, "<script src=/cdn-cgi/challenge-platform/x.js>", "A: b") ==
        Outcome::pass);  // on pages that answer
  CHECK(outcome(500, "<script src=/cdn-cgi/challenge-platform/x.js>", "A: b") == Outcome::fail);
}

TEST_CASE("what is not the site's fault is no failure: no libcurl here, or an answer the deadline did not wait for") {
  struct Canned final : net::Http {
    explicit Canned(std::function<net::Response()> f) : answer(std::move(f)) {}
    std::function<net::Response()> answer;
    std::vector<net::Response> send_all(std::span<const net::Request> all, int) override {
      std::vector<net::Response> out;
      for (std::size_t i = 0; i < all.size(); ++i) out.push_back(answer());
      return out;
    }
  };
  const auto failed = [](net::Failure failure) {
    net::Response r;
    r.failure = failure;
    r.error = "so it is";
    return r;
  };
  const std::string toml = "base = \"http://site.test\"\ncontrols = [\"http://up.test/\"]\n[check.a]\nget = \"/\"\n";
  World world;
  world.http = std::make_unique<Canned>([&] { return failed(net::Failure::unavailable); });
  CHECK(world.run(toml).checks[0].outcome == Outcome::inconclusive);
  world.http = std::make_unique<Canned>([&] {
    world.clock.advance(400'000);
    net::Response r = failed(net::Failure::timeout);
    r.status = 200;  // it had begun to answer
    return r;
  });
  const CheckResult late = world.run(toml).checks[0];
  REQUIRE(late.attempts.size() >= 1);
  CHECK(late.attempts[0].outcome == Outcome::inconclusive);
  CHECK(late.outcome == Outcome::inconclusive);
}

TEST_CASE("the connection is as it is configured: redirects, size, version; and an empty cookie is none") {
  const auto outcome = [](TestServer::Handler handler, const std::string& check) {
    return one(std::move(handler), "get = \"/\"\n" + check).outcome;
  };
  const auto redirects = [](const Received& r, Wire& c) {
    r.path == "/" ? c.reply(302, "", {"Location: /next"}) : c.reply(200, "x");
  };
  CHECK(outcome(redirects, "expect = { status = 200 }") == Outcome::pass);
  CHECK(outcome(redirects, "follow = 0\nexpect = { status = 302 }") == Outcome::pass);
  const auto large = [](auto&, Wire& c) { c.reply(200, std::string(300 << 10, 'x')); };
  CHECK(outcome(large, "") == Outcome::pass);
  CHECK(outcome(large, "max_body = \"256K\"") == Outcome::fail);
  const auto empties = [](auto&, Wire& c) { c.reply(200, "x", {"Set-Cookie: session=; Path=/"}); };
  CHECK(outcome(empties, "expect = { cookie = \"session\" }") == Outcome::fail);

  const tests::TlsIdentity identity;
  TestServer h2([](auto&, Wire& c) { c.reply(200, "one"); }, {identity, nullptr, true});  // over HTTP/2 it says nothing
  testing::TempDir files;
  files.write("ca.pem", identity.certificate());
  World world;
  const auto version = [&](const std::string& http) {
    return world
        .run(base(h2) + "tls = { ca = \"" + files.path() + "/ca.pem\" }\n" + http +
             "[check.a]\nget = \"/\"\nexpect = { text = \"one\" }\n")
        .checks[0]
        .outcome;
  };
  CHECK(version("") == Outcome::fail);
  CHECK(version("http = \"1.1\"\n") == Outcome::pass);
}

TEST_CASE("a certificate that ends too soon is a failure, and TLS goes as it is configured") {
  const tests::TlsIdentity identity;  // good for an hour
  TestServer server([](auto&, Wire& c) { c.reply(200, "x"); }, {identity});
  testing::TempDir files;
  files.write("ca.pem", identity.certificate());
  World world;
  world.clock.advance(static_cast<double>(std::time(nullptr)) * 1000 - static_cast<double>(world.clock.unix_ms()));
  const auto check = [&](const std::string& tls) {
    return world.run(base(server) + tls + "[check.a]\nget = \"/\"\n").checks[0];
  };
  const std::string ca = "ca = \"" + files.path() + "/ca.pem\"";
  CHECK_MESSAGE(check("tls = { " + ca + " }\n").outcome == Outcome::pass, check("tls = { " + ca + " }\n").reason);
  CHECK(has(check("").reason, "tls"));
  CHECK(
      has(check("tls = { " + ca + ", min_days = 1 }\n").reason, "the certificate expires in 0.0 days, sooner than 1"));
  CHECK(has(one([](auto&, Wire& c) { c.reply(200, "x"); }, "get = \"/\"\ntls = { min_days = 1 }").reason,
            "no certificate was seen"));
}
