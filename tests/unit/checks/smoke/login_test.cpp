// The login recipe against sites that sign in each in its own way, and against those that get it wrong.
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <string>

#include "libscan/checks/smoke/login_form.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/net/url.hpp"
#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using tests::base;
using tests::has;
using tests::kPassword;
using tests::Received;
using tests::TestServer;
using tests::World;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;

namespace {

const std::string kCheck = R"([check.auth]
login = { page = "/login", user = "$USER", password = "$PW" }
success = { runs = 3, pace = "1s" }
)";

bool good(const Received& r) {
  auto form = r.form();
  return form["user"] == "smoke" && form["pass"] == kPassword;
}

CheckResult run(TestServer::Handler handler, const std::string& check = kCheck, World* world = nullptr) {
  TestServer server(std::move(handler));
  World own;
  return (world == nullptr ? own : *world).run(base(server) + check).checks.at(0);
}

constexpr std::string_view kForm =
    "<form id=login method=post action=/login><input type=hidden name=csrf value=t0k><input name=user><input "
    "type=password name=pass><button name=go value=in>";

// A site done right; `broken` spoils one thing.
struct Site {
  std::string broken;
  void operator()(const Received& r, Wire& c) const {
    if (r.path == "/login" && r.method == "GET") return c.reply(200, kForm, {"Set-Cookie: pre=1"});
    if (r.path == "/login") {
      auto form = r.form();
      const bool proper = form["csrf"] == "t0k" && form["go"] == "in" && r.cookie("pre") == "1" &&
                          r.header("Origin") == "http://" + r.header("Host") &&
                          r.header("Referer") == "http://" + r.header("Host") + "/login";
      if (!proper) return c.reply(403, "csrf");
      if (!good(r) && broken != "lets everyone in") return c.reply(broken == "fails on strangers" ? 500 : 200, kForm);
      return c.reply(302, "", {"Location: /home", broken == "no cookie" ? "X: y" : "Set-Cookie: session=s1; Path=/"});
    }
    const bool in = r.cookie("session") == "s1";
    if (r.path == "/home")
      return in || broken == "open" ? c.reply(200, "Hello. Sign out") : c.reply(302, "", {"Location: /login"});
    c.reply(404);
  }
};

}  // namespace

TEST_CASE("a form login sends what a browser sends, three times, and refuses a stranger") {
  const CheckResult r = run(Site{});
  CHECK_MESSAGE(r.outcome == Outcome::pass, r.reason);
  CHECK(has(r.reason, "3 of 3 logins succeeded"));
  CHECK(r.samples.size() == 3);
}

TEST_CASE("a login that only looks right is a failure") {
  CHECK(has(run(Site{"lets everyone in"}).reason, "a user that cannot exist was let in"));
  CHECK(has(run(Site{"fails on strangers"}).reason, "makes the server fail with status 500"));
  const std::string cookie = kCheck + "expect = { cookie = \"session\" }\n";
  CHECK(run(Site{}, cookie).outcome == Outcome::pass);
  CHECK(has(run(Site{"no cookie"}, cookie).reason, "no cookie 'session' was set"));
  const auto refuses = [](const Received&, Wire& c) { c.reply(200, kForm); };
  const CheckResult again = run(refuses);
  CHECK(again.outcome == Outcome::fail);
  CHECK(has(again.reason, "0 of 2 logins succeeded"));
  CHECK(has(again.reason, "two in a row failed"));
  CHECK(has(again.reason, "the login form came again"));
  CHECK(has(run([](auto&, Wire& c) { c.reply(200, "<div id=root>"); }).reason, "no form with a password field"));
  CHECK(has(run([](auto&, Wire& c) { c.reply(500); }).reason, "the login page answers status 500"));
  CHECK(has(run([](auto&, Wire& c) { c.reply(200, "<form><input name=user><input type=password name=pass>"); }).reason,
            "would send the password in the URL"));
  CHECK(has(
      run([](auto&, Wire& c) {
        c.reply(200,
                "<form method=post action=http://elsewhere.invalid/><input name=user><input type=password name=pass>");
      }).reason,
      "neither base nor in allow_hosts"));
}

