// Reads rule files: the gitleaks TOML schema, complete, and launchgate's own keys. One loader serves the
// built-in catalogue, a user's --rules files and a repository's .gitleaks.toml.
//
// Every refusal names FILE:LINE:COLUMN, the rule, what is wrong and how to mend it. Unknown keys are errors
// with the nearest known name; keys are matched without regard to case, as gitleaks' own reader does.
//
// A file written against gitleaks' catalogue names rules we may not have. What it says about those (an allowlist,
// a disabledRules entry) can change nothing, so it is a warning and the file still loads.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/secrets/rule.hpp"

namespace launchgate::secrets {

struct LoadOptions {
  // What `[extend] useDefault = true` extends. May be null: then useDefault is an error.
  const RuleSet* defaults = nullptr;
  // Reads the file named by `[extend] path`: taken relative to the file that says so, then as it is written.
  // Absent: extend.path is an error.
  std::function<Result<std::string>(const std::string& path)> read_file;
  // The file is one of several that make up a catalogue: rules it speaks of may stand in another.
  bool partial = false;
};

// A file may extend a file that extends a file, as in gitleaks; what the last one extends is refused.
inline constexpr int kMaxExtendDepth = 2;

struct LoadedRules {
  RuleSet rules;
  bool extends_defaults = false;      // `[extend] useDefault = true`, here or in a file extended: `rules` holds them
  std::vector<std::string> warnings;  // "FILE:LINE:COLUMN: …" on things legal but doubtful
};

Result<LoadedRules> load_rules(std::string_view toml, std::string_view file_name, const LoadOptions& options = {});

// Adds `extra` to `base`; an id in both is overridden as gitleaks' extend does (local non-empty description,
// entropy, secretGroup, regex, path win; tags, keywords, allowlists append). Of our own keys those that are stated
// win. What describes an expression (validator, judge_value, samples, group) goes when `extra` brings another one.
RuleSet merge_rules(RuleSet base, const RuleSet& extra);

}  // namespace launchgate::secrets
