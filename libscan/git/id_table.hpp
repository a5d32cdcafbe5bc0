// The table of object ids that pack indexes and multi-pack-indexes share: ids in order, and before them the fanout,
// which says for each first byte how many ids begin with it or a smaller one (gitformat-pack(5)).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "libscan/git/oid.hpp"

namespace launchgate::git {

constexpr std::size_t kFanout = 256 * 4;  // bytes

inline std::uint32_t get32(const unsigned char* p) noexcept {
  return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
         static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

inline const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

struct IdTable {
  const unsigned char* fanout;
  const unsigned char* ids;
  std::size_t stride;  // from one id to the next
  std::uint32_t count;
};

// The position of an id; no value when the table has it not, or its fanout makes no sense.
//
// Ids are digests, spread evenly: where one stands among n can be told from its first bytes, about sqrt(n) places off,
// and from what stands there once more, a few places off. Each place looked at is a cache miss in a table of millions,
// and halving the table would make twelve of them. On a table that is not spread evenly this still halves.
inline std::optional<std::uint32_t> find_id(const IdTable& table, const Oid& oid, ObjectFormat format) noexcept {
  const std::uint8_t first = oid.bytes[0];
  std::uint32_t low = first == 0 ? 0 : get32(table.fanout + (first - 1) * 4);
  std::uint32_t high = get32(table.fanout + first * 4);
  if (high > table.count || low >= high) return std::nullopt;
  const auto id_at = [&](std::uint32_t at) { return table.ids + std::size_t{at} * table.stride; };
  const std::int64_t size = high - low;
  const std::int64_t wanted = get32(oid.bytes.data() + 1);  // all these have the first byte in common
  std::int64_t guess = low + (wanted * size >> 32);
  for (std::int64_t step = 0; low < high; ++step) {
    constexpr std::int64_t kGuesses = 6;
    if (step > kGuesses) guess = low + (high - low) / 2;
    const auto at = static_cast<std::uint32_t>(std::clamp<std::int64_t>(guess, low, high - 1));
    const int order = std::memcmp(id_at(at), oid.bytes.data(), id_size(format));
    if (order == 0) return at;
    const std::int64_t off = (wanted - static_cast<std::int64_t>(get32(id_at(at) + 1))) * size >> 32;
    guess = at + off;
    if (order < 0)
      low = at + 1;
    else
      high = at;
  }
  return std::nullopt;
}

}  // namespace launchgate::git
