// A Finding: one thing a person should act on, ready to be shown to anyone.
//
// The rule of this house: no Finding can hold a raw secret. Sources mask before they build one
// (core/redact.hpp), so every adapter, log and cache downstream is safe by construction.
// All types here are plain values: they own what they hold; copies are independent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libscan/core/severity.hpp"

namespace launchgate {

// A half-open stretch of text. Lines and columns are 1-based, columns count Unicode code points,
// end_column is exclusive. line == 0 means "the file as a whole".
struct Span {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// Where a finding is. `path` is relative to the repository root (outside one: to the scanned PATH),
// with '/', and may hold any byte but NUL: adapters escape it. Exactly the fields that apply are set.
struct Location {
  std::string path;    // file in the tree, the index or a commit; archive members join with '!'
  Span span;           // place in that file, or in the body at `url`
  std::string commit;  // full object id when found in history
  std::string author;  // display name only: no e-mail address leaves in a report
  std::string date;    // RFC 3339, author date
  std::string url;     // page or asset of the deployed site, credentials and query removed
};

// The source lines of a finding with every secret in them masked. Valid UTF-8 without control
// characters (core/text.hpp: printable), each line cut to a readable width around the finding.
struct Excerpt {
  std::uint32_t first_line = 0;  // 1-based number of lines.front(); 0 = no excerpt
  std::vector<std::string> lines;
  std::uint32_t mark_column = 0;  // 1-based column within lines.front() where the masked value starts
  std::uint32_t mark_width = 0;   // in code points
};

// What the history tells of one secret, over all findings of the report that hold it (core/story.hpp).
struct SecretStory {
  std::string first_commit, first_date;  // the oldest commit that brought it in, by ancestry
  std::string last_commit, last_date;    // the latest that brought in a content with it
  std::uint32_t commits = 0;             // how many did
  std::optional<bool> in_head;           // any of these contents is part of HEAD's tree
};

// What the history tells of a finding beyond its own commit. A field that was not looked up, or could not be, is empty:
// nothing here is a guess.
struct Story {
  // Whether one of these very contents is part of HEAD's tree, and where when not at the finding's own path.
  std::optional<bool> in_head;
  std::string head_path;
  // References whose history holds its commit: branches first, then remote ones, tags, others; the first few of them.
  static constexpr std::size_t kMaxRefs = 3;
  std::vector<std::string> refs;  // "main", "origin/main", "v1.0", "refs/stash"
  std::uint32_t ref_count = 0;    // how many there are in all; 0 = not known
  // The place of its commit in the history, ancestors before descendants; 1 = the first, 0 = not known.
  std::uint32_t order = 0;

  // Of the secret it holds. Empty when the report is only a part.
  std::optional<SecretStory> secret;
  // How many commits brought in a content with this secret at this path: one finding stands for all (core/story.hpp).
  std::uint32_t versions = 1;
};

struct Finding {
  std::string rule;  // id of the rule or check, e.g. "github-pat"
  Severity severity = Severity::high_risk;
  Confidence confidence = Confidence::medium;
  Location where;
  std::string message;               // one sentence, starts upper-case, ends with a full stop
  std::string masked;                // "ghp_…9fQ"; empty when no value is involved
  std::string fingerprint;           // "lg1:" + 32 hex digits (core/fingerprint.hpp)
  std::string secret_id;             // 16 hex digits, equal for equal secrets in one report; may be empty
  std::vector<std::string> reasons;  // why we believe it: "checksum valid", "key name says password"
  std::string fix;                   // what to do now, imperative, may hold an https:// link
  std::string line_hash;             // GitHub's primaryLocationLineHash of span.line, "hex:count"
  Excerpt excerpt;
  std::string suppressed;         // why it does not count: "gitleaks:allow at line 7"; empty = it counts
  std::vector<std::string> also;  // the same secret elsewhere ("path:line"), filled by grouping
  std::optional<Story> story;     // of a finding of the history
};

// The order every report is in: path, line, column, rule; then commit and fingerprint so that it is total.
bool report_order(const Finding& a, const Finding& b) noexcept;

}  // namespace launchgate
