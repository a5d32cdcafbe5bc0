// Where most of a long list stands: a hundred findings are often three rules in three folders, and whoever has ten
// minutes wants to know that first.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libscan/core/report.hpp"

namespace launchgate::adapters {

// What one rule found in files.
struct HotSpot {
  std::string rule;
  std::size_t count = 0;   // of all its findings
  std::string place;       // the file or the deepest folder/ that holds most of them; empty: they are all over
  std::size_t inside = 0;  // how many that is
};

// Of the findings that are more than `can wait`, by count, at most `most`; nothing where there are too few to sum up.
std::vector<HotSpot> hot_spots(const Report& report, std::size_t most);

}  // namespace launchgate::adapters