TEST_CASE("a login that leads to a page that is not there is judged by its proof, if there is one") {
  const auto site = [](int landing) {
    return [landing](const Received& r, Wire& c) {
      if (r.path == "/landing") return c.reply(landing);
      if (r.path == "/login" && r.method == "POST" && good(r))
        return c.reply(302, "", {"Location: /landing", "Set-Cookie: session=s1; Path=/"});
      Site{}(r, c);
    };
  };
  const std::string proof = R"([check.auth]
login = { page = "/login", user = "$USER", password = "$PW", proof = "/home" }
success = { runs = 2, pace = "0s" }
)";
  const CheckResult proven = run(site(404), proof);
  CHECK_MESSAGE(proven.outcome == Outcome::pass, proven.reason);
  CHECK(has(run(site(404)).reason, "the login leads to /landing, which answers status 404"));
  CHECK(has(run(site(500), proof).reason, "the login leads to /landing, which answers status 500"));
  const auto refuses = [](const Received& r, Wire& c) { c.reply(r.method == "POST" ? 401 : 200, kForm); };
  CHECK(has(run(refuses, proof).reason, "the login was answered with status 401"));
  const auto forgets = [](const Received& r, Wire& c) {
    if (r.method == "POST") return c.reply(302, "", {"Location: /landing"});
    Site{}(r, c);  // without the cookie /home leads back to the form
  };
  CHECK(has(run(forgets, proof + "expect = { text = \"Sign out\" }\n").reason,
            "not signed in: /home shows the login form"));
}

TEST_CASE("a not_form that names nothing of the login page does not let a refused login pass") {
  const auto refuses = [](const Received&, Wire& c) { c.reply(200, kForm, {"Set-Cookie: session=anonymous"}); };
  for (const char* selector : {"#nowhere", "#login"}) {
    const CheckResult r = run(refuses, kCheck + "expect = { cookie = \"session\", not_form = \"" + selector + "\" }\n");
    CHECK(r.outcome == Outcome::fail);
    CHECK(has(r.reason, "0 of 2 logins succeeded"));
  }
  // A form that stays for those who are signed in, under another name: the configuration knows better.
  const auto stays = [](const Received& r, Wire& c) {
    if (r.method == "POST" && !good(r)) return c.reply(401);
    const std::string form(kForm);
    c.reply(200, r.method == "GET" ? form : "<form id=switch" + form.substr(form.find(" method")),
            {"Set-Cookie: session=s1"});
  };
  CHECK(run(stays, kCheck + "expect = { not_form = \"#login\" }\n").outcome == Outcome::pass);
  CHECK(has(run(stays).reason, "the login form came again"));
}

TEST_CASE("a page that echoes the password does not bring it into the report") {
  const auto echo = [](const Received& r, Wire& c) {
    c.reply(r.method == "POST" ? 200 : 200,
            r.method == "POST" ? "{\"got\":\"" + net::base64_encode("x:" + kPassword) + "\"}" : kForm,
            {"Set-Cookie: a=b"});
  };
  const CheckResult r = run(echo, kCheck + "expect = { json.\"/got\" = \"no\" }\n");  // World::run looks for leaks
  CHECK(r.outcome == Outcome::fail);
  CHECK(has(r.reason, "/got is"));
}

TEST_CASE("a signed-in page uses the session, and strangers are denied") {
  const std::string both =
      kCheck +
      "[check.home]\nuse = \"auth\"\nget = \"/home\"\nexpect = { text = \"Sign out\", anonymous = \"denied\" }\n";
  TestServer right{Site{}}, open{Site{"open"}};
  World world;
  RunResult r = world.run(base(right) + both);
  CHECK_MESSAGE(r.checks[1].outcome == Outcome::pass, r.checks[1].reason);
  r = world.run(base(open) + both);
  CHECK(r.checks[1].outcome == Outcome::fail);
  CHECK(has(r.checks[1].reason, "not signed in got status 200"));
}

TEST_CASE(
    "a sign-in that fails is the login check's failure; what uses it cannot be judged, and is not tried in vain") {
  const std::string both = kCheck + "[check.home]\nuse = \"auth\"\nget = \"/home\"\n";
  TestServer refuses([](const Received&, Wire& c) { c.reply(200, kForm); });
  World world;
  RunResult r = world.run(base(refuses) + both);
  CHECK(r.checks[0].outcome == Outcome::fail);
  CHECK(r.checks[1].outcome == Outcome::inconclusive);
  CHECK(has(r.checks[1].reason, "could not sign in: the login form came again"));
  CHECK(r.checks[1].attempts.size() <= 2);

  // The page fails, the next sign-in happens to, the page fails again: twice in a row.
  std::atomic<int> homes = 0;
  std::atomic<bool> stumbled = false;
  TestServer broken([&](const Received& request, Wire& c) {
    if (request.path == "/home") return ++homes, c.reply(500, "x");
    if (request.method == "GET" && homes == 1 && !stumbled.exchange(true)) return c.reply(502, "x");
    if (request.method == "POST" && good(request)) return c.reply(200, "in", {"Set-Cookie: session=s1; Path=/"});
    c.reply(200, kForm);
  });
  r = world.run(base(broken) + both);
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::pass, r.checks[0].reason);
  CHECK_MESSAGE(r.checks[1].outcome == Outcome::fail, r.checks[1].reason);
  REQUIRE(r.checks[1].attempts.size() == 3);
  CHECK(r.checks[1].attempts[1].outcome == Outcome::inconclusive);
}

