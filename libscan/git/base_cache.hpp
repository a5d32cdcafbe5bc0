// Recently read trees and commits of packs. Neighbours in history are each other's delta bases, and every tree is read
// twice, as what is new and as what was before: without this each reading would rebuild a chain of deltas.
//
// A hash table with one place for each hash, that grows as it fills (a hook needs a handful of places and has no time
// for more), bounded in bytes: what was not asked for longest goes first. Thread-safety: one cache per thread;
// SharedBytes may be held on beyond it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "libscan/git/pack.hpp"

namespace launchgate::git {

// Immutable bytes with as many owners as like to hold them.
struct SharedBytes {
  std::shared_ptr<char[]> data;
  std::size_t size = 0;
  // Of a large tree: where some of its entries begin, ascending, as far as that was found out (git/tree_diff.hpp). All
  // owners add to it, so they must be of one thread. Null for what is small.
  std::shared_ptr<std::vector<std::uint32_t>> marks;

  static constexpr std::size_t kLarge = 2048;
  static SharedBytes make(std::size_t size) {
    SharedBytes made{std::make_shared_for_overwrite<char[]>(size + 1), size, nullptr};
    if (size >= kLarge) {
      made.marks = std::make_shared<std::vector<std::uint32_t>>();
      made.marks->reserve(size / 1024);
    }
    return made;
  }
  std::string_view view() const noexcept { return {data.get(), size}; }
};

class BaseCache {
 public:
  struct Entry {
    const Pack* pack = nullptr;  // null: the place is empty
    std::uint64_t offset = 0;
    SharedBytes bytes;
    std::uint32_t newer = 0, older = 0;  // neighbours by last use, as places; place 0 is the list's two ends
    PackEntry::Kind kind = PackEntry::Kind::tree;
  };

  explicit BaseCache(std::size_t bytes) noexcept : budget_(bytes) {}
  void set_budget(std::size_t bytes) noexcept { budget_ = bytes; }

  // Null when it is not there; valid until the next put().
  const Entry* find(const Pack* pack, std::uint64_t offset) noexcept {
    if (entries_.empty()) return nullptr;
    const std::uint32_t at = place(offset);
    Entry& entry = entries_[at];
    if (entry.pack != pack || entry.offset != offset) return nullptr;
    unlink(entry);
    link_newest(at);
    return &entry;
  }

  void put(const Pack* pack, std::uint64_t offset, PackEntry::Kind kind, SharedBytes bytes) {
    if (cost(bytes) > budget_ / 8) return;
    if (2 * count_ >= entries_.size()) grow();
    insert(pack, offset, kind, std::move(bytes));
    while (held_ > budget_) drop(entries_[kEnds].newer);
  }

 private:
  static constexpr unsigned kFirstBits = 6, kMostBits = 14;
  static constexpr std::size_t kOverhead = 64;
  static constexpr std::uint32_t kEnds = 0;

  std::uint32_t place(std::uint64_t offset) const noexcept {  // Fibonacci hashing
    return 1 + static_cast<std::uint32_t>(offset * 0x9e3779b97f4a7c15u >> (64 - bits_));
  }
  static std::size_t cost(const SharedBytes& bytes) noexcept { return bytes.size + kOverhead; }

  void unlink(const Entry& entry) noexcept {
    entries_[entry.newer].older = entry.older;
    entries_[entry.older].newer = entry.newer;
  }
  // The ends' `older` is the newest entry, their `newer` the oldest.
  void link_newest(std::uint32_t at) noexcept {
    Entry& ends = entries_[kEnds];
    entries_[at].newer = kEnds;
    entries_[at].older = ends.older;
    entries_[ends.older].newer = at;
    ends.older = at;
  }
  void insert(const Pack* pack, std::uint64_t offset, PackEntry::Kind kind, SharedBytes bytes) {
    const std::uint32_t at = place(offset);
    if (entries_[at].pack != nullptr) drop(at);
    ++count_;
    held_ += cost(bytes);
    entries_[at] = {pack, offset, std::move(bytes), 0, 0, kind};
    link_newest(at);
  }
  void drop(std::uint32_t at) noexcept {
    Entry& entry = entries_[at];
    unlink(entry);
    --count_;
    held_ -= cost(entry.bytes);
    entry = {};
  }
  void grow() {
    if (bits_ == kMostBits) return;
    bits_ = entries_.empty() ? kFirstBits : bits_ + 2;
    std::vector<Entry> old(1 + (std::size_t{1} << bits_));
    old.swap(entries_);
    count_ = held_ = 0;
    if (old.empty()) return;
    for (std::uint32_t at = old[kEnds].newer; at != kEnds; at = old[at].newer)  // oldest first
      insert(old[at].pack, old[at].offset, old[at].kind, std::move(old[at].bytes));
  }

  std::size_t budget_;
  unsigned bits_ = 0;
  std::size_t count_ = 0;
  std::size_t held_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace launchgate::git
