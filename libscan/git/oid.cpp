#include "libscan/git/oid.hpp"

namespace launchgate::git {
namespace {

// The value of each hex digit; a bit above the low four for every other byte.
constexpr std::uint8_t kNoDigit = 0x80;
constexpr auto kDigitValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (unsigned i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i) values['a' + i] = values['A' + i] = static_cast<std::uint8_t>(10 + i);
  return values;
}();

std::uint8_t digit(char c) noexcept { return kDigitValues[static_cast<unsigned char>(c)]; }

}  // namespace

std::optional<Oid> Oid::from_hex(std::string_view hex) noexcept {
  if (hex.size() != 40 && hex.size() != 64) return std::nullopt;
  Oid id;
  id.size = static_cast<std::uint8_t>(hex.size() / 2);
  std::uint8_t all = 0;
  for (std::size_t i = 0; i < id.size; ++i) {
    const std::uint8_t high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
    all |= high | low;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if ((all & kNoDigit) != 0) return std::nullopt;
  return id;
}

std::string Oid::hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * std::size_t{size});
  for (std::size_t i = 0; i < size; ++i) {
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

}  // namespace launchgate::git
