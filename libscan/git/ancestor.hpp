// Commits by way of their descendants: "HEAD~3", "main^2~1" (gitrevisions(7), "<rev>^[<n>]" and "<rev>~[<n>]"). What
// people write by hand is nearly always this; the rest of that language is left to libgit2.
// Thread-safety: plain functions and values; the ObjectReader is the calling thread's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"

namespace launchgate::git {

struct AncestorPath {
  std::string_view start;             // the name in front; points into the text
  std::vector<std::uint32_t> parent;  // at each step which one, from 1 on
};

// No value for what is written in any other way, a bare name too.
std::optional<AncestorPath> parse_ancestor(std::string_view text);

// Where the steps lead from a commit; no value when there is no such parent, or it is not here.
Result<std::optional<Oid>> find_ancestor(ObjectReader& objects, Oid commit, const std::vector<std::uint32_t>& parent);

}  // namespace launchgate::git
