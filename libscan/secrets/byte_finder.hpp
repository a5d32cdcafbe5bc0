// Whether a text holds any byte of a set: of sixty-four bytes at once where the processor has AVX-512 BW, of thirty-two
// where it has AVX2, else one by one. Thread-safety: immutable after construction.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

class ByteFinder {
 public:
  enum class Vectors : std::uint8_t { none, avx2, avx512 };

  // By the low half of a byte: bit k of the first row says whether byte 16 * k + low is in the set, of the second row
  // whether byte 128 + 16 * k + low is. A table of sixteen is what one shuffle can look bytes up in.
  using Rows = std::array<std::array<std::uint8_t, 16>, 2>;
  static Rows rows_of(const regex::ByteSet& set) noexcept;

  explicit ByteFinder(const regex::ByteSet& set) : ByteFinder(rows_of(set)) {}
  explicit ByteFinder(const Rows& rows) noexcept;

  bool holds(unsigned char byte) const noexcept { return (rows_[byte >> 7][byte & 15] >> (byte >> 4 & 7) & 1) != 0; }
  bool any_in(std::string_view text) const noexcept;
  bool any_in_byte_wise(std::string_view text) const noexcept;  // the same, the slow way

 private:
  alignas(16) Rows rows_;
  Vectors vectors_;
};

}  // namespace launchgate::secrets
