// One scan, from request to Report: choose rules, open the source, scan, apply ignores and baseline, sort.
// Thread-safety: independent calls may run at once; each starts at most `threads` threads and joins them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/core/verdict.hpp"
#include "libscan/engine/rule_choice.hpp"
#include "libscan/engine/self_check.hpp"
#include "libscan/git/environment.hpp"

namespace launchgate::engine {

struct ScanRequest {
  enum class Source { tree, staged, range, history, stdin_blob };
  Source source = Source::tree;
  std::string path = ".";              // repository, folder or file
  std::vector<std::string> revisions;  // history; empty = all refs
  std::string range;                   // "A..B" or "auto"
  std::string name = "stdin";          // stdin_blob: what to call it
  std::string shard;                   // "I/N"; empty = everything
  bool unreachable = false;            // history: the rest of the object database too
  bool since_last = false;             // history: only what is new since the last complete run
  bool all_files = false;              // tree: ignored files too
  bool ignores = true;                 // honour launchgate.toml ignores, baseline and inline tags
  std::string config_file;             // launchgate.toml; empty = ROOT/launchgate.toml if there is one
  std::string baseline_file;           // empty = ROOT/launchgate-baseline if there is one
  unsigned threads = 0;                // 0 = one a core
  std::uint64_t max_file_size = 0;     // bytes; larger files are counted as skipped; 0 = no limit
  RuleOptions rules;                   // `root` is filled in from `path`
  std::optional<Severity> fail_on;     // absent = what launchgate.toml says, else high-risk
  std::string id_key;                  // see core/fingerprint.hpp
  bool list_rules = true;              // in the report, even where nothing was found
};

struct ScanOutcome {
  Report report;
  Verdict verdict;
  OutputCheck check;  // to be asked about everything rendered from the report
};

Result<ScanOutcome> run_scan(ScanRequest request, const git::Environment& env);

// BLOCK when a finding is at or over `fail_on`, else HOLD when something asked for was not looked at, else PROMOTE.
Verdict judge_scan(const Report& report, Severity fail_on);

// What the request would do, in words, without reading any content (--explain).
Result<std::string> explain_scan(ScanRequest request, const git::Environment& env);

}  // namespace launchgate::engine
