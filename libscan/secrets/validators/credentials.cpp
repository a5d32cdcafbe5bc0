#include <algorithm>
#include <charconv>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/validators/checks.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets::check {
namespace {

constexpr Validation kNo{false, {}};

bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

// The host of "scheme://user:password@host:port/path", lower bound of care: no IPv6 zone tricks.
std::string_view host_of(std::string_view url) {
  const std::size_t at = url.rfind('@');
  if (at == url.npos) return {};
  std::string_view host = url.substr(at + 1);
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find_first_of(":/?#\"'` \t)\\"));
}

bool is_local(std::string_view host) {
  return host.empty() || host == "localhost" || host == "127.0.0.1" || host == "[::1]" || host == "0.0.0.0" ||
         host == "host.docker.internal" || host.find('.') == host.npos;  // a bare name is a container or a LAN host
}

bool is_documentation(std::string_view host) {  // RFC 2606, RFC 5737
  return host.ends_with("example.com") || host.ends_with("example.org") || host.ends_with("example.net") ||
         host.ends_with(".example") || host.ends_with(".test") || host.ends_with(".invalid") ||
         host.starts_with("192.0.2.") || host.starts_with("198.51.100.") || host.starts_with("203.0.113.");
}

}  // namespace

Validation basic_auth(std::string_view secret, std::string_view) {
  const std::string pair = decode_base64(secret);
  const std::size_t colon = pair.find(':');
  if (colon == std::string::npos || !std::all_of(pair.begin(), pair.end(), is_printable)) return kNo;
  const std::string_view user = std::string_view(pair).substr(0, colon);
  const std::string_view password = std::string_view(pair).substr(colon + 1);
  // A token may stand in either half ("x-oauth:…", "sk_live_…:").
  const std::string_view value = password.empty() ? user : password;
  const ValueKind kind = judge_value(value, "password");
  if (kind == ValueKind::reference || kind == ValueKind::empty || value.size() < 3) return kNo;
  // Weak logins are logins ("admin:admin"); only the pair of all documentation is none.
  if (judge_value(user, "password") != ValueKind::real && value.starts_with("pass")) return kNo;
  if (is_published(value)) return {true, "the user and password that RFC 6749 shows", Doubt::published};
  return {true, "decodes to user and password", is_made_up(value) ? Doubt::made_up : Doubt::none};
}

namespace {

// The string that stands behind `name` and a colon, from `at` on; `at` moves behind the name. Empty when there is none.
std::string_view next_member(std::string_view json, std::string_view name, std::size_t& at) {
  for (at = json.find(name, at); at != json.npos; at = json.find(name, at)) {
    at += name.size();
    const std::size_t open = json.find_first_not_of(" :\t\r\n", at);
    if (open == json.npos || json[open] != '"') continue;
    const std::size_t close = std::min(json.find('"', open + 1), json.size());
    return json.substr(open + 1, close - open - 1);
  }
  return {};
}

}  // namespace

// {"auths": {"registry": {"username": "ci", "password": "x", "auth": "base64 of ci:x"}}}, encoded. The rule may have
// cut it: whole groups of four are read.
Validation docker_config(std::string_view secret, std::string_view) {
  const std::string json = decode_base64(secret.substr(0, secret.size() / 4 * 4));
  std::size_t at = 0;
  for (std::string_view auth; !(auth = next_member(json, "\"auth\"", at)).empty();)
    if (const Validation v = basic_auth(auth, {}); v.ok) return v;
  at = 0;
  for (std::string_view password; !(password = next_member(json, "\"password\"", at)).empty();)
    if (judge_value(password, "password") == ValueKind::real)
      return {true, "decodes to user and password", is_made_up(password) ? Doubt::made_up : Doubt::none};
  return kNo;
}

