// From what a person calls a commit to the object: everything gitrevisions(7) allows.
// Thread-safety: functions of the disk's state; the ObjectReader is used by the calling thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

// The object behind "main", "HEAD~2", "abc123", "@{u}" or ":/fix"; a tag is not followed to what it is of. No value
// when nothing here has that name; a full object id is given back whether it is here or not.
Result<std::optional<Oid>> find_revision(const Repository& repository, ObjectReader& objects, const std::string& name);

// The commit that an object is or that a tag leads to. No value when one of them is not in this clone; fails (usage,
// calling it `name`) when it is something else. The tags on the way are added to `tags`, when that is not null.
Result<std::optional<Oid>> peel_to_commit(ObjectReader& objects, Oid oid, std::string_view name,
                                          std::vector<Oid>* tags = nullptr);

// Commits such that what two have in common is they and all their ancestors: with `a` and `b` as heads and these as
// bases the rest is what only one of the two has ("a...b"). `boundary`: see commits_between().
Result<std::vector<Oid>> common_ancestors(ObjectReader& objects, const Oid& a, const Oid& b,
                                          const std::vector<Oid>& boundary);

}  // namespace launchgate::git
