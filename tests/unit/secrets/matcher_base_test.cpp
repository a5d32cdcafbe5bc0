// Rules compiled on top of a base: what both have is taken from there, and nothing else changes.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "libscan/secrets/matcher.hpp"
#include "tests/support/matchers.hpp"

using namespace launchgate;
using namespace launchgate::secrets;
using launchgate::testing::matcher_of;
using launchgate::testing::rule;
using launchgate::testing::set_of;

namespace {

Rule keyed(std::string id, std::string regex, std::vector<std::string> keywords) {
  Rule r = rule(std::move(id), std::move(regex));
  r.keywords = std::move(keywords);
  return r;
}

std::vector<Rule> base_rules() {
  return {rule("a", "tok_[ab]{4}"), rule("b", "key=([ab]{3,9})"), rule("c", "(?i)zz[-_]?pass: ?(\\w{4,12})"),
          keyed("d", "[0-9]{6}", {"pin"}), rule("e", "-----BEGIN [A-Z]{3,9}-----[ab\\n]{4,40}-----END")};
}

// Without some of the base's, with one changed and with others of one's own, of every kind a front end has.
std::vector<Rule> own_rules() {
  std::vector<Rule> all = base_rules();
  all.erase(all.begin());  // a
  all[0].regex = "key=([a-c]{5,9})";
  all.push_back(rule("aa", "acme_[0-9]{3}"));
  all.push_back(rule("f", "[0-9]x[0-9]"));  // no literal: looks at everything
  all.push_back(keyed("g", "[ab]{2}[xy][ab]{2}", {"zz", "tok_"}));
  return all;
}

std::string random_text(std::mt19937& random) {
  const std::string words[] = {"tok_",     "abab",  "key=",   "bbbaa", "ZZ_pass:",
                               " word12",  "pin",   "123456", "acme_", "007",
                               "1x2",      "abxba", "\n",     " ",     "-----BEGIN RSA-----",
                               "-----END", "zz",    "other",  "cccaa", "tok"};
  std::string text;
  for (auto n = random() % 30; n > 0; --n) text += words[random() % std::size(words)];
  return text;
}

std::vector<Match> scan(const Matcher& m, std::string_view text) {
  auto scratch = m.scratch();
  std::vector<Match> found;
  m.scan(text, {"a.txt", "", false}, **scratch, found);
  return found;
}

bool same(const std::vector<Match>& a, const std::vector<Match>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Match& x, const Match& y) {
    return x.rule == y.rule && x.whole == y.whole && x.secret == y.secret;
  });
}

}  // namespace

TEST_CASE("on top of a base the same is found as without, with literals in all rules of one's own and without") {
  const Matcher base = matcher_of(base_rules());
  std::vector<Rule> with_literals = own_rules();
  std::erase_if(with_literals, [](const Rule& r) { return r.id == "f"; });
  for (const RuleSet& rules : {set_of(own_rules()), set_of(with_literals), set_of(base_rules()), set_of({})}) {
    const Matcher alone = matcher_of(rules);
    auto layered = Matcher::create(rules, &base);
    REQUIRE(layered.has_value());
    const auto stored = layered->serialize();
    REQUIRE(stored.has_value());
    const auto loaded = Matcher::create(rules, *stored, &base);
    REQUIRE(loaded.has_value());
    std::mt19937 random(5);
    std::size_t found = 0;
    for (int round = 0; round < 500; ++round) {
      const std::string text = random_text(random);
      CAPTURE(text);
      const auto wanted = scan(alone, text);
      CHECK(same(scan(*layered, text), wanted));
      CHECK(same(scan(*loaded, text), wanted));
      found += wanted.size();
    }
    CHECK((found > 500 || rules.rules.empty()));
  }
}

TEST_CASE("what was stored on top of another base is compiled anew") {
  const Matcher base = matcher_of(base_rules());
  std::vector<Rule> more = base_rules();
  more.push_back(rule("0", "first_[0-9]{4}"));
  const Matcher other = matcher_of(more);
  const RuleSet rules = set_of(own_rules());
  const auto stored = Matcher::create(rules, &base)->serialize();
  const std::string text = "key=ababa acme_123 pin 123456";
  const auto wanted = scan(matcher_of(rules), text);
  CHECK(wanted.size() == 3);
  for (const Matcher* now : {&other, static_cast<const Matcher*>(nullptr)}) {
    const auto healed = Matcher::create(rules, *stored, now);
    REQUIRE(healed.has_value());
    CHECK(same(scan(*healed, text), wanted));
  }
}

TEST_CASE("a base does not hide that an expression of one's own is wrong") {
  const Matcher base = matcher_of(base_rules());
  for (const char* id : {"b", "mine"}) {
    std::vector<Rule> rules = base_rules();
    std::erase_if(rules, [&](const Rule& r) { return r.id == id; });
    rules.push_back(rule(id, "key=(?=x)"));
    CHECK_FALSE(Matcher::create(set_of(rules), &base).has_value());
  }
}
