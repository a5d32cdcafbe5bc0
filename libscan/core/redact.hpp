// Masking: the only way a secret's bytes may become part of something shown.
//
// mask() keeps what tells a person *which* credential it is and nothing that helps to use it: a known public
// prefix ("ghp_", "AKIA") and the last 3 characters of values long enough that this gives nothing away.
// Thread-safety: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate {

// "ghp_…9fQ". `public_prefix` is how many leading bytes are the same for every token of the kind (0 = unknown).
// Never shows more than a quarter of the characters beyond the public prefix; values under 12 characters
// beyond it show none of themselves. Multi-line values show their first line's public prefix only.
std::string mask(std::string_view secret, std::size_t public_prefix = 0);

struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// `text` with every range replaced by its mask and every further occurrence of those same bytes too.
// Ranges may overlap and come in any order.
std::string mask_ranges(std::string_view text, const std::vector<ByteRange>& secrets);

// `text` with everything that looks like a value (12 or more of [A-Za-z0-9+/_=.~-] holding letter and digit)
// masked: for context around a finding, where another secret may stand that no rule knows.
std::string mask_suspicious(std::string_view text);

// A URL without user information, query and fragment: what may be shown of it.
std::string safe_url(std::string_view url);

}  // namespace launchgate
