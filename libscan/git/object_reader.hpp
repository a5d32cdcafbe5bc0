// Single objects by name, wherever the repository keeps them. For the few that a hook or a range needs; the whole
// history is read in another way (pack by pack).
//
// Loose objects and packs are read directly, here alone: what this cannot read is damaged, and libgit2 1.5 crashes on
// some of that (a pack index with wrong offsets). An object that is not found is looked for once more in packs that
// came since, because a repository may be repacked or fetched into while it is read. Object directories: the
// repository's or the one the environment names (a push in quarantine), the environment's alternates, and those that
// info/alternates of each lists. Thread-safety: one reader per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/base_cache.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

// Where the objects of a repository lie, in the order in which they are looked for: see above.
std::vector<std::string> object_directories(const Repository& repository);

enum class ObjectType : std::uint8_t { commit, tree, blob, tag };

struct Object {
  ObjectType type = ObjectType::blob;
  std::string_view bytes;  // valid until the reader's next read
};

class ObjectReader {
 public:
  // Larger objects are declined before memory is spent on them.
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 20;

  explicit ObjectReader(const Repository& repository);
  ObjectReader(ObjectReader&&) noexcept;
  ObjectReader& operator=(ObjectReader&&) noexcept;
  ~ObjectReader();

  // Fails (undecided) when the object is missing (partial clone, shallow clone, damage), too large or unreadable.
  Result<Object> read(const Oid& oid);
  // The same, and its kind must be `type`.
  Result<Object> read(const Oid& oid, ObjectType type);
  // A tree's bytes, to be held for as long as one likes and without a copy where they are remembered anyway.
  Result<SharedBytes> read_tree(const Oid& oid);
  // Prepares for reading very many objects; recent trees and commits may take so much memory (otherwise 16 MiB).
  void expect_many(std::size_t cache_bytes);
  // Is it there at all? Does not look into it.
  Result<bool> exists(const Oid& oid);

  // The tree of a commit, or of a tag that leads to one.
  Result<Oid> tree_of(const Oid& commit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace launchgate::git
