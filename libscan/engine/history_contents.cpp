#include "libscan/engine/history_contents.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "libscan/engine/content_worker.hpp"
#include "libscan/engine/workers.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/pack_store.hpp"
#include "libscan/git/pack_walk.hpp"
#include "libscan/secrets/match_tracker.hpp"

namespace launchgate::engine {
namespace {

using git::FileList;
using git::PackFamilies;

// Below this, one by one is as fast.
constexpr std::size_t kWorthWalking = 64;
constexpr std::size_t kFilesPerThread = 32;

// The files, each content once: the first that has it. Sorted by content.
class Contents {
 public:
  Contents(const FileList& files, std::span<const git::Oid> commits) : files_(&files), commits_(commits) {
    const auto& entries = files.entries();
    order_.resize(entries.size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return entries[a].oid != entries[b].oid ? entries[a].oid < entries[b].oid : a < b;
    });
    const auto same = [&](std::uint32_t a, std::uint32_t b) { return entries[a].oid == entries[b].oid; };
    order_.erase(std::unique(order_.begin(), order_.end(), same), order_.end());
  }
  std::size_t size() const noexcept { return order_.size(); }
  const git::Oid& operator[](std::size_t i) const noexcept { return files_->entries()[order_[i]].oid; }
  void take(std::size_t i, git::ChangedFile& file) const { files_->take(files_->entries()[order_[i]], commits_, file); }

 private:
  const FileList* files_;
  std::span<const git::Oid> commits_;
  std::vector<std::uint32_t> order_;
};

// A worker with the file at hand that it is to scan.
class ContentScanner {
 public:
  ContentScanner(ContentWorker& worker, const Contents& contents) : worker_(&worker), contents_(&contents) {}
  void scan(std::size_t i) {
    contents_->take(i, file_);
    worker_->scan(file_);
  }
  void scan(std::size_t i, std::string_view bytes, const std::vector<secrets::Match>& confirmed) {
    contents_->take(i, file_);
    worker_->scan(file_, bytes, &confirmed);
  }

 private:
  ContentWorker* worker_;
  const Contents* contents_;
  git::ChangedFile file_;
};

// One thread's share of the families: what it visits it scans, what is known of the base moves along.
class FamilyScanner : public git::BlobVisitor {
 public:
  FamilyScanner(const secrets::Matcher& matcher, secrets::Matcher::ScratchPtr scratch, ContentScanner& scanner)
      : scratch_(std::move(scratch)), tracker_(matcher, *scratch_), scanner_(&scanner) {}

  void visit(const git::WalkedBlob& blob) override {
    if (known_.size() <= blob.slot) known_.resize(blob.slot + 1);
    secrets::TrackedMatches& own = known_[blob.slot];
    if (blob.base_slot == git::WalkedBlob::kNoBase)
      tracker_.whole(blob.bytes, own);
    else
      tracker_.inherit(blob.bytes, blob.copies, known_[blob.base_slot], own);
    if (blob.wanted != PackFamilies::kNone) scanner_->scan(blob.wanted, blob.bytes, own.matches());
  }

  void walk(const PackFamilies& families, std::atomic<std::size_t>& next) {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < families.size();)
      walker_.walk(families, i, *this, failed_);
  }
  const std::vector<std::uint32_t>& failed() const noexcept { return failed_; }

 private:
  secrets::Matcher::ScratchPtr scratch_;
  secrets::MatchTracker tracker_;
  git::FamilyWalker walker_;
  ContentScanner* scanner_;
  std::vector<secrets::TrackedMatches> known_;  // by slot
  std::vector<std::uint32_t> failed_;
};

}  // namespace

Result<ScanPart> scan_contents_by_pack(const ScanContext& context, const git::Repository& repository,
                                       const FileList& files, std::span<const git::Oid> commits) {
  const Contents contents(files, commits);
  std::vector<ContentWorker> workers;
  std::vector<ContentScanner> scanners;
  std::vector<FamilyScanner> family_scanners;
  const std::size_t threads =
      std::clamp<std::size_t>(contents.size() / kFilesPerThread, 1, std::max(1U, context.threads));
  workers.reserve(threads);
  scanners.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    auto worker = ContentWorker::create(context, repository);
    auto scratch = context.matcher.scratch();
    if (!worker) return Unexpected{std::move(worker).error()};
    if (!scratch) return Unexpected{std::move(scratch).error()};
    workers.push_back(std::move(*worker));
    scanners.emplace_back(workers.back(), contents);
    family_scanners.emplace_back(context.matcher, std::move(*scratch), scanners.back());
  }

  std::vector<bool> taken(contents.size(), false);
  std::vector<std::uint32_t> left;  // for reading one by one
  if (contents.size() >= kWorthWalking) {
    for (const auto& pack : git::open_packs(git::object_directories(repository), repository.format)) {
      const PackFamilies families(
          *pack, [&](std::size_t i) -> const git::Oid& { return contents[i]; }, taken);
      left.insert(left.end(), families.unreached().begin(), families.unreached().end());
      std::atomic<std::size_t> next{0};
      on_threads(family_scanners, [&](FamilyScanner& scanner) { scanner.walk(families, next); });
    }
  }
  for (std::uint32_t i = 0; i < contents.size(); ++i)
    if (!taken[i]) left.push_back(i);
  for (const FamilyScanner& scanner : family_scanners)
    left.insert(left.end(), scanner.failed().begin(), scanner.failed().end());
  std::sort(left.begin(), left.end());

  std::atomic<std::size_t> next{0};
  on_threads(scanners, [&](ContentScanner& scanner) {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < left.size();) scanner.scan(left[i]);
  });
  return ContentWorker::join(workers);
}

}  // namespace launchgate::engine
