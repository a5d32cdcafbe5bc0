// One rule file as it is written, before anything it extends is added. The half of the loader that knows the keys;
// rule_loader.cpp is the half that knows what extending means.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/secrets/rule.hpp"

namespace launchgate::secrets {

// `[extend]`
struct Extend {
  bool use_default = false;
  std::string path;
  std::vector<std::string> disabled_rules;
  std::string where;  // "FILE:LINE:COLUMN" of what is extended
  std::string disabled_where;
};

struct RuleFile {
  RuleSet own;  // ids unique; a rule may still lack both regex and path, which an extended file can give
  Extend extend;
  std::map<std::string, std::string> where;                             // rule id -> "FILE:LINE:COLUMN"
  std::vector<std::pair<std::string, std::string>> targets;             // every entry of targetRules, with its place
  std::map<std::pair<std::string, std::string>, std::string> required;  // rule id, id it requires -> place
  std::vector<std::string> warnings;
};

Result<RuleFile> parse_rule_file(std::string_view toml, std::string_view file_name);

}  // namespace launchgate::secrets
