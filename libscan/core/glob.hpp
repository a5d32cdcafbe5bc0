// Globs over paths as people know them from .gitignore: for what a configuration excludes or ignores.
//
//   name        any file or folder of that name, at any depth        *.pem, fixtures
//   a/b, /a     a path from the root                                 tests/data/*.json
//   name/       folders only                                         vendor/
//   **          any number of folders                                docs/**/*.md
// A folder that matches takes everything below it along. There is no negation: a list of globs is a plain "or".
//
// Paths are relative, with '/'. Cost of a match: one Wildmatch a folder of the path. Thread-safety: immutable.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/wildmatch.hpp"

namespace launchgate {

class Glob {
 public:
  explicit Glob(std::string_view pattern);
  bool matches(std::string_view path) const noexcept;

 private:
  Wildmatch glob_;
  bool anchored_;  // has a '/' before its end: compared with whole paths, else with single names
  bool folders_only_;
};

// Would it match every path ("*", "**", "/**/*")? Such an ignore is a mistake, or worse.
bool matches_everything(std::string_view pattern) noexcept;

// Does any of them match?
bool any_matches(std::span<const Glob> globs, std::string_view path) noexcept;

}  // namespace launchgate
