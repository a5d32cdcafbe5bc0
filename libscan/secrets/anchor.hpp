// Anchors: short literals of which every front match holds at least one. Where no anchor stands, nothing can match,
// so the sieve (sieve.hpp) looks for anchors, and a rule's expression is tried where one of its own stands.
//
// Pure functions and plain values, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libscan/secrets/front_database.hpp"
#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

struct Anchor {
  static constexpr std::size_t kMaxSize = 16;

  // A pattern that needs it: its id, how many bytes in front of the anchor's end a match may begin, and what follows
  // directly: an expression (RE2, without counting far); empty: nothing is known, or it is short.
  struct Use {
    std::uint32_t id = 0;
    std::uint32_t lead = 0;
    std::string tail;
  };

  // The literal: each byte of the text & mask == value. A letter of either case has bit 0x20 of its mask clear.
  std::array<std::uint8_t, kMaxSize> value{};
  std::array<std::uint8_t, kMaxSize> mask{};
  std::uint8_t size = 0;  // 3..kMaxSize
  std::uint8_t gram = 0;  // where in it the bytes stand that the sieve looks for: four, or three of a literal of three
  // What must follow directly: `follow_count` bytes of `follow`.
  std::uint8_t follow_count = 0;
  regex::ByteSet follow;
  // Somewhere in the `after` bytes behind it stands one of these; none set: nothing is known.
  regex::ByteSet must;
  std::string tail;  // of all uses: what follows matches the tail of one of them
  // A front match that holds the anchor begins at most `before` bytes in front of it and ends at most `after` bytes
  // behind it; regex::kUnlimited = anywhere.
  std::uint32_t before = 0;
  std::uint32_t after = 0;
  std::vector<Use> uses;  // sorted by id, each once
};

// Three bytes as one number, letters folded to lower case (and a few other bytes with them).
template <class Byte>
std::uint32_t gram_at(const Byte* bytes) noexcept {
  const auto byte = [&](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | 0x202020;
}
inline std::uint32_t gram_of(const Anchor& a) noexcept { return gram_at(a.value.data() + a.gram); }

// The same with the fourth byte, where the literal has one: what the anchor is looked up by.
inline std::uint32_t key_of(const Anchor& a) noexcept {
  if (a.size == 3) return gram_of(a);
  return gram_of(a) | (static_cast<std::uint32_t>(a.value[a.gram + 3U]) | 0x20) << 24;
}

// Anchors for a whole front end: together they cover every pattern. They are chosen to be rare in source text, to
// share their grams, and to keep what surrounds them short. Nothing when some pattern has none.
std::optional<std::vector<Anchor>> choose_anchors(const std::vector<FrontPattern>& patterns);

}  // namespace launchgate::secrets
