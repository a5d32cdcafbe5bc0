// Which commits a set of heads has and a set of bases has not: `git rev-list heads --not bases`, read from the commits
// themselves, each once. With bases the work is that of the change and not of the history.
// Thread-safety: a function of the disk's state; the ObjectReader is used by the calling thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/lost_objects.hpp"
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
// The same into a header that is used again and again; false when it is not one.
bool parse_commit(std::string_view bytes, CommitHeader& header);

// Commits in an order in which every one stands before its parents, whatever the clocks said; where that leaves a
// choice, the newest by committer date first, then the greatest id. The same for any order of heads and any packing.
struct CommitRange {
  std::vector<Oid> commits;
  bool cut_short = false;  // one of them lies where a shallow clone was cut off: its ancestors are unknown
  LostObjects lost;        // parents that could not be read: of commits_of() alone; no part of the range

  // Root trees: first those of `commits`, one each, then those of parents that are not in the range.
  std::vector<Oid> trees;
  // The parents of a commit, as indices into `trees`; one below commits.size() is that commit. A commit at which a
  // shallow clone was cut off has none.
  std::span<const std::uint32_t> parents_of(std::size_t commit) const {
    return std::span(parents).subspan(parents_begin[commit], parents_begin[commit + 1] - parents_begin[commit]);
  }
  std::vector<std::uint32_t> parents;
  std::vector<std::uint32_t> parents_begin = {0};  // commits.size() + 1 of them
};

// Told of commits while the walk goes on, so that work on them need not wait for its end nor read them again.
class CommitSink {
 public:
  virtual ~CommitSink() = default;
  // A commit object, when it is read. `bytes` are valid during the call.
  virtual void read(const Oid& commit, std::string_view bytes) = 0;
  // The next commit by the clocks; its children may come later. The trees are valid during the call.
  virtual void met(const Oid& tree, std::span<const Oid> parent_trees) = 0;
};

// `boundary`: the commits without their parents (shallow_boundary() in refs.hpp), sorted. Where clocks were wrong a few
// commits of the bases may be in the answer too: never fewer than there are. Fails (undecided) when a commit is
// missing.
Result<CommitRange> commits_between(ObjectReader& objects, const std::vector<Oid>& heads, const std::vector<Oid>& bases,
                                    const std::vector<Oid>& boundary);

// All that the heads have, each commit given to `sink` as well, which is told the trees: the range's own are empty. A
// commit that cannot be read is told in `lost`, and the history behind it is not there; a head that cannot be is an
// error. `place_of_met`: for each call of it, in order, which commit of the range that was.
Result<CommitRange> commits_of(ObjectReader& objects, const std::vector<Oid>& heads, const std::vector<Oid>& boundary,
                               CommitSink& sink, std::vector<std::uint32_t>& place_of_met);

}  // namespace launchgate::git
