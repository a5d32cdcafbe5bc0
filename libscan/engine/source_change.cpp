#include "libscan/engine/source_change.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "libscan/engine/changed_files.hpp"
#include "libscan/engine/ci_event.hpp"
#include "libscan/engine/history_texts.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/new_files.hpp"
#include "libscan/git/range.hpp"
#include "libscan/git/refs.hpp"
#include "libscan/git/staged.hpp"

namespace launchgate::engine {
namespace {

using git::ChangedFile;

constexpr std::size_t kMaxHookInput = std::size_t{16} << 20;

// Standard input to its end, when this may be a hook: a terminal is none.
Result<std::string> hook_lines() {
  std::string text;
  if (::isatty(STDIN_FILENO) != 0) return text;
  char buffer[4096];
  for (;;) {
    const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > kMaxHookInput) return fail(ErrorCode::usage, "standard input is larger than any hook's");
  }
}

Result<git::Change> change_of(const std::string& range, const git::Environment& env) {
  if (range != "auto") return git::parse_range(range);
  if (!wants_hook_lines(env)) return detect_change(env, "");
  auto lines = hook_lines();
  if (!lines) return Unexpected{std::move(lines).error()};
  return detect_change(env, *lines);
}

}  // namespace

Result<ScanPart> scan_staged(const ScanContext& context, const git::Target& target) {
  const git::Repository& repository = *target.repository;
  git::ObjectReader objects(repository);
  auto staged = git::list_staged(repository, objects);
  if (!staged) return Unexpected{std::move(staged).error()};
  if (!target.path.empty()) {
    const std::string below = target.path + "/";
    std::erase_if(staged->files, [&](const ChangedFile& file) {
      return file.path != target.path && file.path.compare(0, below.size(), below) != 0;
    });
  }
  auto part = scan_changed_files(context, repository, staged->files);
  if (part) part->coverage.merge(staged->coverage);
  return part;
}

Result<ScanPart> scan_range(const ScanContext& context, const git::Target& target, const std::string& range) {
  const git::Repository& repository = *target.repository;
  auto change = change_of(range, context.env);
  if (!change) return Unexpected{std::move(change).error()};
  git::ObjectReader objects(repository);
  auto resolved = git::resolve_range(*change, repository, objects);
  if (!resolved) return Unexpected{std::move(resolved).error()};
  if (resolved->whole) {
    auto all = git::commits_between(objects, resolved->heads, {}, {});
    if (!all) return Unexpected{std::move(all).error()};
    resolved->found = std::move(*all);
  }
  auto found = git::list_new_files(repository, resolved->found, {target.path, true, context.threads});
  if (!found) return Unexpected{std::move(found).error()};
  auto part = scan_changed_files(context, repository, found->files.all(resolved->found.commits));
  if (!part) return part;
  part->coverage.merge(found->coverage);
  if (target.path.empty()) {
    auto texts = scan_history_texts(context, repository, resolved->found.commits, resolved->tags);
    if (!texts) return texts;
    part->merge(std::move(*texts));
  }
  part->coverage.commits = resolved->found.commits.size();
  part->notes.insert(part->notes.begin(), {Note::Level::info, resolved->sentence, ""});
  part->notes.insert(part->notes.end(), resolved->notes.begin(), resolved->notes.end());
  if (const auto& why = found->lost_tree)
    part->notes.push_back({Note::Level::error, "not all of the change is there: " + why->what, why->hint});
  return part;
}

}  // namespace launchgate::engine
