// Any bytes as a rule file: either an error with a place or a rule set that keeps its promises, and that merged with
// itself has the same rules.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libscan/secrets/rule_loader.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const RuleSet defaults = load_rules("[[rules]]\nid='a'\nregex='a'\n", "d.toml")->rules;
  LoadOptions options;
  options.defaults = &defaults;
  options.read_file = [&](const std::string&) -> Result<std::string> { return text; };  // every file extends itself
  const auto loaded = load_rules(text, "f.toml", options);
  if (!loaded) {
    if (loaded.error().what.empty()) std::abort();
    return 0;
  }
  const auto& rules = loaded->rules.rules;
  const auto out_of_order = [](const Rule& a, const Rule& b) { return a.id >= b.id; };
  if (std::adjacent_find(rules.begin(), rules.end(), out_of_order) != rules.end()) std::abort();
  for (const Rule& r : rules)
    if (r.regex.empty() && r.path.empty()) std::abort();
  if (merge_rules(loaded->rules, loaded->rules).rules.size() != rules.size()) std::abort();
  return 0;
}
