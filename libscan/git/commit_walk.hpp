// Which commits a set of heads has and a set of bases has not: `git rev-list heads --not bases`, read from the commits
// themselves. Made for changes (a push, a pull request), whose size is that of the change and not of the history.
// Thread-safety: a function of the disk's state; the ObjectReader is used by the calling thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"

namespace launchgate::git {

struct CommitHeader {
  Oid tree;
  std::vector<Oid> parents;
  std::int64_t date = 0;  // of the committer, seconds since 1970; 0 when it cannot be read
};

// The fields of a commit object's header; no value when it is not one.
std::optional<CommitHeader> parse_commit(std::string_view bytes);

struct CommitRange {
  std::vector<Oid> commits;  // newest first by committer date
  bool cut_short = false;    // one of them lies where a shallow clone was cut off: its ancestors are unknown
};

// `boundary`: the commits without their parents (shallow_boundary() in refs.hpp), sorted. Where clocks were wrong a few
// commits of the bases may be in the answer too: never fewer than there are. Fails (undecided) when a commit is
// missing.
Result<CommitRange> commits_between(ObjectReader& objects, const std::vector<Oid>& heads, const std::vector<Oid>& bases,
                                    const std::vector<Oid>& boundary);

}  // namespace launchgate::git
