#include "libscan/engine/history_tips.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/range.hpp"
#include "libscan/git/refs.hpp"
#include "libscan/git/revision.hpp"

namespace launchgate::engine {
namespace {

using git::ObjectType;
using git::Oid;

constexpr std::size_t kMaxHead = 4096;
constexpr std::size_t kMaxStashLog = std::size_t{16} << 20;

class TipFinder {
 public:
  TipFinder(const git::Repository& repository, git::ObjectReader& objects, Coverage& coverage)
      : repository_(repository), objects_(objects), coverage_(coverage) {}

  Result<HistoryTips> find(const std::vector<std::string>& revisions) {
    if (auto r = find_head(); !r && revisions.empty()) return Unexpected{r.error()};
    if (!revisions.empty()) {
      for (const std::string& revision : revisions)
        if (auto r = add_revision(revision); !r) return Unexpected{r.error()};
      if (tips_.heads.empty() && !tips_.bases.empty())
        return fail(ErrorCode::usage, "--history: only what to leave out is given, not where to begin",
                    fmt::format("add a revision: --history HEAD {}", printable(revisions.front())));
      return std::move(tips_);
    }
    // One reference that leads nowhere does not keep the others from being looked at.
    std::vector<std::string> broken;
    auto refs = git::list_refs(repository_, &broken);
    if (!refs) return Unexpected{refs.error()};
    for (const std::string& name : broken) coverage_.skip("unreadable-reference", name, true);
    for (const git::Ref& ref : *refs) {
      const std::size_t before = tips_.heads.size();
      if (!add_tip(ref.oid)) coverage_.skip("unreadable-reference", ref.name, true);
      if (tips_.heads.size() > before) tips_.names.push_back({ref.name, tips_.heads.back()});
    }
    if (tips_.head)
      if (auto r = add_tip(*tips_.head); !r) return Unexpected{r.error()};
    if (auto r = add_work_trees(); !r) return Unexpected{r.error()};
    if (auto r = add_older_stashes(); !r) return Unexpected{r.error()};
    return std::move(tips_);
  }

 private:
  Result<void> find_head() {
    auto head = git::resolve_ref(repository_, "HEAD");
    if (!head) return Unexpected{head.error()};
    tips_.head = *head;
    return {};
  }

  Result<void> add_revision(const std::string& revision) {
    if (revision.starts_with('^')) {
      auto known = commit(revision.substr(1));
      if (!known) return Unexpected{known.error()};
      tips_.bases.push_back(*known);
      return {};
    }
    if (const std::size_t dots = revision.find("..."); dots != std::string::npos)
      return add_difference(revision.substr(0, dots), revision.substr(dots + 3));
    if (revision.find("..") != std::string::npos) {
      auto change = git::parse_range(revision);
      if (!change) return Unexpected{change.error()};
      auto range = git::resolve_range(*change, repository_, objects_);
      if (!range) return Unexpected{range.error()};
      tips_.heads.insert(tips_.heads.end(), range->heads.begin(), range->heads.end());
      tips_.bases.insert(tips_.bases.end(), range->bases.begin(), range->bases.end());
      return {};
    }
    auto oid = git::find_revision(repository_, objects_, revision);
    if (!oid) return Unexpected{oid.error()};
    return *oid ? add_tip(**oid) : Result<void>(not_here(revision));
  }

  // What only one of the two reaches; a side that is left out is HEAD.
  Result<void> add_difference(const std::string& one, const std::string& other) {
    auto a = commit(one.empty() ? "HEAD" : one);
    auto b = a ? commit(other.empty() ? "HEAD" : other) : a;
    auto boundary = git::shallow_boundary(repository_);
    if (!b || !boundary) return Unexpected{b ? boundary.error() : b.error()};
    auto common = git::common_ancestors(objects_, *a, *b, *boundary);
    if (!common) return Unexpected{common.error()};
    tips_.heads.insert(tips_.heads.end(), {*a, *b});
    tips_.bases.insert(tips_.bases.end(), common->begin(), common->end());
    return {};
  }

