// The entries of one tree that none of several older trees has: for a commit's folder beside its parents' folders.
//
// Nearly all of a tree stands byte for byte in the first parent's as well. How far two trees agree is found by
// comparing memory; but the last entry that lies within can only be found by stepping from entry to entry, for an
// object id may hold any byte. In a folder of a thousand files that would be most of the work, so trees carry marks,
// places where an entry is known to begin: made on the first walk through a tree, handed on to the older tree with
// every stretch that both have, and so at hand when that one is compared with its own parents. Thread-safety: one
// TreeDiff per thread, and the trees given to it (SharedBytes::marks).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "libscan/git/base_cache.hpp"
#include "libscan/git/index.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/tree_cursor.hpp"

namespace launchgate::git {

// How many bytes two texts have in common at their start.
inline std::size_t common_prefix(std::string_view a, std::string_view b) noexcept {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t at = 0;
  for (const std::size_t block : {4096, 256, 32, 8})
    while (at + block <= most && std::memcmp(a.data() + at, b.data() + at, block) == 0) at += block;
  while (at < most && a[at] == b[at]) ++at;
  return at;
}

// The first NUL of `text` at or after `at`; text.size() when there is none. Names are short: a call of memchr(3) costs
// as much as looking at eight bytes at a time (the carry-free zero-byte test of "Hacker's Delight", 6-1).
inline std::size_t find_nul(std::string_view text, std::size_t at) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t kLow = 0x0101010101010101u, kHigh = 0x8080808080808080u;
    for (; at + 8 <= text.size(); at += 8) {
      std::uint64_t word;
      std::memcpy(&word, text.data() + at, sizeof word);
      if (const std::uint64_t zero = (word - kLow) & ~word & kHigh; zero != 0)
        return at + static_cast<std::size_t>(std::countr_zero(zero)) / 8;
    }
  }
  while (at < text.size() && text[at] != '\0') ++at;
  return at;
}

// Marks of a tree, ascending and at least kApart from each other.
class TreeMarks {
 public:
  static constexpr std::size_t kApart = 1024;
  explicit TreeMarks(std::vector<std::uint32_t>* marks) noexcept : marks_(marks) {}

  void add(std::size_t at) {
    if (marks_ != nullptr && at >= (marks_->empty() ? 0 : marks_->back()) + kApart)
      marks_->push_back(static_cast<std::uint32_t>(at));
  }
  // The last mark in [from, to]; `from` when there is none.
  std::size_t last_within(std::size_t from, std::size_t to) const {
    if (marks_ == nullptr) return from;
    const auto after = std::upper_bound(marks_->begin(), marks_->end(), to);
    return after == marks_->begin() ? from : std::max<std::size_t>(from, after[-1]);
  }
  // Tells another tree, which has at `there` what this one has in [from, to).
  void hand_on(std::size_t from, std::size_t to, std::size_t there, TreeMarks& other) const {
    if (marks_ == nullptr || other.marks_ == nullptr) return;
    for (auto at = std::lower_bound(marks_->begin(), marks_->end(), from); at != marks_->end() && *at <= to; ++at)
      other.add(*at - from + there);
  }

 private:
  std::vector<std::uint32_t>* marks_;
};

class TreeDiff {
 public:
  explicit TreeDiff(ObjectFormat format) : format_(format) {}

  // Calls use(entry, before) for each entry of `tree` whose content none of `older` has under that name; `before` holds
  // the ids of what they have there of the same sort (file, folder, link). False when one of the trees is damaged.
  // Entries must be in git's order; where they are not, more is told than is new, never less.
  template <class Use>
  bool run(const SharedBytes& tree, std::span<const SharedBytes> older, Use use) {
    sides_.clear();
    for (const SharedBytes& bytes : older)
      sides_.push_back({TreeCursor(bytes.view(), format_), TreeMarks(bytes.marks.get()), bytes.size});
    TreeCursor entry(tree.view(), format_);
    TreeMarks marks(tree.marks.get());
    for (;;) {
      const std::size_t from = tree.size - entry.rest().size();
      if (!sides_.empty() && sides_.front().stands_beside(from))
        entry.skip(skip_common(entry.rest(), from, marks, sides_.front()));
      const std::string_view rest = entry.rest();
      if (!entry.next()) break;
      const std::size_t begin = tree.size - rest.size(), end = tree.size - entry.rest().size();
      bool unchanged = false;
      before_.clear();
      for (Side& side : sides_) {
        if (!side.loaded && side.beside < begin)
          skip_common(tree.view().substr(side.beside, begin - side.beside), side.beside, marks, side);
        const TreeCursor* const there = side.find(entry, end);
        if (there == nullptr) continue;
        unchanged = there->oid == entry.oid;
        if (unchanged) break;
        before_.push_back(there->oid);
      }
      if (!unchanged) use(entry, std::span<const Oid>(before_));
    }
    bool damaged = entry.damaged();
    for (const Side& side : sides_) damaged |= side.cursor.damaged();
    return !damaged;
  }

 private:
  static bool is_folder(std::uint32_t mode) noexcept { return (mode & kModeType) == kModeTree; }
  static constexpr std::size_t kNowhere = SIZE_MAX;

  // An older tree, read up to somewhere.
  struct Side {
    TreeCursor cursor;
    TreeMarks marks;
    std::size_t size;
    std::size_t beside = 0;  // what follows in it may well be what follows here in the new tree
    bool loaded = false;     // cursor stands on an entry that has not been passed
    bool ended = false;

    bool stands_beside(std::size_t at) const noexcept { return !loaded && !ended && beside == at; }

    // The entry of this side with the name and sort of `entry`, all before it passed over. `end` is where `entry` ends.
    const TreeCursor* find(const TreeCursor& entry, std::size_t end) noexcept {
      while (!ended) {
        if (!loaded && !cursor.next()) {
          ended = true;
          break;
        }
        loaded = true;
        const int order = compare_tree_names(entry.name, is_folder(entry.mode), cursor.name, is_folder(cursor.mode));
        if (order < 0) break;
        loaded = false;  // either passed over, or this one, which no other entry asks for again
        beside = order == 0 ? end : kNowhere;
        if (order == 0) return (cursor.mode & kModeType) == (entry.mode & kModeType) ? &cursor : nullptr;
      }
      return nullptr;
    }
  };

  // Passes over the whole entries at the start of `rest`, which stands at `from` in the new tree, that the side has
  // too. Returns their size.
  std::size_t skip_common(std::string_view rest, std::size_t from, TreeMarks& marks, Side& side) {
    const std::size_t common = common_prefix(rest, side.cursor.rest());
    std::size_t at = marks.last_within(from, from + common) - from;
    for (;;) {
      const std::size_t next = find_nul(rest.substr(0, common), at) + 1 + id_size(format_);
      if (next > common) break;
      marks.add(from + (at = next));
    }
    marks.hand_on(from, from + at, side.size - side.cursor.rest().size(), side.marks);
    side.cursor.skip(at);
    side.beside = from + at;
    return at;
  }

  ObjectFormat format_;
  std::vector<Side> sides_;
  std::vector<Oid> before_;
};

}  // namespace launchgate::git
