// How often would source text hold this by chance? A rough model, letter after letter, only to weigh literals against
// each other ("key" is frequent, "okta" is not). Pure function.
#pragma once

#include <vector>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

// Chance that a place in source text begins a string of these sets.
double text_odds(const std::vector<regex::ByteSet>& string);

}  // namespace launchgate::secrets
