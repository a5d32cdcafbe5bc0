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

// The files by content: the first that has it, and the others. Sorted by content.
class Contents {
 public:
  Contents(const FileList& files, std::span<const git::Oid> commits) : files_(&files), commits_(commits) {
    const auto& entries = files.entries();
    order_.resize(entries.size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return entries[a].oid != entries[b].oid ? entries[a].oid < entries[b].oid : a < b;
    });
    std::size_t firsts = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (firsts == 0 || entries[order_[i]].oid != entries[order_[firsts - 1]].oid) {
        order_[firsts++] = order_[i];
        continue;
      }
      if (entries[order_[i]].commit == FileList::kNone) continue;  // a tag's, which has no name of its own
      if (copied_.empty() || copied_.back() != firsts - 1) {
        copied_.push_back(static_cast<std::uint32_t>(firsts - 1));
        copies_begin_.push_back(static_cast<std::uint32_t>(copies_.size()));
      }
      copies_.push_back(order_[i]);
    }
    order_.resize(firsts);
    copies_begin_.push_back(static_cast<std::uint32_t>(copies_.size()));
  }
  std::size_t size() const noexcept { return order_.size(); }
  const git::Oid& operator[](std::size_t i) const noexcept { return files_->entries()[order_[i]].oid; }
  void take(std::size_t i, git::ChangedFile& file) const { take_copy(order_[i], file); }

  // Where else content `i` stood. Few ever stand at two paths.
  std::span<const std::uint32_t> copies(std::size_t i) const {
    const auto at = std::lower_bound(copied_.begin(), copied_.end(), i);
    if (at == copied_.end() || *at != i) return {};
    const auto place = static_cast<std::size_t>(at - copied_.begin());
    return std::span(copies_).subspan(copies_begin_[place], copies_begin_[place + 1] - copies_begin_[place]);
  }
  void take_copy(std::uint32_t copy, git::ChangedFile& file) const {
    files_->take(files_->entries()[copy], commits_, file);
  }

 private:
  const FileList* files_;
  std::span<const git::Oid> commits_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> copied_;        // contents with copies
  std::vector<std::uint32_t> copies_begin_;  // of each of these, in copies_; and the end
  std::vector<std::uint32_t> copies_;
};

// A worker with the file at hand that it is to scan.
class ContentScanner {
 public:
  ContentScanner(ContentWorker& worker, const Contents& contents) : worker_(&worker), contents_(&contents) {}
  void scan(std::size_t i) {
    contents_->take(i, file_);
    worker_->scan(file_);
    for (const std::uint32_t copy : contents_->copies(i)) {
      contents_->take_copy(copy, file_);
      worker_->scan_copy(file_);
    }
  }
  void scan(std::size_t i, std::string_view bytes, const std::vector<secrets::Match>& confirmed) {
    contents_->take(i, file_);
    worker_->scan(file_, bytes, &confirmed);
    for (const std::uint32_t copy : contents_->copies(i)) {
      contents_->take_copy(copy, file_);
      worker_->scan_copy(file_, bytes, &confirmed);
    }
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
