#include "libscan/git/midx.hpp"

#include <utility>

#include "libscan/git/id_table.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kCap = std::size_t{1} << 46;
constexpr std::size_t kHeader = 12, kChunkRow = 4 + 8, kPlace = 4 + 4;
constexpr std::uint32_t kLarge = 0x80000000;

std::uint64_t get64(const unsigned char* p) noexcept { return std::uint64_t{get32(p)} << 32 | get32(p + 4); }

// A chunk by its name; no value when there is none, or its bounds make no sense. The row after the last chunk says
// where that ends.
std::optional<std::string_view> chunk(std::string_view bytes, std::size_t chunks, std::string_view name) {
  for (std::size_t i = 0; i < chunks; ++i) {
    const std::string_view row = bytes.substr(kHeader + i * kChunkRow, 2 * kChunkRow);
    if (!row.starts_with(name)) continue;
    const std::uint64_t begin = get64(bytes_of(row) + 4), end = get64(bytes_of(row) + kChunkRow + 4);
    if (begin > end || end > bytes.size()) return std::nullopt;
    return bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  }
  return std::nullopt;
}

}  // namespace

std::optional<MultiPackIndex> MultiPackIndex::open(const std::string& path, ObjectFormat format) {
  auto file = MappedFile::open(path, kCap);
  if (!file || !*file) return std::nullopt;
  auto out = parse((*file)->bytes(), format);
  if (out) out->file_ = std::move(**file);  // the mapping stays where it is
  return out;
}

std::optional<MultiPackIndex> MultiPackIndex::parse(std::string_view bytes, ObjectFormat format) {
  MultiPackIndex out;
  out.format_ = format;
  if (!out.take(bytes)) return std::nullopt;
  return out;
}

// Signature, version, kind of ids, number of chunks, of midx files this one builds on, and of packs.
bool MultiPackIndex::take(std::string_view bytes) {
  const std::size_t id = id_size(format_);
  if (bytes.size() < kHeader + id || !bytes.starts_with("MIDX")) return false;
  bytes.remove_suffix(id);  // the checksum
  const unsigned char* const header = bytes_of(bytes);
  const unsigned ids_version = format_ == ObjectFormat::sha1 ? 1 : 2;
  if (header[4] != 1 || header[5] != ids_version || header[7] != 0) return false;
  const std::size_t chunks = header[6];
  if (bytes.size() < kHeader + (chunks + 1) * kChunkRow) return false;

  const auto names = chunk(bytes, chunks, "PNAM"), fanout = chunk(bytes, chunks, "OIDF"),
             ids = chunk(bytes, chunks, "OIDL"), places = chunk(bytes, chunks, "OOFF");
  if (!names || !fanout || fanout->size() != kFanout || !ids || !places) return false;
  fanout_ = bytes_of(*fanout);
  count_ = get32(fanout_ + 255 * 4);
  if (ids->size() != std::uint64_t{count_} * id || places->size() != std::uint64_t{count_} * kPlace) return false;
  ids_ = bytes_of(*ids);
  places_ = bytes_of(*places);
  large_offsets_ = chunk(bytes, chunks, "LOFF").value_or(std::string_view{});
  return take_names(*names, get32(header + 8));
}

// Names end in NUL. They are joined to a path, so they must be names and nothing more.
bool MultiPackIndex::take_names(std::string_view names, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t end = names.find('\0');
    if (end == std::string_view::npos || end == 0) return false;
    const std::string_view name = names.substr(0, end);
    if (name.find('/') != std::string_view::npos || !name.starts_with("pack-") || !name.ends_with(".idx")) return false;
    packs_.push_back(name);
    names.remove_prefix(end + 1);
  }
  return true;
}

Oid MultiPackIndex::id_at(std::uint32_t position) const noexcept {
  return Oid::from_raw(ids_ + std::size_t{position} * id_size(format_), format_);
}

// The top bit means "in the table of large offsets" only where there is such a table.
std::optional<MultiPackIndex::Place> MultiPackIndex::place_at(std::uint32_t position) const noexcept {
  const unsigned char* const row = places_ + std::size_t{position} * kPlace;
  Place place{get32(row), get32(row + 4)};
  if (place.pack >= packs_.size()) return std::nullopt;
  if (!large_offsets_.empty() && (place.offset & kLarge) != 0) {
    const std::size_t at = static_cast<std::size_t>(place.offset & ~std::uint64_t{kLarge}) * 8;
    if (at + 8 > large_offsets_.size()) return std::nullopt;
    place.offset = get64(bytes_of(large_offsets_) + at);
  }
  return place;
}

std::optional<MultiPackIndex::Place> MultiPackIndex::find(const Oid& oid) const noexcept {
  const auto position = find_id({fanout_, ids_, id_size(format_), count_}, oid, format_);
  return position ? place_at(*position) : std::nullopt;
}

std::vector<std::vector<PackedObject>> MultiPackIndex::objects_by_pack() const {
  std::vector<std::vector<PackedObject>> objects(packs_.size());
  for (std::uint32_t i = 0; i < count_; ++i)
    if (const auto place = place_at(i)) objects[place->pack].push_back({id_at(i), place->offset});
  return objects;
}

}  // namespace launchgate::git
