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
  static constexpr std::size_t kStates = 250;
  // No match goes on; a state the table has no room for; a match.
  static constexpr std::uint8_t kDead = 0xff, kFurther = 0xfe, kMatch = 0xfd;

  using Classes = std::array<std::uint8_t, 256>;  // bytes that no state tells apart share a number below `width`

  Classes classes{};
  std::uint32_t width = 0;
  std::vector<std::uint8_t> steps;  // of state and class, `width` a state; 0 is where it starts
};

// Nothing where the pattern is beyond regex::parse() or too large, or matches without a byte. Assertions hold
// everywhere.
std::optional<TailAutomaton> make_tail_automaton(std::string_view pattern);

// The same as it lies in a block of bytes.
struct TailSteps {
  const std::uint8_t* classes;
  const std::uint8_t* steps;
  std::uint32_t width;

  // Is there a match at the start of `text`? Unknown where the table ends before that is known.
  enum class Answer : std::uint8_t { none, match, unknown };
  Answer look_at(std::string_view text) const noexcept {
    std::uint32_t state = 0;
    for (const char c : text) {
      const std::uint8_t next = steps[state * width + classes[static_cast<unsigned char>(c)]];
      if (next >= TailAutomaton::kMatch)
        return next == TailAutomaton::kMatch  ? Answer::match
               : next == TailAutomaton::kDead ? Answer::none
                                              : Answer::unknown;
      state = next;
    }
    return Answer::none;
  }
};

}  // namespace launchgate::secrets
