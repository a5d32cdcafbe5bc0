// The Report: everything a run saw, as plain data. Every output format is a view of it, and any
// stage after it (judge, adapters, merge) can be run from a saved file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/finding.hpp"
#include "libscan/core/severity.hpp"

namespace launchgate {

// What a rule or check is, for reports that list their rules (SARIF) and for `rules show`.
struct RuleInfo {
  std::string id;
  std::string title;  // short, no full stop: "GitHub personal access token"
  std::string why;    // what an attacker does with it; one or two sentences; may be empty
  std::string fix;
  std::string url;  // the provider's own page on the token or its rotation; may be empty
  Severity severity = Severity::high_risk;
  Confidence confidence = Confidence::medium;
  std::vector<std::string> tags;
};

// A way in which less was looked at than was there. Nothing is left out without one of these.
struct Skipped {
  std::string reason;  // stable short name: "binary", "unreadable", "symlink", "too-large"
  std::uint64_t count = 0;
  std::vector<std::string> examples;  // at most kMaxExamples, in report order
  bool undecided = false;             // true: it was asked for, so the run cannot pass (exit 3)
  static constexpr std::size_t kMaxExamples = 5;
};

struct Coverage {
  std::uint64_t files = 0;       // files, blobs or bodies whose content was scanned
  std::uint64_t bytes = 0;       // their sizes, added
  std::uint64_t commits = 0;     // commits the run covered; 0 outside history and range
  std::vector<Skipped> skipped;  // sorted by reason
  // Adds one skipped item, keeping the list sorted and the examples few.
  void skip(std::string_view reason, std::string_view example, bool undecided = false);
  void merge(const Coverage& other);
  bool complete() const noexcept;  // no entry is undecided
};

// Where the time of one request went, milliseconds each, one after the other.
struct Phases {
  double dns = 0;
  double connect = 0;
  double tls = 0;
  double wait = 0;      // request sent to first byte of the response
  double transfer = 0;  // first byte to last
  double total() const noexcept { return dns + connect + tls + wait + transfer; }
};

// One measured value of a check with a budget. A request that failed or timed out is a sample of +infinity.
struct Sample {
  double ms = 0;
  bool cold = false;  // the first request on a new connection: shown, not judged
  Phases phases;
};

// One try of a check, in the order they ran. Times are milliseconds since the run began.
struct Attempt {
  Outcome outcome = Outcome::inconclusive;
  double started_ms = 0;
  double duration_ms = 0;
  std::string detail;  // masked, printable; what was seen
};

struct CheckResult {
  std::string id;
  std::string title;
  Outcome outcome = Outcome::skipped;
  Severity severity = Severity::launch_blocker;
  std::string reason;  // one sentence on the outcome; masked
  std::string fix;
  Location where;  // the configuration line that declares the check, so that it can be annotated
  std::vector<Attempt> attempts;
  std::vector<Sample> samples;  // of the attempt that decided, in the order they were taken
  double budget_ms = 0;         // what they are judged against; 0 = no time budget
};

// Something a reader should know that is neither finding nor check: "3 baseline entries are unused".
struct Note {
  enum class Level { info, warning, error };
  Level level = Level::info;
  std::string text;
  std::string hint;
};

struct Report {
  std::string version;            // of launchgate
  std::string mode;               // "tree" | "staged" | "range" | "history" | "stdin" | "url" | "smoke" | "gate"
  std::string target;             // what was asked for, as shown to people; no absolute machine path in shared reports
  std::string shard;              // "I/N" when this is one of N parts of a run (core/merge.hpp); empty = the whole
  std::vector<Finding> findings;  // in report_order
  std::vector<CheckResult> checks;  // in configuration order
  std::vector<RuleInfo> rules;      // every rule that ran, sorted by id
  Coverage coverage;
  std::vector<Note> notes;
  Severity fail_on = Severity::high_risk;  // the gate level the run was judged by
};

}  // namespace launchgate
