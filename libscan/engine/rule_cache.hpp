// Compiled user rules on disk. What they share with the catalogue is taken from there, so that they cost some
// milliseconds a rule, once.
//
// A cache may cost time, never a finding: entries are named by a SHA-256 over rules, catalogue, our version and the
// library's, carry checksums of their own (Matcher::serialize), are read only when this user owns them and no one else
// may write them, and are written whole or not at all. Every failure just means compiling.
#pragma once

#include <string>

#include "libscan/core/result.hpp"
#include "libscan/secrets/matcher.hpp"

namespace launchgate::engine {

// `dir` empty: compiles without a cache.
Result<secrets::Matcher> compile_cached(secrets::RuleSet rules, const std::string& dir);

}  // namespace launchgate::engine
