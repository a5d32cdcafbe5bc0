// Single objects out of the packs of a repository. See object_reader.hpp, which is what to use.
// Thread-safety: one store per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/git/base_cache.hpp"
#include "libscan/git/inflate.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/pack.hpp"

namespace launchgate::git {

// The packs of one folder in order of name: those with an index, and those its multi-pack-index knows.
struct PackFolder {
  std::vector<std::unique_ptr<Pack>> packs;
  std::vector<std::string> unusable;  // file names: of an index that cannot be used, of a pack that no index lists
};
PackFolder open_pack_folder(const std::string& folder, ObjectFormat format);

// The packs of these object directories that can be read here, in order of directory and name.
std::vector<std::unique_ptr<Pack>> open_packs(const std::vector<std::string>& object_dirs, ObjectFormat format);

class PackStore {
 public:
  // `object_dirs`: each with its packs in pack/. They are listed and mapped at the first question.
  PackStore(std::vector<std::string> object_dirs, ObjectFormat format)
      : object_dirs_(std::move(object_dirs)), format_(format) {}

  struct Found {
    PackEntry::Kind kind;    // commit, tree, blob or tag
    std::string_view bytes;  // valid until the next read
    SharedBytes held;        // the same bytes for as long as anybody likes; empty for a blob
  };
  // No value when no pack has the object or it cannot be read from there (a damaged pack, an odd form, a size above
  // `cap`): whoever asks has another way, which also finds the words for it.
  std::optional<Found> read(const Oid& oid, std::size_t cap);
  bool contains(const Oid& oid);
  // Of the last read() without a value: the object is there and larger than the cap.
  bool too_large() const noexcept { return too_large_; }
  // Opens packs that have come since. True when there are any.
  bool look_for_new();
  // Of an object that was not found: the file that is to blame, as far as that can be known: a pack whose index lists
  // the object, or one that cannot be used at all. Empty when all is well.
  std::string suspect(const Oid& oid) const;
  // The bytes of the last answer for longer than until the next read; empty when it was a blob.
  const SharedBytes& latest() const noexcept { return latest_; }
  // Made for a handful of objects; this makes it fit for very many, with so much memory for recent trees and commits.
  void expect_many(std::size_t cache_bytes) {
    cache_.set_budget(cache_bytes);
    asked_.assign(kAskedOfMany, {});
  }

 private:
  struct Place {
    const Pack* pack = nullptr;
    std::uint64_t offset = 0;
  };
  // One delta on the way down to what is whole.
  struct Link {
    std::uint64_t offset;
    PackEntry entry;
  };
  // Where an object that was asked for lately lies: the tree that is new today was the old one before.
  struct Asked {
    Oid oid;
    Place place;
  };
  void open();
  std::vector<std::int64_t> changes() const;
  std::optional<Place> find(const Oid& oid);
  std::optional<Found> read_at(const Place& place, std::size_t cap);
  void keep(const Pack* pack, std::uint64_t offset, const Found& found);

  static constexpr std::size_t kCacheBytes = std::size_t{16} << 20;
  static constexpr std::size_t kAsked = 64, kAskedOfMany = 8192;

  std::vector<std::string> object_dirs_;
  ObjectFormat format_;
  bool opened_ = false, too_large_ = false;
  std::vector<std::int64_t> changed_;         // when each folder of packs last was, before it was listed
  std::vector<std::unique_ptr<Pack>> packs_;  // the one that answered last is asked first
  Inflater inflater_;
  Buffer base_, delta_, result_;
  BaseCache cache_{kCacheBytes};
  std::vector<Link> chain_;
  std::vector<Asked> asked_ = std::vector<Asked>(kAsked);
  SharedBytes latest_;
};

}  // namespace launchgate::git
