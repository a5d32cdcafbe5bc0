// Backtracker against RE2: the same match with the same groups from every place of a text.
#pragma once

#include <re2/re2.h>

#include <optional>
#include <string>
#include <vector>

#include "libscan/secrets/backtracker.hpp"

namespace launchgate::test {

struct Comparison {
  bool compiled = false;  // by both
  std::size_t matches = 0;
  std::optional<std::string> difference;
};

inline Comparison compare_with_re2(const std::string& pattern, const std::string& text, std::int64_t budget) {
  using secrets::Backtracker;
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  const re2::RE2 regex(pattern, options);
  const auto program = regex.ok() ? Backtracker::compile(pattern) : std::nullopt;
  Comparison out;
  out.compiled = program.has_value();
  if (!program) return out;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
  if (program->group_count() + 1 != groups.size()) return out.difference = "number of groups", out;
  Backtracker::Scratch scratch;
  for (std::size_t begin = 0; begin <= text.size(); ++begin) {
    const auto at = " at " + std::to_string(begin);
    groups.assign(groups.size(), {});
    const bool found =
        regex.Match(text, begin, text.size(), re2::RE2::ANCHOR_START, groups.data(), static_cast<int>(groups.size()));
    std::int64_t left = budget;
    const auto outcome = program->match_at(text, begin, left, scratch);
    if (outcome == Backtracker::Outcome::gave_up) continue;
    if (found != (outcome == Backtracker::Outcome::match)) return out.difference = "match" + at, out;
    if (!found) continue;
    ++out.matches;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::size_t from = scratch.groups()[2 * g], to = scratch.groups()[2 * g + 1];
      const bool unset = groups[g].data() == nullptr;
      if (unset != (to == Backtracker::kUnset)) return out.difference = "group " + std::to_string(g) + at, out;
      if (!unset && text.substr(from, to - from) != groups[g].as_string())
        return out.difference = "text of group " + std::to_string(g) + at, out;
      if (!unset && text.data() + from != groups[g].data())
        return out.difference = "place of group " + std::to_string(g) + at, out;
    }
    if (!groups[0].empty() && program->next_start(text, begin, begin + 1) != begin)
      return out.difference = "start" + at, out;
  }
  return out;
}

}  // namespace launchgate::test
