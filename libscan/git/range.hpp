// From what a change is called to the commits it consists of.
//
// A Change is what the user, a CI system or a hook says (names, as text); a Range is what that means in this clone. The
// rule between them: bases only ever narrow what is looked at. When one is missing, either something wider is taken, or
// the answer is "cannot decide" with the sentence that mends it. It is never taken for nothing to do.
// Thread-safety: functions of the disk's state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

// Names are object ids, references ("refs/remotes/origin/main") or, from the user, what gitrevisions(7) allows.
struct Change {
  std::string kind;   // short and stable: "given", "push", "new-branch", "pull-request", "tag", "deleted", ...
  std::string title;  // for people: "pull request 12 into main"
  std::vector<std::string> heads;           // every one must be here
  std::vector<std::string> optional_heads;  // looked at as well when here (a merge commit made by the CI system)
  std::vector<std::string> bases;           // what was there before: all that are here are used
  std::vector<std::string> fallback_bases;  // when none of `bases` is here: the first of these that is
  std::vector<std::string> known;           // prefixes of references: all that they name was there before as well
  bool whole_without_base = false;          // no base, in a complete clone: look at everything the heads reach
  bool nothing = false;                     // a deleted branch: there is nothing to look at
  std::string deepen;  // how to get a complete clone here: "set fetch-depth: 0 for actions/checkout"
};

struct Range {
  std::string kind;
  std::vector<Oid> heads;  // commits
  std::vector<Oid> tags;   // annotated ones that heads were named by: their texts came with them
  std::vector<Oid> bases;  // commits; with all their ancestors they count as known
  CommitRange found;       // reachable from heads and not from bases; not filled when `whole`
  bool whole = false;      // no base: the whole history of heads
  std::string sentence;    // "pull request 12 into main: 3 commits, 1a2b3c4d..5e6f7a8b"
  std::vector<Note> notes;
};

// "A..B", "A...B" (the same here: what B has and A has not), "A..", "..B". Fails (usage) on anything else.
Result<Change> parse_range(std::string_view text);

// Fails (undecided) when a head or every base is missing and when the clone is too shallow to see the whole change;
// (usage) when a name from the user means nothing here.
Result<Range> resolve_range(const Change& change, const Repository& repository, ObjectReader& objects);

}  // namespace launchgate::git
