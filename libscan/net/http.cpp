#include "libscan/net/http.hpp"

#include <algorithm>

#include "libscan/net/url.hpp"

namespace launchgate::net {

const std::string* find_header(const Headers& headers, std::string_view name) noexcept {
  for (const Header& h : headers)
    if (equal_ignoring_case(h.name, name)) return &h.value;
  return nullptr;
}

void set_header(Headers& headers, std::string_view name, std::string value) {
  std::erase_if(headers, [&](const Header& h) { return equal_ignoring_case(h.name, name); });
  headers.push_back({std::string(name), std::move(value)});
}

std::string_view to_string(Failure f) noexcept {
  switch (f) {
    case Failure::none: return "none";
    case Failure::unavailable: return "unavailable";
    case Failure::bad_url: return "bad-url";
    case Failure::dns: return "dns";
    case Failure::connect: return "connect";
    case Failure::tls: return "tls";
    case Failure::timeout: return "timeout";
    case Failure::reset: return "reset";
    case Failure::protocol: return "protocol";
    case Failure::body_too_large: return "body-too-large";
    case Failure::header_too_large: return "header-too-large";
    case Failure::redirect_refused: return "redirect-refused";
    case Failure::redirect_loop: return "redirect-loop";
  }
  return "none";
}

Response Http::send(const Request& request) {
  std::vector<Response> all = send_all(std::span(&request, 1), 1);
  return all.empty() ? Response{} : std::move(all.front());
}

}  // namespace launchgate::net
