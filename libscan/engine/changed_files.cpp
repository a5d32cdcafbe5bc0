#include "libscan/engine/changed_files.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "libscan/engine/content_worker.hpp"
#include "libscan/engine/workers.hpp"

namespace launchgate::engine {
namespace {

constexpr std::size_t kFilesPerThread = 32;  // below that a thread costs more than it brings

}  // namespace

Result<ScanPart> scan_changed_files(const ScanContext& context, const git::Repository& repository,
                                    const std::vector<git::ChangedFile>& files) {
  const std::size_t useful = 1 + files.size() / kFilesPerThread;
  std::vector<ContentWorker> workers;
  for (std::size_t i = 0; i < std::min<std::size_t>(std::max(1U, context.threads), useful); ++i) {
    auto worker = ContentWorker::create(context, repository);
    if (!worker) return Unexpected{std::move(worker).error()};
    workers.push_back(std::move(*worker));
  }
  std::atomic<std::size_t> next{0};
  on_threads(workers, [&](ContentWorker& worker) {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < files.size();) worker.scan(files[i]);
  });
  return ContentWorker::join(workers);
}

}  // namespace launchgate::engine
