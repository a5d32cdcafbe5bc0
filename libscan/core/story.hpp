// From findings to secrets: when each was first and last seen, and whether it still is.
// Thread-safety: a pure function.
#pragma once

#include <vector>

#include "libscan/core/finding.hpp"

namespace launchgate {

// Fills in Story::secret of every finding whose place in the history is known. Findings belong together when they have
// the same secret_id (for those without a value: the same fingerprint). All findings must be of one history.
void tell_secrets(std::vector<Finding>& findings);

}  // namespace launchgate
