// What every source of a scan is given, and what it gives back. A source turns "the tree", "the index", "this range"
// into blobs, hands them to BlobScanner, and counts everything it saw and everything it did not look at.
// Thread-safety: a ScanContext is read-only and may be shared; a ScanPart belongs to one thread.
#pragma once

#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "libscan/core/glob.hpp"
#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/core/story.hpp"
#include "libscan/git/environment.hpp"
#include "libscan/git/repository.hpp"
#include "libscan/secrets/blob_scanner.hpp"

namespace launchgate::engine {

struct ScanContext {
  const secrets::Matcher& matcher;
  const secrets::BlobOptions& blob;
  const git::Environment& env;
  unsigned threads = 1;
  std::uint64_t max_file_size = 0;     // bytes; larger ones are counted as skipped; 0 = no limit
  std::span<const Glob> exclude = {};  // paths that are not looked at: counted as "excluded"
};

struct ScanPart {
  std::vector<Finding> findings;  // any order: the run sorts
  Coverage coverage;
  std::vector<Note> notes;
  ContentIds contents;  // of findings in commits

  void merge(ScanPart&& other) {
    findings.insert(findings.end(), std::make_move_iterator(other.findings.begin()),
                    std::make_move_iterator(other.findings.end()));
    coverage.merge(other.coverage);
    notes.insert(notes.end(), std::make_move_iterator(other.notes.begin()), std::make_move_iterator(other.notes.end()));
    contents.merge(other.contents);
  }
};

// One blob from a descriptor that is read to its end (standard input), in bounded memory.
Result<ScanPart> scan_stream(const ScanContext& context, int fd, const std::string& name);

// A folder, a file, or the work tree of a repository (not bare). With all_files the ignored files too.
Result<ScanPart> scan_tree(const ScanContext& context, const git::Target& target, bool all_files);

}  // namespace launchgate::engine
