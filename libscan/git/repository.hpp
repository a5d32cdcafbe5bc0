// Where a repository's parts lie, found the way git finds them.
//
// Known layouts: an ordinary work tree, a `.git` file (linked work tree, submodule, --separate-git-dir), a bare
// repository, and whatever GIT_DIR, GIT_WORK_TREE, GIT_COMMON_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY and
// GIT_ALTERNATE_OBJECT_DIRECTORIES say: a hook must look at exactly the index and objects git hands it.
// Nothing from a repository is executed: no hooks, no file-system monitor, no pager.
// Thread-safety: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/environment.hpp"
#include "libscan/git/oid.hpp"

namespace launchgate::git {

struct Repository {
  std::string git_dir;     // absolute; holds HEAD and the index of this work tree
  std::string common_dir;  // absolute; holds config, refs, objects; differs from git_dir in a linked work tree
  std::string work_tree;   // absolute, no '/' at the end; empty in a bare repository
  std::string index_file;  // absolute; GIT_INDEX_FILE when that is set
  std::string object_dir;  // absolute
  std::vector<std::string> alternate_dirs;  // of the environment (quarantine); info/alternates is not in here
  std::string excludes_file;                // core.excludesFile or its default; may not exist
  ObjectFormat format = ObjectFormat::sha1;
  bool ignore_case = false;    // core.ignoreCase
  bool partial_clone = false;  // blobs may be missing on purpose
  bool reftable = false;       // references are not files: refs.hpp declines
  bool bare() const noexcept { return work_tree.empty(); }
};

// The repository that `from` (a file or folder; "" means ".") lies in. No value when it lies in none.
// The GIT_* variables count when `from` lies in the work tree they describe (or they describe a bare repository);
// otherwise they belong to somebody else's question and `from` decides.
// Fails (undecided) when a repository is there but may not or cannot be read: a `.git` file that leads nowhere, a
// format git itself would refuse, an owner that is neither the user nor named by safe.directory.
Result<std::optional<Repository>> find_repository(const std::string& from, const Environment&);

// The repository whose work tree has exactly this root (a submodule, or another repository inside this one); no value
// when `root`/.git is nothing git would accept. The GIT_* variables do not apply, the owner is not asked for again.
std::optional<Repository> open_nested(const std::string& root, const Environment&);

// What a path on the command line means.
struct Target {
  std::optional<Repository> repository;
  std::string root;   // absolute: the work tree, or outside a repository PATH itself (a file's folder)
  std::string path;   // below root, '/'-separated, no '/' at either end; empty for root itself
  bool file = false;  // a single file, not a folder
};

// Fails (usage) when PATH does not exist or is neither file nor folder; (undecided) as find_repository.
// A bare repository comes back with an empty root: the caller says that it has no tree.
Result<Target> find_target(const std::string& path, const Environment&);

}  // namespace launchgate::git
