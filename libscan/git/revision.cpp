#include "libscan/git/revision.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/git/ancestor.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/libgit2.hpp"
#include "libscan/git/refs.hpp"

namespace launchgate::git {
namespace {

// "@{upstream}", "abc123", "HEAD^{/fix}": the language is large, and libgit2 knows it.
Result<std::optional<Oid>> by_expression(const Repository& repository, const std::string& name) {
  auto library = libgit2();
  if (!library) return Unexpected{std::move(library).error()};
  const LibGit2& git2 = **library;
  git_repository* opened = nullptr;
  const std::string& place = repository.bare() ? repository.git_dir : repository.work_tree;
  if (git2.git_repository_open(&opened, place.c_str()) != 0) return git2.failure(printable(place));
  const Handle<git_repository> handle(opened, git2.git_repository_free);
  git_object* found = nullptr;
  if (git2.git_revparse_single(&found, opened, name.c_str()) != 0) return std::optional<Oid>();
  const Handle<git_object> object(found, git2.git_object_free);
  return std::optional<Oid>(Oid::from_raw(git2.git_object_id(found)->id, ObjectFormat::sha1));
}

}  // namespace

Result<std::optional<Oid>> peel_to_commit(ObjectReader& objects, Oid oid, std::string_view name,
                                          std::vector<Oid>* tags) {
  constexpr std::string_view kObject = "object ";
  for (int depth = 0; depth < 8; ++depth) {
    auto here = objects.exists(oid);
    if (!here) return Unexpected{std::move(here).error()};
    if (!*here) return std::optional<Oid>();
    auto object = objects.read(oid);
    if (!object) return Unexpected{std::move(object).error()};
    if (object->type == ObjectType::commit) return std::optional(oid);
    if (object->type != ObjectType::tag || !object->bytes.starts_with(kObject)) break;
    const auto next = Oid::from_hex(object->bytes.substr(kObject.size(), 2 * id_size(oid.format())));
    if (!next) break;
    if (tags != nullptr) tags->push_back(oid);
    oid = *next;
  }
  return fail(ErrorCode::usage, printable(name) + ": not a commit");
}

Result<std::optional<Oid>> find_revision(const Repository& repository, ObjectReader& objects, const std::string& name) {
  auto oid = resolve_name(repository, name);
  if (!oid || *oid) return oid;
  const auto path = parse_ancestor(name);
  Result<std::optional<Oid>> start = path ? resolve_name(repository, path->start) : std::optional<Oid>();
  if (!start) return start;
  if (!*start) return by_expression(repository, name);
  auto first = peel_to_commit(objects, **start, path->start);
  if (!first || !*first) return first;
  return find_ancestor(objects, **first, path->parent);
}

// On every way from `b` down to something that `a` has too lies a parent of a commit that only `b` has.
Result<std::vector<Oid>> common_ancestors(ObjectReader& objects, const Oid& a, const Oid& b,
                                          const std::vector<Oid>& boundary) {
  auto only_b = commits_between(objects, {b}, {a}, boundary);
  if (!only_b) return Unexpected{std::move(only_b).error()};
  std::vector<Oid> commits = std::move(only_b->commits), common;
  if (commits.empty()) common.push_back(b);
  std::sort(commits.begin(), commits.end());
  for (const Oid& commit : commits) {
    if (std::binary_search(boundary.begin(), boundary.end(), commit)) continue;
    auto object = objects.read(commit, ObjectType::commit);
    if (!object) return Unexpected{std::move(object).error()};
    const auto header = parse_commit(object->bytes);
    for (const Oid& parent : header ? header->parents : std::vector<Oid>())
      if (!std::binary_search(commits.begin(), commits.end(), parent)) common.push_back(parent);
  }
  return common;
}

}  // namespace launchgate::git
