// An expression with its long counted repeats made endless, each in a group of its own so that it can be counted
// afterwards: "pass[a-z]{0,30}=" becomes "pass([a-z]{0,})=" and the note that group 1 may have 30 bytes.
//
// Why: RE2 unrolls "{0,30}" into thirty copies, and over some hundreds of them its slowest engine is all that is left.
// Relaxed, the same search takes a tenth of the time. It is exact, too. RE2 takes the first way through an expression
// in a fixed order of preference; relaxing adds ways and does not change their order. So when the way it found keeps
// every count, it is the one the original takes; and when there is none, the original has none.
//
// Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::secrets {

struct RelaxedRegex {
  struct Limit {
    std::size_t group;
    std::size_t most;  // bytes it may have
  };
  std::string text;
  std::vector<std::size_t> groups;  // group n of the original is group groups[n] here; groups[0] = 0
  std::vector<Limit> limits;
};

// Nothing when there is nothing to relax, or for syntax that is not worth the trouble.
std::optional<RelaxedRegex> relax_regex(std::string_view regex);

}  // namespace launchgate::secrets
