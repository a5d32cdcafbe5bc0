// Expressions that match a few literals only, written out. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

using Literal = std::vector<regex::ByteSet>;  // each set one byte, or one letter in both cases
using Literals = std::optional<std::vector<Literal>>;

// Everything the node matches; nothing when that is endless, or more than is worth looking for.
Literals language(const regex::Node& node);

// Each of `heads` with each of `tails` behind it.
Literals joined(const std::vector<Literal>& heads, const Literals& tails);

}  // namespace launchgate::secrets
