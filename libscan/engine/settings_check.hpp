// launchgate.toml through our own eyes: the file that tells which secrets to use must not hold one.
//
// The readers refuse a literal in a field that is for a secret; this finds the others, wherever they stand: in a URL, a
// header, a body, a comment. Thread-safety: any.
#pragma once

#include <string_view>

#include "libscan/core/result.hpp"

namespace launchgate::engine {

// Error (config) at the first finding of the built-in rules that is high risk or worse: "FILE:LINE:COLUMN: …". An
// inline tag (launchgate:allow) accepts a line, as anywhere. `file` is the name shown to people.
Result<void> refuse_literal_secrets(std::string_view toml, std::string_view file);

}  // namespace launchgate::engine
