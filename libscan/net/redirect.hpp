// Our own redirect rules, as one pure function: libcurl would add up phase times over hops and carry a secret
// header of ours to another host.
#pragma once

#include <string>

#include "libscan/net/http.hpp"

namespace launchgate::net {

struct NextHop {
  enum class Kind { stay, follow, refuse };
  Kind kind = Kind::stay;
  Request request;      // when followed
  std::string refused;  // when refused: why, printable
};

// What to do with `status` and `location` received for `sent`. `first` is the request the caller made: its host,
// and its `allow_hosts`, are where a redirect may lead.
//   - 301, 302: POST becomes GET (as every browser does); 303: all but HEAD become GET; 307, 308: unchanged.
//   - https to http is refused, so are other schemes, user information in the URL, and other hosts.
//   - On another origin only headers that say nothing about us travel, and a body is never sent along.
NextHop next_hop(const Request& first, const Request& sent, int status, const std::string* location);

}  // namespace launchgate::net