// What a Secret of Kubernetes holds under any name. Armours, public keys and archives have rules of their own, or are
// none.
Validation encoded_secret(std::string_view secret, std::string_view) {
  constexpr std::size_t kShortestRun = 16;
  const std::string text = decode_base64(secret.substr(0, secret.size() / 4 * 4));
  if (text.size() < kShortestRun) return kNo;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return is_printable(c) || c == '\n' || c == '\r'; }))
    return kNo;
  constexpr std::string_view kOthers[] = {"-----BEGIN", "ssh-", "ecdsa-sha2-", "H4sI", "TUlJ", "MII"};
  for (const std::string_view other : kOthers)
    if (text.starts_with(other)) return kNo;
  const std::string_view all = text;
  for (std::size_t at = 0; at < all.size();) {
    const auto end = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(at), all.end(),
                                  [](char c) { return !is_name_char(c) && c != '+' && c != '='; });
    const std::string_view run = all.substr(at, static_cast<std::size_t>(end - all.begin()) - at);
    at += run.size() + 1;
    const bool token = run.starts_with("eyJ") && jwt(run, run).ok;
    if (run.size() >= kShortestRun && (token || judge_value(run, "key") == ValueKind::real))
      return {true, "decodes to a text with a random value", Doubt::own};
  }
  return kNo;
}

// "p%40ss" -> "p@ss" (RFC 3986, section 2.1); what is no such code stays.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const bool coded = text[i] == '%' && i + 2 < text.size() &&
                       std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ptr == text.data() + i + 3;
    out += coded ? static_cast<char>(code) : text[i];
    if (coded) i += 2;
  }
  return out;
}

// `secret` is the password, `match` holds the URL.
Validation url_credentials(std::string_view secret, std::string_view match) {
  const std::size_t scheme = match.find("://");
  if (scheme == match.npos) return kNo;
  const std::string_view rest = match.substr(scheme + 3);
  const std::string_view user = rest.substr(0, rest.find(':'));
  const std::string_view host = host_of(match);
  if (user == secret || is_documentation(host)) return kNo;
  if (judge_value(secret, "password") != ValueKind::real) return kNo;
  const bool local = is_local(host);
  return {true, local ? "password in the address of a local service" : "password in the address of a service",
          !is_made_up(percent_decoded(secret)) ? (local ? Doubt::own : Doubt::none)
          : local                              ? Doubt::local
                                               : Doubt::outside};
}

// The address itself encoded once more, as Kubernetes secrets carry it.
Validation base64_url(std::string_view secret, std::string_view) {
  const std::string url = decode_base64(secret.substr(0, secret.size() / 4 * 4));
  const std::size_t scheme = url.find("://");
  const std::size_t end = url.find_first_of("/?# \n", scheme == url.npos ? url.size() : scheme + 3);
  const std::string_view whole = std::string_view(url).substr(0, end);
  const std::size_t at = whole.rfind('@');
  if (scheme == url.npos || at == whole.npos) return kNo;
  const std::size_t colon = whole.find(':', scheme + 3);
  return colon < at ? url_credentials(whole.substr(colon + 1, at - colon - 1), whole) : kNo;
}

// Where a password is in effect as it stands (a statement that sets it, a command that logs in with it), a word that
// would stand in for one elsewhere is a weak one. What no one means to be used stays out: "your-password", "xxxx".
Validation weak_password(std::string_view secret, std::string_view) {
  if (secret.size() < 3 || judge_value(secret, "password") != ValueKind::placeholder) return kNo;
  if (std::none_of(secret.begin(), secret.end(),
                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }))
    return kNo;  // PASSWORD, ****: to be put in
  Pieces pieces(secret);
  Piece piece;
  std::string low;
  while (pieces.next(piece)) {
    low.assign(piece.text);
    for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (low == "new" || low == "old" || low.starts_with("your") ||
        (is_strong_stand_in(low) && !low.starts_with("change")))
      return kNo;
  }
  if (std::all_of(secret.begin(), secret.end(), [&](char c) { return c == secret[0]; })) return kNo;
  return {true, "among the first that anyone tries"};
}

}  // namespace launchgate::secrets::check
