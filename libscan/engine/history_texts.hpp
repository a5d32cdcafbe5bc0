// What people wrote beside the files: commit messages and the texts of annotated tags, each a content of its own.
#pragma once

#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::engine {

// Findings stand at "(commit message)" or "(tag message)", with author and date of that object. One that cannot be read
// is counted, undecided. Fails only for want of memory.
Result<ScanPart> scan_history_texts(const ScanContext& context, const git::Repository& repository,
                                    const std::vector<git::Oid>& commits, const std::vector<git::Oid>& tags);

}  // namespace launchgate::engine
