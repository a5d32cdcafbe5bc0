// Mail against a server that speaks SMTP with TLS, without it, and with a certificate nobody trusts.
#include "libscan/net/mail.hpp"

#include <doctest/doctest.h>

#include <string>

#include "libscan/net/crypto.hpp"
#include "tests/support/smtp_server.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::net;
using launchgate::tests::SmtpServer;
using launchgate::tests::TlsIdentity;
using Security = SmtpServer::Security;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// A server's identity, the file that makes it trusted, and an account.
struct Post {
  TlsIdentity identity;
  testing::TempDir dir;
  std::string password = random_hex(9);
  MailMessage message{"gate@example.com", {"a@example.com", "b@example.com"}, "blocked", "line\n.\nlast"};

  explicit Post(const std::string& name = "IP:127.0.0.1") : identity(name) {
    dir.write("ca.pem", identity.certificate());
  }
  Result<void> send(const SmtpServer& server, bool trusted = true) const {
    return CurlMail().send({server.url(), "gate", password, trusted ? dir.path() + "/ca.pem" : "", 5000}, message);
  }
};

// Nothing of the account or the message was told.
void check_told_nothing(const Post& post, SmtpServer& server) {
  const SmtpServer::Heard& heard = server.heard();
  for (const std::string* said : {&heard.in_clear, &heard.over_tls})
    for (const char* word : {"AUTH", "MAIL", "RCPT", "DATA"}) CHECK_FALSE(has(*said, word));
  CHECK(heard.password.empty());
  CHECK_FALSE(has(heard.in_clear, base64_encode(post.password)));
}

}  // namespace

TEST_CASE("headers cannot be added, and long subjects are folded") {
  MailMessage m{
      "gate@example.com", {"a@example.com"}, "s\r\nBcc: x@example.com " + std::string(100, 'y'), "text\n.\nmore"};
  const std::string wire = mail_text(m);
  CHECK_FALSE(has(wire, "\r\nBcc:"));
  for (std::size_t at = 0; at < wire.size();) {
    const std::size_t end = wire.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    CHECK(end - at <= 100);
    at = end + 2;
  }
  MailServer server{"smtps://127.0.0.1:1", "u", "p", "", 1000};
  m.to = {"a@example.com\r\nRCPT TO:<x@example.com>"};
  auto bad = CurlMail().send(server, m);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == ErrorCode::config);
  const auto refused = [&](const char* from, const char* to) {  // before anything is sent
    const auto sent = CurlMail().send(server, {from, {"a@example.com", to}, "s", "text"});
    return !sent && sent.error().code == ErrorCode::config;
  };
  for (const char* odd : {"a@example.com\r\nDATA", "a b@example.com", "a@example.com\t", "a@", "@b", "a"}) {
    CHECK_MESSAGE(refused("gate@example.com", odd), odd);
    CHECK_MESSAGE(refused(odd, "b@example.com"), odd);
  }
  server.url = "http://127.0.0.1/";
  m.to = {"a@example.com"};
  CHECK_FALSE(CurlMail().send(server, m));
}

TEST_CASE("smtps and STARTTLS deliver, with every word of it inside TLS") {
  const Post post;
  for (const Security security : {Security::tls, Security::starttls}) {
    SmtpServer server(security, post.identity, post.password);
    const auto sent = post.send(server);
    REQUIRE_MESSAGE(sent, sent.error().what);
    const SmtpServer::Heard& heard = server.heard();
    CHECK(heard.user == "gate");
    CHECK(heard.password == post.password);
    CHECK(heard.message == mail_text(post.message));
    CHECK(has(heard.over_tls, "MAIL FROM:<gate@example.com>"));
    CHECK(has(heard.over_tls, "RCPT TO:<a@example.com>"));
    CHECK(has(heard.over_tls, "RCPT TO:<b@example.com>"));
    if (security == Security::tls) CHECK(heard.in_clear.empty());
    if (security == Security::starttls) {
      CHECK(heard.in_clear.starts_with("EHLO "));
      CHECK(heard.in_clear.ends_with("\nSTARTTLS\n"));
      CHECK(heard.in_clear.size() < 100);
    }
  }
}

TEST_CASE("a certificate that does not verify is refused, and told") {
  const Post post, elsewhere("DNS:mail.example");
  for (const Security security : {Security::tls, Security::starttls}) {
    SmtpServer untrusted(security, post.identity), other_name(security, elsewhere.identity);
    const auto unknown = post.send(untrusted, false);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::io);
    CHECK_MESSAGE(has(unknown.error().what, "certificate"), unknown.error().what);
    check_told_nothing(post, untrusted);
    const auto misnamed = elsewhere.send(other_name);
    REQUIRE_FALSE(misnamed);
    CHECK_MESSAGE(has(misnamed.error().what, "certificate"), misnamed.error().what);
    check_told_nothing(elsewhere, other_name);
  }
}

TEST_CASE("without STARTTLS nothing is said in the clear, however kindly the server asks") {
  const Post post;
  for (const Security security : {Security::none, Security::starttls_refused}) {
    SmtpServer server(security, post.identity);
    const auto sent = post.send(server);
    REQUIRE_FALSE(sent);
    CHECK_MESSAGE(has(sent.error().what, "STARTTLS"), sent.error().what);
    CHECK_FALSE(has(sent.error().what, post.password));
    CHECK(server.heard().in_clear.starts_with("EHLO "));
    check_told_nothing(post, server);
  }
}

TEST_CASE("a password that is refused is not shown") {
  const Post post;
  SmtpServer server(Security::tls, post.identity, "another");
  const auto sent = post.send(server);
  REQUIRE_FALSE(sent);
  CHECK_FALSE(has(sent.error().what + sent.error().hint, post.password));
  CHECK(server.heard().password == post.password);
  CHECK(server.heard().message.empty());
}
