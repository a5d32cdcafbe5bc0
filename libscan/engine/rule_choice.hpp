// Which rules does this run use? The built-in catalogue, the user's --rules files, and what a repository or the
// environment brings in gitleaks' own ways; compiled, or taken from the cache.
//
// They add up, in this order; an id that exists is overridden as gitleaks' extend does:
//
//   built-in        always, unless --no-default-rules: a file in the scanned repository can add to the catalogue and
//                   allow findings away in the open (the report names it), never replace it
//   gitleaks' own   the first of: GITLEAKS_CONFIG (a path), GITLEAKS_CONFIG_TOML (the text), ROOT/.gitleaks.toml
//   [scan] rules    of launchgate.toml
//   --rules FILE    in the order given
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/secrets/matcher.hpp"

namespace launchgate::engine {

struct RuleOptions {
  std::vector<std::string> configured;              // [scan] rules, ready to be opened
  std::vector<std::string> files;                   // --rules
  bool builtin = true;                              // not --no-default-rules
  std::string root;                                 // where .gitleaks.toml is looked for; empty = nowhere
  std::optional<std::string> gitleaks_config;       // $GITLEAKS_CONFIG
  std::optional<std::string> gitleaks_config_toml;  // $GITLEAKS_CONFIG_TOML
  std::string cache_dir;                            // for compiled user rules; empty = no cache
};

struct ChosenRules {
  secrets::Matcher matcher;
  std::vector<Note> notes;  // which files took part, and the loader's warnings
};

Result<ChosenRules> choose_rules(const RuleOptions& options);

// The same without compiling: for `rules list` and friends.
Result<secrets::RuleSet> choose_rule_set(const RuleOptions& options, std::vector<Note>& notes);

// Whether a rule of that id is among the matcher's.
std::function<bool(std::string_view)> knows_rule(std::shared_ptr<const secrets::Matcher> matcher);

// What adapters list about the rules of a run, sorted by id.
std::vector<RuleInfo> rule_infos(const secrets::RuleSet& rules);

// The text of a rule file (at most 16 MiB), or an Error of kind config.
Result<std::string> read_rule_file(const std::string& path);

}  // namespace launchgate::engine
