#include <charconv>
#include <cstdint>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/validators/checks.hpp"

namespace launchgate::secrets::check {
namespace {

constexpr Validation kNo{false, {}};

struct Parts {
  std::string header, payload;
  std::string_view signature;
  bool ok = false;
};

Parts split(std::string_view token) {
  Parts p;
  const std::size_t first = token.find('.');
  if (first == token.npos) return p;
  const std::size_t second = token.find('.', first + 1);
  if (second == token.npos) return p;
  p.header = decode_base64(token.substr(0, first));
  p.payload = decode_base64(token.substr(first + 1, second - first - 1));
  p.signature = token.substr(second + 1);
  const auto object = [](std::string_view s) { return s.size() > 2 && s.front() == '{' && s.back() == '}'; };
  p.ok = object(p.header) && object(p.payload) && p.header.find("\"alg\"") != std::string::npos;
  return p;
}

// The text of a string member of a flat JSON object, spaces around the colon allowed. Enough for headers.
std::string_view member(std::string_view json, std::string_view quoted_name) {
  const std::size_t at = json.find(quoted_name);
  if (at == json.npos) return {};
  std::string_view rest = json.substr(at + quoted_name.size());
  const std::size_t open = rest.find_first_not_of(" :\t\r\n");
  if (open == rest.npos || rest[open] != '"') return {};
  rest.remove_prefix(open + 1);
  return rest.substr(0, rest.find('"'));
}

// Until when it is valid (RFC 7519, section 4.1.4), in seconds since 1970; 0 where it does not say.
std::uint64_t expiry(std::string_view json) {
  constexpr std::string_view kName = "\"exp\"";
  const std::size_t at = json.find(kName);
  if (at == json.npos) return 0;
  const std::size_t begin = json.find_first_not_of(" :\t\r\n", at + kName.size());
  std::uint64_t seconds = 0;
  if (begin != json.npos) std::from_chars(json.data() + begin, json.data() + json.size(), seconds);
  return seconds;
}

// 2025-01-01: no run of this program is older, so what ended before it is over, without asking any clock.
constexpr std::uint64_t kWritten = 1'735'689'600;

}  // namespace

Validation jwt(std::string_view secret, std::string_view) {
  const Parts p = split(secret);
  if (!p.ok || p.signature.size() < 16) return kNo;
  const std::string_view algorithm = member(p.header, "\"alg\"");
  if (algorithm.empty() || algorithm == "none" || algorithm == "None" || algorithm == "NONE") return kNo;
  // Supabase's anonymous key is made to stand in web pages; row level security guards what it can do.
  if (member(p.payload, "\"role\"") == "anon") return kNo;
  if (member(p.payload, "\"sub\"") == "1234567890") return {true, "made from the example of jwt.io", Doubt::published};
  if (const std::uint64_t end = expiry(p.payload); end != 0 && end < kWritten)
    return {true, "decodes to a signed JSON Web Token that says it expired before 2025", Doubt::expired};
  return {true, "decodes to a signed JSON Web Token", Doubt::session};
}

Validation supabase_service_role(std::string_view secret, std::string_view match) {
  if (!jwt(secret, match).ok) return kNo;
  const Parts p = split(secret);
  if (member(p.payload, "\"role\"") != "service_role") return kNo;
  if (member(p.payload, "\"iss\"") == "supabase-demo")
    return {true, "Supabase's key for local development, the same for everybody", Doubt::published};
  return {true, "its role is service_role"};  // valid for ten years
}

}  // namespace launchgate::secrets::check
