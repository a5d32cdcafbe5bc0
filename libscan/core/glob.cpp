#include "libscan/core/glob.hpp"

#include <algorithm>

namespace launchgate {
namespace {

std::string_view without_trailing_slash(std::string_view s) { return s.ends_with('/') ? s.substr(0, s.size() - 1) : s; }
std::string_view without_leading_slash(std::string_view s) { return s.starts_with('/') ? s.substr(1) : s; }

}  // namespace

Glob::Glob(std::string_view pattern)
    : glob_(without_leading_slash(without_trailing_slash(pattern))),
      anchored_(without_trailing_slash(pattern).find('/') != std::string_view::npos),
      folders_only_(pattern.ends_with('/')) {}

bool Glob::matches(std::string_view path) const noexcept {
  std::size_t name = 0;
  while (name <= path.size()) {
    const std::size_t end = std::min(path.find('/', name), path.size());
    const bool folder = end < path.size();
    if ((folder || !folders_only_) && glob_.matches(path.substr(anchored_ ? 0 : name, end - (anchored_ ? 0 : name))))
      return true;
    name = end + 1;
  }
  return false;
}

bool matches_everything(std::string_view pattern) noexcept {
  return pattern.find_first_not_of("*/") == std::string_view::npos;
}

bool any_matches(std::span<const Glob> globs, std::string_view path) noexcept {
  return std::any_of(globs.begin(), globs.end(), [&](const Glob& g) { return g.matches(path); });
}

}  // namespace launchgate
