// The ground a walk stands on: one repository of a work tree (the one asked for, a submodule, a repository inside it),
// with what it tracks and what it ignores as a whole.
// Thread-safety: a Ground is not changed once it is open, and may be read from any thread.
#pragma once

#include <string>

#include "libscan/git/ignore.hpp"
#include "libscan/git/index.hpp"
#include "libscan/git/repository.hpp"
#include "libscan/git/worktree.hpp"

namespace launchgate::git {

struct Ground {
  Index index;
  IgnoreList exclude;        // $GIT_DIR/info/exclude
  IgnoreList excludes_file;  // core.excludesFile
  std::string prefix;        // of its paths below the walk's root: "" or ends in '/'
  bool ignore_case = false;
};

// The ignore list in `file`, about what lies below `base` ("" or ends in '/'). Empty when there is no such file.
IgnoreList read_ignore_list(const std::string& file, std::string base, bool ignore_case);

// An index that cannot be read is told in `summary`, and the run cannot pass.
Ground open_ground(const Repository& repository, std::string prefix, WalkSummary& summary);

// Counts what the index tracks below `target` and the work tree does not have on purpose: submodules that were never
// checked out, and what a sparse checkout leaves out.
void count_missing(const Ground& ground, const Target& target, Coverage& coverage);

}  // namespace launchgate::git
