// Negative controls: what must be refused to a stranger is asked for in earnest, and only a refusal counts as one.
#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <string>

#include "libscan/net/crypto.hpp"
#include "tests/unit/checks/smoke/world.hpp"

using namespace launchgate;
using tests::base;
using tests::has;
using tests::kPassword;
using tests::one;
using tests::Received;
using tests::TestServer;
using tests::World;
using namespace launchgate::checks::smoke;
using Wire = tests::Connection;

namespace {

bool has_token(const Received& r) {
  return r.header("Authorization") == "Bearer " + kPassword || r.header("X-Api-Key") == kPassword;
}

// Makes an item for who has a token. `open`: shows it to everybody.
struct Shop {
  bool open;
  std::atomic<bool> there = false;
  std::atomic<int> strangers = 0;
  void operator()(const Received& r, Wire& c) {
    if (r.method == "POST") return has_token(r) ? (there = true, c.reply(201, "{\"id\":7}")) : c.reply(401);
    if (r.method == "DELETE") return there = false, c.reply(204);
    if (r.path != "/items/7" || !there) return c.reply(404);
    if (has_token(r)) return c.reply(200, "item");
    ++strangers;
    open ? c.reply(200, "item") : c.reply(401);
  }
};

CheckResult shop(bool open, const std::string& credential, const std::string& rest) {
  Shop site{open};
  const CheckResult r = one([&](const Received& request, Wire& c) { site(request, c); },
                            "steps = [ { post = \"/items\", " + credential +
                                ", expect = { status = 201 }, capture = { id = { json = \"/id\" } } }, { get = "
                                "\"/items/{{id}}\", " +
                                credential + ", expect = { text = \"item\", anonymous = \"denied\" } }" + rest);
  CHECK(site.strangers == 1);
  return r;
}

const std::string kForm = "<form id=login method=post action=/login><input name=user><input type=password name=pass>";

// Signs in who knows the password; /proof is the page for those who are in.
struct Site {
  void (*proof_for_strangers)(Wire&) = [](Wire& c) { c.reply(401, "no"); };
  std::string cookie = "Set-Cookie: session=s1; Path=/";
  void operator()(const Received& r, Wire& c) const {
    auto form = r.form();
    if (r.path == "/proof") return r.cookie("session") == "s1" ? c.reply(200, "Sign out") : proof_for_strangers(c);
    if (r.method == "GET") return c.reply(200, kForm);
    const bool good = form["user"] == "smoke" && form["pass"] == kPassword;
    good ? c.reply(200, "in", {cookie}) : c.reply(200, "wrong", {"X: y"});
  }
};

CheckResult login(TestServer::Handler handler, const std::string& more) {
  return one(std::move(handler), "login = { page = \"/login\", user = \"$USER\", password = \"$PW\"" + more +
                                     " }\nsuccess = { runs = 2, pace = \"0s\" }\n");
}

}  // namespace

TEST_CASE("a stranger asks for the very page the visitor saw, while it is there, and without what let the visitor in") {
  const std::string cleanup = " ]\ncleanup = [ { delete = \"/items/{{id}}\" } ]\n";
  const std::string last_step = ", { delete = \"/items/{{id}}\" } ]\n";
  for (const std::string& credential :
       {std::string("bearer = \"$PW\""), std::string("headers = { X-Api-Key = \"$PW\" }")})
    for (const std::string& rest : {std::string(" ]\n"), cleanup, last_step}) {
      CAPTURE(credential);
      CAPTURE(rest);
      const CheckResult shut = shop(false, credential, rest);
      CHECK_MESSAGE(shut.outcome == Outcome::pass, shut.reason);
    }
  Shop site{true};
  const CheckResult open =
      one([&](const Received& r, Wire& c) { site(r, c); },
          "steps = [ { post = \"/items\", bearer = \"$PW\", expect = { status = 201 }, capture = { "
          "id = { json = \"/id\" } } }, { get = \"/items/{{id}}\", bearer = \"$PW\", expect = { "
          "anonymous = \"denied\" } } ]\ncleanup = [ { delete = \"/items/{{id}}\" } ]\n");
  CHECK(open.outcome == Outcome::fail);
  CHECK_MESSAGE(has(open.reason, "not signed in got status 200"), open.reason);
}

TEST_CASE("to be sent away is a refusal; to be sent to the same content under another name is none") {
  const auto outcome = [](const std::string& to) {
    return one(
               [&](const Received& r, Wire& c) {
                 if (r.path == "/home" && !has_token(r)) return c.reply(302, "", {"Location: " + to});
                 c.reply(200, r.path == "/public" ? "Welcome. Sign in" : "Hello. Sign out");
               },
               "get = \"/home\"\nbearer = \"$PW\"\nexpect = { text = \"Sign out\", anonymous = \"denied\" }\n")
        .outcome;
  };
  CHECK(outcome("/public") == Outcome::pass);
  CHECK(outcome("/home-too") == Outcome::fail);
  CHECK(outcome("http://sso.example/") == Outcome::pass);  // another's sign-in page: nothing was sent there
}

