// A mail server on loopback for one connection, which writes down what it hears and what of that was in the clear.
//
// It takes every sender, recipient and message; one thread serves. Bounded: it gives up after five silent seconds.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "tests/support/tls_identity.hpp"

namespace launchgate::tests {

class SmtpServer {
 public:
  enum class Security {
    tls,               // from the first byte
    starttls,          // offered and done
    starttls_refused,  // offered, then answered with 454
    none,              // not offered: passwords are asked for in the clear, as by one who took STARTTLS away
  };
  struct Heard {
    std::string in_clear;  // every line the client sent before TLS
    std::string over_tls;  // and within it
    std::string user, password;
    std::string message;  // the last one, as it came over the wire, dots unstuffed
  };

  // Accepts `password` alone, when one is given. `identity` must outlive the server.
  SmtpServer(Security security, const TlsIdentity& identity, std::string password = "");
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  std::string url() const;  // "smtps://127.0.0.1:PORT", or "smtp://…" when TLS does not come first
  // What was heard, once the client has gone.
  const Heard& heard();

 private:
  void serve();
  bool secure(int fd);
  bool converse();
  std::string answer(const std::string& line);
  void take_credentials(std::string_view base64);
  bool read_line(std::string& line);
  bool write(std::string_view text);

  Security security_;
  std::unique_ptr<SSL_CTX, FreeOpenSsl> context_;
  std::unique_ptr<SSL, FreeOpenSsl> tls_;
  std::string password_;
  int listener_ = -1, fd_ = -1, port_ = 0;
  std::string pending_;
  bool wants_credentials_ = false, in_message_ = false, starts_tls_ = false;
  Heard heard_;
  std::thread thread_;
};

}  // namespace launchgate::tests
