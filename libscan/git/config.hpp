// Git's configuration, read for the few keys a scanner needs. Nothing is ever executed from it.
//
// Sources, later ones winning: /etc/gitconfig, the user's two files, the repository's (and, where
// extensions.worktreeConfig says so, the work tree's), GIT_CONFIG_PARAMETERS and GIT_CONFIG_COUNT. `include` and
// `includeIf` (gitdir, gitdir/i, onbranch) are followed, at most kMaxDepth deep and kMaxFiles in all.
// The reader is tolerant: a line it does not understand is left out. Thread-safety: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/environment.hpp"

namespace launchgate::git {

class Config {
 public:
  // Who wrote a value; git trusts some keys (safe.directory) only from outside the repository.
  enum class Scope : std::uint8_t { system, global, local, command };
  struct Entry {
    std::string name;  // "core.worktree", "remote.Origin.url": section and key in lower case, subsection as written
    std::string value;
    bool valueless = false;  // `[core] bare` with no '=': true as a boolean
    Scope scope = Scope::local;
  };

  static constexpr std::size_t kMaxDepth = 10;  // git's own limit
  static constexpr std::size_t kMaxFiles = 64;
  static constexpr std::size_t kMaxBytes = 1 << 20;  // per file
  static constexpr std::size_t kMaxEntries = 100000;

  // What conditions of includeIf are judged by; empty while no repository is known.
  struct Context {
    std::string git_dir;  // absolute
    std::string branch;   // short name of the branch HEAD is on
  };

  // The files outside every repository, then the environment's values.
  void add_system_and_global(const Environment&, const Context&);
  void add_command(const Environment&);
  // One file; a file that does not exist adds nothing. Fails (io) when it is there and cannot be read.
  Result<void> add_file(const std::string& path, Scope, const Environment&, const Context&);
  // One text in the format of git-config(1); `path` is what relative includes start from.
  void add_text(std::string_view text, const std::string& path, Scope, const Environment&, const Context&);

  // The last value of `name`.
  std::optional<std::string_view> get(std::string_view name) const noexcept;
  bool get_bool(std::string_view name, bool otherwise) const noexcept;
  const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  friend class ConfigParser;
  void include(const Entry& entry, const std::string& from, const Environment&, const Context&);

  std::vector<Entry> entries_;
  std::size_t files_ = 0;
  std::size_t depth_ = 0;
};

// "~/x" with HOME in place of the tilde; "~user/x" stays as it is.
std::string expand_home(std::string_view path, const Environment&);

}  // namespace launchgate::git
