// The two pictures of the html report, as inline SVG: what was measured against what was allowed, and where time went.
#pragma once

#include <string>

#include "libscan/core/report.hpp"

namespace launchgate::adapters {

// Every sample as a dot over its number, the budget as a line; what failed is a cross at the upper edge; below, what
// the marks mean. Empty when there is nothing to compare: one sample, or none that succeeded.
std::string samples_svg(const CheckResult& check);

// One bar of the phases of the median sample, with a legend. Empty when no sample has phases.
std::string phases_svg(const CheckResult& check);

}  // namespace launchgate::adapters
