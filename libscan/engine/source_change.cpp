#include "libscan/engine/source_change.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/engine/ci_event.hpp"
#include "libscan/git/commit_author.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/new_files.hpp"
#include "libscan/git/range.hpp"
#include "libscan/git/refs.hpp"
#include "libscan/git/staged.hpp"

namespace launchgate::engine {
namespace {

using git::ChangedFile;
using git::ObjectType;

constexpr std::size_t kFilesPerThread = 32;  // below that a thread costs more than it brings
constexpr std::size_t kMaxHookInput = std::size_t{16} << 20;

// One thread's share of the files of a change.
class ChangeWorker {
 public:
  ChangeWorker(const ScanContext& context, const git::Repository& repository, secrets::BlobScanner scanner)
      : context_(&context), objects_(repository), scanner_(std::move(scanner)) {}

  void scan(const ChangedFile& file) {
    auto blob = objects_.read(file.oid, ObjectType::blob);
    if (!blob) return count_unread(file.path, blob.error());
    if (context_->max_file_size != 0 && blob->bytes.size() > context_->max_file_size)
      return part_.coverage.skip("too-large", file.path, true);
    Location where;
    where.path = file.path;
    if (!file.commit.is_zero()) where.commit = file.commit.hex();
    const std::size_t first = part_.findings.size();
    ++part_.coverage.files;
    part_.coverage.bytes += blob->bytes.size();
    if (scanner_.scan(blob->bytes, where, part_.findings) == secrets::BlobKind::binary)
      part_.coverage.skip("binary", file.path);
    if (part_.findings.size() == first) return;
    drop_what_was_there(file, first);
    if (!file.commit.is_zero()) attribute(file.commit, first);
  }

  ScanPart take() { return std::move(part_); }
  std::uint64_t known() const noexcept { return known_; }
  // The first file, by path, that could not be read, and why.
  const std::pair<std::string, Error>& unread() const noexcept { return unread_; }

 private:
  void count_unread(const std::string& path, const Error& error) {
    part_.coverage.skip("unreadable", path, true);
    if (unread_.first.empty() || path < unread_.first) unread_ = {path, error};
  }

  // Takes out the findings from `first` on that one of the file's earlier contents has as well, as often as it has
  // them.
  void drop_what_was_there(const ChangedFile& file, std::size_t first) {
    std::map<std::string, std::size_t, std::less<>> there;
    std::vector<Finding> old;
    for (const git::Oid& before : file.before) {
      auto blob = objects_.read(before, ObjectType::blob);
      if (!blob) continue;  // then nothing is known to have been there
      old.clear();
      Location where;
      where.path = file.path;
      scanner_.scan(blob->bytes, where, old);
      std::map<std::string, std::size_t, std::less<>> counted;
      for (const Finding& f : old) ++counted[f.fingerprint];
      for (const auto& [fingerprint, count] : counted) {
        std::size_t& most = there[fingerprint];
        most = std::max(most, count);
      }
    }
    const auto begin = part_.findings.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = std::remove_if(begin, part_.findings.end(), [&](const Finding& f) {
      const auto found = there.find(f.fingerprint);
      if (found == there.end() || found->second == 0) return false;
      --found->second;
      ++known_;
      return true;
    });
    part_.findings.erase(end, part_.findings.end());
  }

  void attribute(const git::Oid& commit, std::size_t first) {
    if (part_.findings.size() == first) return;
    auto [at, added] = authors_.try_emplace(commit);
    if (added)
      if (auto object = objects_.read(commit, ObjectType::commit)) at->second = git::author_of(object->bytes);
    for (std::size_t i = first; i < part_.findings.size(); ++i) {
      part_.findings[i].where.author = at->second.name;
      part_.findings[i].where.date = at->second.date;
    }
  }

  const ScanContext* context_;
  git::ObjectReader objects_;
  secrets::BlobScanner scanner_;
  std::unordered_map<git::Oid, git::CommitAuthor> authors_;
  std::uint64_t known_ = 0;
  std::pair<std::string, Error> unread_;
  ScanPart part_;
};

void add_notes(const std::vector<ChangeWorker>& workers, ScanPart& part) {
  std::uint64_t known = 0;
  const std::pair<std::string, Error>* unread = nullptr;
  for (const ChangeWorker& worker : workers) {
    known += worker.known();
    const auto& candidate = worker.unread();
    if (!candidate.first.empty() && (unread == nullptr || candidate.first < unread->first)) unread = &candidate;
  }
  if (known > 0)
    part.notes.push_back({Note::Level::info,
                          fmt::format("{} finding{} in the changed files {} there before this change", known,
                                      known == 1 ? "" : "s", known == 1 ? "was" : "were"),
                          "`launchgate scan` shows what the tree holds"});
  if (unread != nullptr)
    part.notes.push_back(
        {Note::Level::error, printable(unread->first) + ": " + unread->second.what, unread->second.hint});
}

Result<ScanPart> scan_files(const ScanContext& context, const git::Repository& repository,
                            const std::vector<ChangedFile>& files) {
  const std::size_t useful = 1 + files.size() / kFilesPerThread;
  std::vector<ChangeWorker> workers;
  for (std::size_t i = 0; i < std::min<std::size_t>(std::max(1U, context.threads), useful); ++i) {
    auto scanner = secrets::BlobScanner::create(context.matcher, context.blob);
    if (!scanner) return Unexpected{std::move(scanner).error()};
    workers.emplace_back(context, repository, std::move(*scanner));
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&](ChangeWorker& worker) {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < files.size();) worker.scan(files[i]);
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < workers.size(); ++i) {
    try {
      threads.emplace_back([&, i] { work(workers[i]); });
    } catch (const std::system_error&) {  // no more threads to be had: fewer do it too
      break;
    }
  }
  work(workers[0]);
  for (std::thread& thread : threads) thread.join();
  ScanPart part;
  add_notes(workers, part);
  for (ChangeWorker& worker : workers) part.merge(worker.take());
  return part;
}

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
  auto part = scan_files(context, repository, staged->files);
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
    resolved->commits = std::move(all->commits);
  }
  auto found = git::list_new_files(objects, repository.format, resolved->commits, target.path);
  if (!found) return Unexpected{std::move(found).error()};
  auto part = scan_files(context, repository, found->files);
  if (!part) return part;
  part->coverage.merge(found->coverage);
  part->coverage.commits = resolved->commits.size();
  part->notes.insert(part->notes.begin(), {Note::Level::info, resolved->sentence, ""});
  part->notes.insert(part->notes.end(), resolved->notes.begin(), resolved->notes.end());
  return part;
}

}  // namespace launchgate::engine
