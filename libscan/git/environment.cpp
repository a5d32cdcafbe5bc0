#include "libscan/git/environment.hpp"

namespace launchgate::git {

Environment Environment::from(const char* const* envp) {
  Environment environment;
  for (; envp != nullptr && *envp != nullptr; ++envp) {
    const std::string_view entry(*envp);
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    environment.variables_.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return environment;
}

std::string_view Environment::get(std::string_view name) const noexcept {
  const auto at = variables_.find(name);
  return at == variables_.end() ? std::string_view{} : std::string_view(at->second);
}

}  // namespace launchgate::git
