// The tree: every worker walks, reads and scans, so that a file's bytes are still in the cache when they are matched.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "libscan/core/text.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/read_file.hpp"
#include "libscan/git/worktree.hpp"
#include "libscan/secrets/dotenv_judge.hpp"

namespace launchgate::engine {
namespace {

using git::FileReader;

// One thread's share of a tree scan.
class TreeWorker {
 public:
  TreeWorker(const ScanContext& context, secrets::BlobScanner scanner)
      : context_(&context), scanner_(std::move(scanner)) {}

  void visit(const git::WalkedFile& file) {
    switch (reader_.open(file.folder, file.name.data())) {
      case FileReader::Opened::yes: return scan(file);
      case FileReader::Opened::vanished: return part_.coverage.skip("vanished", file.path, true);
      case FileReader::Opened::no_file: return part_.coverage.skip("not-a-file", file.path);
      case FileReader::Opened::unreadable: return part_.coverage.skip("unreadable", file.path, true);
    }
  }

  ScanPart take() { return std::move(part_); }

 private:
  void scan(const git::WalkedFile& file) {
    const auto first = static_cast<std::ptrdiff_t>(part_.findings.size());
    scan(file.path);
    if (!file.ignored) return;
    // A dotenv file that git ignores lies where it should.
    auto& all = part_.findings;
    const auto is_file_rule = [](const Finding& f) { return f.rule == secrets::kDotenvRule; };
    all.erase(std::remove_if(all.begin() + first, all.end(), is_file_rule), all.end());
  }

  void scan(std::string_view path) {
    if (context_->max_file_size != 0 && reader_.size() > context_->max_file_size)
      return part_.coverage.skip("too-large", path, true);
    where_.path.assign(path);
    const secrets::BlobKind kind =
        reader_.whole() ? scanner_.scan(reader_.bytes(), where_, part_.findings) : scan_pieces();
    ++part_.coverage.files;
    part_.coverage.bytes += reader_.size();
    if (kind == secrets::BlobKind::binary) part_.coverage.skip("binary", path);
    if (reader_.error() != 0)
      part_.coverage.skip("unreadable", path, true);
    else if (reader_.changed())
      part_.coverage.skip("changed-while-read", path, true);
  }

  secrets::BlobKind scan_pieces() {
    scanner_.begin(where_);
    for (; !reader_.bytes().empty(); reader_.next()) scanner_.feed(reader_.bytes(), part_.findings);
    return scanner_.finish(part_.findings);
  }

  const ScanContext* context_;
  secrets::BlobScanner scanner_;
  FileReader reader_;
  Location where_;
  ScanPart part_;
};

}  // namespace

Result<ScanPart> scan_tree(const ScanContext& context, const git::Target& target, bool all_files) {
  std::vector<TreeWorker> workers;
  for (unsigned i = 0; i < context.threads; ++i) {
    auto scanner = secrets::BlobScanner::create(context.matcher, context.blob);
    if (!scanner) return Unexpected{scanner.error()};
    workers.emplace_back(context, std::move(*scanner));
  }
  git::WalkOptions options;
  options.all_files = all_files;
  options.workers = context.threads;
  options.exclude = context.exclude;
  auto walked = git::walk_worktree(target, options, context.env,
                                   [&](unsigned worker, const git::WalkedFile& file) { workers[worker].visit(file); });
  if (!walked) return Unexpected{walked.error()};
  ScanPart all;
  all.coverage = std::move(walked->coverage);
  all.notes = std::move(walked->notes);
  for (TreeWorker& w : workers) all.merge(w.take());
  return all;
}

}  // namespace launchgate::engine
