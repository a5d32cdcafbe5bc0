// One Report of several: of the shards of one history, or of runs that asked different questions.
// Thread-safety: a pure function.
#pragma once

#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"

namespace launchgate {

// The findings of all parts, each once, in report order; their rules, checks and notes, each once; their coverage; the
// strictest of their gate levels. The order of `parts` does not matter. A shard that is missing ("3/4" of which only 1,
// 2 and 4 came) was not looked at: it is in the coverage as such, so that the whole cannot pass.
//
// Fails (usage) when there are no parts, or when they cannot be parts of one whole: written by different versions of
// launchgate, or shards of different divisions.
Result<Report> merge_reports(std::vector<Report> parts);

}  // namespace launchgate
