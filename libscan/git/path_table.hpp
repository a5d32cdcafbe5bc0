// Paths, each kept once, as numbers. A history names the same few thousand paths hundreds of thousands of times.
// Thread-safety: one table per thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace launchgate::git {

class PathTable {
 public:
  std::uint32_t id_of(std::string_view path) {
    if (2 * (ends_.size() + 1) > table_.size()) grow();
    std::uint32_t* slot = find_slot(path);
    if (*slot == kNone) {
      *slot = size();
      bytes_.insert(bytes_.end(), path.begin(), path.end());
      ends_.push_back(bytes_.size());
    }
    return *slot;
  }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(ends_.size()); }
  // Valid until the next id_of().
  std::string_view operator[](std::uint32_t id) const noexcept {
    const std::size_t begin = id == 0 ? 0 : ends_[id - 1];
    return {bytes_.data() + begin, ends_[id] - begin};
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::uint32_t* find_slot(std::string_view path) noexcept {
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = std::hash<std::string_view>{}(path)&mask;; at = (at + 1) & mask)
      if (table_[at] == kNone || (*this)[table_[at]] == path) return &table_[at];
  }
  void grow() {
    table_.assign(table_.empty() ? 64 : 2 * table_.size(), kNone);
    for (std::uint32_t id = 0; id < size(); ++id) *find_slot((*this)[id]) = id;
  }

  std::vector<char> bytes_;           // one path after the other
  std::vector<std::size_t> ends_;     // of each path in bytes_
  std::vector<std::uint32_t> table_;  // open hashing
};

}  // namespace launchgate::git
