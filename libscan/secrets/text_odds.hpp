// How often would source text hold this by chance? A rough model, letter after letter, only to weigh literals against
// each other ("key" is frequent, "okta" is not). Pure function.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

// Chance that a place in source text begins a string of these sets.
double text_odds(const std::vector<regex::ByteSet>& string);

// Chances that a place in source text holds two bytes, each in either case (bit 0x20 is not looked at), and of their
// neighbours: bytes are of eight kinds, `kind_of` the low four bits.
struct PairOdds {
  using Table = std::array<std::array<double, 8>, 8>;
  Table around{};  // [of the byte in front][of the byte behind]
  Table behind{};  // [of the byte behind][of the one behind that]
};
PairOdds pair_odds(std::uint8_t first, std::uint8_t second, const std::array<std::uint8_t, 16>& kind_of);

}  // namespace launchgate::secrets
