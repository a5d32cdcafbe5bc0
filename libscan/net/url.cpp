#include "libscan/net/url.hpp"

#include <algorithm>
#include <charconv>

namespace launchgate::net {
namespace {

constexpr std::size_t kMaxUrl = 8 << 10;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool alpha(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool unreserved(char c) noexcept { return alpha(c) || digit(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

int hex_digit(char c) noexcept {
  if (digit(c)) return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool valid_host(std::string_view host) noexcept {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return alpha(c) || digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool valid_v6(std::string_view host) noexcept {
  return host.size() >= 2 && host.size() <= 45 && host.find(':') != std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; });
}

// RFC 3986 section 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool slash_at_end = true;
  for (std::size_t i = 1; i <= path.size();) {
    const std::size_t end = std::min(path.find('/', i), path.size());
    const std::string_view segment = path.substr(i, end - i);
    slash_at_end = false;
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
      slash_at_end = true;
    } else if (segment == ".") {
      slash_at_end = true;
    } else {
      kept.push_back(segment);
    }
    i = end + 1;
  }
  std::string out;
  for (std::string_view segment : kept) (out += '/') += segment;
  if (slash_at_end || out.empty()) out += '/';
  return out;
}

bool parse_port(std::string_view text, int& port) noexcept {
  if (text.empty()) return true;  // "host:" means the default
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

bool parse_authority(std::string_view text, Url& url) {
  if (text.find('@') != std::string_view::npos) return false;
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return false;
    url.host = net::lower(text.substr(1, close - 1));
    if (!valid_v6(url.host)) return false;
    port = text.substr(close + 1);
    if (!port.empty() && port.front() != ':') return false;
    if (!port.empty()) port.remove_prefix(1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    url.host = net::lower(text.substr(0, colon));
    if (!valid_host(url.host)) return false;
    if (colon < text.size()) port = text.substr(colon + 1);
  }
  return parse_port(port, url.port);
}

// Path and query as sent: what may not stand in a request line is percent-encoded.
std::string encode_target(std::string_view text) {
  std::string out;
  for (char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u <= 0x20 || u >= 0x7f || c == '"' || c == '<' || c == '>' || c == '`' || c == '{' || c == '}')
      out += percent_encode(std::string_view(&c, 1));
    else
      out += c;
  }
  return out;
}

void set_target(Url& url, std::string_view target) {
  const std::size_t question = std::min(target.find('?'), target.size());
  std::string path = encode_target(target.substr(0, question));
  if (path.empty() || path.front() != '/') path.insert(path.begin(), '/');
  url.path = remove_dot_segments(path);
  url.query = question < target.size() ? encode_target(target.substr(question + 1)) : std::string();
}

int default_port(std::string_view scheme) noexcept { return scheme == "https" ? 443 : 80; }

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

std::string Url::authority() const {
  std::string out = host.find(':') != std::string::npos ? "[" + host + "]" : host;
  if (port != default_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::origin() const { return scheme + "://" + authority(); }

std::string Url::str() const { return origin() + path + (query.empty() ? "" : "?" + query); }

std::optional<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrl) return std::nullopt;
  for (char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return std::nullopt;
  text = text.substr(0, text.find('#'));
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.port = default_port(url.scheme);
  text.remove_prefix(colon + 3);
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  if (!parse_authority(text.substr(0, end), url)) return std::nullopt;
  set_target(url, text.substr(end));
  return url;
}

std::optional<Url> resolve(const Url& base, std::string_view reference) {
  const auto space = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!reference.empty() && space(reference.front())) reference.remove_prefix(1);
  while (!reference.empty() && space(reference.back())) reference.remove_suffix(1);
  if (reference.size() > kMaxUrl) return std::nullopt;
  std::string text(reference.substr(0, reference.find('#')));
  const std::size_t query = std::min(text.find('?'), text.size());
  std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(query), '\\', '/');

  const std::size_t colon = text.find(':');
  if (colon != std::string::npos && colon > 0 && alpha(text[0]) && text.find_first_of("/?") > colon) {
    const std::string head = text.substr(0, colon);
    const bool scheme = std::all_of(head.begin(), head.end(),
                                    [](char c) { return alpha(c) || digit(c) || c == '+' || c == '-' || c == '.'; });
    if (scheme) {
      const std::size_t target = std::min(text.find_first_of("/?", std::min(colon + 3, text.size())), text.size());
      return parse_url(text.substr(0, target) + encode_target(std::string_view(text).substr(target)));
    }
  }
  if (text.rfind("//", 0) == 0) return parse_url(base.scheme + ":" + encode_target(text));
  Url url = base;
  if (text.empty()) return url;
  if (text.front() == '/') {
    set_target(url, text);
  } else if (text.front() == '?') {
    url.query = encode_target(std::string_view(text).substr(1));
  } else {
    set_target(url, base.path.substr(0, base.path.rfind('/') + 1) + text);
  }
  return url;
}

bool host_in(const Url& url, const std::vector<std::string>& hosts) {
  const std::string host = url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host;
  const std::string with_port = host + ":" + std::to_string(url.port);
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& entry) {
    return equal_ignoring_case(entry, host) || equal_ignoring_case(entry, with_port);
  });
}

bool is_loopback(std::string_view host) noexcept {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string percent_encode(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (char c : bytes) {
    if (unreserved(c)) {
      out += c;
    } else {
      const auto u = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[u >> 4];
      out += kHex[u & 15];
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  const auto append = [&](std::string_view text) {
    std::string encoded = percent_encode(text);
    for (std::size_t at = encoded.find("%20"); at != std::string::npos; at = encoded.find("%20", at + 1))
      encoded.replace(at, 3, "+");
    out += encoded;
  };
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    append(name);
    out += '=';
    append(value);
  }
  return out;
}

}  // namespace launchgate::net
