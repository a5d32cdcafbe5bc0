#include "tests/support/test_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "libscan/net/url.hpp"

namespace launchgate::tests {
namespace {

std::string decode_form(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return net::percent_decode(text);
}

// OpenSSL writes without MSG_NOSIGNAL, and clients leave in the middle of a handshake.
void block_sigpipe() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

int choose_h2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in, unsigned int length,
              void*) {
  static constexpr unsigned char kOurs[] = "\x02h2\x08http/1.1";
  return SSL_select_next_proto(const_cast<unsigned char**>(out), size, kOurs, sizeof kOurs - 1, in, length) ==
                 OPENSSL_NPN_NEGOTIATED
             ? SSL_TLSEXT_ERR_OK
             : SSL_TLSEXT_ERR_NOACK;
}

// RFC 9113 section 4.1: length, type, flags, stream.
std::string h2_frame(char type, char flags, std::string_view stream, std::string_view payload) {
  std::string out{'\0', static_cast<char>(payload.size() >> 8), static_cast<char>(payload.size()), type, flags};
  return out.append(stream).append(payload);
}

// Reads one request into `out`; `pending` keeps what came after it. False at the end of the connection.
bool read_request(Connection& connection, std::string& pending, Received& out) {
  const auto more = [&] {
    char buffer[16384];
    const std::size_t n = connection.receive(buffer, sizeof buffer);
    pending.append(buffer, n);
    return n > 0;
  };
  std::size_t end = 0;
  while ((end = pending.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return false;
  const std::string head = pending.substr(0, end + 2);
  pending.erase(0, end + 4);
  const std::size_t line = head.find("\r\n"), a = head.find(' '), b = head.find(' ', a + 1);
  out.method = head.substr(0, a);
  out.target = head.substr(a + 1, b - a - 1);
  const std::size_t question = std::min(out.target.find('?'), out.target.size());
  out.path = out.target.substr(0, question);
  out.query = question < out.target.size() ? out.target.substr(question + 1) : "";
  for (std::size_t at = line + 2; at < head.size();) {
    const std::size_t stop = head.find("\r\n", at), colon = head.find(':', at);
    std::string value = head.substr(colon + 1, stop - colon - 1);
    value.erase(0, value.find_first_not_of(' '));
    out.headers.emplace_back(head.substr(at, colon - at), value);
    at = stop + 2;
  }
  const std::size_t length = std::strtoul(out.header("Content-Length").c_str(), nullptr, 10);
  while (pending.size() < length)
    if (!more()) return false;
  out.body = pending.substr(0, length);
  pending.erase(0, length);
  return true;
}

}  // namespace

int listen_on_loopback(int& port, bool v6) {
  const int fd = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_storage address{};
  socklen_t size = 0;
  const auto wanted = static_cast<std::uint16_t>(port);
  if (v6) {
    auto& a = reinterpret_cast<sockaddr_in6&>(address);
    a.sin6_family = AF_INET6, a.sin6_addr = in6addr_loopback, a.sin6_port = htons(wanted), size = sizeof a;
  } else {
    auto& a = reinterpret_cast<sockaddr_in&>(address);
    a.sin_family = AF_INET, a.sin_addr.s_addr = htonl(INADDR_LOOPBACK), a.sin_port = htons(wanted), size = sizeof a;
  }
  const int on = 1;
  if (v6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, 256) != 0)
    throw std::runtime_error("test server: cannot listen on loopback");
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port =
      ntohs(v6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port : reinterpret_cast<sockaddr_in&>(address).sin_port);
  return fd;
}

std::string Received::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (net::equal_ignoring_case(key, name)) return value;
  return {};
}

std::string Received::cookie(std::string_view name) const {
  const std::string all = "; " + header("Cookie") + ";";
  const std::string key = "; " + std::string(name) + "=";
  const std::size_t at = all.find(key);
  if (at == std::string::npos) return {};
  return all.substr(at + key.size(), all.find(';', at + key.size()) - at - key.size());
}

std::map<std::string, std::string> Received::form() const {
  std::map<std::string, std::string> out;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('&', at), body.size());
    const std::string pair = body.substr(at, end - at);
    const std::size_t eq = std::min(pair.find('='), pair.size());
    out[decode_form(pair.substr(0, eq))] = eq < pair.size() ? decode_form(pair.substr(eq + 1)) : "";
    at = end + 1;
  }
  return out;
}

