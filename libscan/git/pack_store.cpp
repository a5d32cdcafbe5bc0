// A packed object is whole or a delta to another one, which may be a delta again. The chain is followed down to what is
// whole (or is remembered), then the deltas are applied upwards, each inflated once, between two buffers.
#include "libscan/git/pack_store.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "libscan/git/delta.hpp"
#include "libscan/git/midx.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kMaxChain = 4096;  // pack.depth's own limit is 4095

struct CloseDir {
  void operator()(DIR* dir) const noexcept { ::closedir(dir); }
};

bool is_delta(PackEntry::Kind kind) noexcept {
  return kind == PackEntry::Kind::offset_delta || kind == PackEntry::Kind::ref_delta;
}

// Packs without an index of their own, which is rare: the multi-pack-index is not looked at before there is one.
class ListedPacks {
 public:
  ListedPacks(const std::string& folder, ObjectFormat format) : folder_(folder), format_(format) {}

  std::optional<Pack> open(const std::string& name, const std::string& index) {
    if (!looked_) {
      looked_ = true;
      midx_ = MultiPackIndex::open(folder_ + "/multi-pack-index", format_);
      if (midx_) objects_ = midx_->objects_by_pack();
    }
    if (!midx_) return std::nullopt;
    const auto at = std::find(midx_->packs().begin(), midx_->packs().end(), index);
    if (at == midx_->packs().end()) return std::nullopt;
    const auto position = static_cast<std::size_t>(at - midx_->packs().begin());
    return Pack::open_listed(folder_ + "/" + name, objects_[position], format_);
  }

 private:
  const std::string& folder_;
  ObjectFormat format_;
  bool looked_ = false;
  std::optional<MultiPackIndex> midx_;
  std::vector<std::vector<PackedObject>> objects_;
};

}  // namespace

PackFolder open_pack_folder(const std::string& folder, ObjectFormat format) {
  constexpr std::string_view kIdx = ".idx", kPack = ".pack";
  PackFolder out;
  const std::unique_ptr<DIR, CloseDir> open(::opendir(folder.c_str()));
  if (open == nullptr) return out;
  std::set<std::string> names;
  while (const dirent* entry = ::readdir(open.get()))
    if (std::string name = entry->d_name; name.ends_with(kIdx) || name.ends_with(kPack)) names.insert(std::move(name));
  const std::string start = folder + "/";
  ListedPacks listed(folder, format);
  for (const std::string& name : names) {
    std::optional<Pack> pack;
    if (name.ends_with(kIdx)) {
      pack = Pack::open(start + name, format);
    } else {
      const std::string index = name.substr(0, name.size() - kPack.size()).append(kIdx);
      if (names.contains(index)) continue;
      pack = listed.open(name, index);
    }
    if (pack)
      out.packs.push_back(std::make_unique<Pack>(std::move(*pack)));
    else
      out.unusable.push_back(name);
  }
  return out;
}

std::vector<std::unique_ptr<Pack>> open_packs(const std::vector<std::string>& object_dirs, ObjectFormat format) {
  std::vector<std::unique_ptr<Pack>> packs;
  for (const std::string& dir : object_dirs) {
    PackFolder folder = open_pack_folder(dir + "/pack", format);
    std::move(folder.packs.begin(), folder.packs.end(), std::back_inserter(packs));
  }
  return packs;
}

void PackStore::open() {
  if (opened_) return;
  changed_ = changes();
  packs_ = open_packs(object_dirs_, format_);
  opened_ = true;
}

