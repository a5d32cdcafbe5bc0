// The language of .gitignore files, gitignore(5): one list of patterns, and its verdict on a path.
//
// A list knows nothing of other lists: the walk (worktree.hpp) asks the innermost .gitignore first, then outwards, then
// info/exclude, then core.excludesFile, and takes the first verdict. Within a list the last pattern that fits decides.
// Patterns are sorted by how they can be tested, so that a file usually costs a few bit tests per list, not a match
// per pattern. Thread-safety: immutable after construction.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/git/wildmatch.hpp"

namespace launchgate::git {

enum class IgnoreVerdict : std::uint8_t { none, ignored, included };

class IgnoreList {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;  // what readers of ignore files should stop at

  IgnoreList() = default;
  // `base` is the folder the patterns are relative to: "" or a path that ends in '/'.
  IgnoreList(std::string_view text, std::string base, bool ignore_case);

  bool empty() const noexcept { return patterns_.empty(); }

  // `path` starts with `base`, has no '/' at its end; `name_at` is where its last component starts.
  IgnoreVerdict judge(std::string_view path, std::size_t name_at, bool directory) const;

 private:
  enum class Kind : std::uint8_t {
    name,       // the last component is exactly the text
    suffix,     // the last component ends in the text
    name_glob,  // the last component matches the glob
    path,       // the path below base starts with the text and the rest matches the glob, if there is one
  };
  struct Pattern {
    Kind kind = Kind::name;
    bool negative = false;
    bool directories_only = false;
    std::string text;
    std::uint32_t glob = kNoGlob;  // index into globs_
  };
  static constexpr std::uint32_t kNoGlob = UINT32_MAX;

  void add_line(std::string_view line);
  void add_name(std::string_view text, std::size_t literal, Pattern pattern);
  void add(Pattern pattern);
  bool fits(const Pattern& pattern, std::string_view name, std::string_view below) const noexcept;

  std::string base_;
  bool ignore_case_ = false;
  std::vector<Pattern> patterns_;  // in the order of the file
  std::vector<Wildmatch> globs_;
  // Numbers of patterns by how to rule them out: the byte their text starts (names, paths) or ends with (suffixes).
  std::vector<std::uint32_t> names_, suffixes_, paths_, others_;
  std::bitset<256> name_starts_, suffix_ends_, path_starts_;
};

}  // namespace launchgate::git
