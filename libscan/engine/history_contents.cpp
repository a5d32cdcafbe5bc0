#include "libscan/engine/history_contents.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "libscan/engine/changed_files.hpp"
#include "libscan/engine/content_worker.hpp"
#include "libscan/engine/workers.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/pack_store.hpp"
#include "libscan/git/pack_walk.hpp"
#include "libscan/secrets/match_tracker.hpp"

namespace launchgate::engine {
namespace {

using git::ChangedFile;
using git::PackFamilies;

// Below this, one by one is as fast.
constexpr std::size_t kWorthWalking = 64;
constexpr std::size_t kFilesPerThread = 32;

// One thread's share of the families: what it visits it scans, what is known of the base moves along.
class FamilyScanner : public git::BlobVisitor {
 public:
  FamilyScanner(const secrets::Matcher& matcher, secrets::Matcher::ScratchPtr scratch, ContentWorker& worker,
                const std::vector<const ChangedFile*>& files)
      : scratch_(std::move(scratch)), tracker_(matcher, *scratch_), worker_(&worker), files_(&files) {}

  void visit(const git::WalkedBlob& blob) override {
    if (known_.size() <= blob.slot) known_.resize(blob.slot + 1);
    secrets::TrackedMatches& own = known_[blob.slot];
    if (blob.base_slot == git::WalkedBlob::kNoBase)
      tracker_.whole(blob.bytes, own);
    else
      tracker_.inherit(blob.bytes, blob.copies, known_[blob.base_slot], own);
    if (blob.wanted != PackFamilies::kNone) worker_->scan(*(*files_)[blob.wanted], blob.bytes, &own.matches());
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
  ContentWorker* worker_;
  const std::vector<const ChangedFile*>* files_;
  std::vector<secrets::TrackedMatches> known_;  // by slot
  std::vector<std::uint32_t> failed_;
};

// Sorted by content.
std::vector<const ChangedFile*> first_of_each(const std::vector<ChangedFile>& files) {
  std::vector<const ChangedFile*> all;
  all.reserve(files.size());
  for (const ChangedFile& file : files) all.push_back(&file);
  std::sort(all.begin(), all.end(), [](const ChangedFile* a, const ChangedFile* b) {
    return a->oid != b->oid ? a->oid < b->oid : a < b;  // of one array
  });
  const auto same = [](const ChangedFile* a, const ChangedFile* b) { return a->oid == b->oid; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

}  // namespace

Result<ScanPart> scan_contents_by_pack(const ScanContext& context, const git::Repository& repository,
                                       const std::vector<ChangedFile>& files) {
  const std::vector<const ChangedFile*> once = first_of_each(files);
  std::vector<const git::Oid*> wanted;
  wanted.reserve(once.size());
  for (const ChangedFile* file : once) wanted.push_back(&file->oid);

  std::vector<ContentWorker> workers;
  std::vector<FamilyScanner> scanners;
  const std::size_t threads = std::clamp<std::size_t>(once.size() / kFilesPerThread, 1, std::max(1U, context.threads));
  workers.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    auto worker = ContentWorker::create(context, repository);
    auto scratch = context.matcher.scratch();
    if (!worker) return Unexpected{std::move(worker).error()};
    if (!scratch) return Unexpected{std::move(scratch).error()};
    workers.push_back(std::move(*worker));
    scanners.emplace_back(context.matcher, std::move(*scratch), workers.back(), once);
  }

  std::vector<bool> taken(once.size(), false);
  std::vector<std::uint32_t> left;  // for reading one by one
  if (once.size() >= kWorthWalking) {
    for (const auto& pack : git::open_packs(git::object_directories(repository), repository.format)) {
      const PackFamilies families(*pack, wanted, taken);
      left.insert(left.end(), families.unreached().begin(), families.unreached().end());
      std::atomic<std::size_t> next{0};
      on_threads(scanners, [&](FamilyScanner& scanner) { scanner.walk(families, next); });
    }
  }
  for (std::uint32_t i = 0; i < once.size(); ++i)
    if (!taken[i]) left.push_back(i);
  for (const FamilyScanner& scanner : scanners)
    left.insert(left.end(), scanner.failed().begin(), scanner.failed().end());
  std::sort(left.begin(), left.end());

  std::atomic<std::size_t> next{0};
  on_threads(workers, [&](ContentWorker& worker) {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < left.size();) worker.scan(*once[left[i]]);
  });
  return ContentWorker::join(workers);
}

}  // namespace launchgate::engine
