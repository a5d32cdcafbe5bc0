#include "libscan/secrets/text_encoding.hpp"

#include <cstdint>
#include <cstring>

namespace launchgate::secrets {
namespace {

void append_utf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf", kUtf16LeMark = "\xff\xfe", kUtf16BeMark = "\xfe\xff";

// Text in a script of Europe, as UTF-16: nine units in ten are characters up to U+00FF, and none is a control.
bool is_utf16(std::string_view head, bool big_endian) {
  constexpr std::size_t kFewest = 8;  // units; fewer hold no secret with its name
  constexpr std::string_view kSpace = "\t\n\f\r";
  const std::size_t units = head.size() / 2;
  std::size_t latin = 0;
  for (std::size_t i = 0; i < units; ++i) {
    const char high = head[2 * i + (big_endian ? 0 : 1)], low = head[2 * i + (big_endian ? 1 : 0)];
    if (high != 0) continue;
    const bool control = (low >= 0 && low < ' ') || low == '\x7f';
    if (control && (low == 0 || kSpace.find(low) == kSpace.npos)) return false;
    ++latin;
  }
  return units >= kFewest && latin * 10 >= units * 9;
}

}  // namespace

Encoding detect_encoding(std::string_view head) noexcept {
  if (head.starts_with(kUtf8Mark)) return Encoding::utf8_bom;
  if (head.starts_with(kUtf16LeMark)) return Encoding::utf16_le;
  if (head.starts_with(kUtf16BeMark)) return Encoding::utf16_be;
  head = head.substr(0, kBinaryProbe);
  if (head.empty() || std::memchr(head.data(), 0, head.size()) == nullptr) return Encoding::bytes;
  if (is_utf16(head, false)) return Encoding::utf16_le;
  if (is_utf16(head, true)) return Encoding::utf16_be;
  return Encoding::binary;
}

std::size_t bom_size(std::string_view head) noexcept {
  if (head.starts_with(kUtf8Mark)) return kUtf8Mark.size();
  return head.starts_with(kUtf16LeMark) || head.starts_with(kUtf16BeMark) ? kUtf16LeMark.size() : 0;
}

void append_utf8_of_utf16(std::string_view bytes, bool big_endian, std::string& out) {
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<unsigned char>(bytes[i]), b = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? a << 8 | b : b << 8 | a);
  };
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    char32_t c = unit(i);
    if (c >= 0xd800 && c <= 0xdfff) {
      const char32_t low = c <= 0xdbff && i + 3 < bytes.size() ? unit(i + 2) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        i += 2;
      } else {
        c = 0xfffd;
      }
    }
    append_utf8(c, out);
  }
}

}  // namespace launchgate::secrets
