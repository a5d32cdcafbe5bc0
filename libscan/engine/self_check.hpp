// The last look before anything is written: does a rendered report hold a secret the run found?
//
// Findings are masked when they are built, so this should never fire; it is there for the day a message, a path or an
// excerpt carries a value by a road no one thought of. Rendered text is scanned with the run's own rules, and a value
// whose secret_id the report knows is a leak. Cost: nothing when there are no findings, else one scan of the output.
// Thread-safety: an OutputCheck may be called from one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/secrets/matcher.hpp"

namespace launchgate::engine {

// Fails (internal) when `rendered` holds a secret; the error never repeats it.
using OutputCheck = std::function<Result<void>(std::string_view rendered)>;

OutputCheck output_check(const Report& report, std::shared_ptr<const secrets::Matcher> rules, std::string id_key);

}  // namespace launchgate::engine
