// Single objects out of the packs of a repository. See object_reader.hpp, which is what to use.
// Thread-safety: one store per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libscan/git/inflate.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/pack.hpp"

namespace launchgate::git {

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
  };
  // No value when no pack has the object or it cannot be read from there (a damaged pack, an odd form, a size above
  // `cap`): whoever asks has another way, which also finds the words for it.
  std::optional<Found> read(const Oid& oid, std::size_t cap);
  bool contains(const Oid& oid);

 private:
  struct Place {
    const Pack* pack = nullptr;
    std::uint64_t offset = 0;
  };
  struct Cached {
    PackEntry::Kind kind;
    std::string bytes;
  };
  std::optional<Place> find(const Oid& oid);
  std::optional<Found> read_at(const Place& place, std::size_t cap);
  const Cached* cached(const Place& place) const;
  void keep(const Place& place, PackEntry::Kind kind, std::string_view bytes);

  std::vector<std::string> object_dirs_;
  ObjectFormat format_;
  bool opened_ = false;
  std::vector<std::unique_ptr<Pack>> packs_;  // the one that answered last is asked first
  Inflater inflater_;
  Buffer base_, delta_, result_;
  // Recent trees and commits: of neighbours in history one is the other's base.
  std::unordered_map<const Pack*, std::unordered_map<std::uint64_t, Cached>> cache_;
  std::size_t cached_bytes_ = 0;
};

}  // namespace launchgate::git
