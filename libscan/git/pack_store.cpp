// A packed object is whole or a delta to another one, which may be a delta again. The chain is followed down to what is
// whole (or is remembered), then the deltas are applied upwards, each inflated once, between two buffers.
#include "libscan/git/pack_store.hpp"

#include <dirent.h>

#include <algorithm>
#include <utility>

#include "libscan/git/delta.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kMaxChain = 4096;  // pack.depth's own limit is 4095
constexpr std::size_t kCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kCacheable = std::size_t{256} << 10;

struct CloseDir {
  void operator()(DIR* dir) const noexcept { ::closedir(dir); }
};

bool is_delta(PackEntry::Kind kind) noexcept {
  return kind == PackEntry::Kind::offset_delta || kind == PackEntry::Kind::ref_delta;
}

}  // namespace

std::vector<std::unique_ptr<Pack>> open_packs(const std::vector<std::string>& object_dirs, ObjectFormat format) {
  std::vector<std::unique_ptr<Pack>> packs;
  for (const std::string& dir : object_dirs) {
    const std::string folder = dir + "/pack";
    const std::unique_ptr<DIR, CloseDir> open(::opendir(folder.c_str()));
    if (open == nullptr) continue;
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(open.get())) names.emplace_back(entry->d_name);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names)
      if (auto pack = Pack::open(folder + "/" + name, format))
        packs.push_back(std::make_unique<Pack>(std::move(*pack)));
  }
  return packs;
}

std::optional<PackStore::Place> PackStore::find(const Oid& oid) {
  if (!opened_) packs_ = open_packs(object_dirs_, format_), opened_ = true;
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    const auto offset = packs_[i]->find(oid);
    if (!offset) continue;
    std::swap(packs_[0], packs_[i]);
    return Place{packs_[0].get(), *offset};
  }
  return std::nullopt;
}

bool PackStore::contains(const Oid& oid) { return find(oid).has_value(); }

std::optional<PackStore::Found> PackStore::read(const Oid& oid, std::size_t cap) {
  const auto place = find(oid);
  return place ? read_at(*place, cap) : std::nullopt;
}

const PackStore::Cached* PackStore::cached(const Place& place) const {
  const auto pack = cache_.find(place.pack);
  if (pack == cache_.end()) return nullptr;
  const auto found = pack->second.find(place.offset);
  return found == pack->second.end() ? nullptr : &found->second;
}

void PackStore::keep(const Place& place, PackEntry::Kind kind, std::string_view bytes) {
  if (kind == PackEntry::Kind::blob || bytes.size() > kCacheable) return;
  if (cached_bytes_ + bytes.size() > kCacheBytes) cache_.clear(), cached_bytes_ = 0;
  if (cache_[place.pack].try_emplace(place.offset, Cached{kind, std::string(bytes)}).second)
    cached_bytes_ += bytes.size() + 128;
}

std::optional<PackStore::Found> PackStore::read_at(const Place& place, std::size_t cap) {
  std::vector<PackEntry> deltas;  // the one asked for first
  Place at = place;
  std::string_view bytes;
  PackEntry::Kind kind = PackEntry::Kind::blob;
  for (;;) {
    if (const Cached* known = cached(at)) {
      bytes = known->bytes;
      kind = known->kind;
      break;
    }
    const auto entry = at.pack->entry(at.offset);
    if (!entry || entry->size > cap) return std::nullopt;
    if (is_delta(entry->kind)) {
      if (deltas.size() == kMaxChain) return std::nullopt;  // also what a circle of references runs into
      deltas.push_back(*entry);
      at.offset = entry->base;
      continue;
    }
    kind = entry->kind;
    const auto size = static_cast<std::size_t>(entry->size);
    char* out = base_.room(size + 1);
    if (!inflater_.inflate_exactly(at.pack->bytes_from(entry->data), out, size)) return std::nullopt;
    bytes = {out, size};
    break;
  }
  for (; !deltas.empty(); deltas.pop_back()) {
    const auto size = static_cast<std::size_t>(deltas.back().size);
    char* instructions = delta_.room(size + 1);
    if (!inflater_.inflate_exactly(place.pack->bytes_from(deltas.back().data), instructions, size)) return std::nullopt;
    std::string_view delta(instructions, size);
    const auto sizes = take_delta_sizes(delta);
    if (!sizes || sizes->base != bytes.size() || sizes->result > cap) return std::nullopt;
    const auto wanted = static_cast<std::size_t>(sizes->result);
    char* out = result_.room(wanted + 1);
    if (!apply_delta(bytes, delta, out, wanted)) return std::nullopt;
    std::swap(base_, result_);
    bytes = {base_.data(), wanted};
  }
  if (cached(place) == nullptr) keep(place, kind, bytes);
  return Found{kind, bytes};
}

}  // namespace launchgate::git
