// Addresses where no public site lives but a cloud's metadata does: whoever answers there hands out the machine's own
// credentials. Pure functions.
#pragma once

#include <string_view>

struct sockaddr;

namespace launchgate::net {

// Link-local (169.254.0.0/16 with AWS, Google and Azure; fe80::/10), fd00:ec2::/64 (AWS), 100.100.100.200 (Alibaba),
// 192.0.0.192 (Oracle), 168.63.129.16 (Azure's host), and each of the IPv4 ones inside IPv6: mapped, compatible,
// NAT64, 6to4.
bool is_metadata_address(const sockaddr* address) noexcept;

// The host of a URL that spells such an address out in its usual form: whoever writes it means it.
bool spells_metadata_address(std::string_view host);

}  // namespace launchgate::net