TEST_CASE("a negative control that could not be made proves nothing, and is no failure of what was seen to work") {
  std::atomic<bool> answers = false;
  const auto silent = [&](const Received& r, Wire& c) {
    if (r.method == "POST" && !good(r)) return c.reset();
    Site{}(r, c);
  };
  const CheckResult login = run(silent);
  CHECK(login.outcome == Outcome::inconclusive);
  CHECK_MESSAGE(has(login.reason, "as a user that cannot exist: reset"), login.reason);
  const std::string both =
      kCheck + "[check.home]\nuse = \"auth\"\nget = \"/home\"\nexpect = { anonymous = \"denied\" }\n";
  TestServer server([&](const Received& r, Wire& c) {
    if (r.path == "/home" && r.cookie("session").empty()) return answers ? c.reply(500, "x") : c.reset();
    Site{}(r, c);
  });
  World world;
  RunResult r = world.run(base(server) + both);
  CHECK(r.checks[1].outcome == Outcome::inconclusive);
  CHECK_MESSAGE(has(r.checks[1].reason, "as a stranger: reset"), r.checks[1].reason);
  answers = true;  // and this one is no refusal
  r = world.run(base(server) + both);
  CHECK(r.checks[1].outcome == Outcome::fail);
  CHECK_MESSAGE(has(r.checks[1].reason, "not signed in got status 500"), r.checks[1].reason);
}

