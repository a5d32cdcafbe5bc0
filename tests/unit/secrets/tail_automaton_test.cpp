#include "libscan/secrets/tail_automaton.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <random>
#include <string>

using namespace launchgate::secrets;

namespace {

TailSteps view(const TailAutomaton& a) { return {a.classes.data(), a.steps.data(), a.width, a.accepting}; }

std::size_t longest_by_re2(const re2::RE2& regex, const std::string& text) {
  re2::StringPiece match;
  if (!regex.Match(text, 0, text.size(), re2::RE2::ANCHOR_START, &match, 1)) return TailSteps::kNone;
  return match.size();
}

}  // namespace

TEST_CASE("what the table decides is what RE2 finds, and most texts it decides") {
  std::mt19937 random(17);
  const std::string alphabet = "abK_9=:\"' -\n\xff";
  std::size_t asked = 0, decided = 0, matched = 0;
  for (const char* pattern :
       {"(?:[_-]{0,3})(?:[=:]{1,2})(?:[ab9]{3,})", "a|ab|abK", "(?:)", "(?:a?b?){2,4}K", "[^\\n]*:", "(?:(?:a|b)*K)+",
        "(?:[a-b]{0,9}[=:\"' ]{1,5}){2}[9K]{4}[ab]*", "(?:aa|a){2,9}[\\x80-\\xff]"}) {
    CAPTURE(pattern);
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_longest_match(true);
    const re2::RE2 regex(pattern, options);
    REQUIRE(regex.ok());
    const auto automaton = make_tail_automaton(pattern);
    REQUIRE(automaton.has_value());
    for (int round = 0; round < 3000; ++round) {
      std::string text;
      for (auto n = random() % 14; n > 0; --n) text += alphabet[random() % alphabet.size()];
      CAPTURE(text);
      std::size_t longest = 0;
      ++asked;
      if (!view(*automaton).decide(text, longest)) continue;
      ++decided;
      CHECK(longest == longest_by_re2(regex, text));
      matched += longest != TailSteps::kNone ? 1 : 0;
    }
  }
  CHECK(decided > asked * 9 / 10);
  CHECK(matched > asked / 20);
}

TEST_CASE("what is beyond the table is left undecided, and what cannot be read has none") {
  const auto counting = make_tail_automaton("[ab]{100}K");
  REQUIRE(counting.has_value());
  CHECK(counting->steps.size() == counting->width * TailAutomaton::kStates);
  std::size_t longest = 0;
  CHECK_FALSE(view(*counting).decide(std::string(100, 'a') + "K", longest));
  CHECK(view(*counting).decide("abac", longest));
  CHECK(longest == TailSteps::kNone);
  CHECK(view(*counting).decide("aba", longest));  // the text ends before a match can
  CHECK(longest == TailSteps::kNone);
  CHECK_FALSE(make_tail_automaton("(").has_value());
  CHECK_FALSE(make_tail_automaton("(?:[ab]{1,1000}c){1,1000}").has_value());
}
