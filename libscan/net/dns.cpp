#include "libscan/net/dns.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace launchgate::net {
namespace {

// Shared with a thread that may outlive the call: getaddrinfo cannot be cancelled.
struct Lookup {
  std::mutex mutex;
  std::condition_variable done_cv;
  bool done = false;
  Addresses result;
};

void add(std::vector<std::string>& list, const char* text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.emplace_back(text);
}

Addresses look_up(const std::string& host) {
  Addresses out;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_family = AF_UNSPEC;
  addrinfo* list = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0) {
    out.error = gai_strerror(error);
    out.resolver_down = error == EAI_AGAIN || error == EAI_SYSTEM;
    return out;
  }
  for (const addrinfo* a = list; a != nullptr; a = a->ai_next) {
    char text[INET6_ADDRSTRLEN] = {};
    if (a->ai_family == AF_INET) {
      inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(a->ai_addr)->sin_addr, text, sizeof text);
      add(out.v4, text);
    } else if (a->ai_family == AF_INET6) {
      inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(a->ai_addr)->sin6_addr, text, sizeof text);
      add(out.v6, text);
    }
  }
  freeaddrinfo(list);
  std::sort(out.v4.begin(), out.v4.end());
  std::sort(out.v6.begin(), out.v6.end());
  if (out.empty()) out.error = "no address";
  return out;
}

}  // namespace

std::vector<std::string> Addresses::of(Family family) const {
  std::vector<std::string> out;
  if (family != Family::v6) out = v4;
  if (family != Family::v4) out.insert(out.end(), v6.begin(), v6.end());
  return out;
}

Addresses SystemDns::resolve(std::string_view host, int timeout_ms) {
  auto lookup = std::make_shared<Lookup>();
  std::thread([lookup, name = std::string(host)] {
    Addresses result = look_up(name);
    const std::lock_guard lock(lookup->mutex);
    lookup->result = std::move(result);
    lookup->done = true;
    lookup->done_cv.notify_all();
  }).detach();
  std::unique_lock lock(lookup->mutex);
  if (lookup->done_cv.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return lookup->done; }))
    return std::move(lookup->result);
  Addresses late;
  late.error = "the resolver did not answer in time";
  late.resolver_down = true;
  return late;
}

// Connecting a datagram socket looks the route up and sends no packet.
bool SystemDns::routable(std::string_view address) {
  const std::string text(address);
  sockaddr_storage storage{};
  socklen_t size = 0;
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET, v4.sin_port = htons(443), size = sizeof v4;
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6, v6.sin6_port = htons(443), size = sizeof v6;
  } else {
    return false;
  }
  const int fd = ::socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool routed = ::connect(fd, reinterpret_cast<const sockaddr*>(&storage), size) == 0;
  ::close(fd);
  return routed;
}

}  // namespace launchgate::net
