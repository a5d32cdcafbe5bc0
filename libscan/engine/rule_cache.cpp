#include "libscan/engine/rule_cache.hpp"

#include "libscan/core/sha256.hpp"
#include "libscan/engine/cache_file.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/front_database.hpp"
#include "libscan/secrets/rule_codec.hpp"

namespace launchgate::engine {
Result<secrets::Matcher> compile_cached(secrets::RuleSet rules, const std::string& dir) {
  const auto base = secrets::builtin_matcher();
  if (!base) return Unexpected{base.error()};
  if (dir.empty() || !private_cache_dir(dir)) return secrets::Matcher::create(std::move(rules), &*base);
  const std::string identity = secrets::encode_rules(rules) + LG_VERSION + secrets::FrontDatabase::library_version() +
                               std::string(secrets::builtin_identity());
  const std::string path = dir + "/rules-" + hex(sha256(identity)) + ".bin";
  if (const auto entry = read_cache_file(path)) return secrets::Matcher::create(std::move(rules), *entry, &*base);
  auto matcher = secrets::Matcher::create(std::move(rules), &*base);
  if (!matcher) return matcher;
  if (const auto bytes = matcher->serialize()) write_cache_file(path, *bytes);
  return matcher;
}

}  // namespace launchgate::engine
