// What the commits of a range bring in: every file content that a commit has and none of its parents has at that path.
// A content added by one commit and removed by the next is in the list; so is what a merge made up by itself.
// Thread-safety: a function of the disk's state; the ObjectReader is used by the calling thread.
#pragma once

#include <string>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/git/changed_file.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"

namespace launchgate::git {

struct NewFiles {
  std::vector<ChangedFile> files;  // the oldest commit's first, then by path; one entry for each path and content
  Coverage coverage;               // symbolic links, submodules
};

// `commits` newest first, as commits_between() gives them; their parents must be readable, except those of `boundary`
// (sorted; shallow_boundary() in refs.hpp): a commit there counts as one without parents. `below`: only paths that are
// this folder or file, or lie in it; empty for all. Fails (undecided) when a commit or tree is missing or damaged.
Result<NewFiles> list_new_files(ObjectReader& objects, ObjectFormat format, const std::vector<Oid>& commits,
                                const std::string& below, const std::vector<Oid>& boundary = {});

}  // namespace launchgate::git
