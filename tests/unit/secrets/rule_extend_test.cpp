#include "libscan/secrets/rule_loader.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/rule_texts.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

const Rule* find(const RuleSet& set, std::string_view id) {
  for (const Rule& r : set.rules)
    if (r.id == id) return &r;
  return nullptr;
}

// A "default" catalogue of one rule with everything that can be overridden.
RuleSet catalogue() {
  return loaded(R"(
title = "catalogue"
[[rules]]
id = "acme-token"
description = "Acme token"
regex = 'acme_([a-z]{8})'
secretGroup = 1
entropy = 2
keywords = ["acme_"]
tags = ["acme"]
severity = "launch-blocker"
confidence = "high"
validator = "random-token"
reader = "block"
fix = "Revoke it."
samples = ['acme_<lower:8>']
[[rules.allowlists]]
stopwords = ["test"]
[[allowlists]]
paths = ['^vendor/']
)")
      .rules;
}

struct Files {
  std::map<std::string, std::string> text;
  LoadOptions options(const RuleSet* defaults = nullptr) const {
    LoadOptions o;
    o.defaults = defaults;
    o.read_file = [this](const std::string& path) -> Result<std::string> {
      const auto at = text.find(path);
      if (at == text.end()) return fail(ErrorCode::config, path + ": not found");
      return at->second;
    };
    return o;
  }
};

}  // namespace

TEST_CASE("useDefault: the file's rules come on top of the catalogue") {
  const RuleSet defaults = catalogue();
  LoadOptions options;
  options.defaults = &defaults;
  const LoadedRules l = loaded(R"(
[extend]
useDefault = true
[[rules]]
id = "acme-token"
entropy = 3.5
tags = ["ours", "acme"]
[[rules.allowlists]]
paths = ['x']
[[rules]]
id = "own"
regex = 'own_'
[[allowlists]]
paths = ['y']
)",
                               options);
  CHECK(l.extends_defaults);
  CHECK(l.warnings.empty());
  REQUIRE(l.rules.rules.size() == 2);
  const Rule& r = l.rules.rules[0];
  CHECK(r.regex == "acme_([a-z]{8})");
  CHECK(r.secret_group == 1);
  CHECK(r.entropy == 3.5);
  CHECK(r.tags == std::vector<std::string>{"acme", "ours"});
  CHECK(r.allowlists.size() == 2);
  CHECK(r.severity == Severity::launch_blocker);  // not stated, so not lowered
  CHECK(r.validator == "random-token");
  CHECK(r.reader == "block");
  CHECK(l.rules.allowlists.size() == 2);
}

TEST_CASE("another expression leaves behind what described the old one") {
  const RuleSet merged = merge_rules(
      catalogue(), loaded("[[rules]]\nid='acme-token'\nregex='ACME-[0-9]{9}'\nseverity='high-risk'\n").rules);
  const Rule* r = find(merged, "acme-token");
  REQUIRE(r != nullptr);
  CHECK(r->regex == "ACME-[0-9]{9}");
  CHECK(r->secret_group == 0);
  CHECK(r->validator.empty());
  CHECK(r->reader.empty());
  CHECK(r->samples.empty());
  CHECK(r->severity == Severity::high_risk);  // stated, though it is the default
  CHECK(r->fix == "Revoke it.");
}

TEST_CASE("disabledRules takes rules away; unknown ids, as of gitleaks' catalogue, are warnings") {
  const RuleSet defaults = catalogue();
  LoadOptions options;
  options.defaults = &defaults;
  const LoadedRules l = loaded(R"(
[extend]
useDefault = true
disabledRules = ["acme-token", "generic-api-key"]
[[rules]]
id = "jwt"
[[rules.allowlists]]
paths = ['x']
[[allowlists]]
targetRules = ["hashicorp"]
regexes = ['y']
)",
                               options);
  CHECK(l.rules.rules.empty());
  REQUIRE(l.warnings.size() == 3);
  CHECK(has(l.warnings[0], "'generic-api-key'"));
  CHECK(has(l.warnings[1], "r.toml:5:1: launchgate's catalogue has no rule 'jwt'"));
  CHECK(has(l.warnings[2], "r.toml:10:1: targetRules: there is no rule 'hashicorp'"));
}

TEST_CASE("path: relative to the file, then as written; the outer file wins") {
  const RuleSet defaults = catalogue();
  Files files;
  files.text["conf/base.toml"] = "[extend]\nuseDefault = true\n[[rules]]\nid='a'\nregex='a1'\ndescription='base'\n";
  files.text["top.toml"] = "[[rules]]\nid='t'\nregex='t'\n";
  const std::string outer = "[extend]\npath = 'base.toml'\n[[rules]]\nid='a'\ndescription='outer'\n";
  const auto rules = load_rules(outer, "conf/.gitleaks.toml", files.options(&defaults));
  REQUIRE(rules);
  CHECK(rules->extends_defaults);
  REQUIRE(find(rules->rules, "a") != nullptr);
  CHECK(find(rules->rules, "a")->regex == "a1");
  CHECK(find(rules->rules, "a")->description == "outer");
  CHECK(find(rules->rules, "acme-token") != nullptr);
  const auto from_cwd = load_rules("[extend]\npath = 'top.toml'\n", "conf/.gitleaks.toml", files.options());
  REQUIRE(from_cwd);
  CHECK(find(from_cwd->rules, "t") != nullptr);
  const auto missing = load_rules("[extend]\npath = 'no.toml'\n", "conf/.gitleaks.toml", files.options());
  REQUIRE_FALSE(missing);
  CHECK(missing.error().what == "conf/.gitleaks.toml:2:1: in [extend]: cannot extend: conf/no.toml: not found");
}

TEST_CASE("cycles and chains deeper than two are refused") {
  Files files;
  files.text["a.toml"] = "[extend]\npath = './b.toml'\n";
  files.text["b.toml"] = "[extend]\npath = 'a.toml'\n";
  CHECK(has(refusal("[extend]\npath = 'a.toml'\n", files.options()).what, "'a.toml' extends itself"));
  files.text["b.toml"] = "[extend]\npath = 'c.toml'\n";
  files.text["c.toml"] = "";
  CHECK(
      has(refusal("[extend]\npath = 'a.toml'\n", files.options()).what, "b.toml:2:1: in [extend]: files extend each"));
  files.text["b.toml"] = "[[rules]]\nid='b'\nregex='b'\n";
  CHECK(loaded("[extend]\npath = 'a.toml'\n", files.options()).rules.rules.size() == 1);
}

TEST_CASE("an error in an extended file names that file") {
  Files files;
  files.text["a.toml"] = "[[rules]]\nid='b'\nregex=1\n";
  CHECK(has(refusal("[extend]\npath = 'a.toml'\n", files.options()).what, "a.toml:3:7:"));
}
