// Very many file contents out of the object database, each once: pack by pack, every delta applied once and only the
// bytes it brings in given to the front end (git/pack_walk.hpp, secrets/match_tracker.hpp). The findings are those
// of scan_changed_files(), which reads one content after the other.
#pragma once

#include <span>

#include "libscan/core/result.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/file_list.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::engine {

// Of several files with one content (FileList::Entry::oid) the first counts. Contents that no pack has, and those it
// cannot give, are read one by one. `commits`: those that the list's entries count.
Result<ScanPart> scan_contents_by_pack(const ScanContext& context, const git::Repository& repository,
                                       const git::FileList& files, std::span<const git::Oid> commits);

}  // namespace launchgate::engine
