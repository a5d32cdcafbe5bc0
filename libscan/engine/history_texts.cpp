#include "libscan/engine/history_texts.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "libscan/engine/workers.hpp"
#include "libscan/git/commit_author.hpp"
#include "libscan/git/object_reader.hpp"

namespace launchgate::engine {
namespace {

constexpr std::size_t kBlock = 512;  // texts a thread takes at once: neighbours in history are neighbours in the pack

class TextWorker {
 public:
  TextWorker(const git::Repository& repository, secrets::BlobScanner scanner)
      : objects_(repository), scanner_(std::move(scanner)) {}

  // A commit's or tag's text stands behind the first empty line.
  void scan(const git::Oid& oid, std::string_view name) {
    auto object = objects_.read(oid);
    if (!object) return part.coverage.skip("unreadable", oid.hex(), true);
    const std::size_t header = object->bytes.find("\n\n");
    if (header == std::string_view::npos) return;
    where_.path = name;
    where_.commit = oid.hex();
    const std::size_t first = part.findings.size();
    scanner_.scan(object->bytes.substr(header + 2), where_, part.findings);
    if (part.findings.size() == first) return;
    const git::CommitAuthor author = git::author_of(object->bytes);
    for (std::size_t i = first; i < part.findings.size(); ++i) {
      part.findings[i].where.author = author.name;
      part.findings[i].where.date = author.date;
    }
  }

  ScanPart part;

 private:
  git::ObjectReader objects_;
  secrets::BlobScanner scanner_;
  Location where_;
};

}  // namespace

Result<ScanPart> scan_history_texts(const ScanContext& context, const git::Repository& repository,
                                    const std::vector<git::Oid>& commits, const std::vector<git::Oid>& tags) {
  const std::size_t blocks = (commits.size() + kBlock - 1) / kBlock;
  std::vector<TextWorker> workers;
  for (std::size_t i = 0; i < std::clamp<std::size_t>(blocks, 1, std::max(1U, context.threads)); ++i) {
    auto scanner = secrets::BlobScanner::create(context.matcher, context.blob);
    if (!scanner) return Unexpected{std::move(scanner).error()};
    workers.emplace_back(repository, std::move(*scanner));
  }
  for (const git::Oid& tag : tags) workers[0].scan(tag, "(tag message)");
  std::atomic<std::size_t> next{0};
  on_threads(workers, [&](TextWorker& worker) {
    for (std::size_t block; (block = next.fetch_add(1, std::memory_order_relaxed)) < blocks;)
      for (std::size_t i = block * kBlock; i < std::min(commits.size(), (block + 1) * kBlock); ++i)
        worker.scan(commits[i], "(commit message)");
  });
  ScanPart all;
  for (TextWorker& worker : workers) all.merge(std::move(worker.part));
  return all;
}

}  // namespace launchgate::engine
