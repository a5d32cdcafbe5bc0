// The first steps of a tail's automaton, as a table made by the build: most of what stands behind an anchor is wrong
// within a few bytes, and a table says so in a few nanoseconds. What goes beyond the table is left to who asked.
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

  // Of the start of `text`; unknown where the table ends before that is known.
  enum class Answer : std::uint8_t { none, match, unknown };
  Answer look_at(std::string_view text) const noexcept {
    std::uint32_t state = 0;
    for (std::size_t i = 0;; ++i) {
      if ((accepting >> state & 1) != 0) return Answer::match;
      if (i == text.size()) return Answer::none;
      const std::uint8_t next = steps[state * width + classes[static_cast<unsigned char>(text[i])]];
      if (next >= TailAutomaton::kFurther) return next == TailAutomaton::kDead ? Answer::none : Answer::unknown;
      state = next;
    }
  }
};

}  // namespace launchgate::secrets
