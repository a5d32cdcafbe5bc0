// A small syntax tree of RE2 regular expressions over bytes, to reason about rules: how long can a match be,
// which literal must occur in it, and what is the shortest thing to look for. It never matches anything itself.
//
// The reading is RE2's in Latin-1 mode (https://github.com/google/re2/wiki/Syntax). What it cannot read
// (Unicode classes) it refuses, and the caller treats the rule as opaque.
// Thread-safety: plain values and pure functions.
#pragma once

#include <bitset>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::secrets::regex {

using ByteSet = std::bitset<256>;

inline constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

enum class Assertion : std::uint8_t { begin_text, end_text, begin_line, end_line, word_boundary, no_word_boundary };

struct Node {
  enum class Kind : std::uint8_t { empty, bytes, concat, alternate, repeat, assertion, group };
  Kind kind = Kind::empty;
  Assertion assertion = Assertion::begin_text;  // assertion
  bool lazy = false;                            // repeat: as few as will do
  ByteSet set;                                  // bytes: exactly one byte of these
  std::vector<Node> children;                   // concat, alternate: any number; repeat, group: one
  std::uint32_t min = 0;                        // repeat; group: its number, 1 is the first
  std::uint32_t max = 0;                        // repeat; kUnlimited = no bound
};

// The tree of `pattern`, groups dissolved, case folding applied; nothing when the syntax is beyond it. Tells the
// language, not which of several matches RE2 would choose.
std::optional<Node> parse(std::string_view pattern);
// The same with its groups, and nothing for what changes which match is chosen and has no place in the tree: (?U).
std::optional<Node> parse_with_groups(std::string_view pattern);

struct Width {
  std::uint32_t min = 0;
  std::uint32_t max = 0;  // kUnlimited = no bound
};
Width width(const Node&);

// The largest n such that every match contains one of finitely many literal strings of n or more bytes
// (letters of either case count as literal). 0 when there is no such literal.
std::uint32_t sure_literal(const Node&);

// The bytes a match that is not empty may begin with.
ByteSet first_bytes(const Node&);

// Back to a pattern both Hyperscan and RE2 read alike: bytes as \xHH, assertions dropped (so the language can
// only grow).
std::string to_pattern(const Node&);

}  // namespace launchgate::secrets::regex
