// What people wrote beside the contents: the messages of commits and the texts of annotated tags, each a blob of its
// own with the path "(commit message)" or "(tag message)".
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"
#include "libscan/secrets/blob_scanner.hpp"

namespace launchgate::engine {

// For one thread.
class TextScanner {
 public:
  static Result<TextScanner> create(const ScanContext& context);  // fails only for want of memory

  // A whole commit or tag object at hand.
  void scan_commit(const git::Oid& oid, std::string_view object) { scan(oid, object, "(commit message)"); }
  void scan_tag(const git::Oid& oid, std::string_view object) { scan(oid, object, "(tag message)"); }
  void count_unread(const git::Oid& oid) { part_.coverage.skip("unreadable", oid.hex(), true); }
  ScanPart take() { return std::move(part_); }

 private:
  explicit TextScanner(secrets::BlobScanner scanner) : scanner_(std::move(scanner)) {}
  void scan(const git::Oid& oid, std::string_view object, std::string_view name);

  secrets::BlobScanner scanner_;
  ScanPart part_;
};

// Reads them all. An object that cannot be read is counted as such, undecided. Fails only for want of memory.
Result<ScanPart> scan_history_texts(const ScanContext& context, const git::Repository& repository,
                                    const std::vector<git::Oid>& commits, const std::vector<git::Oid>& tags);

}  // namespace launchgate::engine
