// One thread's share of file contents out of the object database: scanned whole, findings known before taken out again,
// the rest put down to commit, author and date.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/changed_file.hpp"
#include "libscan/git/commit_author.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"
#include "libscan/secrets/blob_scanner.hpp"

namespace launchgate::engine {

class ContentWorker {
 public:
  // Fails only for want of memory.
  static Result<ContentWorker> create(const ScanContext& context, const git::Repository& repository);

  // Reads and scans; a content that cannot be read is counted as such, undecided.
  void scan(const git::ChangedFile& file);
  // The same for bytes at hand, whose confirmed matches are known (secrets/match_tracker.hpp) when not null.
  void scan(const git::ChangedFile& file, std::string_view bytes, const std::vector<secrets::Match>* confirmed);
  // The same bytes at another path of the history, where other rules may hold; they are not counted again.
  void scan_copy(const git::ChangedFile& file, std::string_view bytes, const std::vector<secrets::Match>* confirmed);
  void scan_copy(const git::ChangedFile& file);  // reads it; one that cannot be read was counted already

  // Notes on the work of all, and their findings and counts as one. The workers are empty afterwards.
  static ScanPart join(std::vector<ContentWorker>& workers);

 private:
  ContentWorker(const ScanContext& context, const git::Repository& repository, secrets::BlobScanner scanner)
      : context_(&context), objects_(repository), scanner_(std::move(scanner)) {}

  secrets::BlobKind find(const git::ChangedFile& file, std::string_view bytes,
                         const std::vector<secrets::Match>* confirmed);
  void count_unread(const std::string& path, const Error& error);
  void drop_what_was_there(const git::ChangedFile& file, std::size_t first);
  void attribute(const git::Oid& commit, std::size_t first);

  const ScanContext* context_;
  git::ObjectReader objects_;
  secrets::BlobScanner scanner_;
  std::unordered_map<git::Oid, git::CommitAuthor> authors_;
  std::uint64_t known_ = 0;
  std::pair<std::string, Error> unread_;  // the first file, by path, that could not be read, and why
  ScanPart part_;
};

}  // namespace launchgate::engine
