// From a rule's full expression to the least the front end has to look for.
//
// A full match may be long, variable and guarded on both sides; Hyperscan would report every possible end of it.
// The front form is a shorter expression that some part of every match matches: guards and assertions dropped,
// the value cut to its first few characters. It may match more often (the next stage confirms), never less.
// Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

// A form wider than this is cut another way: around every change of a file the history scan looks again at as many
// bytes as the widest of all forms has.
inline constexpr std::uint32_t kWidestFront = 256;

struct FrontForm {
  std::vector<std::string> patterns;  // any one of them matching makes a candidate
  std::uint32_t reach = 0;            // a match starts at most this many bytes before its candidate's end
  std::uint32_t lead = 0;             // and of its front matches one starts at most this many bytes behind it
  std::uint32_t span = 0;             // longest match, in bytes; regex::kUnlimited = no bound
  std::uint32_t width = 0;            // longest match of `patterns` as counted exactly
  std::uint32_t literal = 0;          // shortest of the literals one of which every front match holds
};

// Hyperscan refuses automata beyond a size, and counted repeats are what makes them big: `relaxed` patterns repeat
// without counting ("up to 30 name characters" becomes "any number") and match a little more often.
enum class Counting { exact, relaxed };

FrontForm front_form(const regex::Node& tree, Counting counting = Counting::exact);

// Convenience: parse and reduce; nothing when the expression is beyond the parser.
std::optional<FrontForm> front_form(std::string_view regex, Counting counting = Counting::exact);

}  // namespace launchgate::secrets
