#include "libscan/gate/alert.hpp"

#include <doctest/doctest.h>

#include <map>

#include "libscan/core/secret_set.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/net/http_curl.hpp"
#include "tests/support/smtp_server.hpp"
#include "tests/support/temp_repo.hpp"
#include "tests/support/test_server.hpp"

using namespace launchgate;
using namespace launchgate::gate;
using launchgate::tests::Connection;
using launchgate::tests::Received;
using launchgate::tests::TestServer;

namespace {

Run run(std::uint64_t number, std::string env = "prod") {
  return {std::move(env), "abc", "r" + std::to_string(number), number, 1, 1'790'000'000'000};
}

// Verdicts of earlier runs: B block, H hold, P promote.
AlertEvent news(std::string_view earlier, Decision now) {
  History h;
  for (const char c : earlier) {
    const Decision d = c == 'B' ? Decision::block : c == 'P' ? Decision::promote : Decision::hold;
    h.events.push_back(verdict_event(run(h.events.size() + 1), {d, {"x"}}));
  }
  h.run = run(100);
  return alert_event(h, now);
}

struct NoMail : net::Mail {
  std::vector<net::MailMessage> sent;
  Result<void> send(const net::MailServer&, const net::MailMessage& m) override {
    sent.push_back(m);
    return {};
  }
};

using Env = std::map<std::string, std::string, std::less<>>;
auto lookup(const Env& env) {
  return [&env](std::string_view name) {
    const auto at = env.find(name);
    return at == env.end() ? std::nullopt : std::optional(at->second);
  };
}

bool anything(std::string_view) { return true; }

}  // namespace

TEST_CASE("each change is said once") {
  CHECK(news("", Decision::block) == AlertEvent::blocked);
  CHECK(news("", Decision::promote) == AlertEvent::none);
  CHECK(news("P", Decision::block) == AlertEvent::blocked);
  CHECK(news("B", Decision::block) == AlertEvent::none);
  CHECK(news("BH", Decision::block) == AlertEvent::none);
  CHECK(news("BHH", Decision::promote) == AlertEvent::recovered);
  CHECK(news("BP", Decision::promote) == AlertEvent::none);
  CHECK(news("BP", Decision::block) == AlertEvent::blocked);
  CHECK(news("B", Decision::hold) == AlertEvent::none);

  History other;
  other.events = {verdict_event(run(1, "staging"), {Decision::block, {}})};
  other.run = run(2);
  CHECK(alert_event(other, Decision::block) == AlertEvent::blocked);

  // Runs are in the server's order, however the ledger lists them, and one that came later is no memory of this one.
  History mixed;
  mixed.events = {verdict_event(run(5), {Decision::block, {}}), verdict_event(run(2), {Decision::promote, {}}),
                  verdict_event(run(1), {Decision::block, {}})};
  mixed.run = run(3);
  CHECK(alert_event(mixed, Decision::block) == AlertEvent::blocked);
  CHECK(alert_event(mixed, Decision::promote) == AlertEvent::none);
  mixed.run = run(6);
  CHECK(alert_event(mixed, Decision::block) == AlertEvent::none);
  CHECK(alert_event(mixed, Decision::promote) == AlertEvent::recovered);
}

TEST_CASE("every channel gets its own form, and foreign text is just text in it") {
  const Alert alert{AlertEvent::blocked,
                    run(7),
                    {Decision::block, {"<!channel> `x` \n\"y\"", "2", "3", "4", "5", "6"}},
                    "https://ci.example/run/7"};
  TestServer server([](const Received&, Connection& c) { c.reply(200, "ok"); });
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  NoMail mail;
  const Env env{
      {"LAUNCHGATE_ALERT_SLACK", server.url("/slack")},   {"LAUNCHGATE_ALERT_TEAMS", server.url("/teams")},
      {"LAUNCHGATE_ALERT_WEBHOOK", server.url("/hook")},  {"LAUNCHGATE_ALERT_SMTP", "smtps://mail.example:465"},
      {"LAUNCHGATE_ALERT_SMTP_FROM", "gate@example.com"}, {"LAUNCHGATE_ALERT_SMTP_TO", "a@example.com,b@example.com"}};
  auto channels = alert_channels(lookup(env));
  REQUIRE(channels);
  REQUIRE(channels->size() == 4);
  CHECK(send_alert(alert, *channels, anything, *http, mail).empty());
  REQUIRE(server.log().size() == 3);
  const std::string slack = server.log()[0].body, teams = server.log()[1].body, hook = server.log()[2].body;
  CHECK(slack.find("release abc is blocked in prod") != std::string::npos);
  CHECK(slack.find("<!channel>") == std::string::npos);
  CHECK(slack.find("and 1 more") != std::string::npos);
  CHECK(teams.find("AdaptiveCard") != std::string::npos);
  CHECK(teams.find("'x'") != std::string::npos);
  CHECK(hook.find("\"event\":\"blocked\"") != std::string::npos);
  CHECK(hook.find("\"verdict\":\"BLOCK\"") != std::string::npos);
  REQUIRE(mail.sent.size() == 1);
  CHECK(mail.sent[0].to.size() == 2);
  CHECK(mail.sent[0].subject == "launchgate: release abc is blocked in prod");

  CHECK(send_alert({AlertEvent::none, run(7), {}, ""}, *channels, anything, *http, mail).empty());
  CHECK(server.count() == 3);
}

