// What a commit being made brings in: the entries of the index that differ from HEAD.
//
// The index is the one git hands to the hook (Repository::index_file: GIT_INDEX_FILE of `commit -a` and
// `commit -- path`, the work tree's own, an alternate one); contents are read from the object database, never from the
// work tree, which may hold something else. Whole folders whose cached tree equals HEAD's are passed over unread.
// Thread-safety: a function of the disk's state; the ObjectReader is used by the calling thread.
#pragma once

#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/git/changed_file.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

struct Staged {
  std::vector<ChangedFile> files;  // sorted by path; both sides of an unfinished merge are in
  Coverage coverage;               // symbolic links, submodules, intent-to-add
};

// Fails (undecided) when index or HEAD cannot be read. A repository without a commit: everything is new.
Result<Staged> list_staged(const Repository& repository, ObjectReader& objects);

}  // namespace launchgate::git
