#include "libscan/git/walk_ground.hpp"

#include <sys/stat.h>

#include <string_view>
#include <utility>

#include "libscan/git/file.hpp"

namespace launchgate::git {
namespace {

bool asked_for(std::string_view path, std::string_view asked) noexcept {
  if (asked.empty() || path == asked) return true;
  return path.size() > asked.size() && path.substr(0, asked.size()) == asked && path[asked.size()] == '/';
}

bool is_there(const std::string& path) noexcept {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

}  // namespace

IgnoreList read_ignore_list(const std::string& file, std::string base, bool ignore_case) {
  if (file.empty()) return {};
  auto text = read_small_file(file, IgnoreList::kMaxBytes);
  return text && *text ? IgnoreList(**text, std::move(base), ignore_case) : IgnoreList();
}

Ground open_ground(const Repository& repository, std::string prefix, WalkSummary& summary) {
  Ground ground;
  ground.prefix = std::move(prefix);
  ground.ignore_case = repository.ignore_case;
  auto index = Index::open(repository.index_file, repository.format, repository.git_dir);
  if (index) ground.index = std::move(*index);
  ground.exclude = read_ignore_list(repository.common_dir + "/info/exclude", ground.prefix, ground.ignore_case);
  ground.excludes_file = read_ignore_list(repository.excludes_file, ground.prefix, ground.ignore_case);
  if (!index) {
    // Ignored files that are tracked all the same cannot be told from the others: they would be missed.
    summary.coverage.skip("index-unreadable", ground.prefix + ".git/index", true);
    summary.notes.push_back({Note::Level::error, index.error().what, index.error().hint});
  }
  return ground;
}

void count_missing(const Ground& ground, const Target& target, Coverage& coverage) {
  const Index& index = ground.index;
  for (const std::uint32_t i : index.submodules()) {
    const std::string path = ground.prefix + std::string(index.path(i));
    if (asked_for(path, target.path) && !is_there(target.root + "/" + path + "/.git"))
      coverage.skip("submodule-not-checked-out", path);
  }
  if (index.skipped() == 0) return;
  for (std::uint32_t i = 0; i < index.size(); ++i) {
    if (!index.entry(i).skip_worktree) continue;
    std::string path = ground.prefix + std::string(index.path(i));
    while (path.ends_with('/')) path.pop_back();  // a folder of a sparse index
    if (asked_for(path, target.path) && !is_there(target.root + "/" + path)) coverage.skip("sparse-checkout", path);
  }
}

}  // namespace launchgate::git
