// A rule carries its own test: samples it must find and non-samples it must not. The walk over them serves
// `rules test` and the test of the built-in catalogue.
#pragma once

#include <cstddef>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/secrets/rule.hpp"
#include "libscan/secrets/rule_lint.hpp"

namespace launchgate::secrets {

struct SampleOutcome {
  std::size_t samples = 0;  // expanded and scanned
  std::vector<LintFinding> failures;
};

// Expands every template with several seeds and scans it with the whole set, so that a sample stolen by another
// rule is noticed too. Fails when the rules do not compile or a template is malformed.
Result<SampleOutcome> test_samples(const RuleSet& rules);

}  // namespace launchgate::secrets
