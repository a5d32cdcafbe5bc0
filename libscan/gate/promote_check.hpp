// promote-check: the last question before a release goes out. Fails closed: anything but a fresh, genuine PROMOTE for
// exactly this release, environment and configuration is no.
//
// A rollback is never blocked: when the site burns, the gate must not hold the hose. It is recorded instead.
// Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libscan/core/verdict.hpp"

namespace launchgate::gate {

struct PromoteQuestion {
  std::optional<std::string> file;           // the verdict file's text; absent = there is none
  std::string env;                           // must be given and equal the file's
  std::string release;                       // likewise
  std::optional<std::string> config_sha256;  // of the configuration here; absent = it could not be read
  double max_age_ms = 1'800'000;
  std::int64_t now_unix_ms = 0;
  std::string key;  // empty: signatures are not looked at
  bool rollback = false;
};

// PROMOTE, or the file's BLOCK, or HOLD with the reason first.
Verdict promote_check(const PromoteQuestion& question);

// Clocks of two runners may differ by this much before a verdict counts as one from the future.
inline constexpr double kClockSkewMs = 300'000;

}  // namespace launchgate::gate
