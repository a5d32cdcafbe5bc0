// Rules as data: what to look for, and what makes a match no finding.
//
// The model is the gitleaks TOML schema read completely (docs/rules.md), plus our own keys. A RuleSet is plain
// data: it compiles nothing and checks only shape; matcher.hpp turns one into something that can scan.
// Thread-safety: plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/severity.hpp"

namespace launchgate::secrets {

// A regular expression in RE2 syntax with the place it was written, for error messages.
struct Pattern {
  std::string text;
  std::string where;  // "FILE:LINE:COLUMN"
};

// A reason to drop a match. Kinds of criteria that are empty do not take part; with `all` every kind that
// takes part must hold (condition = "AND"), else one is enough.
struct Allowlist {
  enum class Target { secret, match, line };
  std::string description;
  bool all = false;
  std::vector<std::string> commits;  // full ids, lower-case
  std::vector<Pattern> paths;
  Target target = Target::secret;  // what `regexes` look at
  std::vector<Pattern> regexes;
  std::vector<std::string> stopwords;     // lower-case; substring of the lower-cased secret
  std::vector<std::string> target_rules;  // global lists only: the rule ids it is for; empty = all
};

// Another rule that must have a match near by, or the match is none (composite rules).
struct Required {
  std::string rule;
  std::optional<std::uint32_t> within_lines;  // absent = anywhere in the file
  std::optional<std::uint32_t> within_columns;
};

struct Rule {
  std::string id;
  std::string description;  // one line: what it is
  std::string regex;        // RE2 syntax; empty for a path-only rule and for one with `names`
  std::string path;         // RE2 syntax, searched in the path; empty = any path
  std::string regex_where;  // "FILE:LINE:COLUMN" of `regex`
  std::string path_where;
  std::uint32_t secret_group = 0;     // 0 = first non-empty group, else the whole match
  double entropy = 0;                 // Shannon, bits a character; a secret at or under it is dropped; 0 = no test
  std::vector<std::string> keywords;  // lower-case; one must occur in the lower-cased content; empty = always runs
  std::vector<std::string> tags;
  std::vector<Allowlist> allowlists;
  std::vector<Required> required;
  bool skip_report = false;  // matches count for `required` of others and are not findings themselves

  // launchgate's own keys
  Severity severity = Severity::high_risk;
  Confidence confidence = Confidence::medium;
  std::string why;                       // what an attacker does with it
  std::string fix;                       // what to do now
  std::string url;                       // the provider's page the format was learned from
  std::string validator;                 // name of an offline check (validators.hpp); empty = none
  std::string reader;                    // the expression finds a heading, and this the values below (readers.hpp)
  bool judge_value = false;              // drop placeholders, references and plain words (value_judge.hpp)
  std::vector<std::string> names;        // services, for a rule without regex and path (service_names.hpp)
  bool binary = false;                   // self-identifying: also looked for in binary files
  std::vector<std::string> samples;      // templates (sample.hpp) that must be found by this rule
  std::vector<std::string> non_samples;  // templates that must not

  // Which keys without an "unset" value the file states: only those override another rule's (merge_rules).
  // A loader's note, not part of a stored rule set.
  struct Stated {
    bool severity = false, confidence = false, judge_value = false, binary = false, skip_report = false;
  } stated;
};

struct RuleSet {
  std::string title;
  std::vector<Rule> rules;            // sorted by id, ids unique
  std::vector<Allowlist> allowlists;  // global
};

// The rule of that id; null when there is none.
inline const Rule* find_rule(const RuleSet& set, std::string_view id) noexcept {
  const auto at = std::lower_bound(set.rules.begin(), set.rules.end(), id,
                                   [](const Rule& rule, std::string_view wanted) { return rule.id < wanted; });
  return at == set.rules.end() || at->id != id ? nullptr : &*at;
}

}  // namespace launchgate::secrets
