#include "libscan/net/metadata_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace launchgate::net {
namespace {

using V4 = std::uint32_t;  // in host order
using V6 = std::array<unsigned char, 16>;

bool of_v4(V4 ip) noexcept {
  static constexpr std::array<V4, 3> kHosts{0x646464c8, 0xc00000c0, 0xa83f8110};
  return ip >> 16 == 0xa9fe || std::find(kHosts.begin(), kHosts.end(), ip) != kHosts.end();
}

V4 v4_at(const V6& ip, std::size_t at) noexcept {
  return V4{ip[at]} << 24 | V4{ip[at + 1]} << 16 | V4{ip[at + 2]} << 8 | V4{ip[at + 3]};
}

template <std::size_t N>
bool begins(const V6& ip, const std::array<unsigned char, N>& prefix) noexcept {
  return std::equal(prefix.begin(), prefix.end(), ip.begin());
}

bool of_v6(const V6& ip) noexcept {
  static constexpr std::array<unsigned char, 8> kAws{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0};
  static constexpr std::array<unsigned char, 12> kCompatible{};  // RFC 4291 section 2.5.5.1
  static constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  static constexpr std::array<unsigned char, 12> kNat64{0x00, 0x64, 0xff, 0x9b};  // RFC 6052
  static constexpr std::array<unsigned char, 2> k6to4{0x20, 0x02};                // RFC 3056
  if (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80) return true;
  if (begins(ip, kAws)) return true;
  if (begins(ip, kCompatible) || begins(ip, kMapped) || begins(ip, kNat64)) return of_v4(v4_at(ip, 12));
  return begins(ip, k6to4) && of_v4(v4_at(ip, 2));
}

}  // namespace

bool is_metadata_address(const sockaddr* address) noexcept {
  if (address->sa_family == AF_INET)
    return of_v4(ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr));
  if (address->sa_family != AF_INET6) return false;
  V6 ip;
  std::memcpy(ip.data(), &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, ip.size());
  return of_v6(ip);
}

bool spells_metadata_address(std::string_view host) {
  const std::string text(host);
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return of_v4(ntohl(v4.s_addr));
  V6 v6;
  return ::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1 && of_v6(v6);
}

}  // namespace launchgate::net
