#include "libscan/secrets/tail_automaton.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <random>
#include <string>

using namespace launchgate::secrets;

namespace {

TailSteps view(const TailAutomaton& a) { return {a.classes.data(), a.steps.data(), a.width}; }

using Answer = TailSteps::Answer;

}  // namespace

TEST_CASE("what the table decides is what RE2 finds, and most texts it decides") {
  std::mt19937 random(17);
  const std::string alphabet = "abK_9=:\"' -\n\xff";
  std::size_t asked = 0, decided = 0, matched = 0;
  for (const char* pattern :
       {"(?:[_-]{0,3})(?:[=:]{1,2})(?:[ab9]{3,})", "a|ab|abK", "(?:a?b?){2,4}K", "[^\\n]*:", "(?:(?:a|b)*K)+",
        "(?:[a-b]{0,9}[=:\"' ]{1,5}){2}[9K]{4}[ab]*", "(?:aa|a){2,9}[\\x80-\\xff]"}) {
    CAPTURE(pattern);
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    const re2::RE2 regex(pattern, options);
    REQUIRE(regex.ok());
    const auto automaton = make_tail_automaton(pattern);
    REQUIRE(automaton.has_value());
    for (int round = 0; round < 3000; ++round) {
      std::string text;
      for (auto n = random() % 14; n > 0; --n) text += alphabet[random() % alphabet.size()];
      CAPTURE(text);
      ++asked;
      const Answer answer = view(*automaton).look_at(text);
      if (answer == Answer::unknown) continue;
      ++decided;
      const bool match = regex.Match(text, 0, text.size(), re2::RE2::ANCHOR_START, nullptr, 0);
      CHECK((answer == Answer::match) == match);
      matched += match ? 1 : 0;
    }
  }
  CHECK(decided > asked * 9 / 10);
  CHECK(matched > asked / 20);
}

TEST_CASE("what is beyond the table is left undecided, and what cannot be read has none") {
  const auto counting = make_tail_automaton("[ab]{300}K");
  REQUIRE(counting.has_value());
  CHECK(counting->steps.size() == counting->width * TailAutomaton::kStates);
  CHECK(view(*counting).look_at(std::string(300, 'a') + "K") == Answer::unknown);
  CHECK(view(*counting).look_at("abac") == Answer::none);
  CHECK(view(*counting).look_at("aba") == Answer::none);   // the text ends before a match can
  CHECK_FALSE(make_tail_automaton("a{0,3}").has_value());  // matches whatever follows
  CHECK_FALSE(make_tail_automaton("(").has_value());
  CHECK_FALSE(make_tail_automaton("(?:[ab]{1,1000}c){1,1000}").has_value());
}
