// Everything that was ever committed: every unique content reachable from the revisions, each scanned once and reported
// at the oldest commit that brought it in; commit messages and the texts of annotated tags as contents of their own.
//
// What a clone does not have cannot be scanned: a shallow clone, blobs missing from a partial one and objects that are
// damaged are counted as undecided, with the sentence that mends it.
#pragma once

#include <string>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::engine {

struct HistoryRequest {
  std::vector<std::string> revisions;  // names, object ids or "A..B"; empty = every reference and HEAD
  std::string shard;                   // "I/N", 1 <= I <= N: the contents whose object id falls to I; empty = all
  bool unreachable = false;            // everything else in the object database too
  std::vector<git::Oid> known;  // commits that were looked at earlier, with all they reach; others are passed over
  std::vector<git::Oid>* heads = nullptr;  // is given the commits that were looked at with all they reach
};

// An unreachable content has the path "(unreachable)/<object id>": what it was called and when is not known.
// Unreachable commits and tags are looked at for their texts.
//
// `target` lies in a repository, bare or not; only paths at or below target.path count, and then no messages.
// Fails (usage) for a revision that names nothing here and for a shard that is none, (undecided) when a commit or tree
// cannot be read.
Result<ScanPart> scan_history(const ScanContext& context, const git::Target& target, const HistoryRequest& request);

}  // namespace launchgate::engine
