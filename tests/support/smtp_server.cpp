#include "tests/support/smtp_server.hpp"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "libscan/net/crypto.hpp"
#include "tests/support/test_server.hpp"

namespace launchgate::tests {
namespace {

constexpr int kSilenceSeconds = 5;
constexpr std::size_t kMaxLine = 64 << 10;

}  // namespace

SmtpServer::SmtpServer(Security security, const TlsIdentity& identity, std::string password)
    : security_(security), context_(identity.context()), password_(std::move(password)) {
  listener_ = listen_on_loopback(port_);
  thread_ = std::thread([this] { serve(); });
}

SmtpServer::~SmtpServer() {
  (void)heard();
  ::close(listener_);
}

std::string SmtpServer::url() const {
  return (security_ == Security::tls ? "smtps://127.0.0.1:" : "smtp://127.0.0.1:") + std::to_string(port_);
}

const SmtpServer::Heard& SmtpServer::heard() {
  ::shutdown(listener_, SHUT_RDWR);  // for a client that never came
  if (thread_.joinable()) thread_.join();
  return heard_;
}

void SmtpServer::serve() {
  sigset_t pipe;  // OpenSSL writes without MSG_NOSIGNAL, and clients leave in the middle of a handshake
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  const int fd = ::accept(listener_, nullptr, nullptr);
  if (fd < 0) return;
  fd_ = fd;
  const timeval silence{kSilenceSeconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
  if (security_ != Security::tls || secure(fd)) {
    if (write("220 test ESMTP\r\n"))
      while (converse()) {
      }
  }
  tls_.reset();
  ::close(fd);
}

bool SmtpServer::secure(int fd) {
  tls_.reset(SSL_new(context_.get()));
  return tls_ && SSL_set_fd(tls_.get(), fd) == 1 && SSL_accept(tls_.get()) == 1;
}

// One line and its answer; false when it was the last.
bool SmtpServer::converse() {
  std::string line;
  if (!read_line(line)) return false;
  (tls_ ? heard_.over_tls : heard_.in_clear) += line + "\n";
  const std::string reply = answer(line);
  if (!reply.empty() && !write(reply)) return false;
  if (std::exchange(starts_tls_, false)) return secure(fd_);
  return !line.starts_with("QUIT") || in_message_;
}

std::string SmtpServer::answer(const std::string& line) {
  if (in_message_) {
    if (line == ".") return in_message_ = false, "250 taken\r\n";
    heard_.message += (line.starts_with("..") ? line.substr(1) : line) + "\r\n";
    return "";
  }
  if (std::exchange(wants_credentials_, false) || line.starts_with("AUTH PLAIN ")) {
    take_credentials(std::string_view(line).substr(line.starts_with("AUTH PLAIN ") ? 11 : 0));
    return password_.empty() || heard_.password == password_ ? "235 in\r\n" : "535 not so\r\n";
  }
  if (line == "AUTH PLAIN") return wants_credentials_ = true, "334 \r\n";
  if (line.starts_with("EHLO ")) {
    const bool offered = !tls_ && (security_ == Security::starttls || security_ == Security::starttls_refused);
    return std::string("250-test\r\n") + (offered ? "250-STARTTLS\r\n" : "") +
           (tls_ || security_ == Security::none ? "250-AUTH PLAIN\r\n" : "") + "250 8BITMIME\r\n";
  }
  if (line == "STARTTLS") {
    starts_tls_ = security_ == Security::starttls;
    return starts_tls_ ? "220 go on\r\n" : "454 not now\r\n";
  }
  if (line == "DATA") return heard_.message.clear(), in_message_ = true, "354 go on\r\n";
  return line == "QUIT" ? "221 bye\r\n" : "250 ok\r\n";
}

// RFC 4616: authorisation, NUL, user, NUL, password.
void SmtpServer::take_credentials(std::string_view base64) {
  std::string text;
  if (!net::base64_decode(base64, text)) return;
  const std::size_t first = text.find('\0'), second = text.find('\0', first + 1);
  if (first == std::string::npos || second == std::string::npos) return;
  heard_.user = text.substr(first + 1, second - first - 1);
  heard_.password = text.substr(second + 1);
}

bool SmtpServer::read_line(std::string& line) {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n")) == std::string::npos) {
    char buffer[4096];
    const int n =
        tls_ ? SSL_read(tls_.get(), buffer, sizeof buffer) : static_cast<int>(::recv(fd_, buffer, sizeof buffer, 0));
    if (n <= 0 || pending_.size() > kMaxLine) return false;
    pending_.append(buffer, static_cast<std::size_t>(n));
  }
  line = pending_.substr(0, end);
  pending_.erase(0, end + 2);
  return true;
}

bool SmtpServer::write(std::string_view text) {
  if (tls_) return SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())) > 0;
  return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

}  // namespace launchgate::tests
