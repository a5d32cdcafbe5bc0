// Where a scan of the history starts and where it ends: every reference, HEAD, the heads of linked work trees and all
// stashes; or the revisions that were asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::engine {

struct HistoryTips {
  struct Named {
    std::string name;  // "refs/heads/main"
    git::Oid commit;
  };
  std::vector<git::Oid> heads;   // commits
  std::vector<git::Oid> bases;   // commits that count as known with all their ancestors
  std::vector<git::Oid> tags;    // annotated ones met on the way
  std::vector<git::Oid> blobs;   // contents that a reference names directly
  std::vector<git::Oid> trees;   // folders that one does
  std::vector<Named> names;      // every reference to a commit; empty when revisions were asked for
  std::optional<git::Oid> head;  // the commit of HEAD, when it is born
};

// A revision is what gitrevisions(7) calls one, "^A" to leave out what A reaches, "A..B", or "A...B" for what only one
// of the two reaches. What a reference names that cannot be scanned is counted in `coverage`. Fails (usage) for a
// revision that names nothing here, (undecided) when references cannot be read.
Result<HistoryTips> find_history_tips(const git::Repository& repository, git::ObjectReader& objects,
                                      const std::vector<std::string>& revisions, Coverage& coverage);

}  // namespace launchgate::engine
