#include "libscan/secrets/encoding.hpp"

#include <array>
#include <cstddef>

namespace launchgate::secrets {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

constexpr int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

std::string encode(std::string_view bytes, std::string_view alphabet, bool pad) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < n ? static_cast<std::uint8_t>(bytes[i + k]) : std::uint8_t{0});
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= n)
        out += alphabet[group >> (18 - 6 * k) & 63];
      else if (pad)
        out += '=';
    }
  }
  return out;
}

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = c & 1 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

constexpr std::uint32_t bech32_step(std::uint32_t state, std::uint32_t value) {
  constexpr std::uint32_t kGenerator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const std::uint32_t top = state >> 25;
  state = (state & 0x1ffffff) << 5 ^ value;
  for (int i = 0; i < 5; ++i)
    if (top >> i & 1) state ^= kGenerator[i];
  return state;
}

}  // namespace

std::string decode_base64(std::string_view text, std::size_t limit) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() % 4 == 1) return {};
  std::string out;
  out.reserve(std::min(limit, text.size() / 4 * 3 + 2));
  std::uint32_t group = 0;
  int bits = 0;
  for (char c : text) {
    const int value = sextet(c);
    if (value < 0) return {};
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      if (out.size() == limit) return out;
      out += static_cast<char>(group >> bits & 0xff);
    }
  }
  return out;
}

std::string encode_base64(std::string_view bytes) { return encode(bytes, kBase64, true); }
std::string encode_base64url(std::string_view bytes) { return encode(bytes, kBase64Url, false); }

std::uint32_t crc32(std::string_view bytes) noexcept {
  std::uint32_t c = 0xffffffff;
  for (char b : bytes) c = kCrcTable[(c ^ static_cast<std::uint8_t>(b)) & 0xff] ^ (c >> 8);
  return ~c;
}

std::string crc32_base62(std::string_view bytes) {
  std::string out(6, '0');
  std::uint32_t value = crc32(bytes);
  for (std::size_t i = 6; i-- > 0; value /= 62) out[i] = kBase62[value % 62];
  return out;
}

std::string crc32_hex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  std::uint32_t value = crc32(bytes);
  for (int i = 0; i < 4; ++i, value >>= 8) {
    out += kHex[value >> 4 & 15];
    out += kHex[value & 15];
  }
  return out;
}

std::string bech32_checksum(std::string_view human_part, std::string_view data) {
  std::uint32_t state = 1;
  for (char c : human_part) state = bech32_step(state, static_cast<std::uint8_t>(c) >> 5);
  state = bech32_step(state, 0);
  for (char c : human_part) state = bech32_step(state, static_cast<std::uint8_t>(c) & 31);
  for (char c : data) {
    const std::size_t value = kBech32.find(c);
    if (value == std::string_view::npos) return {};
    state = bech32_step(state, static_cast<std::uint32_t>(value));
  }
  for (int i = 0; i < 6; ++i) state = bech32_step(state, 0);
  state ^= 1;
  std::string out;
  for (int i = 0; i < 6; ++i) out += kBech32[state >> (5 * (5 - i)) & 31];
  return out;
}

}  // namespace launchgate::secrets
