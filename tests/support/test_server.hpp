// A scripted HTTP/1.1 server on loopback that can misbehave in every way a test needs: it hands the handler the
// parsed request and the raw connection, so that a reset, half a body or an endless one is a few lines of script. With
// TLS too, and then with client certificates and just enough HTTP/2 to be told from HTTP/1.1.
//
// One thread accepts, one serves each connection. The destructor closes every socket and joins. Handlers run on
// server threads: what they share with the test must be atomic or guarded (count() is).
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/tls_identity.hpp"

namespace launchgate::tests {

struct Received {
  std::string method, target, path, query, body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string header(std::string_view name) const;  // empty when absent
  std::string cookie(std::string_view name) const;
  std::map<std::string, std::string> form() const;  // urlencoded body, decoded
};

class Connection {
 public:
  explicit Connection(int fd, SSL* tls = nullptr) : fd_(fd), tls_(tls) {}
  bool send(std::string_view bytes);  // false: the peer has gone
  // A whole response. `headers` are complete lines without line ends.
  void reply(int status, std::string_view body = {}, const std::vector<std::string>& headers = {});
  void reset();  // RST instead of FIN
  void close() { open_ = false; }
  bool open() const { return open_; }
  int fd() const { return fd_; }
  // Some bytes of what the client sends; 0 at its end.
  std::size_t receive(char* buffer, std::size_t size);
  std::string protocol() const;  // what TLS agreed on: "h2", or nothing

 private:
  int fd_;
  SSL* tls_;
  bool open_ = true;
};

class TestServer {
 public:
  using Handler = std::function<void(const Received&, Connection&)>;
  struct Tls {
    const TlsIdentity& identity;                 // must outlive the server
    const TlsIdentity* wanted_client = nullptr;  // whose certificate a client must show
    bool h2 = false;                             // speaks HTTP/2 with who can: an empty 200 for every request
  };
  explicit TestServer(Handler handler, bool v6 = false, int port = 0);
  TestServer(Handler handler, const Tls& tls);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  int port() const { return port_; }
  std::string origin() const;  // "http://127.0.0.1:PORT" or "http://[::1]:PORT"
  std::string url(std::string_view path) const { return origin() + std::string(path); }
  int count() const { return count_; }  // requests so far
  int connections() const { return connections_; }
  std::vector<Received> log() const;  // every request so far

 private:
  void accept_loop();
  void serve(int fd);
  void converse(Connection& connection);
  static void converse_h2(Connection& connection);

  Handler handler_;
  bool v6_;
  std::unique_ptr<SSL_CTX, FreeOpenSsl> tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> count_ = 0, connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<Received> log_;
  std::vector<std::thread> workers_;
  std::vector<int> sockets_;
  std::thread acceptor_;
};

// A socket that listens on `port` of loopback, or, when it is 0, on one of the system's choice; throws when there is
// none.
int listen_on_loopback(int& port, bool v6 = false);

// A port on loopback where nobody listens.
int closed_port();

}  // namespace launchgate::tests
