// The built-in catalogue keeps its promises: every rule finds its own samples, alone and in the company of all
// the others, and leaves its non-samples; every rule passes the lint and says what it is for.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "libscan/secrets/backtracker.hpp"
#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/rule_lint.hpp"
#include "tests/support/catalogue.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

constexpr std::uint64_t kSeeds[] = {1, 2, 3, 4, 5, 6};

}  // namespace

TEST_CASE("every rule's samples are found by that rule and no other") {
  for (const Rule& rule : catalogue().rules.rules)
    for (const std::string& sample : rule.samples)
      for (const std::uint64_t seed : kSeeds) {
        CAPTURE(sample);
        CAPTURE(seed);
        CHECK(catalogue().found_in(expanded(sample, seed)) == rule.id);
      }
}

TEST_CASE("no rule finds its non-samples") {
  for (const Rule& rule : catalogue().rules.rules)
    for (const std::string& sample : rule.non_samples)
      for (const std::uint64_t seed : kSeeds) {
        CAPTURE(sample);
        CAPTURE(seed);
        CHECK((" " + catalogue().found_in(expanded(sample, seed)) + " ").find(" " + rule.id + " ") ==
              std::string::npos);
      }
}

TEST_CASE("every rule is found with other text around it") {
  for (const Rule& rule : catalogue().rules.rules)
    for (const std::string& sample : rule.samples) {
      CAPTURE(sample);
      std::string text = expanded(sample, 7) + "\r\nnext = 1\r\n";
      text.insert(text.starts_with("path: ") ? text.find('\n') + 1 : 0, "# head\r\n");
      CHECK(catalogue().found_in(text) == rule.id);
    }
}

TEST_CASE("every rule says what it finds, why it matters, what to do and where its format is described") {
  for (const Rule& rule : catalogue().rules.rules) {
    CAPTURE(rule.id);
    CHECK_FALSE(rule.description.empty());
    CHECK_FALSE(rule.why.empty());
    CHECK_FALSE(rule.fix.empty());
    CHECK(rule.url.starts_with("https://"));
    CHECK((rule.regex.empty() || !rule.samples.empty()));
    CHECK((rule.regex.empty() || !rule.non_samples.empty()));
    CHECK((rule.regex.empty() || !rule.keywords.empty()));
  }
}

TEST_CASE("every rule passes the lint, and none needs the whole text at once") {
  for (const LintFinding& f : lint_rules(catalogue().rules)) FAIL_CHECK(f.where << " " << f.rule << ": " << f.what);
  CHECK_FALSE(catalogue().matcher.any_unbounded());
}

TEST_CASE("window by window the catalogue finds in its samples what RE2 finds alone") {
  std::string text;
  for (const Rule& rule : catalogue().rules.rules)
    for (const std::string& sample : rule.samples) text += expanded(sample, 11) + "\n";
  std::vector<Candidate> candidates;
  std::vector<Match> slow;
  auto& all = catalogue();
  all.matcher.find_candidates(text, {0, text.size()}, *all.scratch, candidates);
  all.matcher.confirm_by_re2_alone(text, slow);
  for (const Effort effort : {Effort{}, Effort{0, 0}, Effort{0, 100}}) {
    CAPTURE(effort.a_candidate);
    std::vector<Match> fast;
    all.matcher.confirm(text, candidates, **all.matcher.scratch(effort), fast);
    REQUIRE(fast.size() == slow.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
      CHECK(fast[i].rule == slow[i].rule);
      CHECK(fast[i].whole.begin == slow[i].whole.begin);
      CHECK(fast[i].whole.end == slow[i].whole.end);
      CHECK(fast[i].secret.begin == slow[i].secret.begin);
      CHECK(fast[i].secret.end == slow[i].secret.end);
    }
  }
}

TEST_CASE("every rule is confirmed by backtracking") {
  for (const Rule& rule : catalogue().rules.rules) {
    CAPTURE(rule.id);
    CHECK((rule.regex.empty() || Backtracker::compile(rule.regex).has_value()));
  }
}
