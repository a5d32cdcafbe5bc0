// Very many files of a history, in 48 bytes each: paths are kept once, commits are numbers. A ChangedFile, which is
// comfortable and some 200 bytes, is made of one when its turn comes.
// Thread-safety: any number of threads may read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libscan/git/changed_file.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/path_table.hpp"

namespace launchgate::git {

class FileList {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  enum class Kind : std::uint8_t { file, link, submodule, special, too_long };  // all others than files: while listing
  struct Entry {
    Oid oid;
    Kind kind = Kind::file;
    std::uint32_t path = 0;        // in the table of paths
    std::uint32_t commit = kNone;  // its place in CommitRange::commits
    std::uint32_t before = kNone;  // where ChangedFile::before begins in the list of those; a zero id is its end
  };

  FileList() = default;
  FileList(std::vector<Entry> entries, PathTable paths, std::vector<Oid> before)
      : entries_(std::move(entries)), paths_(std::move(paths)), before_(std::move(before)) {}

  // A file that no commit brought in.
  void add(std::string_view path, const Oid& oid) {
    entries_.push_back({oid, Kind::file, paths_.id_of(path), kNone, kNone});
  }
  // Leaves out those of which drop(entry) is true.
  template <class Drop>
  void erase_if(Drop drop) {
    std::erase_if(entries_, drop);
  }

  std::size_t size() const noexcept { return entries_.size(); }
  const std::vector<Entry>& entries() const noexcept { return entries_; }
  // Valid until the next add().
  std::string_view path(const Entry& entry) const noexcept { return paths_[entry.path]; }

  // Makes `file` the one of this entry, in the room that it has. `commits`: CommitRange::commits.
  void take(const Entry& entry, std::span<const Oid> commits, ChangedFile& file) const {
    file.path.assign(path(entry));
    file.oid = entry.oid;
    file.commit = entry.commit == kNone ? Oid() : commits[entry.commit];
    file.before.clear();
    if (entry.before != kNone)
      for (std::size_t at = entry.before; !before_[at].is_zero(); ++at) file.before.push_back(before_[at]);
  }
  std::vector<ChangedFile> all(std::span<const Oid> commits) const {
    std::vector<ChangedFile> files(entries_.size());
    for (std::size_t i = 0; i < files.size(); ++i) take(entries_[i], commits, files[i]);
    return files;
  }

 private:
  std::vector<Entry> entries_;
  PathTable paths_;
  std::vector<Oid> before_;
};

}  // namespace launchgate::git