  Result<Oid> commit(const std::string& revision) {
    auto oid = git::find_revision(repository_, objects_, revision);
    if (oid && *oid) oid = git::peel_to_commit(objects_, **oid, revision);
    if (!oid) return Unexpected{oid.error()};
    return *oid ? Result<Oid>(**oid) : Result<Oid>(not_here(revision));
  }

  Unexpected not_here(const std::string& revision) const {
    const std::string what = fmt::format("--history: '{}' names no commit here", printable(revision));
    const auto boundary = git::shallow_boundary(repository_);
    if (boundary && !boundary->empty())
      return fail(ErrorCode::undecided, what + ": this clone is shallow", "git fetch --unshallow");
    return fail(ErrorCode::usage, what, "name a branch, a tag, a commit, or a range A..B, as `git log` takes them");
  }

  // HEAD of every work tree, the first and all linked ones: where it is detached, no reference names its commits
  // (git-worktree(1)).
  Result<void> add_work_trees() {
    std::vector<std::string> folders;
    if (repository_.git_dir != repository_.common_dir) folders.push_back(repository_.common_dir);
    std::error_code none;  // no such folder: no linked work trees
    for (const auto& entry : std::filesystem::directory_iterator(repository_.common_dir + "/worktrees", none))
      folders.push_back(entry.path().string());
    for (const std::string& folder : folders) {
      auto head = git::read_small_file(folder + "/HEAD", kMaxHead);
      if (!head) return Unexpected{head.error()};
      const auto oid = *head ? Oid::from_hex(git::trim(**head)) : std::nullopt;
      if (!oid) continue;  // on a branch
      if (auto r = add_tip(*oid); !r) return r;
    }
    return {};
  }

  // Only the newest stash is a reference; the older ones stand in its reflog ("OLD NEW WHO WHEN\tWHAT").
  Result<void> add_older_stashes() {
    auto log = git::read_small_file(repository_.common_dir + "/logs/refs/stash", kMaxStashLog);
    if (!log) return Unexpected{log.error()};
    for (std::string_view rest = *log ? std::string_view(**log) : std::string_view(); !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      const std::size_t blank = line.find(' ');
      if (blank == std::string_view::npos) continue;
      const auto oid = Oid::from_hex(line.substr(blank + 1, blank));
      if (!oid) continue;
      auto there = objects_.exists(*oid);
      if (!there) return Unexpected{there.error()};
      if (!*there) continue;  // dropped and pruned
      if (auto r = add_tip(*oid); !r) return r;
    }
    return {};
  }

  // Follows an annotated tag to its commit, or to the content it was put on.
  Result<void> add_tip(Oid oid) {
    constexpr int kMaxTags = 32;  // tags of tags; nobody nests them, and a loop must end
    for (int depth = 0; depth < kMaxTags; ++depth) {
      auto object = objects_.read(oid);
      if (!object) return Unexpected{object.error()};
      if (object->type == ObjectType::commit) {
        tips_.heads.push_back(oid);
        return {};
      }
      if (object->type == ObjectType::blob) {
        tips_.blobs.push_back(oid);
        return {};
      }
      if (object->type == ObjectType::tree) {
        tips_.trees.push_back(oid);
        return {};
      }
      tips_.tags.push_back(oid);
      const auto next = tagged(object->bytes);
      if (!next) break;
      oid = *next;
    }
    coverage_.skip("damaged-tag", oid.hex(), true);
    return {};
  }

  // "object <hex>\n" is the first line of a tag (git-mktag(1)).
  static std::optional<Oid> tagged(std::string_view tag) {
    constexpr std::string_view kObject = "object ";
    if (!tag.starts_with(kObject)) return std::nullopt;
    return Oid::from_hex(tag.substr(kObject.size(), tag.find('\n') - kObject.size()));
  }

  const git::Repository& repository_;
  git::ObjectReader& objects_;
  Coverage& coverage_;
  HistoryTips tips_;
};

}  // namespace

Result<HistoryTips> find_history_tips(const git::Repository& repository, git::ObjectReader& objects,
                                      const std::vector<std::string>& revisions, Coverage& coverage) {
  return TipFinder(repository, objects, coverage).find(revisions);
}

}  // namespace launchgate::engine
