#include "libscan/secrets/matcher.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/matchers.hpp"

using namespace launchgate;
using namespace launchgate::secrets;
using launchgate::testing::matcher_of;
using launchgate::testing::rule;
using launchgate::testing::set_of;

namespace {

std::vector<std::string> scan(const Matcher& m, std::string_view text, BlobName name = {"a.txt", "", false}) {
  auto scratch = m.scratch();
  REQUIRE(scratch.has_value());
  std::vector<Match> found;
  m.scan(text, name, **scratch, found);
  std::vector<std::string> out;
  for (const Match& f : found)
    out.push_back(m.rules().rules[f.rule].id + "=" +
                  std::string(text.substr(f.secret.begin, f.secret.end - f.secret.begin)));
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("the secret is the named group, the first non-empty group, or the match") {
  Rule named = rule("named", "key=(\\w+):(\\w{4,8})");
  named.secret_group = 2;
  const Matcher m = matcher_of(set_of({named, rule("first", "tok(x)?=([a-z]{4,9})"), rule("whole", "zzz[0-9]{4}")}));
  CHECK(scan(m, "key=user:pass1") == Strings{"named=pass1"});
  CHECK(scan(m, "tok=abcdef") == Strings{"first=abcdef"});
  CHECK(scan(m, "a zzz1234 b") == Strings{"whole=zzz1234"});
}

TEST_CASE("an expression that does not compile is refused with rule, place and reason") {
  Rule bad = rule("bad", "a(?=b)");
  bad.regex_where = "r.toml:3:9";
  const auto m = Matcher::create(set_of({bad}));
  REQUIRE_FALSE(m.has_value());
  CHECK(m.error().code == ErrorCode::config);
  CHECK(m.error().what.find("r.toml:3:9: rule 'bad'") == 0);
  CHECK(m.error().hint.find("lookaround") != std::string::npos);
}

TEST_CASE("entropy drops at and below the threshold") {
  Rule r = rule("r", "key=([a-z0-9]{8})");
  r.entropy = 2.0;
  const Matcher m = matcher_of(set_of({r}));
  CHECK(scan(m, "key=aabbccdd") == Strings{});  // exactly 2.0
  CHECK(scan(m, "key=abcdefgh") == Strings{"r=abcdefgh"});
}

TEST_CASE("keywords must occur somewhere, in any case") {
  Rule r = rule("r", "[0-9]{6}-[0-9]{6}");
  r.keywords = {"acme"};
  const Matcher m = matcher_of(set_of({r}));
  CHECK(scan(m, "123456-123456") == Strings{});
  CHECK(scan(m, "123456-123456 ... ACME") == Strings{"r=123456-123456"});
}

TEST_CASE("allowlists: any criterion, or all with AND") {
  Rule r = rule("r", "key=([a-z0-9]{8})");
  Allowlist any;
  any.paths.push_back({"_test\\.go$", ""});
  any.stopwords = {"sample"};
  r.allowlists = {any};
  Matcher m = matcher_of(set_of({r}));
  CHECK(scan(m, "key=abcdefgh") == Strings{"r=abcdefgh"});
  CHECK(scan(m, "key=mysample") == Strings{});
  CHECK(scan(m, "key=abcdefgh", {"x_test.go", "", false}) == Strings{});
  r.allowlists[0].all = true;
  m = matcher_of(set_of({r}));
  CHECK(scan(m, "key=mysample") == Strings{"r=mysample"});
  CHECK(scan(m, "key=mysample", {"x_test.go", "", false}) == Strings{});
}

TEST_CASE("allowlist targets: secret, match, line; and global lists by rule") {
  Rule r = rule("r", "key=([a-z0-9]{8})");
  Allowlist line;
  line.target = Allowlist::Target::line;
  line.regexes.push_back({"^# ", ""});
  RuleSet set = set_of({r, rule("s", "kex=([a-z0-9]{8})")});
  set.allowlists = {line};
  CHECK(scan(matcher_of(set), "# doc key=abcdefgh\nkey=abcdefgi") == Strings{"r=abcdefgi"});
  set.allowlists[0].target_rules = {"s"};
  CHECK(scan(matcher_of(set), "# key=abcdefgh kex=abcdefgh") == Strings{"r=abcdefgh"});
  Allowlist match;
  match.target = Allowlist::Target::match;
  match.regexes.push_back({"^key=a", ""});
  set.allowlists = {match};
  CHECK(scan(matcher_of(set), "key=abcdefgh key=bbcdefgh") == Strings{"r=bbcdefgh"});
}

TEST_CASE("required rules by lines and columns, and skipReport") {
  Rule id = rule("id", "ident=([a-z]{6})");
  id.skip_report = true;
  Rule key = rule("key", "secret=([a-z]{6})");
  key.required = {{"id", 2, std::nullopt}};
  Matcher m = matcher_of(set_of({id, key}));
  CHECK(scan(m, "ident=abcdef\n\nsecret=qwerty") == Strings{"key=qwerty"});
  CHECK(scan(m, "ident=abcdef\n\n\nsecret=qwerty") == Strings{});
  CHECK(scan(m, "secret=qwerty") == Strings{});
  CHECK(scan(m, "ident=abcdef") == Strings{});
  key.required = {{"id", std::nullopt, 15}};
  m = matcher_of(set_of({id, key}));
  CHECK(scan(m, "ident=abcdef secret=qwerty") == Strings{"key=qwerty"});
  CHECK(scan(m, "ident=abcdef            secret=qwerty") == Strings{});
}

TEST_CASE("a generic or less sure rule yields to one that knows the value better") {
  Rule specific = rule("acme", "acme_[a-z0-9]{8}");
  Rule generic = rule("generic-key", "key=([a-z0-9_]{8,20})");
  const Matcher m = matcher_of(set_of({specific, generic}));
  CHECK(scan(m, "key=acme_12345678") == Strings{"acme=acme_12345678"});
  CHECK(scan(m, "key=other_12345678") == Strings{"generic-key=other_12345678"});
}

TEST_CASE("binary blobs are searched by self-identifying rules only") {
  Rule self = rule("self", "acme_[a-z0-9]{8}");
  self.binary = true;
  const Matcher m = matcher_of(set_of({self, rule("text", "tok=[a-z0-9]{8}")}));
  CHECK(scan(m, "acme_12345678 tok=12345678", {"x", "", true}) == Strings{"self=acme_12345678"});
}

TEST_CASE("path-only rules match paths and a path narrows a rule") {
  Rule path = rule("keystore", "");
  path.path = "\\.p12$";
  Rule narrow = rule("narrow", "key=[a-z]{8}");
  narrow.path = "^src/";
  const Matcher m = matcher_of(set_of({path, narrow}));
  auto scratch = m.scratch();
  std::vector<std::uint32_t> hit;
  m.match_path({"certs/a.p12", "", false}, **scratch, hit);
  REQUIRE(hit.size() == 1);
  CHECK(m.rules().rules[hit[0]].id == "keystore");
  CHECK(scan(m, "key=abcdefgh", {"lib/a", "", false}).empty());
  CHECK(scan(m, "key=abcdefgh", {"src/a", "", false}).size() == 1);
}

TEST_CASE("a path is found by the rules whose expression matches it, whatever the expression is like") {
  const std::vector<std::vector<std::string>> sets = {
      {"\\.p12$", "(?i)(?:^|/)id_(?:rsa|ed25519)$"},
      {"^a/b[.]pem$", "(?:^|/)\\.env(?:\\..{1,9})?$", "\\bcreds\\b"},
      {"[0-9]$", "\\.p8"},  // the first has no literal: every path is asked
      {"^$", ".*"},
  };
  const std::string pieces[] = {"a",    "/",      "b",     ".pem", ".p12", ".P12", "id_rsa", "ID_ED25519",
                                ".env", ".local", "creds", "x",    ".p8",  "7",    "-",      "\n"};
  std::mt19937 random(3);
  for (const auto& expressions : sets) {
    RuleSet rules;
    for (const std::string& e : expressions) {
      rules.rules.push_back(rule("r" + std::to_string(rules.rules.size()), ""));
      rules.rules.back().path = e;
    }
    const Matcher m = matcher_of(rules);
    auto scratch = m.scratch();
    for (int round = 0; round < 2000; ++round) {
      std::string path;
      for (auto n = random() % 6; n > 0; --n) path += pieces[random() % std::size(pieces)];
      CAPTURE(path);
      std::vector<std::uint32_t> hit, wanted;
      m.match_path({path, "", false}, **scratch, hit);
      for (std::uint32_t i = 0; i < expressions.size(); ++i)
        if (re2::RE2::PartialMatch(path, expressions[i])) wanted.push_back(i);
      CHECK(hit == wanted);
    }
  }
}

TEST_CASE("allowlists of paths and commits excuse path-only rules; what asks for more does not") {
  Rule path = rule("keystore", "");
  path.path = "\\.p12$";
  const auto pattern = [](std::string text) {
    Pattern p;
    p.text = std::move(text);
    return p;
  };
  const auto hits = [&](const RuleSet& rules, std::string_view name, std::string_view commit = {}) {
    const Matcher m = matcher_of(rules);
    auto scratch = m.scratch();
    std::vector<std::uint32_t> hit;
    m.match_path({name, commit, false}, **scratch, hit);
    return hit.size();
  };
  Allowlist tests;
  tests.paths = {pattern("^tests/")};
  Rule own = path;
  own.allowlists = {tests};
  CHECK(hits(set_of({own}), "tests/a.p12") == 0);
  CHECK(hits(set_of({own}), "src/a.p12") == 1);
  RuleSet global = set_of({path});
  global.allowlists = {tests};
  CHECK(hits(global, "tests/a.p12") == 0);
  global.allowlists[0].target_rules = {"another"};
  CHECK(hits(global, "tests/a.p12") == 1);

  Allowlist both = tests;
  both.all = true;
  both.commits = {"c0ffee"};
  own.allowlists = {both};
  CHECK(hits(set_of({own}), "tests/a.p12", "c0ffee") == 0);
  CHECK(hits(set_of({own}), "tests/a.p12", "beef") == 1);
  both.commits.clear();
  both.stopwords = {"x"};
  own.allowlists = {both};
  CHECK(hits(set_of({own}), "tests/a.p12") == 1);
}

namespace {

std::vector<Rule> many_rules() {
  return {
      rule("fixed", "tok_[ab]{4}"),
      rule("guarded", "(?:^|[^a-z])key=([ab]{3,9})(?:[^ab]|$)"),
      rule("variable", "(?i)pass[a-z_]{0,6}[=:]\\s{0,2}\"?([^\\s\"]{2,12})\"?"),
      rule("suffix", "\\b[ab]{4,8}-us[0-9]\\b"),
      rule("either", "foo[ab]{2}|barr[0-9]{1,3}$"),
      rule("unbounded", "BEGIN[\\s\\S]*?END"),
      rule("greedy", "tok_[ab_]+"),
      rule("multi", "(?m)^tok_[ab]{2,3}$"),
  };
}

// The heart of it: whatever the text, the fast way finds exactly what RE2 alone finds.
void compare_on_random_texts(const std::vector<Rule>& rules) {
  const Matcher m = matcher_of(rules);
  const Matcher::ScratchPtr usual = std::move(*m.scratch()), by_re2 = std::move(*m.scratch({0, 0})),
                            by_both = std::move(*m.scratch({0, 30}));
  const std::vector<std::string> words = {"tok_",     "key=",
                                          "a",        "b",
                                          "ab",       "abab",
                                          "PASS",     "pass",
                                          "word",     "=",
                                          ":",        " ",
                                          "\n",       "\"",
                                          "-us1",     "foo",
                                          "barr",     "1",
                                          "22",       "BEGIN",
                                          "END",      "_",
                                          "x",        "\r\n",
                                          "\xc3\xa9", std::string(1, '\0')};
  std::mt19937 random(20261124);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto n = random() % 60; n > 0; --n) text += words[random() % words.size()];
    std::vector<Candidate> candidates;
    std::vector<Match> slow;
    m.find_candidates(text, {0, text.size()}, *usual, candidates);
    m.confirm_by_re2_alone(text, slow);
    const auto place = [](const Match& a) {
      return std::tuple(a.rule, a.whole.begin, a.whole.end, a.secret.begin, a.secret.end);
    };
    for (Matcher::Scratch* const scratch : {usual.get(), by_re2.get(), by_both.get()}) {
      std::vector<Match> fast;
      m.confirm(text, candidates, *scratch, fast);
      REQUIRE_MESSAGE(std::equal(fast.begin(), fast.end(), slow.begin(), slow.end(),
                                 [&](auto& a, auto& b) { return place(a) == place(b); }),
                      "round " << round << ": " << fast.size() << " against " << slow.size() << " in: " << text);
    }
  }
}

}  // namespace