TEST_CASE("the user who cannot exist is another user with another password: the real account is never locked") {
  std::mutex mutex;
  std::set<std::pair<std::string, std::string>> tried;
  const auto note = [&](const std::string& user, const std::string& password) {
    const std::lock_guard lock(mutex);
    tried.emplace(user, password);
  };
  const auto check_tried = [&] {
    int strangers = 0;
    for (const auto& [user, password] : tried) {
      CHECK((user == "smoke") == (password == kPassword));
      strangers += user.starts_with("launchgate-") && password.size() >= 16;
    }
    CHECK(tried.size() == 2);
    CHECK(strangers == 1);
    tried.clear();
  };
  const CheckResult form = login(
      [&](const Received& r, Wire& c) {
        auto fields = r.form();
        if (r.method == "POST") note(fields["user"], fields["pass"]);
        Site{}(r, c);
      },
      "");
  CHECK_MESSAGE(form.outcome == Outcome::pass, form.reason);
  check_tried();

  // In a body of the configuration's own: told by the values, or by the names when user and password are not given.
  const std::string body = "json = { account = { email = \"$USER\" }, password = \"$PW\" }, token = \"/t\" }\n";
  for (const std::string& start : {std::string("user = \"$USER\", password = \"$PW\", "), std::string()}) {
    const CheckResult json = one(
        [&](const Received& r, Wire& c) {
          const auto after = [&](const std::string& key) {
            const std::size_t at = r.body.find("\"" + key + "\":\"") + key.size() + 4;
            return r.body.substr(at, r.body.find('"', at) - at);
          };
          note(after("email"), after("password"));
          after("password") == kPassword ? c.reply(200, "{\"t\":\"x\"}") : c.reply(401, "{}");
        },
        "success = { runs = 1 }\nlogin = { post = \"/l\", " + start + body);
    CHECK_MESSAGE(json.outcome == Outcome::pass, json.reason);
    check_tried();
  }
}

TEST_CASE("silence on the proof page is no refusal of the stranger either; to be led elsewhere is one") {
  const std::string proof = ", proof = \"/proof\"";
  const CheckResult silent = login(Site{[](Wire& c) { c.reset(); }}, proof);
  CHECK(silent.outcome == Outcome::inconclusive);
  CHECK_MESSAGE(has(silent.reason, "as a user that cannot exist: reset"), silent.reason);
  CHECK(login(Site{}, proof).outcome == Outcome::pass);
  const Site away{[](Wire& c) { c.reply(302, "", {"Location: http://sso.example/"}); }};
  const CheckResult refused = login(away, proof);
  CHECK_MESSAGE(refused.outcome == Outcome::pass, refused.reason);
}

TEST_CASE("a login that leaves nothing behind is none") {
  Site nothing;
  nothing.cookie = "X: y";
  const CheckResult r = login(nothing, "");
  CHECK(r.outcome == Outcome::fail);
  CHECK_MESSAGE(has(r.reason, "the login set no cookie and gave no token"), r.reason);
}

TEST_CASE(
    "a token that is empty or no single line is none, and client credentials are encoded before they are joined") {
  const auto reason = [](const std::string& reply) {
    return one([&](const Received&, Wire& c) { c.reply(200, reply); },
               "success = { runs = 1 }\nlogin = { post = \"/l\", user = \"$USER\", password = \"$PW\", token = \"/t\" "
               "}\n")
        .reason;
  };
  CHECK(has(reason("{\"t\":\"\"}"), "the login's reply has no token at /t"));
  CHECK(has(reason("{\"t\":null}"), "the login's reply has no token at /t"));
  CHECK(has(reason("{\"t\":\"a\\r\\nX-Evil: 1\"}"), "the token holds a line end"));
  const CheckResult oauth = one(
      [](const Received& r, Wire& c) {
        const bool proper = r.header("Authorization") == "Basic " + net::base64_encode("a%3Ab:" + kPassword);
        c.reply(proper ? 200 : 401, "{\"access_token\":\"t\"}");
      },
      "success = { runs = 1 }\nlogin = { oauth = { token_url = \"/t\", client_id = \"a:b\", client_secret = \"$PW\" } "
      "}\n");
  CHECK_MESSAGE(oauth.outcome == Outcome::pass, oauth.reason);
}

TEST_CASE("two logins in a row that fail are a failure, whatever rate is asked for") {
  std::atomic<int> logins = 0;
  const CheckResult r = one(
      [&](const Received& request, Wire& c) {
        if (request.method == "POST" && logins++ % 4 >= 2) return c.reply(401, "no");  // good, good, bad, bad
        Site{}(request, c);
      },
      "login = { page = \"/login\", user = \"$USER\", password = \"$PW\", unknown_user_refused = false }\n"
      "success = { rate = 0.5, runs = 4, pace = \"0s\" }\n");
  CHECK(r.outcome == Outcome::fail);
  CHECK_MESSAGE(has(r.reason, "two in a row failed"), r.reason);
}
