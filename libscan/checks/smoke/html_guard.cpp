#include "libscan/checks/smoke/html_guard.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <unordered_map>

namespace launchgate::checks::smoke {
namespace {

bool letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Void elements never open; those with an optional end tag close each other.
bool never_nests(std::string_view tag) noexcept {
  static constexpr std::array<std::string_view, 35> kTags = {
      "area",   "base",  "body",     "br",     "caption", "col",   "colgroup",  "dd",     "dt",
      "embed",  "frame", "head",     "hr",     "html",    "img",   "input",     "keygen", "li",
      "link",   "meta",  "optgroup", "option", "p",       "param", "plaintext", "rp",     "rt",
      "source", "tbody", "td",       "tfoot",  "th",      "thead", "tr",        "track"};
  return std::find(kTags.begin(), kTags.end(), tag) != kTags.end() || tag == "wbr";
}

}  // namespace

std::size_t nesting_estimate(std::string_view html) {
  std::unordered_map<std::string, std::size_t> open;  // a name is at most 16 bytes here: no flood of long keys
  std::size_t depth = 0, deepest = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const bool closing = at + 1 < html.size() && html[at + 1] == '/';
    std::size_t i = at + (closing ? 2 : 1);
    std::string name;
    for (; i < html.size() && name.size() < 16 && (letter(html[i]) || (html[i] >= '0' && html[i] <= '9')); ++i)
      name += static_cast<char>(html[i] | 0x20);
    if (name.empty() || !letter(name[0]) || never_nests(name)) continue;
    if (!closing) {
      ++open[name];
      deepest = std::max(deepest, ++depth);
    } else if (const auto it = open.find(name); it != open.end() && it->second > 0) {
      --it->second;
      --depth;
    }
  }
  return deepest;
}

void* Arena::allocate(std::size_t size) noexcept {
  constexpr std::size_t kAlign = alignof(std::max_align_t), kChunk = 64 << 10;
  if (size > limit_) return nullptr;
  size = std::max<std::size_t>((size + kAlign - 1) / kAlign * kAlign, kAlign);
  if (size > left_) {
    const std::size_t chunk = std::max(size, kChunk);
    if (chunk > limit_ - used_) return nullptr;
    try {
      chunks_.emplace_back(new std::byte[chunk]);
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    used_ += chunk;
    next_ = chunks_.back().get();
    left_ = chunk;
  }
  void* out = next_;
  next_ += size;
  left_ -= size;
  return out;
}

}  // namespace launchgate::checks::smoke
