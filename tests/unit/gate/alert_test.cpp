#include "libscan/gate/alert.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "libscan/core/secret_set.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/net/http_curl.hpp"
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

// A mail server that answers every command with "250 ok" and offers neither STARTTLS nor AUTH. One connection.
class PlainSmtp {
 public:
  PlainSmtp() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~PlainSmtp() {
    (void)heard();
    ::close(listener_);
  }
  int port() const { return port_; }
  // What the client said, once it has gone.
  const std::string& heard() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    return heard_;
  }

 private:
  void serve() {
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    std::string_view answer = "220 ready\r\n";
    char buffer[1024];
    while (::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) > 0) {
      const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      heard_.append(buffer, static_cast<std::size_t>(n));
      answer = "250 ok\r\n";
    }
    ::close(fd);
  }

  int listener_;
  int port_ = 0;
  std::string heard_;
  std::thread thread_;
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

TEST_CASE("mail: headers cannot be added, long subjects are folded, and without TLS nothing is sent") {
  net::MailMessage m{
      "gate@example.com", {"a@example.com"}, "s\r\nBcc: x@example.com " + std::string(100, 'y'), "text\n.\nmore"};
  const std::string wire = net::mail_text(m);
  CHECK(wire.find("\r\nBcc:") == std::string::npos);
  for (std::size_t at = 0; at < wire.size();) {
    const std::size_t end = wire.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    CHECK(end - at <= 100);
    at = end + 2;
  }
  net::CurlMail mail;
  PlainSmtp smtp;
  net::MailServer server{"smtp://127.0.0.1:" + std::to_string(smtp.port()), "u", "p", "", 3000};
  CHECK_FALSE(mail.send(server, m));
  CHECK(smtp.heard().starts_with("EHLO "));
  for (const char* word : {"AUTH", "MAIL", "RCPT", "DATA"}) CHECK(smtp.heard().find(word) == std::string::npos);
  m.to = {"a@example.com\r\nRCPT TO:<x@example.com>"};
  auto bad = mail.send(server, m);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == ErrorCode::config);
  server.url = "http://127.0.0.1/";
  m.to = {"a@example.com"};
  CHECK_FALSE(mail.send(server, m));
}
