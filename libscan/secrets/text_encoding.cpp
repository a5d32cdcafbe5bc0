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

}  // namespace

Encoding detect_encoding(std::string_view head) noexcept {
  if (head.substr(0, 3) == "\xef\xbb\xbf") return Encoding::utf8_bom;
  if (head.substr(0, 2) == "\xff\xfe") return Encoding::utf16_le;
  if (head.substr(0, 2) == "\xfe\xff") return Encoding::utf16_be;
  head = head.substr(0, kBinaryProbe);
  if (!head.empty() && std::memchr(head.data(), 0, head.size()) != nullptr) return Encoding::binary;
  return Encoding::bytes;
}

std::size_t bom_size(Encoding e) noexcept {
  switch (e) {
    case Encoding::utf8_bom: return 3;
    case Encoding::utf16_le:
    case Encoding::utf16_be: return 2;
    default: return 0;
  }
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
