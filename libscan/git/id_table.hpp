// The table of object ids that pack indexes and multi-pack-indexes share: ids in order, and before them the fanout,
// which says for each first byte how many ids begin with it or a smaller one (gitformat-pack(5)).
#pragma once

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
inline std::optional<std::uint32_t> find_id(const IdTable& table, const Oid& oid, ObjectFormat format) noexcept {
  const std::uint8_t first = oid.bytes[0];
  std::uint32_t low = first == 0 ? 0 : get32(table.fanout + (first - 1) * 4);
  std::uint32_t high = get32(table.fanout + first * 4);
  if (high > table.count) return std::nullopt;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const int order = std::memcmp(table.ids + std::size_t{middle} * table.stride, oid.bytes.data(), id_size(format));
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return std::nullopt;
}

}  // namespace launchgate::git
