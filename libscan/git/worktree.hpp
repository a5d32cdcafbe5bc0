// The walk over a folder of files: every file of a work tree that git tracks or would offer to add.
//
//   in a repository     tracked files and those not ignored (nested .gitignore, info/exclude, core.excludesFile);
//                       with all_files the ignored ones too
//   submodules          and other repositories inside: by their own index and their own ignore files
//   outside a repository  every file
//
// Never: anything named .git, the target of a symbolic link, or what is no regular file. Everything left out is counted
// with a reason; a folder that cannot be opened makes the result undecided. A path that was asked for by name is walked
// even when it is ignored.
//
// Several workers share one stack of folders. Each calls `visit` on its own thread for the files of the folder it has
// open, so that the file is opened by name below an open folder: visit is where reading and scanning happen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "libscan/core/glob.hpp"
#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/git/environment.hpp"
#include "libscan/git/index.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

// One regular file. Valid during the call of visit; the strings end in NUL.
class WalkedFile {
 public:
  std::string_view path;  // below the root of the Target, '/'
  std::string_view name;  // last component
  bool ignored = false;   // by .gitignore and its like, and not tracked: walked because it was asked for
  int folder = -1;        // open descriptor of the folder it lies in: openat(folder, name.data(), ... | O_NOFOLLOW)

  // In the index of the repository it belongs to. Looked up on demand: a binary search among the folder's entries.
  bool tracked() const noexcept;

 private:
  friend class Walker;
  const Index* index_ = nullptr;  // nullptr: no repository
  IndexRange entries_;            // the entries below its folder
  std::size_t prefix_ = 0;        // bytes of `path` in front of the path in the index
};

struct WalkOptions {
  bool all_files = false;
  std::span<const Glob> exclude = {};  // files and folders that are not opened: counted as "excluded"
  unsigned workers = 1;
};

struct WalkSummary {
  Coverage coverage;  // what was left out; files and bytes are for the visitor to count
  std::vector<Note> notes;
};

// `worker` is below options.workers. Must not throw.
using Visit = std::function<void(unsigned worker, const WalkedFile& file)>;

// `target` as find_target() gave it, not bare. Fails (io) when its root cannot be opened.
Result<WalkSummary> walk_worktree(const Target& target, const WalkOptions& options, const Environment& environment,
                                  const Visit& visit);

}  // namespace launchgate::git
