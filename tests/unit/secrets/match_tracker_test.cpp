// The matches of a content made from another one, against those of a scan of the whole.
#include "libscan/secrets/match_tracker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/matchers.hpp"

using namespace launchgate;
using namespace launchgate::secrets;
using launchgate::testing::matcher_of;
using launchgate::testing::rule;

namespace {

// A content and how it was made from the one before.
struct Version {
  std::string text;
  std::vector<CopiedRange> copies;
  void copy(std::string_view base, std::size_t from, std::size_t length) {
    if (length == 0) return;
    copies.push_back({from, text.size(), length});
    text += base.substr(from, length);
  }
};

class Texts {
 public:
  explicit Texts(std::vector<std::string> words) : words_(std::move(words)) {}

  std::string fresh(std::size_t words) {
    std::string text;
    for (; words > 0; --words) text += words_[random_() % words_.size()];
    return text;
  }
  // A few places changed, now and then a part moved or taken twice, as deltas do.
  Version edited(const std::string& base) {
    Version next;
    std::size_t at = 0;
    for (unsigned edits = random_() % 4; edits > 0 && at < base.size(); --edits) {
      const std::size_t upto = at + random_() % (base.size() - at + 1);
      next.copy(base, at, upto - at);
      next.text += fresh(random_() % 6);
      at = std::min(base.size(), upto + random_() % 30);
      if (random_() % 8 == 0) at = random_() % (base.size() + 1);
    }
    if (random_() % 8 != 0) next.copy(base, at, base.size() - at);
    return next;
  }

 private:
  std::vector<std::string> words_;
  std::mt19937 random_{20261124};
};

using Place = std::tuple<std::uint32_t, std::size_t, std::size_t, std::size_t, std::size_t>;

std::vector<Place> places(const std::vector<Match>& matches) {
  std::vector<Place> out;
  for (const Match& m : matches) out.emplace_back(m.rule, m.whole.begin, m.whole.end, m.secret.begin, m.secret.end);
  return out;
}

// Chains of versions; returns how many matches were compared.
std::size_t compare(const Matcher& m, Texts texts, int chains, std::uint64_t& scanned, std::uint64_t& bytes) {
  auto scratch = m.scratch();
  REQUIRE(scratch.has_value());
  MatchTracker tracker(m, **scratch);
  std::size_t seen = 0;
  for (int chain = 0; chain < chains; ++chain) {
    std::string text = texts.fresh(600);
    TrackedMatches known, next;
    tracker.whole(text, known);
    for (int version = 0; version < 30; ++version) {
      Version made = texts.edited(text);
      tracker.inherit(made.text, made.copies, known, next);
      std::vector<Candidate> candidates;
      std::vector<Match> whole;
      m.find_candidates(made.text, {0, made.text.size()}, **scratch, candidates);
      m.confirm(made.text, candidates, **scratch, whole);
      REQUIRE_MESSAGE(places(next.matches()) == places(whole),
                      "chain " << chain << ", version " << version << ", " << made.text.size() << " bytes");
      seen += whole.size();
      bytes += made.text.size();
      text = std::move(made.text);
      std::swap(known, next);
    }
  }
  scanned = tracker.bytes_scanned();
  return seen;
}

}  // namespace

TEST_CASE("matches moved along a chain of versions are those of each version scanned whole") {
  const Matcher m = matcher_of({
      rule("fixed", "tok_[ab]{4}"),
      rule("guarded", "(?:^|[^a-z])key=([ab]{3,9})(?:[^ab]|$)"),
      rule("variable", "(?i)pass[a-z_]{0,6}[=:]\\s{0,2}\"?([^\\s\"]{2,12})\"?"),
      rule("suffix", "\\b[ab]{4,8}-us[0-9]\\b"),
      rule("either", "foo[ab]{2}|barr[0-9]{1,3}$"),
      rule("overlapping", "[ab]{2}key[=ab]{1,9}"),
      rule("block", "BEGIN[\\s\\S]{0,90}?END"),
      rule("lines", "(?m)^tok_[ab]{2,3}$"),
      rule("start", "\\A[ab]{2}tok_"),
  });
  REQUIRE_FALSE(m.any_unbounded());
  std::uint64_t scanned = 0, bytes = 0;
  const std::size_t seen = compare(m,
                                   Texts({"tok_",
                                          "key=",
                                          "a",
                                          "b",
                                          "ab",
                                          "abab",
                                          "PASS",
                                          "pass",
                                          "word",
                                          "=",
                                          ":",
                                          " ",
                                          "\n",
                                          "\"",
                                          "-us1",
                                          "foo",
                                          "barr",
                                          "1",
                                          "22",
                                          "BEGIN",
                                          "END",
                                          "_",
                                          "x",
                                          "\r\n",
                                          "\xc3\xa9",
                                          std::string(1, '\0'),
                                          "lorem ipsum dolor sit amet "}),
                                   60, scanned, bytes);
  CHECK(seen > 10000);
  CHECK(scanned < bytes * 3 / 4);  // or else nothing was carried
}

TEST_CASE("what a reader finds under a heading moves along as well") {
  const auto reading = [](std::string id, std::string regex, std::string reader) {
    Rule r = rule(std::move(id), std::move(regex));
    r.reader = std::move(reader);
    return r;
  };
  const Matcher m = matcher_of({
      reading("block", "(tokens)[:=] ?\\n?[\\[{]?", "block"),
      reading("table", "(?:^|[\\n,])(token|password)[,\\n]", "delimited-table"),
      reading("document", "\\| ?(token) ?\\|", "markdown-table"),
      reading("statement", "INSERT INTO t \\((token)[,)]", "columns"),
  });
  std::uint64_t scanned = 0, bytes = 0;
  const std::size_t seen = compare(m,
                                   Texts({"tokens: [",
                                          "tokens:\n",
                                          "tokens=",
                                          "token,",
                                          "password,",
                                          "| token |",
                                          "|--|\n",
                                          "\n",
                                          "\n",
                                          "\n  ",
                                          "  a: ",
                                          "- ",
                                          "'a1b2c3d4e5f6a7b8c9d0'",
                                          "f6a7b8c9d0a1b2c3d4e5",
                                          ",",
                                          "]",
                                          "{",
                                          "}",
                                          "'",
                                          "INSERT INTO t (token) VALUES ",
                                          "('f6a7b8c9d0a1b2c3d4e5'), ",
                                          "| a1b2c3d4e5f6a7b8c9d0 |",
                                          "lorem ipsum dolor sit amet ",
                                          std::string(900, ' '),
                                          std::string(2500, 'x')}),
                                   60, scanned, bytes);
  CHECK(seen > 10000);
  CHECK(scanned < bytes * 3 / 4);
}

TEST_CASE("rules without a bound are searched whole in every version") {
  const Matcher m = matcher_of({rule("unbounded", "BEGIN[\\s\\S]*?END"), rule("endless", "tok_[ab_]+")});
  REQUIRE(m.any_unbounded());
  std::uint64_t scanned = 0, bytes = 0;
  CHECK(compare(m, Texts({"tok_", "ab", "BEGIN", "END", " ", "filler text of some length "}), 20, scanned, bytes) >
        1000);
}
