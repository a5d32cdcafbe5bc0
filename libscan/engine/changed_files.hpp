// File contents out of the object database: read, scanned whole, and what a file held before the change left out again.
#pragma once

#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/changed_file.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::engine {

// The findings of every file's content, except those one of its earlier contents (ChangedFile::before) has as well;
// with commit, author and date where a commit is known. Contents that cannot be read are counted as such, undecided.
Result<ScanPart> scan_changed_files(const ScanContext& context, const git::Repository& repository,
                                    const std::vector<git::ChangedFile>& files);

}  // namespace launchgate::engine
