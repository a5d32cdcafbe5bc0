// From findings to secrets: when each was first and last seen, and whether it still is.
// Thread-safety: a pure function.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libscan/core/finding.hpp"

namespace launchgate {

// Whether it is known where in the history its commit stands (Story::order).
bool has_place(const Finding& finding) noexcept;

// Which content, by a number, a commit brought to a path.
using ContentIds = std::map<std::pair<std::string, std::string>, std::uint64_t>;

// A content that stood at several paths has its findings at each, because what a path excuses does not hold at another.
// Of those that are left, one at a place of a content is kept: the oldest commit's, and one at a later path only when
// it is graver there (.env.example becomes .env). For what remains after ignores and baselines.
void keep_first_path(std::vector<Finding>& findings, const ContentIds& contents);

// Fills in Story::secret of every finding whose place in the history is known. Findings belong together when they have
// the same secret_id (for those without a value: the same fingerprint). All findings must be of one history.
void tell_secrets(std::vector<Finding>& findings);

// A file that holds a secret is a new content with every edit, and each has its finding. Of those with the same value
// under the same rule (fingerprint), path and severity only the oldest commit's are kept. They stand for all:
// Story::versions says how many commits' contents that is, and Story::in_head whether any of them is in HEAD. Findings
// whose place in the history is not known stay. For all findings of one history, after tell_secrets().
void keep_first_of_each(std::vector<Finding>& findings);

}  // namespace launchgate
