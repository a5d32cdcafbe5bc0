// A cookie jar: what one flow was given, and what it sends back (RFC 6265, the parts that a server can tell).
//
// A jar belongs to one flow, so that a repeated flow begins as a stranger. Jars are bounded: a server cannot make
// the next request carry megabytes. Not stored: cookies for a domain the host does not belong to, for a single-label
// domain, with the `__Host-`/`__Secure-` prefix rules broken, `Secure` ones over plain http to other than loopback.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/net/url.hpp"

namespace launchgate::net {

struct Cookie {
  std::string name;
  std::string value;
  std::string domain;  // lower case, no leading dot
  std::string path;
  bool host_only = true;
  bool secure = false;
  bool http_only = false;
  std::int64_t expires = 0;  // Unix seconds, 0 = with the session
};

class CookieJar {
 public:
  static constexpr std::size_t kMaxCookies = 150;
  static constexpr std::size_t kMaxCookieBytes = 4096;  // name + value; RFC 6265 section 6.1 asks for as much
  static constexpr std::size_t kMaxHeaderBytes = 16 << 10;

  // Stores one Set-Cookie value received from `url`. Returns false when it was refused.
  bool store(const Url& url, std::string_view set_cookie, std::int64_t now_unix);
  // The value of the Cookie header for a request to `url`; empty when there is none to send.
  std::string header_for(const Url& url, std::int64_t now_unix) const;
  const Cookie* find(std::string_view name) const noexcept;  // exact, else the last one stored of that name
  const std::vector<Cookie>& all() const noexcept { return cookies_; }
  std::size_t refused() const noexcept { return refused_; }
  void clear() { cookies_.clear(); }

 private:
  std::vector<Cookie> cookies_;
  std::size_t refused_ = 0;
};

// Seconds since 1970 of an HTTP date in any of its three forms (RFC 9110 section 5.6.7), or a cookie's variant.
// nullopt-like: returns false when it is none.
bool parse_http_date(std::string_view text, std::int64_t& unix_seconds);

}  // namespace launchgate::net
