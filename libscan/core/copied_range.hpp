// Bytes that one content took over from another: what a delta between them says (git/delta.hpp), and what lets a
// scanner keep what it knows of the older one (secrets/match_tracker.hpp).
#pragma once

#include <cstddef>

namespace launchgate {

struct CopiedRange {
  std::size_t from = 0;    // offset in the older content
  std::size_t to = 0;      // offset in the newer one
  std::size_t length = 0;  // > 0
  friend bool operator==(const CopiedRange&, const CopiedRange&) = default;
};

}  // namespace launchgate
