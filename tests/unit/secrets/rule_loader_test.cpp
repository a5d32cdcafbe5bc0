#include "libscan/secrets/rule_loader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/rule_texts.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

const Rule& only(const LoadedRules& l) {
  REQUIRE(l.rules.rules.size() == 1);
  return l.rules.rules[0];
}

}  // namespace

TEST_CASE("every key of the gitleaks schema is read") {
  const LoadedRules l = loaded(R"(
title = "our rules"
description = "what they are"
minVersion = "v8.25.0"
[[rules]]
id = "b"
description = "B"
regex = '''b_([0-9]{4})_(x)'''
path = '''\.conf$'''
secretGroup = 2
entropy = 3
keywords = ["B_", "bee"]
tags = ["one", "two"]
skipReport = true
[[rules.required]]
id = "a"
withinLines = 5
withinColumns = 20
[[rules.required]]
id = "a"
[[rules.allowlists]]
description = "tests"
condition = "AND"
commits = ["ABCDEF0123"]
paths = ['''_test\.go$''']
regexTarget = "line"
regexes = ['''example''', '''sample''']
stopwords = ["FAKE"]
[[rules]]
id = "a"
path = '''id_rsa$'''
[[allowlists]]
targetRules = ["a", "b"]
paths = ['''^docs/''']
[[allowlists]]
regexTarget = "match"
regexes = ['''zero''']
)");
  CHECK(l.warnings.empty());
  CHECK_FALSE(l.extends_defaults);
  CHECK(l.rules.title == "our rules");
  REQUIRE(l.rules.rules.size() == 2);
  CHECK(l.rules.rules[0].id == "a");  // sorted
  CHECK(l.rules.rules[0].path == "id_rsa$");
  CHECK(l.rules.rules[0].path_where == "r.toml:31:8");
  const Rule& b = l.rules.rules[1];
  CHECK(b.description == "B");
  CHECK(b.regex == "b_([0-9]{4})_(x)");
  CHECK(b.regex_where == "r.toml:8:9");
  CHECK(b.path == "\\.conf$");
  CHECK(b.secret_group == 2);
  CHECK(b.entropy == 3.0);
  CHECK(b.keywords == std::vector<std::string>{"b_", "bee"});
  CHECK(b.tags == std::vector<std::string>{"one", "two"});
  CHECK(b.skip_report);
  REQUIRE(b.required.size() == 2);
  CHECK(b.required[0].rule == "a");
  CHECK(b.required[0].within_lines == 5);
  CHECK(b.required[0].within_columns == 20);
  CHECK_FALSE(b.required[1].within_lines);
  REQUIRE(b.allowlists.size() == 1);
  const Allowlist& a = b.allowlists[0];
  CHECK(a.description == "tests");
  CHECK(a.all);
  CHECK(a.commits == std::vector<std::string>{"abcdef0123"});
  CHECK(a.paths[0].text == "_test\\.go$");
  CHECK(a.target == Allowlist::Target::line);
  CHECK(a.regexes[1].text == "sample");
  CHECK(a.regexes[1].where == "r.toml:27:27");
  CHECK(a.stopwords == std::vector<std::string>{"fake"});
  REQUIRE(l.rules.allowlists.size() == 2);
  CHECK(l.rules.allowlists[0].target_rules == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(l.rules.allowlists[0].all);
  CHECK(l.rules.allowlists[1].target == Allowlist::Target::match);
}

TEST_CASE("launchgate's own keys are read") {
  const Rule r = only(loaded(R"(
[[rules]]
id = "x"
regex = 'x'
severity = "can-wait"
confidence = "low"
why = "w"
fix = "f"
url = "https://example.com"
validator = "jwt"
judge_value = true
binary = true
samples = ["s"]
non_samples = ["n"]
)"));
  CHECK(r.severity == Severity::can_wait);
  CHECK(r.confidence == Confidence::low);
  CHECK(r.why == "w");
  CHECK(r.fix == "f");
  CHECK(r.url == "https://example.com");
  CHECK(r.validator == "jwt");
  CHECK(r.judge_value);
  CHECK(r.binary);
  CHECK(r.samples == std::vector<std::string>{"s"});
  CHECK(r.non_samples == std::vector<std::string>{"n"});
}

TEST_CASE("what a rule does not say has gitleaks' defaults, and ours") {
  const Rule r = only(loaded("[[rules]]\nid = 'x'\nregex = 'x'\n"));
  CHECK(r.secret_group == 0);
  CHECK(r.entropy == 0.0);
  CHECK(r.severity == Severity::high_risk);
  CHECK(r.confidence == Confidence::medium);
  CHECK_FALSE(r.skip_report);
}

TEST_CASE("a file of the old days loads: one [allowlist], keys in any case") {
  const LoadedRules l = loaded(R"(
[[rules]]
ID = "x"
Regex = 'x'
SecretGroup = 0
  [rules.allowlist]
  RegexTarget = "match"
  regexes = ['y']
[allowlist]
description = "global"
condition = "||"
paths = ['^vendor/']
)");
  CHECK(only(l).allowlists.at(0).target == Allowlist::Target::match);
  CHECK(l.rules.allowlists.at(0).description == "global");
}

TEST_CASE("a named group as Go writes it becomes one RE2 knows, and nothing else changes") {
  const auto regex = [](const std::string& text) {
    return only(loaded("[[rules]]\nid = 'x'\nregex = '''" + text + "'''\n")).regex;
  };
  CHECK(regex("(?<name>a)") == "(?P<name>a)");
  CHECK(regex("a(?P<name>a)") == "a(?P<name>a)");
  CHECK(regex(R"(\(?<name>[(?<x>])") == R"(\(?<name>[(?<x>])");
  CHECK(regex("[](?<x>](?<n>a)") == "[](?<x>](?P<n>a)");
  CHECK(regex("[^](?<x>](?<n>a)") == "[^](?<x>](?P<n>a)");
  CHECK(regex("(?<=a)b") == "(?<=a)b");  // refused later, as the user wrote it
}

TEST_CASE("a wrong key names its place and the nearest known one") {
  const Error e = refusal("[[rules]]\nid = 'x'\nregexp = 'x'\n");
  CHECK(e.code == ErrorCode::config);
  CHECK(e.what == "r.toml:3:1: in [[rules]] 'x': unknown key 'regexp'");
  CHECK(e.hint == "did you mean 'regex'?");
  CHECK(refusal("[[rule]]\nid = 'x'\n").hint == "did you mean 'rules'?");
  CHECK(has(refusal("[extend]\nusedefaults = true\n").hint, "useDefault"));
  CHECK(has(refusal("[[rules]]\nid='x'\nregex='x'\n[[rules.allowlists]]\ntargetRules=['x']\n").what, "'targetRules'"));
  CHECK(has(refusal("[[rules]]\nid='x'\nregex='x'\n[[rules.required]]\nid='x'\nwithinLine=2\n").hint, "withinLines"));
}

TEST_CASE("a wrong type names its place and what is wanted") {
  CHECK(refusal("[[rules]]\nid = 'x'\nregex = 'x'\nentropy = '3'\n").what ==
        "r.toml:4:11: in [[rules]] 'x': 'entropy' must be a number, not a string");
  CHECK(has(refusal("[[rules]]\nid='x'\nregex='x'\nkeywords='k'\n").what, "'keywords' must be an array"));
  CHECK(has(refusal("rules = 1\n").what, "r.toml:1:9:"));
  CHECK(has(refusal("[[rules]]\nid='x'\nregex='x'\nsecretGroup=-1\n").what, "must not be negative"));
  CHECK(has(refusal("[[rules]]\nid='x'\nregex='x'\nentropy=nan\n").what, "must not be negative"));
}

TEST_CASE("what would do nothing, or allow everything, is refused") {
  CHECK(has(refusal("[[rules]]\nid = 'x'\n").what, "r.toml:1:1: rule 'x' has neither 'regex' nor 'path'"));
  CHECK(has(refusal("[[rules]]\nregex = 'x'\n").what, "no 'id'"));
  CHECK(has(refusal("[[allowlists]]\ndescription='d'\n").what, "allows nothing"));
  CHECK(has(refusal("[[allowlists]]\nregexes=['']\n").what, "allows everything"));
  CHECK(has(refusal("[[allowlists]]\nstopwords=['']\n").what, "allow everything"));
  CHECK(has(refusal("[[allowlists]]\nregexes=['a']\nregexTarget='lines'\n").hint, "\"line\""));
  CHECK(has(refusal("[[allowlists]]\nregexes=['a']\ncondition='XOR'\n").what, "'condition'"));
  CHECK(has(refusal("[[rules]]\nid='x'\nregex='x'\nseverity='high'\n").hint, "\"high-risk\""));
  CHECK(has(refusal("[allowlist]\npaths=['a']\n[[allowlists]]\npaths=['b']\n").what, "cannot be used beside"));
}

TEST_CASE("an expression about characters beyond ASCII is warned about: ours see bytes") {
  const auto warnings = [](const std::string& regex) {
    return loaded("[[rules]]\nid='x'\nregex='" + regex + "'\n").warnings.size();
  };
  for (const char* regex : {"[\u00e4]x", "[^\u00e4]x", "\\pLx", "[\\P{Greek}]x", "\\x{e4}x", "\\x{0001F600}x"})
    CHECK(warnings(regex) == 1);
  for (const char* regex : {"\u00e4=([0-9]+)", "[a\\]]\u00e4", "\\x{41}x", "\\x{00007f}x", "\\xc3x", "x[.]\u00e4"})
    CHECK(warnings(regex) == 0);
}

TEST_CASE("an unknown validator is named where it stands") {
  const Error e = refusal("[[rules]]\nid='x'\nregex='x'\nvalidator='github-crc'\n");
  CHECK(has(e.what, "r.toml:4:1:"));
  CHECK(e.hint == "did you mean 'github-crc32'?");
}

TEST_CASE("an unknown reader is named where it stands") {
  const Error e = refusal("[[rules]]\nid='x'\nregex='(tokens):'\nreader='blocks'\n");
  CHECK(has(e.what, "r.toml:4:1:"));
  CHECK(has(e.what, "there is no reader 'blocks'"));
  CHECK(e.hint == "did you mean 'block'?");
}

TEST_CASE("the section to write is the rule's own, not one for all rules") {
  const auto hint = [](const std::string& line) { return refusal("[[rules]]\nid='x'\nregex='x'\n" + line).hint; };
  CHECK(has(hint("allowlists='a'\n"), "[[rules.allowlists]]"));
  CHECK(has(hint("required=['a']\n"), "[[rules.required]]"));
  CHECK(has(refusal("allowlists='a'\n").hint, "[[allowlists]]"));
}

TEST_CASE("a required rule must exist") {
  const Error e =
      refusal("[[rules]]\nid='x'\nregex='x'\n[[rules.required]]\nid='acme-id2'\n[[rules]]\nid='acme-id'\nregex='y'\n");
  CHECK(e.what == "r.toml:5:1: rule 'x' requires 'acme-id2', which does not exist");
  CHECK(e.hint == "did you mean 'acme-id'?");
}

TEST_CASE("keys of a relative that mean nothing here are warned about, not refused") {
  const LoadedRules l = loaded(
      "betterleaksMinVersion='1'\n[[rules]]\nid='x'\nregex='x'\nspecificity=3\n[[rules]]\nid='y'\nregex='y'"
      "\nspecificity=4\n");
  REQUIRE(l.warnings.size() == 2);
  CHECK(has(l.warnings[1], "r.toml:5:1: in [[rules]] 'x': 'specificity' is a key of betterleaks"));
}

TEST_CASE("what gitleaks accepts and nobody can mean is accepted, with a warning") {
  const LoadedRules l = loaded("[[rules]]\nid='x'\nregex='x'\n[[rules]]\nid='x'\nregex='y'\nentropy=9\n");
  CHECK(only(l).regex == "y");
  REQUIRE(l.warnings.size() == 2);
  CHECK(has(l.warnings[0], "r.toml:7:1: in [[rules]] 'x': no secret has more than 8 bits"));
  CHECK(has(l.warnings[1], "r.toml:4:1: in [[rules]] 'x': the id is taken by the rule at r.toml:1:1"));
}

TEST_CASE("an empty keyword is dropped with a warning") {
  const LoadedRules l = loaded("[[rules]]\nid='x'\nregex='x'\nkeywords=['', 'K']\n");
  CHECK(only(l).keywords == std::vector<std::string>{"k"});
  CHECK(l.warnings.size() == 1);
}

TEST_CASE("useDefault where there are no defaults, and url, are refused with their reason") {
  CHECK(
      has(refusal("[extend]\nuseDefault = true\n").what, "r.toml:2:1: in [extend]: 'useDefault' cannot be used here"));
  const Error e = refusal("[extend]\nurl = 'https://example.com/r.toml'\n");
  CHECK(has(e.what, "never fetched"));
  CHECK(has(e.hint, "'path'"));
  CHECK(has(refusal("[extend]\nuseDefault = true\npath = 'x'\n").what, "cannot be used together"));
  CHECK(has(refusal("[extend]\npath = 'x'\n").what, "'path' cannot be used here"));
}

TEST_CASE("ids of foreign files cannot drive a terminal") {
  const Error e = refusal("[[rules]]\nid = \"\\u001b[2J\"\n");
  CHECK_FALSE(has(e.what, "\x1b"));
}