bool Connection::send(std::string_view bytes) {
  while (open_ && !bytes.empty()) {
    const ssize_t n = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) open_ = false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return open_;
}

void Connection::reply(int status, std::string_view body, const std::vector<std::string>& headers) {
  std::string out =
      "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  for (const std::string& line : headers) out += line + "\r\n";
  send(out + "\r\n" + std::string(body));
}

std::size_t Connection::receive(char* buffer, std::size_t size) {
  const ssize_t n = tls_ != nullptr ? SSL_read(tls_, buffer, static_cast<int>(size)) : ::recv(fd_, buffer, size, 0);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

std::string Connection::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int length = 0;
  if (tls_ != nullptr) SSL_get0_alpn_selected(tls_, &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

void Connection::reset() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  open_ = false;
}

TestServer::TestServer(Handler handler, const Tls& tls) : TestServer(std::move(handler)) {
  // Nobody knows the port yet, so nobody was served without it.
  tls_ = tls.identity.context();
  if (tls.h2) SSL_CTX_set_alpn_select_cb(tls_.get(), choose_h2, nullptr);
  if (tls.wanted_client != nullptr) tls.wanted_client->require_from_clients(tls_.get());
}

TestServer::TestServer(Handler handler, bool v6, int port) : handler_(std::move(handler)), v6_(v6), port_(port) {
  listener_ = listen_on_loopback(port_, v6);
  acceptor_ = std::thread([this] { accept_loop(); });
}

TestServer::~TestServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (int fd : sockets_) ::shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
  ::close(listener_);
}

std::string TestServer::origin() const {
  return std::string(tls_ ? "https://" : "http://") + (v6_ ? "[::1]:" : "127.0.0.1:") + std::to_string(port_);
}

std::vector<Received> TestServer::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

void TestServer::accept_loop() {
  while (!stopping_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(fd);
    workers_.emplace_back([this, fd] { serve(fd); });
  }
}

void TestServer::serve(int fd) {
  block_sigpipe();
  std::unique_ptr<SSL, FreeOpenSsl> tls;
  bool good = true;
  if (tls_) {
    tls.reset(SSL_new(tls_.get()));
    good = tls && SSL_set_fd(tls.get(), fd) == 1 && SSL_accept(tls.get()) == 1;
  }
  Connection connection(fd, tls.get());
  if (good && connection.protocol() == "h2")
    converse_h2(connection);
  else if (good)
    converse(connection);
  const std::lock_guard lock(mutex_);
  std::erase(sockets_, fd);
  ::close(fd);
}

void TestServer::converse(Connection& connection) {
  std::string pending;
  Received request;
  while (!stopping_ && connection.open() && read_request(connection, pending, request)) {
    ++count_;
    {
      const std::lock_guard lock(mutex_);
      log_.push_back(request);
    }
    handler_(request, connection);
    request = {};
  }
}

// Every HEADERS frame is answered with ":status: 200" (RFC 7541 appendix A: index 8) and the end of the stream.
void TestServer::converse_h2(Connection& connection) {
  constexpr std::size_t kPreface = 24, kHead = 9;
  constexpr char kHeaders = 1, kSettings = 4, kEndStreamAndHeaders = 5, kAck = 1;
  const std::string no_stream(4, '\0');
  std::string pending;
  std::size_t skip = kPreface;
  char buffer[4096];
  connection.send(h2_frame(kSettings, 0, no_stream, ""));
  while (const std::size_t n = connection.receive(buffer, sizeof buffer)) {
    pending.append(buffer, n);
    while (pending.size() >= skip + kHead) {
      const std::string head = pending.substr(skip, kHead);
      const std::size_t length = static_cast<unsigned char>(head[1]) * 256U + static_cast<unsigned char>(head[2]);
      if (pending.size() < skip + kHead + length) break;
      pending.erase(0, skip + kHead + length);
      skip = 0;
      if (head[3] == kSettings && head[4] == 0) connection.send(h2_frame(kSettings, kAck, no_stream, ""));
      if (head[3] == kHeaders) connection.send(h2_frame(kHeaders, kEndStreamAndHeaders, head.substr(5), "\x88"));
    }
  }
}

int closed_port() {
  int port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

}  // namespace launchgate::tests