// Nanoseconds; of a folder that is not there 0.
std::vector<std::int64_t> PackStore::changes() const {
  std::vector<std::int64_t> out;
  for (const std::string& dir : object_dirs_) {
    struct stat info {};
    const bool there = ::stat((dir + "/pack").c_str(), &info) == 0;
    out.push_back(there ? info.st_mtim.tv_sec * std::int64_t{1'000'000'000} + info.st_mtim.tv_nsec : 0);
  }
  return out;
}

// Those that are open stay so, even when their files are gone: what was read of them may be remembered by their
// address.
bool PackStore::look_for_new() {
  open();
  std::vector<std::int64_t> now = changes();
  if (now == changed_) return false;
  changed_ = std::move(now);
  std::set<std::string> known;
  for (const auto& pack : packs_) known.insert(pack->path());
  const std::size_t before = packs_.size();
  for (auto& pack : open_packs(object_dirs_, format_))
    if (!known.contains(pack->path())) packs_.push_back(std::move(pack));
  return packs_.size() > before;
}

std::optional<PackStore::Place> PackStore::find(const Oid& oid) {
  open();
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    const auto offset = packs_[i]->find(oid);
    if (!offset) continue;
    std::swap(packs_[0], packs_[i]);
    return Place{packs_[0].get(), *offset};
  }
  return std::nullopt;
}

bool PackStore::contains(const Oid& oid) { return find(oid).has_value(); }

std::string PackStore::suspect(const Oid& oid) const {
  std::string unusable;
  for (const std::string& dir : object_dirs_) {
    PackFolder folder = open_pack_folder(dir + "/pack", format_);
    for (const auto& pack : folder.packs)
      if (pack->lists(oid)) return pack->path();
    if (unusable.empty() && !folder.unusable.empty()) unusable = dir + "/pack/" + folder.unusable.front();
  }
  return unusable;
}

std::optional<PackStore::Found> PackStore::read(const Oid& oid, std::size_t cap) {
  too_large_ = false;
  Asked& asked = asked_[oid.prefix() % asked_.size()];
  if (asked.place.pack == nullptr || asked.oid != oid) {
    const auto place = find(oid);
    if (!place) return std::nullopt;
    asked = {oid, *place};
  }
  auto found = read_at(asked.place, cap);
  if (found || too_large_) return found;
  // Damaged there: another pack may have it too.
  for (const auto& pack : packs_) {
    const auto offset = pack->find(oid);
    if (!offset || pack.get() == asked.place.pack) continue;
    if (found = read_at({pack.get(), *offset}, cap); !found) continue;
    asked.place = {pack.get(), *offset};
    return found;
  }
  return std::nullopt;
}

// Trees and commits are made in memory that the cache may share; blobs, which are large and asked for once, in two
// buffers that are used again and again.
std::optional<PackStore::Found> PackStore::read_at(const Place& place, std::size_t cap) {
  chain_.clear();
  std::uint64_t at = place.offset;
  Found found{PackEntry::Kind::blob, {}, {}};
  for (;;) {
    if (const BaseCache::Entry* known = cache_.find(place.pack, at)) {
      found = {known->kind, known->bytes.view(), known->bytes};
      break;
    }
    const auto entry = place.pack->entry(at);
    too_large_ = entry && entry->size > cap;
    if (!entry || too_large_) return std::nullopt;
    if (is_delta(entry->kind)) {
      if (chain_.size() == kMaxChain) return std::nullopt;  // also what a circle of references runs into
      chain_.push_back({at, *entry});
      at = entry->base;
      continue;
    }
    found.kind = entry->kind;
    const auto size = static_cast<std::size_t>(entry->size);
    if (found.kind != PackEntry::Kind::blob) found.held = SharedBytes::make(size);
    char* out = found.held.data ? found.held.data.get() : base_.room(size + 1);
    if (!inflater_.inflate_exactly(place.pack->bytes_from(entry->data), out, size)) return std::nullopt;
    found.bytes = {out, size};
    // A whole commit that nobody asks for again is not worth its place.
    if (found.kind == PackEntry::Kind::tree || !chain_.empty()) keep(place.pack, at, found);
    break;
  }
  for (; !chain_.empty(); chain_.pop_back()) {
    const Link& link = chain_.back();
    const auto size = static_cast<std::size_t>(link.entry.size);
    char* instructions = delta_.room(size + 1);
    if (!inflater_.inflate_exactly(place.pack->bytes_from(link.entry.data), instructions, size)) return std::nullopt;
    std::string_view delta(instructions, size);
    const auto sizes = take_delta_sizes(delta);
    too_large_ = sizes && sizes->base == found.bytes.size() && sizes->result > cap;
    if (!sizes || sizes->base != found.bytes.size() || too_large_) return std::nullopt;
    const auto wanted = static_cast<std::size_t>(sizes->result);
    SharedBytes made;
    if (found.kind != PackEntry::Kind::blob) made = SharedBytes::make(wanted);
    char* out = made.data ? made.data.get() : result_.room(wanted + 1);
    if (!apply_delta(found.bytes, delta, out, wanted)) return std::nullopt;
    if (!made.data) std::swap(base_, result_);
    found.held = std::move(made);
    found.bytes = {out, wanted};
    keep(place.pack, link.offset, found);
  }
  latest_ = found.held;
  return found;
}

void PackStore::keep(const Pack* pack, std::uint64_t offset, const Found& found) {
  if (found.kind == PackEntry::Kind::tree || found.kind == PackEntry::Kind::commit)
    cache_.put(pack, offset, found.kind, found.held);
}

}  // namespace launchgate::git
