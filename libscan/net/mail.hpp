// The Mail port: one message to one server that speaks TLS. For alerts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"

namespace launchgate::net {

struct MailServer {
  std::string url;  // "smtps://host:465" or "smtp://host:587"; the latter must offer STARTTLS or nothing is sent
  std::string user, password;
  std::string ca_file;  // PEM bundle used instead of the system's
  int timeout_ms = 20'000;
};

struct MailMessage {
  std::string from;  // bare addresses: "gate@example.com"
  std::vector<std::string> to;
  std::string subject;
  std::string text;  // plain text, UTF-8
};

class Mail {
 public:
  virtual ~Mail() = default;
  // Errors: config, for addresses and URLs that are none; io, when it was not accepted. They hold no password.
  virtual Result<void> send(const MailServer& server, const MailMessage& message) = 0;
};

class CurlMail final : public Mail {
 public:
  Result<void> send(const MailServer& server, const MailMessage& message) override;
};

// The message as it goes over the wire (RFC 5322, MIME with base64), without its Date. Line ends in the subject or an
// address would add headers: they are refused above and written as blanks here.
std::string mail_text(const MailMessage& message);

}  // namespace launchgate::net
