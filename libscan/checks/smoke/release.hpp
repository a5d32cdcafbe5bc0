// Is the release that is to be tested the one that answers? Asked of every address before the first check and once more
// after the last: a green run against yesterday's version proves nothing about today's.
#pragma once

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/run.hpp"

namespace launchgate::checks::smoke {

// Asks until every address answers with the release, `agree` rounds in a row on fresh connections, or the wait is over.
// pass, or inconclusive: an absent release is no failure of its checks.
Tried await_release(Run& run);

// One round: still so? inconclusive with the addresses when versions are mixed.
Tried confirm_release(Run& run);

// "abc1234" is the commit "abc1234f…": hex of 7 digits and more may be cut short on either side.
bool same_release(std::string_view got, std::string_view wanted) noexcept;

}  // namespace launchgate::checks::smoke
