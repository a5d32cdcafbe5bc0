// The verdict as a deployment status, against a server that plays GitHub.
#include "libscan/gate/deployment_status.hpp"

#include <doctest/doctest.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "libscan/net/crypto.hpp"
#include "libscan/net/http_curl.hpp"
#include "tests/support/test_server.hpp"

using namespace launchgate;
using namespace launchgate::gate;
using Json = nlohmann::json;

namespace {

bool anything(std::string_view) { return true; }

}  // namespace

TEST_CASE("each verdict has its state, in a body that GitHub takes") {
  const std::string link = "https://github.example/o/n/actions/runs/7";
  const auto body = [&](Decision decision, std::string reason) {
    return Json::parse(deployment_status_body({"7", "production"}, {decision, {std::move(reason), "more"}}, link));
  };
  CHECK(body(Decision::promote, "").at("state") == "success");
  CHECK(body(Decision::block, "").at("state") == "failure");
  CHECK(body(Decision::hold, "").at("state") == "error");
  const Json blocked = body(Decision::block, "api failed twice in a row");
  CHECK(blocked.at("description") == "launchgate: BLOCK, api failed twice in a row");
  CHECK(blocked.at("environment") == "production");
  CHECK(blocked.at("log_url") == link);
  const auto longest = body(Decision::block, std::string(500, 'x')).at("description").get<std::string>();
  CHECK(longest == "launchgate: BLOCK, " + std::string(140 - 19 - 1, 'x') + "…");  // 140 characters
  CHECK(is_own_deployment_status(blocked.at("description").get<std::string>()));
  CHECK_FALSE(is_own_deployment_status("Deployment finished"));

  // What is not known is left as it is: an environment of ours would move the deployment there.
  const Json bare = Json::parse(deployment_status_body({"7", ""}, {Decision::promote, {}}, ""));
  CHECK(bare.size() == 2);
}

TEST_CASE("the status is posted to the deployment; what goes wrong is a warning that holds no token") {
  const std::string token = net::random_hex(10);
  std::mutex mutex;
  std::vector<std::string> posted;
  int status = 201;
  tests::TestServer server([&](const tests::Received& r, tests::Connection& c) {
    const std::lock_guard lock(mutex);
    if (r.method != "POST" || r.path != "/repos/o/n/deployments/42/statuses" ||
        r.header("authorization") != "Bearer " + token || r.header("accept") != "application/vnd.github+json")
      return c.reply(404, "{}");
    posted.push_back(r.body);
    c.reply(status, "{\"message\":\"" + token + "\"}", {"Location: /elsewhere"});  // where the token does not go
  });
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  const GitHub github{server.origin(), "o/n", token};
  const Deployment deployment{"42", "staging"};
  const Verdict verdict{Decision::block, {"api failed"}};
  CHECK(post_deployment_status(github, deployment, verdict, "", anything, *http).empty());
  REQUIRE(posted.size() == 1);
  CHECK(posted[0] == deployment_status_body(deployment, verdict, ""));

  const auto refused = [&](const GitHub& at) {
    const auto notes = post_deployment_status(at, deployment, verdict, "", anything, *http);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].level == Note::Level::warning);
    CHECK((notes[0].text + notes[0].hint).find(token) == std::string::npos);
    return notes[0].text;
  };
  for (const int bad : {200, 302, 403, 422, 500}) {
    status = bad;
    CHECK(refused(github) == "the deployment status was not written: HTTP " + std::to_string(bad));
  }
  CHECK(refused({"http://127.0.0.1:" + std::to_string(tests::closed_port()), "o/n", token}).size() > 45);

  posted.clear();
  const auto unsafe = [](std::string_view text) { return text.find("api failed") == std::string_view::npos; };
  CHECK(post_deployment_status(github, deployment, verdict, "", unsafe, *http).size() == 1);
  CHECK(posted.empty());
}

TEST_CASE("only a number is a deployment") {
  CHECK(is_deployment_id("1"));
  CHECK(is_deployment_id("9223372036854775807"));
  for (const char* bad : {"", "x", "-1", "1/../2", "1 ", "99999999999999999999"}) CHECK_FALSE(is_deployment_id(bad));
}
