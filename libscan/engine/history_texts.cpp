#include "libscan/engine/history_texts.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "libscan/engine/workers.hpp"
#include "libscan/git/commit_author.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/secrets/blob_scanner.hpp"

namespace launchgate::engine {
namespace {

using git::Oid;

constexpr std::size_t kBlock = 256;  // texts that a thread takes at once

struct Worker {
  git::ObjectReader objects;
  TextScanner texts;
};

}  // namespace

Result<TextScanner> TextScanner::create(const ScanContext& context) {
  auto scanner = secrets::BlobScanner::create(context.matcher, context.blob);
  if (!scanner) return Unexpected{std::move(scanner).error()};
  return TextScanner(std::move(*scanner));
}

void TextScanner::scan(const Oid& oid, std::string_view object, std::string_view name) {
  const std::size_t header = object.find("\n\n");  // the text stands behind the first empty line
  if (header == std::string_view::npos) return;
  Location where;
  where.path = name;
  where.commit = oid.hex();
  const std::size_t first = part_.findings.size();
  scanner_.scan(object.substr(header + 2), where, part_.findings);
  if (part_.findings.size() == first) return;
  const git::CommitAuthor author = git::author_of(object);
  for (std::size_t i = first; i < part_.findings.size(); ++i) {
    part_.findings[i].where.author = author.name;
    part_.findings[i].where.date = author.date;
  }
}

Result<ScanPart> scan_history_texts(const ScanContext& context, const git::Repository& repository,
                                    const std::vector<Oid>& commits, const std::vector<Oid>& tags) {
  const std::size_t all = commits.size() + tags.size();
  const std::size_t useful = 1 + all / kBlock;
  std::vector<Worker> workers;
  for (std::size_t i = 0; i < std::min<std::size_t>(std::max(1U, context.threads), useful); ++i) {
    auto texts = TextScanner::create(context);
    if (!texts) return Unexpected{std::move(texts).error()};
    workers.push_back({git::ObjectReader(repository), std::move(*texts)});
  }
  const auto scan_one = [&](Worker& worker, std::size_t i) {
    const bool commit = i < commits.size();
    const Oid& oid = commit ? commits[i] : tags[i - commits.size()];
    const auto object = worker.objects.read(oid);
    if (!object)
      worker.texts.count_unread(oid);
    else if (commit)
      worker.texts.scan_commit(oid, object->bytes);
    else
      worker.texts.scan_tag(oid, object->bytes);
  };
  std::atomic<std::size_t> next{0};
  on_threads(workers, [&](Worker& worker) {
    for (std::size_t begin; (begin = next.fetch_add(kBlock, std::memory_order_relaxed)) < all;)
      for (std::size_t i = begin; i < std::min(all, begin + kBlock); ++i) scan_one(worker, i);
  });
  ScanPart part;
  for (Worker& worker : workers) part.merge(worker.texts.take());
  return part;
}

}  // namespace launchgate::engine