TEST_CASE("front end and windows find what RE2 alone finds, on random texts") { compare_on_random_texts(many_rules()); }

TEST_CASE("so they do where Hyperscan is the front end: one of the rules has no anchor, or the processor no sieve") {
  std::vector<Rule> rules = many_rules();
  rules.push_back(rule("digits", "[0-9]{2}[ab]"));
  compare_on_random_texts(rules);
}

TEST_CASE("a prepared matcher scans like a fresh one; damage is noticed and healed") {
  const RuleSet rules = set_of({rule("a", "tok_[ab]{4}"), rule("b", "key=([ab]{3,9})")});
  const Matcher fresh = matcher_of(rules);
  const auto prepared = fresh.serialize();
  REQUIRE(prepared.has_value());
  const auto loaded = Matcher::create(rules, *prepared);
  REQUIRE(loaded.has_value());
  const std::string text = "tok_abab key=aba";
  CHECK(scan(*loaded, text) == scan(fresh, text));
  CHECK(scan(*loaded, text).size() == 2);
  for (std::size_t at = 0; at < prepared->size(); at += prepared->size() / 23 + 1) {
    std::string damaged = *prepared;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    const auto healed = Matcher::create(rules, damaged.substr(0, prepared->size() - at % 2));
    REQUIRE(healed.has_value());
    CHECK(scan(*healed, text) == scan(fresh, text));
  }
}