TEST_CASE("a CSRF token is taken from meta tag, cookie, header or endpoint, and sent where the site looks for it") {
  struct Case {
    const char* name;
    std::string head;    // of the login page
    std::string cookie;  // set with it
    std::string login;   // more keys of the login
    bool (*proper)(const Received&);
  };
  const Case cases[] = {
      {"meta", "<meta name=csrf-token content=m3ta>", "a=b", "",
       [](const Received& r) { return r.header("X-CSRF-Token") == "m3ta"; }},
      {"cookie to header", "", "XSRF-TOKEN=c%3D1", "",
       [](const Received& r) { return r.header("X-XSRF-TOKEN") == "c=1"; }},
      {"base href", "<base href=/in/>", "a=b", "", [](const Received& r) { return r.path == "/in/login"; }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto site = [&](const Received& r, Wire& w) {
      const std::string form = "<form method=post action=login><input name=user><input type=password name=pass>";
      if (r.method == "GET") return w.reply(200, c.head + form, {"Set-Cookie: " + c.cookie});
      if (!good(r)) return w.reply(401);
      c.proper(r) ? w.reply(200, "in", {"Set-Cookie: session=1"}) : w.reply(403);
    };
    const CheckResult r = run(site);
    CHECK_MESSAGE(r.outcome == Outcome::pass, r.reason);
  }
  const auto endpoint = [](const std::string& csrf, bool (*proper)(const Received&)) {
    const auto site = [&](const Received& r, Wire& w) {
      if (r.method == "GET") return w.reply(200, R"({"t":"j1"})", {"X-Token: h1", "Set-Cookie: tok=k%2B1"});
      if (r.body.find(kPassword) == std::string::npos) return w.reply(401);
      proper(r) ? w.reply(200, R"({"token":"t1"})") : w.reply(403);
    };
    return run(site,
               "[check.auth]\nsuccess = { runs = 1 }\nlogin = { post = \"/l\", user = \"$USER\", password = \"$PW\", "
               "token = "
               "\"/token\", csrf = { get = \"/c\", " +
                   csrf + " } }\n")
        .outcome;
  };
  CHECK(endpoint("from_header = \"X-Token\"", [](const Received& r) { return r.header("X-CSRF-Token") == "h1"; }) ==
        Outcome::pass);
  CHECK(endpoint("from_cookie = \"tok\", header = \"X-My\"",
                 [](const Received& r) { return r.header("X-My") == "k+1"; }) == Outcome::pass);
  CHECK(endpoint("json = \"/t\", field = \"_t\"", [](const Received& r) { return has(r.body, "\"_t\":\"j1\""); }) ==
        Outcome::pass);
  CHECK(endpoint("json = \"/nowhere\"", [](const Received&) { return true; }) == Outcome::fail);
}

TEST_CASE("client credentials in the body, a code in a JSON login, and a form that is multipart") {
  const std::string oauth =
      "[check.a]\nsuccess = { runs = 1 }\nlogin = { oauth = { token_url = \"/t\", client_id = \"id\", client_secret = "
      "\"$PW\", auth = \"body\" } }\n";
  const CheckResult in_body = run(
      [](const Received& r, Wire& c) {
        auto form = r.form();
        const bool proper = form["client_id"] == "id" && form["client_secret"] == kPassword;
        c.reply(proper ? 200 : 401, R"({"access_token":"t"})");
      },
      oauth);
  CHECK_MESSAGE(in_body.outcome == Outcome::pass, in_body.reason);

  const CheckResult code = run(
      [](const Received& r, Wire& c) {
        const bool proper = has(r.body, kPassword) && has(r.body, "\"otp\":\"");
        c.reply(proper ? 200 : 401, R"({"token":"t"})");
      },
      "[check.a]\nlogin = { post = \"/l\", user = \"$USER\", password = \"$PW\", token = \"/token\", totp = \"$TOTP\", "
      "totp_field = \"otp\" }\n");
  CHECK_MESSAGE(code.outcome == Outcome::pass, code.reason);
  CHECK(has(code.reason, "1 of 1 logins"));  // a server takes each code once

  const CheckResult multipart = run([](const Received& r, Wire& c) {
    if (r.method == "GET")
      return c.reply(200,
                     "<form method=post enctype=multipart/form-data><input name=user><input type=password name=pass>");
    const bool proper = has(r.header("Content-Type"), "multipart/form-data; boundary=") && has(r.body, kPassword) &&
                        has(r.body, "name=\"user\"\r\n\r\nsmoke\r\n");
    proper ? c.reply(200, "in", {"Set-Cookie: session=1"}) : c.reply(401);
  });
  CHECK_MESSAGE(multipart.outcome == Outcome::pass, multipart.reason);
}

TEST_CASE("a visitor signs out at the end, of every session but those still in use") {
  std::atomic<int> outs = 0;
  const CheckResult r = run(
      [&](const Received& request, Wire& c) {
        if (request.path == "/out") return outs += request.cookie("session") == "s1", c.reply(200, "bye");
        Site{}(request, c);
      },
      "[check.auth]\nlogin = { page = \"/login\", user = \"$USER\", password = \"$PW\", logout = \"/out\" }\nsuccess = "
      "{ "
      "runs = 3, pace = \"1s\" }\n");
  CHECK(r.outcome == Outcome::pass);
  CHECK(outs == 3);
}

TEST_CASE("identifier first, then the password, then a one-time code") {
  std::set<std::string> codes;
  const auto site = [&](const Received& r, Wire& c) {
    auto form = r.form();
    if (r.method == "GET")
      return c.reply(200, "<form method=post action=/login><input name=login autocomplete=username>");
    if (form.contains("login"))
      return c.reply(200, "<form method=post action=/pw><input type=hidden name=who value=" + form["login"] +
                              "><input type=password name=pass>");
    if (form.contains("pass"))
      return form["pass"] == kPassword
                 ? c.reply(200, "<form method=post action=/2fa><input name=otp autocomplete=one-time-code>")
                 : c.reply(401, "no");
    const bool fresh = form["otp"].size() == 6 && codes.insert(form["otp"]).second;  // each code is good once
    fresh ? c.reply(200, "in", {"Set-Cookie: session=1"}) : c.reply(401, "used");
  };
  World world;
  const CheckResult r = run(site, R"([check.auth]
login = { page = "/login", user = "$USER", password = "$PW", totp = "$TOTP" }
success = { runs = 2, pace = "0s" }
)",
                            &world);
  CHECK_MESSAGE(r.outcome == Outcome::pass, r.reason);
  CHECK(codes.size() == 2);
  CHECK(world.clock.slept_ms() > 0);
  CHECK(has(run(site).reason, "a one-time code is asked for"));
}

