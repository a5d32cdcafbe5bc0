#include "libscan/net/cookies.hpp"

#include <algorithm>
#include <charconv>

namespace launchgate::net {
namespace {

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

bool is_address(std::string_view host) noexcept {
  return host.find(':') != std::string_view::npos || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool domain_matches(std::string_view host, std::string_view domain) noexcept {
  if (host == domain) return true;
  return !is_address(host) && host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
         host.substr(host.size() - domain.size()) == domain;
}

bool path_matches(std::string_view path, std::string_view cookie_path) noexcept {
  if (path.substr(0, cookie_path.size()) != cookie_path) return false;
  return path.size() == cookie_path.size() || cookie_path.back() == '/' || path[cookie_path.size()] == '/';
}

std::string default_path(const Url& url) {  // RFC 6265 section 5.1.4
  const std::size_t slash = url.path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : url.path.substr(0, slash);
}

bool safe_byte(char c) noexcept { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

// Days since 1970-01-01 of a proleptic Gregorian date (the usual era arithmetic).
std::int64_t days_from_civil(std::int64_t y, int m, int d) noexcept {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct DateParts {
  int day = 0, month = 0, year = -1, hour = -1, minute = 0, second = 0;
};

int month_of(std::string_view word) noexcept {
  static constexpr std::string_view kNames = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (word.size() < 3) return 0;
  const std::size_t at = kNames.find(lower(word.substr(0, 3)));
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

bool number(std::string_view text, int& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool clock_time(std::string_view text, DateParts& d) noexcept {
  const std::size_t a = text.find(':'), b = text.find(':', a + 1);
  return a != std::string_view::npos && b != std::string_view::npos && number(text.substr(0, a), d.hour) &&
         number(text.substr(a + 1, b - a - 1), d.minute) && number(text.substr(b + 1), d.second);
}

// One word of a date goes where it fits first (RFC 6265 section 5.1.1).
void place_word(std::string_view word, DateParts& d) noexcept {
  int n = 0;
  if (d.hour < 0 && clock_time(word, d)) return;
  if (d.month == 0 && month_of(word) != 0) {
    d.month = month_of(word);
  } else if (number(word, n)) {
    if (d.day == 0 && word.size() <= 2)
      d.day = n;
    else if (d.year < 0)
      d.year = n < 70 ? n + 2000 : n < 100 ? n + 1900 : n;
  }
}

}  // namespace

bool parse_http_date(std::string_view text, std::int64_t& unix_seconds) {
  DateParts d;
  for (std::size_t i = 0; i < text.size() && i < 64;) {
    std::size_t end = text.find_first_of(" ,-\t", i);
    end = std::min(end, text.size());
    if (end > i) place_word(text.substr(i, end - i), d);
    i = end + 1;
  }
  const bool valid = d.day >= 1 && d.day <= 31 && d.month >= 1 && d.year >= 1601 && d.year <= 9999 && d.hour >= 0 &&
                     d.hour < 24 && d.minute >= 0 && d.minute < 60 && d.second >= 0 && d.second <= 60;
  if (!valid) return false;
  unix_seconds = days_from_civil(d.year, d.month, d.day) * 86400 + d.hour * 3600 + d.minute * 60 + d.second;
  return true;
}

bool CookieJar::store(const Url& url, std::string_view text, std::int64_t now_unix) {
  const auto refuse = [&] { return ++refused_, false; };
  const std::size_t semicolon = std::min(text.find(';'), text.size());
  const std::string_view pair = text.substr(0, semicolon);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return refuse();
  Cookie c;
  c.name = trim(pair.substr(0, equals));
  c.value = trim(pair.substr(equals + 1));
  c.domain = url.host;
  c.path = default_path(url);
  if (c.name.empty() || c.name.size() + c.value.size() > kMaxCookieBytes) return refuse();
  if (!std::all_of(pair.begin(), pair.end(), safe_byte)) return refuse();

  bool max_age = false, names_domain = false;
  for (std::size_t i = semicolon; i < text.size();) {
    const std::size_t end = std::min(text.find(';', i + 1), text.size());
    const std::string_view attribute = text.substr(i + 1, end - i - 1);
    const std::size_t eq = std::min(attribute.find('='), attribute.size());
    const std::string key = lower(trim(attribute.substr(0, eq)));
    const std::string_view value = eq < attribute.size() ? trim(attribute.substr(eq + 1)) : std::string_view();
    if (key == "secure") c.secure = true;
    if (key == "httponly") c.http_only = true;
    if (key == "path" && !value.empty() && value.front() == '/') c.path = value;
    if (key == "domain" && !value.empty()) {
      names_domain = true;
      c.domain = lower(value.front() == '.' ? value.substr(1) : value);
      c.host_only = c.domain == url.host && is_address(url.host);
    }
    std::int64_t seconds = 0;
    if (key == "max-age" && !value.empty()) {
      const auto [p, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
      if (p == value.data() + value.size() && (error == std::errc{} || error == std::errc::result_out_of_range)) {
        if (error != std::errc{}) seconds = value.front() == '-' ? 0 : 1 << 30;
        c.expires = seconds <= 0 ? 1 : now_unix + std::min<std::int64_t>(seconds, 1 << 30);
        max_age = true;
      }
    }
    if (key == "expires" && !max_age && parse_http_date(value, seconds)) c.expires = std::max<std::int64_t>(seconds, 1);
    i = end;
  }
  if (!domain_matches(url.host, c.domain)) return refuse();
  if (c.domain != url.host && c.domain.find('.') == std::string::npos) return refuse();
  const bool trusted = url.scheme == "https" || is_loopback(url.host);
  if (c.secure && !trusted) return refuse();
  if (c.name.rfind("__Secure-", 0) == 0 && !c.secure) return refuse();
  // RFC 6265bis section 4.1.3.2: no Domain attribute at all, not even one that names this host.
  const bool of_host = c.secure && c.path == "/" && !names_domain;
  if (c.name.rfind("__Host-", 0) == 0 && !of_host) return refuse();

  std::erase_if(cookies_,
                [&](const Cookie& o) { return o.name == c.name && o.domain == c.domain && o.path == c.path; });
  if (c.expires != 0 && c.expires <= now_unix) return true;  // deleted
  if (cookies_.size() >= kMaxCookies) return refuse();
  cookies_.push_back(std::move(c));
  return true;
}

std::string CookieJar::header_for(const Url& url, std::int64_t now_unix) const {
  std::vector<const Cookie*> sent;
  for (const Cookie& c : cookies_) {
    if (c.expires != 0 && c.expires <= now_unix) continue;
    if (c.secure && url.scheme != "https" && !is_loopback(url.host)) continue;
    if (c.host_only ? c.domain != url.host : !domain_matches(url.host, c.domain)) continue;
    if (path_matches(url.path, c.path)) sent.push_back(&c);
  }
  std::stable_sort(sent.begin(), sent.end(),
                   [](const Cookie* a, const Cookie* b) { return a->path.size() > b->path.size(); });
  std::string out;
  for (const Cookie* c : sent) {
    if (out.size() + c->name.size() + c->value.size() + 3 > kMaxHeaderBytes) break;
    if (!out.empty()) out += "; ";
    out += c->name + "=" + c->value;
  }
  return out;
}

const Cookie* CookieJar::find(std::string_view name) const noexcept {
  const auto at = std::find_if(cookies_.rbegin(), cookies_.rend(), [&](const Cookie& c) { return c.name == name; });
  return at == cookies_.rend() ? nullptr : &*at;
}

}  // namespace launchgate::net
