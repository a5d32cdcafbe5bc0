// The Http port: requests in, responses out, redirects followed by our own rules, every hop timed by itself.
//
// A Response is always an answer: what went wrong on the way is in `failure`, never an exception and never a
// missing value. Everything in it came from a stranger: show it through core/text.hpp and core/secret_set.hpp only.
// Units: milliseconds and bytes. Ownership: plain values; `Request::jar` is borrowed for the call.
// Thread-safety: one thread per Http object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/net/cookies.hpp"

namespace launchgate::net {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

// First header of that name (ASCII case ignored), or nullptr.
const std::string* find_header(const Headers&, std::string_view name) noexcept;
void set_header(Headers&, std::string_view name, std::string value);  // replaces every earlier one

enum class Family { any, v4, v6 };

struct Pin {  // "this host and port live at this address", as curl --resolve
  std::string host;
  int port = 0;         // 0 = every port
  std::string address;  // IPv4 or IPv6 literal, no brackets
};

struct TlsOptions {       // certificates are always verified; there is no switch for that
  std::string ca_file;    // PEM bundle used instead of the system's
  std::string cert_file;  // client certificate and key, PEM
  std::string key_file;
  std::string pinned_key;  // "sha256//BASE64" of the public key
};

struct Request {
  std::string method = "GET";
  std::string url;  // absolute, http or https
  Headers headers;
  std::string body;

  int timeout_ms = 10'000;  // everything, all hops and the body
  int connect_timeout_ms = 5'000;
  std::size_t max_body = std::size_t{5} << 20;  // counted after decompression
  std::size_t max_header = std::size_t{256} << 10;

  int max_redirects = 5;
  // Hosts ("host" or "host:port") a redirect may lead to besides the one of `url`. Elsewhere is refused.
  std::vector<std::string> allow_hosts;

  Family family = Family::any;
  std::vector<Pin> resolve;
  std::string version;  // "" = the best both speak, "1.1", "2"
  TlsOptions tls;
  std::optional<std::string> proxy;  // unset = the environment's, "" = none
  std::string no_proxy;
  bool fresh = false;        // a new connection and a new name look-up
  CookieJar* jar = nullptr;  // cookies to send and keep; none are kept without it
};

enum class Failure {
  none,
  unavailable,       // no libcurl on this machine
  bad_url,           // not http(s), or no host
  dns,               // the name did not resolve
  connect,           // refused, unreachable
  tls,               // handshake or certificate
  timeout,           // the deadline passed
  reset,             // closed or cut off before the whole response was there
  protocol,          // what came is no HTTP
  body_too_large,    // `max_body`; `body` holds what fitted
  header_too_large,  // `max_header`
  redirect_refused,  // other host, downgrade to http, file:// and the like, an address no site lives at
  redirect_loop,     // more than `max_redirects`
};
std::string_view to_string(Failure) noexcept;  // "dns", "timeout", …

// One request and its response on the wire.
struct Hop {
  std::string url;
  int status = 0;
  std::string address;   // remote IP; empty when never connected
  std::string protocol;  // "HTTP/1.1", "HTTP/2"
  bool reused = false;   // went over an open connection: dns, connect and tls are 0
  Phases phases;
};

struct Response {
  Failure failure = Failure::none;
  std::string error;  // one clause on the failure, printable
  int status = 0;     // of the last hop; 0 when none answered
  Headers headers;    // of the last hop, in order, trailers included
  std::string body;   // decompressed
  std::string url;    // of the last hop
  std::vector<Hop> hops;
  double total_ms = 0;                   // all hops
  std::int64_t certificate_expires = 0;  // Unix seconds of the server's certificate; 0 = not TLS or unknown

  bool ok() const noexcept { return failure == Failure::none; }
  const std::string* header(std::string_view name) const noexcept { return find_header(headers, name); }
};

class Http {
 public:
  virtual ~Http() = default;
  // Runs all requests, at most `parallel` at a time, in their order of start. One response per request.
  // Requests that share a jar must not be in one call.
  virtual std::vector<Response> send_all(std::span<const Request> requests, int parallel) = 0;
  Response send(const Request& request);
  // Closes what is kept open: whoever asks next is a stranger to every machine in between.
  virtual void forget_connections() {}
};

}  // namespace launchgate::net
