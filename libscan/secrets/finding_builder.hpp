// From matches (offsets into hostile bytes) to Findings (masked, placed, ready to be shown).
// This is the one place where a secret's bytes meet something that will be printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/finding.hpp"
#include "libscan/secrets/dotenv_judge.hpp"
#include "libscan/secrets/matcher.hpp"

namespace launchgate::config {
class Suppressor;
}

namespace launchgate::secrets {

// Where a text stands in the world: copied into every finding made from it.
struct TextOrigin {
  Location where;          // path, commit, url, …; span is filled per finding
  std::uint32_t line = 1;  // place of the text's first byte, for windows of a longer one
  std::uint32_t column = 1;
};

struct FindingOptions {
  std::string id_key;  // keys fingerprints and secret ids (core/fingerprint.hpp); empty = the public constant
  // Asked about each secret while its bytes are at hand, because other scanners' baselines hold hashes of them. May be
  // null; must outlive whoever holds these options.
  const config::Suppressor* known = nullptr;
};

// Builds one Finding per match, in the order of `matches`, which must be sorted by secret.begin. What an inline tag
// or a known secret excuses is marked in Finding::suppressed, and built all the same.
void build_findings(std::string_view text, const std::vector<Match>& matches, const RuleSet& rules,
                    const TextOrigin& origin, const FindingOptions& options, std::vector<Finding>& out);

// A dotenv file as an exposure: `rule` is the catalogue's entry of that name, the judgement is `exposure`'s.
Finding build_dotenv_finding(std::string_view text, const DotenvExposure& exposure, const Rule& rule,
                             const TextOrigin& origin, std::string_view id_key);

// A finding about a file as a whole (path-only rules): no value, the fingerprint is of rule and path.
Finding build_path_finding(const Rule& rule, const TextOrigin& origin, std::string_view id_key);

}  // namespace launchgate::secrets
