// What a change brings in: the index of a commit being made, or the commits of a range.
//
// Whole contents are scanned, so that a half-changed key is seen as a whole; what a file held before the change already
// is then taken out again, by fingerprint, and only counted in a note. Contents come from the object database.
#pragma once

#include <string>

#include "libscan/core/result.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::engine {

// `target` lies in a repository; only what is at or below target.path counts.
// Both fail (undecided) when the change cannot be told or an index, commit or tree cannot be read.
Result<ScanPart> scan_staged(const ScanContext& context, const git::Target& target);

// `range`: "A..B" or "auto". In a hook, auto reads standard input to its end.
Result<ScanPart> scan_range(const ScanContext& context, const git::Target& target, const std::string& range);

}  // namespace launchgate::engine
