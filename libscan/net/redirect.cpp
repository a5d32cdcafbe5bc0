#include "libscan/net/redirect.hpp"

#include <algorithm>

#include "libscan/core/text.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::net {
namespace {

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool harmless_elsewhere(std::string_view name) noexcept {
  return equal_ignoring_case(name, "Accept") || equal_ignoring_case(name, "Accept-Language") ||
         equal_ignoring_case(name, "User-Agent");
}

NextHop refuse(std::string why) {
  NextHop out;
  out.kind = NextHop::Kind::refuse;
  out.refused = std::move(why);
  return out;
}

}  // namespace

NextHop next_hop(const Request& first, const Request& sent, int status, const std::string* location) {
  if (!is_redirect(status) || location == nullptr || first.max_redirects == 0) return {};
  const auto from = parse_url(sent.url), home = parse_url(first.url);
  if (!from || !home) return refuse("the request had no valid URL");
  const auto to = resolve(*from, *location);
  const std::string shown = ellipsize(printable(*location), 120);
  if (!to) return refuse("redirects to '" + shown + "', which is no http or https address");
  if (from->scheme == "https" && to->scheme == "http") return refuse("redirects from https down to " + to->origin());
  if (to->host != home->host && !host_in(*to, first.allow_hosts))
    return refuse("redirects to " + to->host + ", which the configuration does not name (allow_hosts)");

  NextHop out;
  out.kind = NextHop::Kind::follow;
  out.request = sent;
  out.request.url = to->str();
  const bool becomes_get =
      (status == 303 && sent.method != "HEAD") || ((status == 301 || status == 302) && sent.method == "POST");
  const bool elsewhere = to->origin() != from->origin();
  // http to https on the same host is the one change of origin that every site makes: nothing is lost by trusting it.
  const bool upgrade = elsewhere && to->host == from->host && from->scheme == "http" && to->scheme == "https";
  if (elsewhere && !upgrade) {
    if (!becomes_get && !sent.body.empty()) return refuse("redirects a request with a body to " + to->origin());
    std::erase_if(out.request.headers, [](const Header& h) { return !harmless_elsewhere(h.name); });
  }
  if (becomes_get) {
    out.request.method = "GET";
    out.request.body.clear();
    std::erase_if(out.request.headers, [](const Header& h) {
      return equal_ignoring_case(h.name, "Content-Type") || equal_ignoring_case(h.name, "Origin");
    });
  }
  return out;
}

}  // namespace launchgate::net
