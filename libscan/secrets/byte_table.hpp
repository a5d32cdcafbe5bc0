// A set of bytes to look things up in, millions of times a second; regex::ByteSet is for putting sets together. Plain
// memory, so that it may lie in a block of tables (flat_bytes.hpp).
#pragma once

#include <array>
#include <cstdint>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

struct ByteTable {
  std::array<std::uint64_t, 4> words{};

  static ByteTable of(const regex::ByteSet& set) {
    static const regex::ByteSet kWord(~std::uint64_t{0});
    ByteTable table;
    for (std::size_t i = 0; i < table.words.size(); ++i) table.words[i] = (set >> 64 * i & kWord).to_ullong();
    return table;
  }
  bool holds(unsigned char c) const noexcept { return (words[c >> 6] >> (c & 63) & 1) != 0; }
  bool operator==(const ByteTable&) const = default;
};

}  // namespace launchgate::secrets
