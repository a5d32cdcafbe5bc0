// What the formats share: the list of things to act on, their ranking and counts, and the words for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/adapter.hpp"
#include "libscan/core/report.hpp"

namespace launchgate::adapters {

// Everything a person should act on as one list: the findings, then each failed check as a finding at the
// configuration line that declares it. The formats that know only "issues in files" are views of this.
// Refers to the report, which must outlive it.
class Issues {
 public:
  explicit Issues(const Report& report);
  Issues(const Issues&) = delete;
  Issues& operator=(const Issues&) = delete;

  const std::vector<const Finding*>& all() const noexcept { return all_; }  // in report order
  std::vector<const Finding*> worst_first() const;  // by severity, then confidence, then report order

 private:
  std::vector<Finding> checks_;  // failed checks; never grows once all_ points into it
  std::vector<const Finding*> all_;
};

// Something that was asked for and could not be judged: what stands between "nothing found" and "nothing there".
struct Gap {
  std::string id;         // "unreadable", or the check's id
  std::string text;       // one sentence
  std::string fix;        // may be empty
  const Location* where;  // the check's place in the configuration; null for what was not looked at
};
std::vector<Gap> gaps(const Report& report);
// No gaps: "nothing found" may be said without an if.
bool decided(const Report& report);

struct Tally {
  std::size_t blockers = 0;
  std::size_t high = 0;
  std::size_t wait = 0;
  std::size_t total() const noexcept { return blockers + high + wait; }
};
Tally tally(const std::vector<const Finding*>& issues) noexcept;

// "2 launch blockers, 1 high risk, 3 can wait"; "nothing" when all are zero.
std::string in_words(const Tally& tally);
std::string_view in_words(Severity severity) noexcept;  // "launch blocker", "high risk", "can wait"
std::string_view in_words(Outcome outcome) noexcept;    // "passed", "flaky", "FAILED", "undecided", "skipped"

std::string count(std::uint64_t n, std::string_view thing);  // "1 file", "12,345 files"
std::string bytes_in_words(std::uint64_t bytes);             // "12.3 MB"

// One line on what was looked at: "1,234 files (12.3 MB) in 56 commits".
std::string looked_at(const Coverage& coverage);
// One line on one way of not looking: "3 binary (a.png, b.png, …)", with at most `examples` of them.
std::string not_looked_at(const Skipped& skipped, std::size_t examples);

// "path:12:9", "https://…", "path" for a file as a whole: what a person can click or search for.
std::string place(const Location& where);
// "commit 1a2b3c4d5e by Ann, 2024-03-01"; empty outside history.
std::string origin(const Location& where);

// What the history tells beyond that, as clauses to be joined: "still in HEAD, as lib/key.py", "on main, v1.0 and 3
// more", "the secret came with 3 commits, 2023-01-05 to 2024-03-01". Empty where nothing was looked up.
std::vector<std::string> story_in_words(const Finding& finding);

// The file an issue is shown at where a format wants one: its own, else the configuration's.
std::string_view file_of(const Finding& finding, const RenderOptions& options) noexcept;
std::uint32_t line_of(const Finding& finding) noexcept;  // at least 1

// The message, and the fix as a second sentence.
std::string message_and_fix(const Finding& finding);

// A name for this issue at this file that is unique in the report and survives edits elsewhere: 32 hex digits of
// fingerprint and path, and of `nth` for the same value again in one file.
std::string unique_id(const Finding& finding, std::size_t nth);

// Counts how often each (fingerprint, path) has come by: the `nth` of unique_id(). Ask in report order.
class Ordinals {
 public:
  std::size_t next(const Finding& finding);  // 1, 2, …

 private:
  std::unordered_map<std::string, std::size_t> seen_;
};

}  // namespace launchgate::adapters
