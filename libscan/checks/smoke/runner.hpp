// Runs every check of a configuration: the release first, then one attempt of each, then repeats of those that failed.
//
// A repeat is independent of what it repeats: at least `gate.spacing` later on a steady clock, the whole flow again, a
// new connection, a fresh jar, another address where there is one. Only what failed is repeated, and all wait together.
// What the attempts of a check prove is not decided here: `settle` is the judge's rule, handed in.
#pragma once

#include <vector>

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/spec.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::checks::smoke {

// The outcome that attempts in their order prove when `strikes` failures in a row confirm; inconclusive: not yet any.
using Settle = Outcome (*)(const std::vector<Attempt>& attempts, unsigned strikes);

struct RunResult {
  std::vector<CheckResult> checks;  // "release" first when there is one, then in configuration order
  std::vector<Note> notes;
};

RunResult run_checks(const Config& config, net::Services services, Settle settle);

}  // namespace launchgate::checks::smoke
