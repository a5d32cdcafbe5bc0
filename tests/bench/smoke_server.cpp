// The site of the smoke bench: one thread, epoll, fixed answers, keep-alive; and it adds up the time it spends itself,
// so that what is left of a run is the client's. Prints its port; SIGTERM ends it, printing "requests=N busy_us=N".
//
//   /login            a page with a form          /session (POST)  sets a cookie, 303 to /dashboard
//   /api/health       {"status":"ok"}             /dashboard       "Sign out" with the cookie, else 303 to /login
//   /slow             {"status":"ok"}, 100 ms later
//   /fail             500, and the time of each request goes to stdout
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <string>

namespace {

constexpr const char* kLogin =
    "<!doctype html><title>Sign in</title><form id=login action=/session method=post>"
    "<input type=hidden name=csrf value=1><input name=user><input type=password "
    "name=password><button>Go</button></form>";

std::string answer(int status, const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Type: " + (body[0] == '{' ? "application/json" : "text/html") + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Late {
  std::chrono::steady_clock::time_point due;
  int fd;
};
std::deque<Late> late;  // the wait is the same for all, so they fall due in order

std::string respond(const std::string& head, const std::string& body) {
  const std::string target = head.substr(head.find(' ') + 1, head.find(' ', head.find(' ') + 1) - head.find(' ') - 1);
  const bool signed_in = head.find("session=yes") != std::string::npos;
  if (target == "/login") return answer(200, kLogin);
  if (target == "/api/health") return answer(200, "{\"status\":\"ok\"}");
  if (target == "/session" && body.find("user=bench") != std::string::npos)
    return answer(303, "-", "Set-Cookie: session=yes; Path=/\r\nLocation: /dashboard\r\n");
  if (target == "/session") return answer(200, kLogin);
  if (target == "/dashboard" && signed_in) return answer(200, "<p>Sign out</p>");
  if (target == "/dashboard") return answer(303, "-", "Location: /login\r\n");
  if (target == "/fail") {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    std::printf("fail_us=%lld\n",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
    std::fflush(stdout);
    return answer(500, "-");
  }
  return answer(404, "-");
}

// Serves what `pending` holds. False: the connection is over.
bool serve(int fd, std::string& pending, long& requests) {
  char buffer[16384];
  const ssize_t n = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (n <= 0) return false;
  pending.append(buffer, static_cast<std::size_t>(n));
  for (std::size_t end; (end = pending.find("\r\n\r\n")) != std::string::npos;) {
    const std::string head = pending.substr(0, end);
    const std::size_t at = head.find("ontent-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 15, nullptr, 10);
    if (pending.size() < end + 4 + length) return true;
    const std::string reply = respond(head, pending.substr(end + 4, length));
    pending.erase(0, end + 4 + length);
    ++requests;
    if (head.starts_with("GET /slow ")) {
      late.push_back({std::chrono::steady_clock::now() + std::chrono::milliseconds(100), fd});
      continue;
    }
    if (::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(reply.size())) return false;
  }
  return true;
}

}  // namespace

int main() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  const int signals = ::signalfd(-1, &ends, 0);
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 512) != 0) return 1;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);

  const int poll = ::epoll_create1(0);
  const auto watch = [&](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  };
  watch(listener), watch(signals);
  std::map<int, std::string> pending;
  long requests = 0, busy_us = 0;
  for (;;) {
    epoll_event events[64];
    using std::chrono::steady_clock;
    const auto wait = late.empty() ? steady_clock::duration(-1) : late.front().due - steady_clock::now();
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    const int n = ::epoll_wait(poll, events, 64, late.empty() ? -1 : static_cast<int>(std::max<long>(0, ms)));
    const auto from = steady_clock::now();
    for (; !late.empty() && late.front().due <= from; late.pop_front()) {
      const std::string reply = answer(200, "{\"status\":\"ok\"}");
      ::send(late.front().fd, reply.data(), reply.size(), MSG_NOSIGNAL);
    }
    for (int i = 0; i < n; ++i) {
      const int fd = events[i].data.fd;
      if (fd == signals) {
        std::printf("requests=%ld busy_us=%ld\n", requests, busy_us);
        return 0;
      }
      if (fd == listener) {
        const int peer = ::accept(listener, nullptr, nullptr), on = 1;
        ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(peer);
      } else if (!serve(fd, pending[fd], requests)) {
        pending.erase(fd);
        ::close(fd);
      }
    }
    busy_us += std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - from).count();
  }
}
