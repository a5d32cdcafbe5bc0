#include "libscan/core/text.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace launchgate {
namespace {

constexpr bool continuation(unsigned char c) noexcept { return (c & 0xc0) == 0x80; }

// Decodes the character at the front; length 0 when it is malformed (RFC 3629: no overlong forms, no surrogates).
struct Decoded {
  char32_t value;
  std::size_t length;
};

Decoded decode(std::string_view s) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < length) return {0, 0};
  char32_t value = lead & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (!continuation(byte(i))) return {0, 0};
    value = value << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff) return {0, 0};
  return {value, length};
}

bool unsafe_to_show(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0x2028 || c == 0x2029 || c == 0x200e || c == 0x200f || c == 0xfeff;
}

void append_hex(std::string& out, char32_t value, int digits) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.push_back(kHex[(value >> shift) & 15]);
}

}  // namespace

std::size_t utf8_length(std::string_view s) noexcept { return std::max<std::size_t>(1, decode(s).length); }

std::size_t count_characters(std::string_view s) noexcept {
  std::size_t n = 0;
  for (std::size_t i = 0; i < s.size(); ++n) i += utf8_length(s.substr(i));
  return n;
}

std::string printable(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size();) {
    const Decoded d = decode(s.substr(i));
    if (d.length == 0) {
      out += "\\x";
      append_hex(out, static_cast<unsigned char>(s[i]), 2);
    } else if (d.value == '\t') {
      out += ' ';
    } else if (unsafe_to_show(d.value)) {
      if (d.value < 0x100) {
        out += "\\x";
        append_hex(out, d.value, 2);
      } else {
        out += "\\u{";
        append_hex(out, d.value, 4);
        out += '}';
      }
    } else {
      out.append(s.substr(i, d.length));
    }
    i += std::max<std::size_t>(1, d.length);
  }
  return out;
}

std::string valid_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t length = decode(s.substr(i)).length;
    if (length == 0)
      out += "\xef\xbf\xbd";
    else
      out.append(s.substr(i, length));
    i += std::max<std::size_t>(1, length);
  }
  return out;
}

std::string ellipsize(std::string_view s, std::size_t width) {
  std::size_t i = 0, last = 0;
  for (std::size_t n = 0; i < s.size() && n < width; ++n) last = i, i += utf8_length(s.substr(i));
  if (i >= s.size()) return std::string(s);
  return std::string(s.substr(0, last)) + "…";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

LineCounter::Place LineCounter::at(std::size_t offset) noexcept {
  offset = std::min(offset, text_.size());
  while (offset_ < offset) {
    const void* newline = std::memchr(text_.data() + offset_, '\n', offset - offset_);
    if (newline == nullptr) break;
    offset_ = static_cast<std::size_t>(static_cast<const char*>(newline) - text_.data()) + 1;
    ++line_;
    column_ = 1;
  }
  column_ += static_cast<std::uint32_t>(count_characters(text_.substr(offset_, offset - offset_)));
  offset_ = std::max(offset_, offset);
  return {line_, column_};
}

}  // namespace launchgate
