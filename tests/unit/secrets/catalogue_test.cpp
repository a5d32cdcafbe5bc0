// The built-in catalogue keeps its promises: every rule finds its own samples, alone and in the company of all
// the others, and leaves its non-samples; every rule passes the lint and says what it is for.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/rule_lint.hpp"
#include "libscan/secrets/rule_loader.hpp"
#include "libscan/secrets/sample.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

RuleSet load_catalogue() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(LG_SOURCE_DIR "/rules")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  RuleSet all;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    auto one = load_rules(text.str(), file.filename().string());
    REQUIRE_MESSAGE(one.has_value(), (one ? "" : one.error().what));
    all = merge_rules(std::move(all), one->rules);
  }
  return all;
}

struct Catalogue {
  RuleSet rules = load_catalogue();
  Matcher matcher = create();
  Matcher::ScratchPtr scratch = std::move(*matcher.scratch());

  Matcher create() {
    auto m = Matcher::create(rules);
    REQUIRE_MESSAGE(m.has_value(), (m ? "" : m.error().what));
    return std::move(*m);
  }
  // The ids of what is found in `text`, joined by blanks.
  std::string found_in(const std::string& text) {
    std::vector<Match> matches;
    matcher.scan(text, {"sample.txt", "", false}, *scratch, matches);
    std::string ids;
    for (const Match& m : matches) ids += (ids.empty() ? "" : " ") + matcher.rules().rules[m.rule].id;
    return ids;
  }
};

Catalogue& catalogue() {
  static Catalogue all;
  return all;
}

std::string expanded(const std::string& sample, std::uint64_t seed) {
  auto text = expand_sample(sample, seed);
  REQUIRE_MESSAGE(text.has_value(), sample);
  return *text;
}

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
      const std::string text = "# head\r\n" + expanded(sample, 7) + "\r\nnext = 1\r\n";
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
  std::vector<Match> fast, slow;
  auto& all = catalogue();
  all.matcher.find_candidates(text, {0, text.size()}, *all.scratch, candidates);
  all.matcher.confirm(text, candidates, *all.scratch, fast);
  all.matcher.confirm_by_re2_alone(text, slow);
  REQUIRE(fast.size() == slow.size());
  for (std::size_t i = 0; i < fast.size(); ++i) {
    CHECK(fast[i].rule == slow[i].rule);
    CHECK(fast[i].whole.begin == slow[i].whole.begin);
    CHECK(fast[i].whole.end == slow[i].whole.end);
  }
}
