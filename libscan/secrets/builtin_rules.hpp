// The built-in catalogue (rules/*.toml), embedded in the binary by the build, ready to load in milliseconds.
#pragma once

#include <string_view>

#include "libscan/core/result.hpp"
#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/rule.hpp"

namespace launchgate::secrets {

// The rules as data, without their samples.
const RuleSet& builtin_rules();

// A digest of the rules and of how they are found, for what is stored beside them.
std::string_view builtin_identity();

// A Matcher of exactly these rules. Loads the embedded front end; where the library on this machine refuses it
// (another version of Hyperscan), compiles it instead, which takes seconds.
Result<Matcher> builtin_matcher();

}  // namespace launchgate::secrets
