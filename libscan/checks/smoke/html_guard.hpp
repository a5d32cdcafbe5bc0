// Two fences around the HTML parser, which has none of its own: it allocates without a limit, walks the stack of
// open elements for every tag, and frees its tree by recursion. So a page is refused when its elements nest deeper
// than any real page does, and the tree lives in an arena that ends the parse when it is full and is freed at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace launchgate::checks::smoke {

inline constexpr std::size_t kMaxHtmlBytes = std::size_t{2} << 20;   // login pages are some 10 to 300 KB
inline constexpr std::size_t kMaxTreeBytes = std::size_t{64} << 20;  // a parsed page takes 10 to 20 times its size
inline constexpr std::size_t kMaxHtmlDepth = 1000;                   // browsers stop nesting at 512

// How deep the elements of `html` may nest: open tags minus the end tags that can close one, never less than half
// of what the parser will see. Elements whose end tag is optional (li, p, td) close each other and do not count.
std::size_t nesting_estimate(std::string_view html);

// Memory handed out in order and freed together. Not for general use: nothing is ever returned early.
class Arena {
 public:
  explicit Arena(std::size_t limit) : limit_(limit) {}
  void* allocate(std::size_t size) noexcept;  // aligned for any type; nullptr: the limit is reached
  std::size_t used() const noexcept { return used_; }

 private:
  std::size_t limit_;
  std::size_t used_ = 0;
  std::size_t left_ = 0;
  std::byte* next_ = nullptr;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
};

}  // namespace launchgate::checks::smoke
