// URLs as far as a scanner of its own site needs them: http and https, parsed strictly, references resolved by
// RFC 3986 section 5.2, form encoding by the URL standard. Thread-safety: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace launchgate::net {

struct Url {
  std::string scheme;  // "http" | "https"
  std::string host;    // lower case; IPv6 without brackets
  int port = 0;        // always set, 80 or 443 by default
  std::string path;    // begins with '/', dot segments removed, still percent-encoded
  std::string query;   // without '?'

  std::string str() const;
  std::string origin() const;     // "https://host" or "https://host:8443"
  std::string authority() const;  // "host" or "host:8443", IPv6 in brackets
};

// nullopt for anything but http(s)://host…, for user information in the authority (it would leak), for control
// characters and spaces, and for more than 8 KiB. The fragment is dropped.
std::optional<Url> parse_url(std::string_view text);

// `reference` (absolute, //host, /path, ?query or relative) as seen from `base`. Backslashes count as slashes and
// white space at the ends is dropped, as browsers do.
std::optional<Url> resolve(const Url& base, std::string_view reference);

// Is the URL's host (and port, when the entry names one) in `hosts`? An entry is "host" or "host:port".
bool host_in(const Url& url, const std::vector<std::string>& hosts);

// This machine itself: "localhost", ::1 or 127.0.0.0/8 as an address. "127.example.com" is a name like any other.
bool is_loopback(std::string_view host) noexcept;

std::string percent_encode(std::string_view bytes);  // all but RFC 3986 unreserved characters
std::string percent_decode(std::string_view text);   // '+' stays; a broken escape stays as it is
// application/x-www-form-urlencoded
std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields);

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;  // ASCII
std::string lower(std::string_view text);                                   // ASCII

}  // namespace launchgate::net
