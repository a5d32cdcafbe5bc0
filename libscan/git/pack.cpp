#include "libscan/git/pack.hpp"

#include "libscan/git/id_table.hpp"

namespace launchgate::git {
namespace {

// "\377tOc", which no fanout of the first version begins with, and the version.
constexpr std::string_view kMagic("\377tOc\0\0\0\2", 8);
constexpr std::size_t kPackHeader = 12;
constexpr std::size_t kCap = std::size_t{1} << 46;
constexpr std::uint32_t kLarge = 0x80000000;  // of an offset: the rest is a position in the table of large ones

void put32(std::vector<char>& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(value >> shift & 0xff));
}

}  // namespace

std::optional<Pack> Pack::open(const std::string& path, ObjectFormat format) {
  constexpr std::string_view kIdx = ".idx";
  if (!path.ends_with(kIdx) || path.size() == kIdx.size()) return std::nullopt;
  auto index = MappedFile::open(path, kCap);
  if (!index || !*index) return std::nullopt;
  Pack out;
  out.format_ = format;
  out.index_ = std::move(**index);
  if (!out.take_pack(path.substr(0, path.size() - kIdx.size()) + ".pack")) return std::nullopt;
  const std::string_view bytes = out.index_.bytes();
  const std::size_t checksums = 2 * id_size(format);
  if (bytes.size() < checksums || !out.take_index(bytes.substr(0, bytes.size() - checksums))) return std::nullopt;
  if (get32(bytes_of(out.objects_) + 8) != out.count_) return std::nullopt;
  return out;
}

std::optional<Pack> Pack::open_listed(const std::string& path, std::span<const PackedObject> objects,
                                      ObjectFormat format) {
  if (objects.size() >= kLarge) return std::nullopt;
  Pack out;
  out.format_ = format;
  if (!out.take_pack(path)) return std::nullopt;
  std::vector<char>& index = out.made_index_;
  index.assign(kMagic.begin(), kMagic.end());
  std::size_t next = 0;
  for (unsigned first = 0; first < 256; ++first) {
    while (next < objects.size() && objects[next].oid.bytes[0] <= first) ++next;
    put32(index, static_cast<std::uint32_t>(next));
  }
  for (const PackedObject& object : objects)
    index.insert(index.end(), object.oid.bytes.begin(),
                 object.oid.bytes.begin() + static_cast<std::ptrdiff_t>(id_size(format)));
  index.insert(index.end(), objects.size() * 4, 0);  // checksums, which nobody asks for
  std::uint32_t large = 0;
  for (const PackedObject& object : objects)
    put32(index, object.offset < kLarge ? static_cast<std::uint32_t>(object.offset) : kLarge | large++);
  for (const PackedObject& object : objects) {
    if (object.offset < kLarge) continue;
    put32(index, static_cast<std::uint32_t>(object.offset >> 32));
    put32(index, static_cast<std::uint32_t>(object.offset));
  }
  if (!out.take_index({index.data(), index.size()})) return std::nullopt;
  return out;
}

bool Pack::take_pack(const std::string& path) {
  auto pack = MappedFile::open(path, kCap);
  if (!pack || !*pack) return false;
  pack_ = std::move(**pack);
  path_ = path;
  const std::string_view bytes = pack_.bytes();
  if (bytes.size() < kPackHeader + id_size(format_) || !bytes.starts_with("PACK")) return false;
  const std::uint32_t version = get32(bytes_of(bytes) + 4);
  objects_ = bytes.substr(0, bytes.size() - id_size(format_));
  return version == 2 || version == 3;
}

// `index`: without the two checksums at its end.
bool Pack::take_index(std::string_view index) {
  const std::size_t id = id_size(format_);
  const bool first_version = !index.starts_with(kMagic.substr(0, 4));
  const std::size_t header = first_version ? 0 : kMagic.size();
  if (index.size() < header + kFanout || (!first_version && !index.starts_with(kMagic))) return false;
  fanout_ = bytes_of(index) + header;
  count_ = get32(fanout_ + 255 * 4);
  const std::uint64_t count = count_, room = index.size() - header - kFanout;
  if (first_version) {
    if (room != count * (4 + id)) return false;
    offsets_ = fanout_ + kFanout;
    ids_ = offsets_ + 4;
    id_stride_ = offset_stride_ = 4 + id;
    return true;
  }
  // A table of ids, one of checksums, one of offsets, one of large offsets.
  const std::uint64_t tables = count * (id + 4 + 4);
  if (tables > room || (room - tables) % 8 != 0) return false;
  ids_ = fanout_ + kFanout;
  offsets_ = ids_ + count * (id + 4);
  large_offsets_ = offsets_ + count * 4;
  large_count_ = (room - tables) / 8;
  id_stride_ = id;
  offset_stride_ = 4;
  return true;
}

Oid Pack::id_at(std::uint32_t position) const noexcept {
  return Oid::from_raw(ids_ + std::size_t{position} * id_stride_, format_);
}

std::uint64_t Pack::offset_at(std::uint32_t position) const noexcept {
  const std::uint32_t offset = get32(offsets_ + std::size_t{position} * offset_stride_);
  // In the first version all 32 bits are the offset.
  if (large_offsets_ == nullptr || (offset & kLarge) == 0) return offset;
  const std::uint32_t large = offset & ~kLarge;
  if (large >= large_count_) return 0;  // no object lies at 0
  const unsigned char* p = large_offsets_ + std::size_t{large} * 8;
  return std::uint64_t{get32(p)} << 32 | get32(p + 4);
}

bool Pack::lists(const Oid& oid) const noexcept {
  return find_id({fanout_, ids_, id_stride_, count_}, oid, format_).has_value();
}

std::optional<std::uint64_t> Pack::find(const Oid& oid) const noexcept {
  const auto position = find_id({fanout_, ids_, id_stride_, count_}, oid, format_);
  if (!position) return std::nullopt;
  const std::uint64_t offset = offset_at(*position);
  if (offset < kPackHeader || offset >= objects_.size()) return std::nullopt;
  return offset;
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
