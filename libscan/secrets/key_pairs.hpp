// The table of pairs that the AVX2 form of KeyFinder looks things up in (key_finder_avx2.cpp), as the choice of keys
// sees it too (key_choice.hpp).
//
// Of the bytes a b c d e at an even place, the keys a-b-c-d and b-c-d-e share the pair b-c. The pair chooses one of
// 4,096 cells, which says of four neighbours which of eight classes of bytes they may have:
//
//   byte 0   a, where a key a-b-c.. is looked for      byte 2   d, where a key b-c-d.. is
//   byte 1   d, in the same key                        byte 3   e, in the same key
//
// (of a key of three bytes: what may follow it). Each class is one bit, so a cell and the classes of the four bytes in
// the text are compared by one AND.
//
// Pure functions, thread-safe.
#pragma once

#include <array>
#include <cstdint>

#include "libscan/secrets/anchor.hpp"

namespace launchgate::secrets {

inline constexpr unsigned kPairCellBits = 12;

// Of all odd factors this one keeps ASCII's pairs of either case best apart: all but 7 of 4,096 have a cell of their
// own.
inline constexpr std::uint16_t kPairFactor = 0x10f1;

// Of two bytes with bit 0x20 set, the first one of the text first.
constexpr std::size_t pair_cell(std::uint32_t first, std::uint32_t second) noexcept {
  return static_cast<std::uint16_t>((first | second << 8) * kPairFactor) >> (16 - kPairCellBits);
}

// A byte's class, by its low four bits: those that tell letters apart, of either case. Which share one was found by
// trying, to let as little source text by as can be.
inline constexpr std::array<std::uint8_t, 16> kByteClass = {0, 1, 2, 3, 7, 6, 4, 4, 4, 1, 7, 3, 0, 5, 6, 5};

constexpr std::uint32_t class_bit(std::uint32_t byte) noexcept { return 1U << kByteClass[byte & 15]; }

// What an anchor looked up by the key at `gram` adds to the table.
struct PairMark {
  std::size_t cell = 0;
  std::uint32_t bits = 0;
};
std::array<PairMark, 2> pair_marks(const Anchor& anchor, std::size_t gram);

}  // namespace launchgate::secrets
