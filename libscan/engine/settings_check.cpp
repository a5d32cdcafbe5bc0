#include "libscan/engine/settings_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "libscan/core/text.hpp"
#include "libscan/engine/rule_choice.hpp"
#include "libscan/secrets/blob_scanner.hpp"

namespace launchgate::engine {

Result<void> refuse_literal_secrets(std::string_view toml, std::string_view file) {
  auto rules = choose_rules({});  // built in only: the file must not be able to bring rules that let it through
  if (!rules) return Unexpected{rules.error()};
  auto scanner = secrets::BlobScanner::create(rules->matcher, {});
  if (!scanner) return Unexpected{scanner.error()};
  Location where;
  where.path = "launchgate.toml";  // whatever it is called: no rule's path allowlist shall excuse it
  std::vector<Finding> findings;
  scanner->scan(toml, where, findings);
  const auto bad = std::find_if(findings.begin(), findings.end(), [](const Finding& f) {
    return f.suppressed.empty() && f.severity >= Severity::high_risk;
  });
  if (bad == findings.end()) return {};
  return fail(
      ErrorCode::config,
      fmt::format("{}:{}:{}: a secret stands here as text (rule {}: {})", printable(file), bad->where.span.line,
                  bad->where.span.column, bad->rule, bad->masked),
      "put the value into an environment variable and write its name: \"$NAME\"; replace it if it was committed");
}

}  // namespace launchgate::engine
