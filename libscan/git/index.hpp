// Git's index, read without git: which files are tracked, with which content.
//
// Versions 2, 3 and 4, SHA-1 and SHA-256, split index ("link") and sparse index ("sdir"). In versions 2 and 3 the
// entries are read where they lie in the mapped file, at four bytes of memory each: git replaces the index by rename,
// so a mapped one does not change. Version 4 (compressed paths) and split indexes are first written out in that form.
// Every offset is checked before it is followed; the trailing checksum is not computed, as in git.
//
// Format: gitformat-index(5). Thread-safety: immutable after open(); any number of threads may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/oid.hpp"

namespace launchgate::git {

// Kinds of entries, as the upper bits of a mode.
constexpr std::uint32_t kModeType = 0170000;
constexpr std::uint32_t kModeFile = 0100000;
constexpr std::uint32_t kModeLink = 0120000;       // symbolic link
constexpr std::uint32_t kModeSubmodule = 0160000;  // a commit of another repository
constexpr std::uint32_t kModeTree = 0040000;       // a whole folder of a sparse index; its path ends in '/'

struct IndexEntry {
  std::string_view path;  // lives as long as the Index
  Oid oid;
  std::uint32_t mode = 0;
  std::uint8_t stage = 0;      // 0, or 1..3 in an unfinished merge
  bool intent_to_add = false;  // `git add -N`: announced, no content yet
  bool skip_worktree = false;  // left out of the work tree on purpose (sparse checkout)
  bool assume_valid = false;
};

// Entries [begin, end), sorted by path bytes, then stage.
struct IndexRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool empty() const noexcept { return begin == end; }
  std::uint32_t size() const noexcept { return end - begin; }
};

// The cached trees ("TREE" extension): for each folder, the tree object its entries make up, while nothing in it has
// changed since it was written. Nodes in the order of the file: a folder, then its sub-folders.
struct CachedTree {
  std::string_view name;       // last component; empty for the root. Lives as long as the Index
  std::int64_t entries = -1;   // entries it covers; -1: out of date, no oid
  std::uint32_t children = 0;  // direct sub-folders
  std::uint32_t skip = 1;      // nodes of this subtree, itself included: i + skip is the next sibling
  Oid oid;
};

class Index {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // of the file, and of its written-out form
  static constexpr std::size_t kMaxPath = 64 * 1024;              // far above what any file system takes

  // A file that does not exist is an empty index. Fails (undecided) on what is damaged or unknown.
  // `shared_dir` is where sharedindex.<oid> of a split index lies: the git directory.
  static Result<Index> open(const std::string& path, ObjectFormat format, const std::string& shared_dir);
  // The same from bytes in memory, which must outlive the Index. For tests and fuzzing.
  static Result<Index> parse(std::string_view bytes, ObjectFormat format, const std::string& shared_dir);

  Index() = default;
  Index(Index&&) noexcept = default;
  Index& operator=(Index&&) noexcept = default;

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(offsets_.size()); }
  IndexRange all() const noexcept { return {0, size()}; }
  IndexEntry entry(std::uint32_t i) const noexcept;
  std::string_view path(std::uint32_t i) const noexcept;

  // Entries of `within` whose path starts with `prefix` ("src/", or "" for all): one stretch, by binary search.
  IndexRange below(std::string_view prefix, IndexRange within) const noexcept;
  // The entries of `within` with exactly this path (several in an unfinished merge).
  IndexRange find(std::string_view path, IndexRange within) const noexcept;

  // Submodules: entries that name a commit of another repository.
  const std::vector<std::uint32_t>& submodules() const noexcept { return submodules_; }
  // Entries that are left out of the work tree on purpose; a folder of a sparse index counts as one.
  std::uint32_t skipped() const noexcept { return skipped_; }

  // Empty when the index holds no such extension or it is damaged: it only saves work.
  const std::vector<CachedTree>& cached_trees() const noexcept { return trees_; }

 private:
  friend class IndexReader;
  const char* bytes() const noexcept { return owned_.empty() ? view_.data() : owned_.data(); }

  MappedFile file_;
  std::string_view view_;    // what was read: file_, or the caller's bytes
  std::vector<char> owned_;  // entries written out in the form of version 3, when view_'s could not be used in place
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> submodules_;
  std::uint32_t skipped_ = 0;
  std::vector<CachedTree> trees_;
  ObjectFormat format_ = ObjectFormat::sha1;
};

}  // namespace launchgate::git