TEST_CASE("an alert without a memory says so, in every form") {
  using Kind = AlertChannel::Kind;
  Alert alert{AlertEvent::blocked, run(7), {Decision::block, {"x"}}, "", true};
  for (const Kind kind : {Kind::slack, Kind::teams, Kind::webhook, Kind::mail})
    CHECK(alert_body(kind, alert).find("may have been said before") != std::string::npos);
  CHECK(alert_body(Kind::webhook, alert).find("\"state_lost\":true") != std::string::npos);
  alert.state_lost = false;
  for (const Kind kind : {Kind::slack, Kind::teams, Kind::webhook, Kind::mail})
    CHECK(alert_body(kind, alert).find("may have been said before") == std::string::npos);
  // And without it, what was blocked before counts for nothing: said again rather than not at all.
  History lost;
  lost.state = History::State::lost;
  lost.run = run(9);
  CHECK(alert_event(lost, Decision::block) == AlertEvent::blocked);
}

TEST_CASE("a failing alert is a note without the address, and one with a secret is not sent") {
  TestServer server([](const Received&, Connection& c) { c.reply(500, ""); });
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  NoMail mail;
  const std::string key = net::random_hex(8), password = net::random_hex(8);
  const Env env{{"LAUNCHGATE_ALERT_SLACK", server.url("/" + key)},
                {"LAUNCHGATE_ALERT_WEBHOOK", "http://127.0.0.1:" + std::to_string(tests::closed_port()) + "/" + key}};
  auto channels = alert_channels(lookup(env));
  REQUIRE(channels);
  const Alert alert{AlertEvent::recovered, run(1), {Decision::promote, {"x"}}, ""};
  const auto notes = send_alert(alert, *channels, anything, *http, mail);
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].text == "the Slack alert was not sent: HTTP 500");
  CHECK(notes[1].text == "the webhook alert was not sent: connect");

  SecretSet secrets;
  secrets.add("$PASSWORD", password);
  const Alert leaking{
      AlertEvent::blocked, run(1), {Decision::block, {"echoed " + net::base64_encode("u:" + password)}}, ""};
  const int before = server.count();
  const auto refused = send_alert(
      leaking, *channels, [&](std::string_view text) { return !secrets.leaks(text); }, *http, mail);
  CHECK(server.count() == before);
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].text == "the Slack alert was not sent: it would have held a secret");
}

TEST_CASE("an alert is delivered where it was addressed or not at all") {
  TestServer other([](const Received&, Connection& c) { c.reply(200, "ok"); });
  int status = 302;
  TestServer server(
      [&](const Received&, Connection& c) { c.reply(status, "", {"Location: " + other.url("/elsewhere")}); });
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  NoMail mail;
  const Env env{{"LAUNCHGATE_ALERT_WEBHOOK", server.url("/hook")}};
  const auto channels = alert_channels(lookup(env));
  REQUIRE(channels);
  const Alert alert{AlertEvent::blocked, run(1), {Decision::block, {"x"}}, ""};
  for (const int refused : {302, 307, 404}) {
    status = refused;
    const auto notes = send_alert(alert, *channels, anything, *http, mail);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].text == "the webhook alert was not sent: HTTP " + std::to_string(refused));
  }
  CHECK(other.count() == 0);
}

TEST_CASE("addresses are read strictly") {
  for (const Env& env :
       {Env{{"LAUNCHGATE_ALERT_SLACK", "http://hooks.example/x"}}, Env{{"LAUNCHGATE_ALERT_WEBHOOK", "hooks.example"}},
        Env{{"LAUNCHGATE_ALERT_SMTP", "smtps://x"}}}) {
    auto channels = alert_channels(lookup(env));
    REQUIRE_FALSE(channels);
    CHECK(channels.error().what.find("hooks.example") == std::string::npos);
  }
  CHECK(alert_channels(lookup({}))->empty());
}

TEST_CASE("a mail that no secure server takes is a note that tells how to mend it") {
  const tests::TlsIdentity identity;
  testing::TempDir dir;
  dir.write("ca.pem", identity.certificate());
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  net::CurlMail mail;
  const Alert alert{AlertEvent::blocked, run(7), {Decision::block, {"api failed"}}, ""};
  const std::string password = net::random_hex(8);
  const auto notes = [&](tests::SmtpServer& server, const std::string& ca) {
    const Env env{{"LAUNCHGATE_ALERT_SMTP", server.url()},
                  {"LAUNCHGATE_ALERT_SMTP_CA", ca},
                  {"LAUNCHGATE_ALERT_SMTP_USER", "gate"},
                  {"LAUNCHGATE_ALERT_SMTP_PASSWORD", password},
                  {"LAUNCHGATE_ALERT_SMTP_FROM", "gate@example.com"},
                  {"LAUNCHGATE_ALERT_SMTP_TO", "a@example.com"}};
    auto channels = alert_channels(lookup(env));
    REQUIRE(channels);
    return send_alert(alert, *channels, anything, *http, mail);
  };
  using Security = tests::SmtpServer::Security;
  tests::SmtpServer trusted(Security::starttls, identity, password), unknown(Security::tls, identity),
      open(Security::none, identity);
  CHECK(notes(trusted, dir.path() + "/ca.pem").empty());
  CHECK(trusted.heard().message.find("Subject: ") != std::string::npos);
  for (tests::SmtpServer* server : {&unknown, &open}) {
    const auto told = notes(*server, "");
    REQUIRE(told.size() == 1);
    CHECK(told[0].text.starts_with("the mail alert was not sent: mail was not accepted: "));
    CHECK(told[0].hint.find("LAUNCHGATE_ALERT_SMTP_CA") != std::string::npos);
    CHECK((told[0].text + told[0].hint).find(password) == std::string::npos);
    CHECK(server->heard().password.empty());
  }
}
