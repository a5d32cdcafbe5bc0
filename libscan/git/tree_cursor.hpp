// Walks the entries of a tree object: mode in octal, blank, name, NUL, raw object id; repeated. No copy, no allocation.
//
//   TreeCursor tree(bytes, format);
//   while (tree.next()) use(tree.name, tree.mode, tree.oid);
//   if (tree.damaged()) ...
#pragma once

#include <cstdint>
#include <string_view>

#include "libscan/git/oid.hpp"

namespace launchgate::git {

class TreeCursor {
 public:
  // `bytes` must outlive the cursor and the names it gives.
  TreeCursor(std::string_view bytes, ObjectFormat format) noexcept : rest_(bytes), format_(format) {}

  std::string_view name;
  std::uint32_t mode = 0;
  Oid oid;

  // The next entry; false at the end, and where the bytes make no sense.
  bool next() noexcept {
    if (rest_.empty()) return false;
    damaged_ = true;
    std::size_t at = 0;
    mode = 0;
    for (; at < rest_.size() && rest_[at] >= '0' && rest_[at] <= '7' && at < 7; ++at)
      mode = mode << 3 | static_cast<std::uint32_t>(rest_[at] - '0');
    if (at == 0 || at == rest_.size() || rest_[at] != ' ') return false;
    const std::size_t nul = rest_.find('\0', at);
    const std::size_t size = id_size(format_);
    if (nul == std::string_view::npos || rest_.size() - nul - 1 < size) return false;
    name = rest_.substr(at + 1, nul - at - 1);
    if (name.empty() || name.find('/') != std::string_view::npos) return false;
    oid = Oid::from_raw(reinterpret_cast<const std::uint8_t*>(rest_.data()) + nul + 1, format_);
    rest_.remove_prefix(nul + 1 + size);
    damaged_ = false;
    return true;
  }
  bool damaged() const noexcept { return damaged_; }

  // What follows the current entry, and a way past the first `bytes` of it, which must be whole entries.
  std::string_view rest() const noexcept { return rest_; }
  void skip(std::size_t bytes) noexcept { rest_.remove_prefix(bytes); }

 private:
  std::string_view rest_;
  ObjectFormat format_;
  bool damaged_ = false;
};

// Git's order of names in a tree: bytes, a folder's name counting as if it ended in '/'. <0, 0 or >0; 0 only for the
// same name of the same sort.
inline int compare_tree_names(std::string_view a, bool a_folder, std::string_view b, bool b_folder) noexcept {
  const std::size_t common = a.size() < b.size() ? a.size() : b.size();
  if (const int c = a.substr(0, common).compare(b.substr(0, common)); c != 0) return c;
  const auto next = [common](std::string_view s, bool folder) {
    return s.size() > common ? static_cast<unsigned char>(s[common]) : folder ? '/' : 0;
  };
  const int c = next(a, a_folder) - next(b, b_folder);
  return c != 0 ? c : static_cast<int>(a.size() > b.size()) - static_cast<int>(a.size() < b.size());
}

}  // namespace launchgate::git
