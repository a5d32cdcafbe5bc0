// The Dns port: which addresses a name has, each family by itself, so that every one of them can be asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libscan/net/http.hpp"

namespace launchgate::net {

struct Addresses {
  std::vector<std::string> v4;  // literals, sorted
  std::vector<std::string> v6;
  std::string error;           // why there are none; printable; empty when there are
  bool resolver_down = false;  // no resolver answered: says nothing about the name
  bool empty() const noexcept { return v4.empty() && v6.empty(); }
  std::vector<std::string> of(Family) const;  // v4 first
};

class Dns {
 public:
  virtual ~Dns() = default;
  // A literal address resolves to itself. Never takes longer than `timeout_ms`.
  virtual Addresses resolve(std::string_view host, int timeout_ms) = 0;
  // Has this machine a route to the address (a literal)? Asks the kernel only; nothing is sent.
  virtual bool routable(std::string_view address) { return !address.empty(); }
};

// The machine's own resolver (getaddrinfo), so /etc/hosts counts.
class SystemDns final : public Dns {
 public:
  Addresses resolve(std::string_view host, int timeout_ms) override;
  bool routable(std::string_view address) override;
};

}  // namespace launchgate::net
