// What stands under a heading: the columns of a table, the entries of a block of keys, the rows of an INSERT.
//
// The name that makes a value a secret is often lines away from it. A rule with a `reader` states an expression for the
// heading alone, and names here how the values below are found. Each is a match of its own; the name it stands under
// goes with it (Match::named).
//
// A reader looks at text[heading.begin - kBehind, heading.end + kReach) and no further: what was copied from one
// version of a file to the next is not read again (match_tracker.hpp), which is exact only where every answer depends
// on so many bytes. No network, no state; any bytes are fine; time is linear in what is looked at. Thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"

namespace launchgate::secrets {

// A value under a heading.
struct HeldValue {
  ByteRange named;   // the name in the heading that it stands under: a column's, a block's
  ByteRange whole;   // from its own name, where it has one, to its end
  ByteRange secret;  // the value, without quotes
};

struct Reader {
  static constexpr std::size_t kReach = 4096;     // bytes looked at behind a heading
  static constexpr std::size_t kBehind = 512;     // bytes looked at in front of one: the rest of its line
  static constexpr std::size_t kMostValues = 64;  // of one heading

  std::string_view name;
  std::string_view what;  // one line for docs
  // Appends the values. `heading` is the whole match of the rule's expression, `named` its first group. Returns where
  // reading came to an end: a heading that ends before it stands among what was read, and is none of its own.
  std::size_t (*read)(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out);
};

std::span<const Reader> readers() noexcept;                 // sorted by name
const Reader* find_reader(std::string_view name) noexcept;  // null when there is none of that name

}  // namespace launchgate::secrets
