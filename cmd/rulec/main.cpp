// lg_rulec OUT FILE.toml...: the rule compiler of the build. Reads the catalogue, refuses what breaks a rule of
// the house (rule_lint.hpp), and writes what libscan/secrets/builtin_rules.cpp embeds: the rules without their
// samples, and the front end ready to load.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "libscan/core/sha256.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/flat_bytes.hpp"
#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/rule_codec.hpp"
#include "libscan/secrets/rule_lint.hpp"
#include "libscan/secrets/rule_loader.hpp"

using namespace launchgate;

namespace {

int refuse(const std::string& what, const std::string& hint = {}) {
  fmt::print(stderr, "{}\n", what);
  if (!hint.empty()) fmt::print(stderr, "  {}\n", hint);
  return 1;
}

Result<secrets::RuleSet> load_all(int count, char** files) {
  secrets::RuleSet all;
  for (int i = 0; i < count; ++i) {
    std::ifstream in(files[i], std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return fail(ErrorCode::io, fmt::format("{}: cannot read", files[i]));
    secrets::LoadOptions options;
    options.partial = true;
    auto one = secrets::load_rules(text.str(), files[i], options);
    if (!one) return Unexpected{one.error()};
    if (!one->warnings.empty()) return fail(ErrorCode::config, one->warnings.front());
    for (const auto& rule : one->rules.rules)
      for (const auto& other : all.rules)
        if (rule.id == other.id)
          return fail(ErrorCode::config, fmt::format("{}: rule '{}' exists already", rule.regex_where, rule.id));
    all = secrets::merge_rules(std::move(all), one->rules);
  }
  all.title = "launchgate built-in rules";
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return refuse("usage: lg_rulec OUT FILE.toml...");
  auto rules = load_all(argc - 2, argv + 2);
  if (!rules) return refuse(rules.error().what, rules.error().hint);
  const auto complaints = secrets::lint_rules(*rules);
  for (const auto& c : complaints) fmt::print(stderr, "{}: rule '{}': {}\n", c.where, c.rule, c.what);
  if (!complaints.empty()) return 1;
  auto matcher = secrets::Matcher::create(*rules, nullptr, secrets::Matcher::Target::any_processor);
  if (!matcher) return refuse(matcher.error().what, matcher.error().hint);
  for (std::uint32_t i = 0; i < matcher->rules().rules.size(); ++i)
    if (matcher->unbounded(i))
      return refuse(
          fmt::format("rule '{}' is too large for the front end: every file with a keyword of it would be "
                      "searched whole; shorten its counted repeats",
                      matcher->rules().rules[i].id));
  auto prepared = matcher->serialize();
  if (!prepared) return refuse(prepared.error().what);
  const std::string encoded = secrets::encode_rules(*rules);
  secrets::FlatWriter out;
  out.bytes(encoded);
  out.bytes(*prepared);
  out.bytes(hex(sha256(encoded + *prepared)));
  std::ofstream file(argv[1], std::ios::binary);
  file << out.take();
  return file.flush() ? 0 : refuse(fmt::format("{}: cannot write", argv[1]));
}
