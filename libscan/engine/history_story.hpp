// What became of the findings of a history: whether their contents are still in HEAD and where, and which references
// hold their commits. Everything is looked up for all findings together, and only when there are any.
#pragma once

#include <vector>

#include "libscan/core/finding.hpp"
#include "libscan/engine/history_tips.hpp"
#include "libscan/git/new_files.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::engine {

// Fills in Finding::story except for Story::secret. `history` is where the findings were found. What cannot be looked
// up (a tree of HEAD is missing) stays empty.
void tell_stories(std::vector<Finding>& findings, const git::Repository& repository, const git::History& history,
                  const HistoryTips& tips);

}  // namespace launchgate::engine
