// By which bytes is each anchor looked up? Any four in a row of its literal would do (anchor.hpp). Here all anchors are
// seen together: a key is cheap where it marks what others have marked in the table of pairs (key_pairs.hpp), and where
// text seldom holds it.
//
// A pure function, thread-safe.
#pragma once

#include <vector>

#include "libscan/secrets/anchor.hpp"

namespace launchgate::secrets {

// Sets `gram` of all anchors but the first `settled`.
void choose_keys(std::vector<Anchor>& anchors, std::size_t settled = 0);

}  // namespace launchgate::secrets
