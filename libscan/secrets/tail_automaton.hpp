// The first steps of a tail's automaton, as a table made by the build: most of what stands behind an anchor is wrong
// within a few bytes, and a table says so in a few nanoseconds, where RE2 takes a hundred and must be compiled first.
// What goes beyond the table is left to RE2 (tail_check.hpp).
//
// Plain values and pure functions, thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace launchgate::secrets {

struct TailAutomaton {
  static constexpr std::size_t kStates = 64;
  static constexpr std::uint8_t kDead = 0xff, kFurther = 0xfe;  // no match goes on; a state the table has no room for

  using Classes = std::array<std::uint8_t, 256>;  // bytes that no state tells apart share a number below `width`

  Classes classes{};
  std::uint32_t width = 0;
  std::uint64_t accepting = 0;      // one bit a state
  std::vector<std::uint8_t> steps;  // of state and class, `width` a state; 0 is where it starts
};

// Nothing where the pattern is beyond regex::parse() or too large. Assertions hold everywhere.
std::optional<TailAutomaton> make_tail_automaton(std::string_view pattern);

// The same as it lies in a block of bytes.
struct TailSteps {
  const std::uint8_t* classes;
  const std::uint8_t* steps;
  std::uint32_t width;
  std::uint64_t accepting;

  static constexpr std::size_t kNone = std::string_view::npos;
  // Sets `longest` to the size of the longest match at the start of `text`, or kNone; false when the table ends before
  // that is known.
  bool decide(std::string_view text, std::size_t& longest) const noexcept {
    std::uint32_t state = 0;
    longest = (accepting & 1) != 0 ? 0 : kNone;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::uint8_t next = steps[state * width + classes[static_cast<unsigned char>(text[i])]];
      if (next >= TailAutomaton::kFurther) return next == TailAutomaton::kDead;
      state = next;
      if ((accepting >> state & 1) != 0) longest = i + 1;
    }
    return true;
  }
};

}  // namespace launchgate::secrets
