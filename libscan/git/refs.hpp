// References as files: HEAD, loose references, packed-refs, per-work-tree ones. The reftable format is declined.
// Thread-safety: functions of the disk's state; a reference that moves meanwhile is seen either way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

struct Ref {
  std::string name;  // "refs/heads/main"
  Oid oid;           // what it names: a commit, an annotated tag, rarely anything else
};

// The object behind a full name ("HEAD", "refs/tags/v1"), symbolic references followed. No value when there is no such
// reference or it is unborn (a new repository's HEAD). Fails (undecided) on a broken one and on reftable.
Result<std::optional<Oid>> resolve_ref(const Repository&, std::string_view name);

// The reference HEAD points to ("refs/heads/main"), born or not; no value when HEAD is detached.
Result<std::optional<std::string>> head_target(const Repository&);

// Every reference below refs/ (branches, tags, remotes, notes, stash, pull requests ...), sorted by name, without HEAD.
// Symbolic ones are left out: what they point to is in the list. One that cannot be read fails all, or is added to
// `broken` by name when that is not null.
Result<std::vector<Ref>> list_refs(const Repository&, std::vector<std::string>* broken = nullptr);

// What a person calls it: a full object id, or a name looked up the way gitrevisions(7) says (refs/, refs/tags/,
// refs/heads/, refs/remotes/). No value for anything else ("HEAD~2", "abc123", "@{u}"): that needs objects.
Result<std::optional<Oid>> resolve_name(const Repository&, std::string_view name);

// The commits where a shallow clone was cut off, sorted; empty when the clone is whole.
Result<std::vector<Oid>> shallow_boundary(const Repository&);

// Whether replacement references (git-replace(1)) or grafts are here. Neither is applied when objects are read.
bool has_rewritten_history(const Repository&);

}  // namespace launchgate::git
