// What the commits of a range bring in: every file content that a commit has and none of its parents has at that path.
// A content added by one commit and removed by the next is in the list; so is what a merge made up by itself.
// Thread-safety: a function of the disk's state; it starts threads of its own and joins them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/file_list.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

struct NewFiles {
  // One for each path and content, with the oldest commit that brought it there; the oldest commit's first, then by
  // path.
  FileList files;
  std::vector<Oid> links;          // contents of symbolic links: their targets
  Coverage coverage;               // symbolic links, submodules, trees that could not be read
  std::optional<Error> lost_tree;  // why, of one of them
};

struct ListOptions {
  std::string below;   // only paths that are this folder or file, or lie in it; empty for all
  bool before = true;  // fill in ChangedFile::before, of the commit that is named
  unsigned threads = 1;
};

// A tree that is missing or damaged is counted (undecided, "unreadable-tree") and the others are read all the same. The
// same for any number of threads.
Result<NewFiles> list_new_files(const Repository& repository, const CommitRange& range, const ListOptions& options);

// A whole history: all commits of the heads and what they brought in, files being listed while commits are still read.
struct History {
  CommitRange commits;  // without its trees
  NewFiles found;
};
// `boundary`: see commits_between(). `each`, when there is one, is given every commit object once, on the caller's
// thread, in no order to rely on.
Result<History> list_history(const Repository& repository, ObjectReader& objects, const std::vector<Oid>& heads,
                             const std::vector<Oid>& boundary, const ListOptions& options,
                             const std::function<void(const Oid&, std::string_view)>& each = {});

}  // namespace launchgate::git
