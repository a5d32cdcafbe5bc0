#include "libscan/secrets/value_purpose.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_place.hpp"

namespace launchgate::secrets {
namespace {

bool ends_with_any(std::string_view s, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return s.ends_with(end); });
}

// Letters and digits of a name in lower case, the last that fit.
struct Folded {
  std::array<char, 64> buffer;
  std::string_view text;
  explicit Folded(std::string_view name) {
    std::size_t n = 0;
    for (const char c : name.substr(name.size() - std::min(name.size(), buffer.size())))
      if (is_alnum(c)) buffer[n++] = to_lower(c);
    text = {buffer.data(), n};
  }
};

// "db.shop.dev:5432/x", and not what is put in at run time.
bool begins_with_outside_host(std::string_view text) {
  std::string_view host = text.substr(0, text.find_first_of("/:?#\"'`<>,; \t\r\n\\)"));
  host.remove_prefix(host.rfind('@') + 1);  // npos + 1: nothing
  return host.find_first_of("${%[(*") == host.npos && !is_local_host(host);
}

}  // namespace

bool is_own_secret(std::string_view name) noexcept {
  constexpr std::string_view kWhole[] = {"appkey", "secretkey", "appsecretkey", "djangosecretkey", "flasksecretkey"};
  const Folded folded(name);
  return any_of(kWhole, folded.text) ||
         ends_with_any(folded.text,
                       {"secretkeybase",   "jwtsecret",     "jwtkey",           "jwtsecretkey",  "jwtrefreshsecret",
                        "sessionsecret",   "sessionkey",    "cookiesecret",     "cookiekey",     "nextauthsecret",
                        "authsecret",      "encryptionkey", "encryptionkeys",   "decryptionkey", "decryptionkeys",
                        "encryptkey",      "signingkey",    "signingsecret",    "csrfsecret",    "cookiepassword",
                        "sessionpassword", "httpsecretkey", "applicationsecret"});
}

bool is_session_token(std::string_view name, bool in_json) noexcept {
  const Folded folded(name);
  return ends_with_any(folded.text, {"accesstoken", "refreshtoken", "idtoken", "sessiontoken", "csrftoken", "xsrftoken",
                                     "authenticitytoken", "subjecttoken", "verificationtoken", "clienttoken"}) ||
         (in_json && folded.text == "token");
}

bool is_local_host(std::string_view host) noexcept {
  if (host.empty() || host.find('.') == host.npos) return true;  // "db", "localhost": a name of compose or /etc/hosts
  if (starts_with_any(
          host, {"127.", "10.", "192.168.", "0.0.0.0", "169.254.", "[::1", "192.0.2.", "198.51.100.", "203.0.113."}))
    return true;
  if (host.starts_with("172.") && host.size() > 6 && host[6] == '.') {
    const int second = (host[4] - '0') * 10 + (host[5] - '0');
    if (second >= 16 && second <= 31) return true;
  }
  return ends_with_any(host, {".local", ".localhost", ".internal", ".test", ".example", ".invalid", "example.com",
                              "example.org", "example.net"});
}

bool has_outside_host_near(std::string_view text, ByteRange value) noexcept {
  constexpr std::size_t kNear = 300;
  const std::size_t from = value.begin - std::min(value.begin, kNear);
  const std::string_view near = text.substr(from, value.end + kNear - from);
  for (std::size_t at = near.find("://"); at != near.npos; at = near.find("://", at + 3))
    if (begins_with_outside_host(near.substr(at + 3))) return true;
  for (const std::string_view name : {"ost", "OST", "erver", "SERVER"})  // host: "db.shop.dev"
    for (std::size_t at = near.find(name); at != near.npos; at = near.find(name, at + name.size())) {
      std::string_view rest = near.substr(at + name.size());
      while (!rest.empty() && (is_alpha(rest[0]) || rest[0] == '_')) rest.remove_prefix(1);  // "hostname"
      const std::size_t begin = rest.find_first_not_of(" \t\"'`:=>");
      if (begin != rest.npos && begin > 0 && begins_with_outside_host(rest.substr(begin))) return true;
    }
  return false;
}

bool begins_as_description(std::string_view text) noexcept {
  constexpr std::string_view kAround = " \t\r\n-{\"'\xef\xbb\xbf";
  const std::size_t begin = text.find_first_not_of(kAround);
  return begin != text.npos && starts_with_any(text.substr(begin, 8), {"openapi", "swagger"});
}

bool begins_as_realm(std::string_view text) noexcept {
  constexpr std::size_t kNear = 2048;
  const std::string_view head = text.substr(0, kNear);
  return head.find("\"realm\"") != head.npos && head.find("\"accessTokenLifespan\"") != head.npos;
}

bool is_asked_for_by_badge(std::string_view text, ByteRange match) noexcept {
  constexpr std::size_t kNear = 200;
  const std::size_t from = match.begin - std::min(match.begin, kNear);
  std::string_view head = text.substr(from, match.begin - from);
  head.remove_prefix(head.find_last_of(" \t\n\"'(<>") + 1);  // npos + 1: nothing
  if (head.find('?') == head.npos) return false;
  return head.find("badge") != head.npos || head.starts_with("https://qm.qq.com/") ||
         head.starts_with("http://qm.qq.com/");
}

bool is_in_payload_comment(std::string_view text, ByteRange match, std::string_view path) noexcept {
  constexpr std::size_t kNear = 4096;
  if (file_kind(path) != FileKind::code) return false;
  const std::size_t line = line_begin(text, match.begin);
  const std::size_t first = text.find_first_not_of(" \t*", line);
  if (first == text.npos || text[first] != '"' || first > match.begin) return false;  // `"name": "value"` alone
  const std::size_t from = line - std::min(line, kNear);
  const std::string_view before = text.substr(from, line - from);
  const std::size_t open = before.rfind("/*");
  if (open == before.npos || before.find("*/", open) != before.npos) return false;
  const std::size_t start = before.find_last_not_of(" \t", open == 0 ? 0 : open - 1);
  return open == 0 || start == before.npos || before[start] == '\n';
}

}  // namespace launchgate::secrets
