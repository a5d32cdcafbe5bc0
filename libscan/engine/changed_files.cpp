#include "libscan/engine/changed_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/git/commit_author.hpp"
#include "libscan/git/object_reader.hpp"

namespace launchgate::engine {
namespace {

using git::ChangedFile;
using git::ObjectType;

constexpr std::size_t kFilesPerThread = 32;  // below that a thread costs more than it brings

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

}  // namespace

Result<ScanPart> scan_changed_files(const ScanContext& context, const git::Repository& repository,
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

}  // namespace launchgate::engine