TEST_CASE("a one-time code that is about to end is not sent: the next one is waited for") {
  for (const double remaining_ms : {5000.0, 3001.0, 2999.0, 100.0}) {
    CAPTURE(remaining_ms);
    World world;
    world.clock.advance(30'000 - static_cast<double>(world.clock.unix_ms() % 30'000) - remaining_ms);
    const CheckResult r = run([](const Received&, Wire& c) { c.reply(200, "{\"token\":\"t\"}"); },
                              "[check.a]\nlogin = { post = \"/l\", user = \"$USER\", password = \"$PW\", token = "
                              "\"/token\", totp = \"$TOTP\", totp_field = \"otp\", unknown_user_refused = false }\n",
                              &world);
    CHECK(world.clock.slept_ms() == (remaining_ms < 3000 ? remaining_ms + 1 : 0));
  }
}

TEST_CASE("what is repeated signs in anew: a session that went bad is not asked twice") {
  std::atomic<int> logins = 0;
  TestServer server([&](const Received& r, Wire& c) {
    if (r.path == "/login") return c.reply(200, "{}", {"Set-Cookie: s=" + std::to_string(++logins)});
    c.reply(r.cookie("s") == "1" || r.cookie("s").empty() ? 401 : 200, "hello");
  });
  World world;
  const RunResult r = world.run(base(server) + R"([check.auth]
login = { post = "/login", user = "$USER", password = "$PW", unknown_user_refused = false }
expect = { cookie = "s" }
success = { runs = 1 }
[check.dashboard]
use = "auth"
get = "/dashboard"
expect = { text = "hello" }
)");
  CHECK_MESSAGE(r.checks.at(0).outcome == Outcome::pass, r.checks.at(0).reason);
  CHECK_MESSAGE(r.checks.at(1).outcome == Outcome::flaky, r.checks.at(1).reason);
  CHECK(logins == 2);
}

TEST_CASE("a JSON login takes its CSRF token from an endpoint and gives a bearer token") {
  const auto site = [](const Received& r, Wire& c) {
    if (r.path == "/csrf")
      return c.reply(200, "{\"csrfToken\":\"c1\"}", {"Set-Cookie: c=1", "Set-Cookie: XSRF-TOKEN=a%3D; Path=/"});
    if (r.path == "/api/login") {
      const bool proper = r.header("X-CSRF-Token") == "c1" && r.header("X-XSRF-TOKEN") == "a=" && r.cookie("c") == "1";
      const bool in = r.body == "{\"email\":\"smoke\",\"password\":\"" + kPassword + "\"}";
      return c.reply(!proper ? 403 : in ? 200 : 401, "{\"access_token\":\"tok-1\"}");
    }
    c.reply(r.header("Authorization") == "Bearer tok-1" ? 200 : 401, "{\"me\":1}");
  };
  const std::string check = R"([check.auth]
login = { post = "/api/login", json = { email = "$USER", password = "$PW" }, token = "/access_token", csrf = { get = "/csrf", json = "/csrfToken" } }
success = { runs = 1 }
[check.me]
use = "auth"
get = "/me"
expect = { json."/me" = 1, anonymous = "denied" }
)";
  TestServer server(site);
  World world;
  const RunResult r = world.run(base(server) + check);
  CHECK_MESSAGE(r.checks[0].outcome == Outcome::pass, r.checks[0].reason);
  CHECK_MESSAGE(r.checks[1].outcome == Outcome::pass, r.checks[1].reason);
}

TEST_CASE("client credentials, and a token that was never good") {
  const auto site = [](const Received& r, Wire& c) {
    const std::string past = net::base64_encode("{\"exp\":1000}");
    c.reply(r.header("Authorization") == "Basic " + net::base64_encode("id:" + kPassword) ? 200 : 401,
            r.body == "grant_type=client_credentials&scope=read" ? "{\"access_token\":\"t\"}"
                                                                 : "{\"access_token\":\"a." + past + ".c\"}");
  };
  const std::string start =
      "[check.a]\nsuccess = { runs = 1 }\nlogin = { oauth = { token_url = \"/t\", client_id = \"id\", client_secret = "
      "\"$PW\"";
  CHECK(run(site, start + ", scope = \"read\" } }\n").outcome == Outcome::pass);
  CHECK(has(run(site, start + " } }\n").reason, "had expired"));
}

TEST_CASE("forms are chosen as a person would: not search, sign-up or newsletter") {
  const std::string page =
      "<form action=/search><input name=q></form><form method=post action=/join><input type=email name=email><input "
      "type=password name=new autocomplete=new-password><input type=password name=again></form>"
      "<form method=post action=/in><input name=note><input type=email name=mail><input type=password name=pw></form>";
  const auto document = Document::parse(page);
  const auto form = find_login_form(*document, Login{});
  REQUIRE(form);
  CHECK(form->form.action == "/in");
  CHECK(form->user_field == "mail");
  CHECK(form->password_field == "pw");
}
