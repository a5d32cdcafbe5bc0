#include "libscan/core/redact.hpp"

#include <algorithm>
#include <cctype>

#include "libscan/core/text.hpp"

namespace launchgate {
namespace {

constexpr std::size_t kShownTail = 3;
constexpr std::size_t kMinHidden = 9;  // characters that must stay hidden for a tail to be shown

bool value_byte(char c) noexcept {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) != 0 || c == '+' || c == '/' || c == '_' || c == '=' || c == '.' || c == '~' || c == '-';
}

bool looks_like_value(std::string_view word) noexcept {
  if (word.size() < 12) return false;
  const auto is = [&](int (*test)(int)) {
    return std::any_of(word.begin(), word.end(), [&](char c) { return test(static_cast<unsigned char>(c)) != 0; });
  };
  return is(std::isdigit) && is(std::isalpha);
}

std::vector<ByteRange> merged(std::vector<ByteRange> ranges, std::size_t size) {
  std::sort(ranges.begin(), ranges.end(), [](auto& a, auto& b) { return a.begin < b.begin; });
  std::vector<ByteRange> out;
  for (ByteRange r : ranges) {
    r.end = std::min(r.end, size);
    if (r.begin >= r.end) continue;
    if (!out.empty() && r.begin <= out.back().end)
      out.back().end = std::max(out.back().end, r.end);
    else
      out.push_back(r);
  }
  return out;
}

}  // namespace

std::string mask(std::string_view secret, std::size_t public_prefix) {
  const std::size_t line_end = std::min(secret.find('\n'), secret.size());
  const bool one_line = line_end == secret.size();
  public_prefix = std::min(public_prefix, line_end);
  const std::string_view rest = secret.substr(public_prefix);
  std::string out = printable(secret.substr(0, public_prefix)) + "…";
  const bool ascii = std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (one_line && ascii && rest.size() >= kShownTail + kMinHidden) out += rest.substr(rest.size() - kShownTail);
  return out;
}

std::string mask_ranges(std::string_view text, const std::vector<ByteRange>& secrets) {
  std::vector<ByteRange> all = merged(secrets, text.size());
  const std::size_t named = all.size();
  for (std::size_t i = 0; i < named; ++i) {  // the same bytes again, elsewhere in this text
    const std::string_view value = text.substr(all[i].begin, all[i].end - all[i].begin);
    if (value.size() < 4) continue;
    for (std::size_t at = text.find(value); at != std::string_view::npos; at = text.find(value, at + 1))
      all.push_back({at, at + value.size()});
  }
  std::string out;
  std::size_t done = 0;
  for (const ByteRange& r : merged(std::move(all), text.size())) {
    out.append(text.substr(done, r.begin - done));
    out += mask(text.substr(r.begin, r.end - r.begin));
    done = r.end;
  }
  return out.append(text.substr(done));
}

std::string mask_suspicious(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && value_byte(text[end])) ++end;
    const std::string_view word = text.substr(i, end - i);
    if (looks_like_value(word))
      out += "…";
    else
      out.append(word);
    if (end < text.size()) out.push_back(text[end++]);
    i = end;
  }
  return out;
}

std::string safe_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return printable(url);
  const std::size_t host = scheme + 3;
  const std::size_t path = std::min(url.find('/', host), url.size());
  const std::size_t at = url.substr(0, path).rfind('@');
  if (at == std::string_view::npos || at < host) return printable(url);
  return printable(url.substr(0, host)) + printable(url.substr(at + 1));
}

}  // namespace launchgate
