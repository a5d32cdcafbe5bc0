#include "libscan/git/pack.hpp"

#include <cstring>

namespace launchgate::git {
namespace {

constexpr std::size_t kIndexHeader = 8, kFanout = 256 * 4, kPackHeader = 12;
constexpr std::size_t kCap = std::size_t{1} << 46;

std::uint32_t get32(const unsigned char* p) noexcept {
  return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
         static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::optional<Pack> Pack::open(const std::string& path, ObjectFormat format) {
  constexpr std::string_view kIdx = ".idx";
  if (path.size() <= kIdx.size() || path.compare(path.size() - kIdx.size(), kIdx.size(), kIdx) != 0)
    return std::nullopt;
  auto index = MappedFile::open(path, kCap);
  auto pack = MappedFile::open(path.substr(0, path.size() - kIdx.size()) + ".pack", kCap);
  if (!index || !*index || !pack || !*pack) return std::nullopt;

  Pack out;
  out.index_ = std::move(**index);
  out.pack_ = std::move(**pack);
  out.format_ = format;
  const std::string_view idx = out.index_.bytes(), objects = out.pack_.bytes();
  const std::size_t id = id_size(format);
  if (idx.size() < kIndexHeader + kFanout + 2 * id || std::memcmp(idx.data(), "\377tOc\0\0\0\2", kIndexHeader) != 0)
    return std::nullopt;
  if (objects.size() < kPackHeader + id || objects.substr(0, 4) != "PACK") return std::nullopt;
  const std::uint32_t version = get32(bytes_of(objects) + 4);
  if (version != 2 && version != 3) return std::nullopt;

  out.fanout_ = bytes_of(idx) + kIndexHeader;
  out.count_ = get32(out.fanout_ + 255 * 4);
  // A table of ids, one of checksums, one of offsets, one of large offsets; then two checksums.
  const std::uint64_t tables = std::uint64_t{out.count_} * (id + 4 + 4);
  const std::uint64_t room = idx.size() - kIndexHeader - kFanout - 2 * id;
  if (tables > room || (room - tables) % 8 != 0 || get32(bytes_of(objects) + 8) != out.count_) return std::nullopt;
  out.ids_ = out.fanout_ + kFanout;
  out.offsets_ = out.ids_ + std::uint64_t{out.count_} * (id + 4);
  out.large_offsets_ = out.offsets_ + std::uint64_t{out.count_} * 4;
  out.large_count_ = (room - tables) / 8;
  out.objects_ = objects.substr(0, objects.size() - id);
  return out;
}

Oid Pack::id_at(std::uint32_t position) const noexcept {
  return Oid::from_raw(ids_ + std::size_t{position} * id_size(format_), format_);
}

std::uint64_t Pack::offset_at(std::uint32_t position) const noexcept {
  constexpr std::uint32_t kLarge = 0x80000000;
  const std::uint32_t offset = get32(offsets_ + std::size_t{position} * 4);
  if ((offset & kLarge) == 0) return offset;
  const std::uint32_t large = offset & ~kLarge;
  if (large >= large_count_) return 0;  // no object lies at 0
  const unsigned char* p = large_offsets_ + std::size_t{large} * 8;
  return std::uint64_t{get32(p)} << 32 | get32(p + 4);
}

std::optional<std::uint64_t> Pack::find(const Oid& oid) const noexcept {
  const std::size_t id = id_size(format_);
  const std::uint8_t first = oid.bytes[0];
  std::uint32_t low = first == 0 ? 0 : get32(fanout_ + (first - 1) * 4);
  std::uint32_t high = get32(fanout_ + first * 4);
  if (high > count_) return std::nullopt;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const int order = std::memcmp(ids_ + std::size_t{middle} * id, oid.bytes.data(), id);
    if (order == 0) {
      const std::uint64_t offset = offset_at(middle);
      if (offset < kPackHeader || offset >= objects_.size()) return std::nullopt;
      return offset;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return std::nullopt;
}

std::optional<PackEntry> Pack::entry(std::uint64_t offset) const noexcept {
  if (offset < kPackHeader || offset >= objects_.size()) return std::nullopt;
  const unsigned char* const begin = bytes_of(objects_);
  const unsigned char* at = begin + offset;
  const unsigned char* const end = begin + objects_.size();
  PackEntry entry;
  // Three bits of kind, four of size; then seven more bits of size a byte, while the top bit is set.
  unsigned char byte = *at++;
  const unsigned kind = byte >> 4 & 7;
  entry.size = byte & 15;
  for (unsigned shift = 4; (byte & 0x80) != 0; shift += 7) {
    if (at == end || shift > 56) return std::nullopt;
    byte = *at++;
    entry.size |= std::uint64_t{byte & 0x7fU} << shift;
  }
  if (kind == 0 || kind == 5) return std::nullopt;
  entry.kind = static_cast<PackEntry::Kind>(kind);
  if (entry.kind == PackEntry::Kind::offset_delta) {
    // How far back the base lies: seven bits a byte, one added at each continuation.
    std::uint64_t back = 0;
    do {
      if (at == end || back > kCap) return std::nullopt;
      byte = *at++;
      back = back << 7 | (byte & 0x7fU);
      if ((byte & 0x80) != 0) ++back;
    } while ((byte & 0x80) != 0);
    if (back == 0 || back > offset - kPackHeader) return std::nullopt;
    entry.base = offset - back;
  } else if (entry.kind == PackEntry::Kind::ref_delta) {
    const std::size_t id = id_size(format_);
    if (static_cast<std::size_t>(end - at) < id) return std::nullopt;
    const auto base = find(Oid::from_raw(at, format_));
    if (!base) return std::nullopt;
    entry.base = *base;
    at += id;
  }
  entry.data = static_cast<std::uint64_t>(at - begin);
  if (entry.data >= objects_.size()) return std::nullopt;
  return entry;
}

}  // namespace launchgate::git
