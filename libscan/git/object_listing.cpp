// A delta does not say of what kind its object is: its chain is followed to what is whole, header by header.
#include "libscan/git/object_listing.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include "libscan/git/file.hpp"
#include "libscan/git/pack_store.hpp"

namespace launchgate::git {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxChain = 4096;  // as PackStore has it

std::optional<PackEntry::Kind> kind_of(const Pack& pack, std::uint64_t offset) {
  for (int links = 0; links < kMaxChain; ++links) {
    const auto entry = pack.entry(offset);
    if (!entry) return std::nullopt;
    if (entry->kind != PackEntry::Kind::offset_delta && entry->kind != PackEntry::Kind::ref_delta) return entry->kind;
    offset = entry->base;
  }
  return std::nullopt;
}

class Lister {
 public:
  Lister(const Repository& repository, ObjectReader& objects, const std::vector<Oid>& known)
      : format_(repository.format), objects_(objects), known_(known) {}

  void add_folder(const std::string& dir) {
    add_packs(dir + "/pack");
    add_loose(dir);
  }

  ObjectListing take() {
    for (auto* list : {&found_.blobs, &found_.commits, &found_.tags}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    return std::move(found_);
  }

 private:
  bool is_known(const Oid& oid) const { return std::binary_search(known_.begin(), known_.end(), oid); }

  void add(const Oid& oid, ObjectType type) {
    switch (type) {
      case ObjectType::blob: return found_.blobs.push_back(oid);
      case ObjectType::commit: return found_.commits.push_back(oid);
      case ObjectType::tag: return found_.tags.push_back(oid);
      case ObjectType::tree: return;
    }
  }

  // Its kind is what reading it says.
  void add_by_reading(const Oid& oid) {
    const auto object = objects_.read(oid);
    if (object)
      add(oid, object->type);
    else
      found_.coverage.skip("unreadable", oid.hex(), true);
  }

  void add_packs(const std::string& folder) {
    const PackFolder opened = open_pack_folder(folder, format_);
    for (const auto& pack : opened.packs) add_pack(*pack);
    for (const std::string& name : opened.unusable) found_.coverage.skip("unreadable-pack", name, true);
  }

  void add_pack(const Pack& pack) {
    for (std::uint32_t i = 0; i < pack.size(); ++i) {
      const Oid oid = pack.id_at(i);
      if (is_known(oid)) continue;
      const auto kind = kind_of(pack, pack.offset_at(i));
      if (!kind) {
        add_by_reading(oid);
        continue;
      }
      switch (*kind) {
        case PackEntry::Kind::blob: add(oid, ObjectType::blob); break;
        case PackEntry::Kind::commit: add(oid, ObjectType::commit); break;
        case PackEntry::Kind::tag: add(oid, ObjectType::tag); break;
        default: break;
      }
    }
  }

  // "ab/cdef...": two digits of the name, then the others.
  void add_loose(const std::string& dir) {
    constexpr char kDigits[] = "0123456789abcdef";
    for (int first = 0; first < 256; ++first) {
      std::string name = {kDigits[first >> 4], kDigits[first & 15]};
      std::error_code none;
      for (const auto& file : fs::directory_iterator(join_path(dir, name), none)) {
        name.replace(2, std::string::npos, file.path().filename().string());
        const auto oid = Oid::from_hex(name);
        if (oid && !is_known(*oid)) add_by_reading(*oid);
      }
    }
  }

  ObjectFormat format_;
  ObjectReader& objects_;
  const std::vector<Oid>& known_;
  ObjectListing found_;
};

}  // namespace

ObjectListing list_objects(const Repository& repository, ObjectReader& objects, const std::vector<Oid>& known) {
  Lister lister(repository, objects, known);
  for (const std::string& dir : object_directories(repository)) lister.add_folder(dir);
  return lister.take();
}

}  // namespace launchgate::git
