#include "libscan/secrets/text_odds.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/secrets/text_odds_table.hpp"

using namespace launchgate::secrets;

namespace {

double odds(std::string_view text) {
  std::vector<regex::ByteSet> sets;
  for (const char c : text) sets.push_back(regex::ByteSet().set(static_cast<unsigned char>(c)));
  return text_odds(sets);
}

// What the row says of all symbols together; a letter stands for half bits.
double sum(std::string_view row) {
  double all = 0;
  for (const char c : row) all += std::exp2(-0.5 * (c - 'a'));
  return all;
}

}  // namespace

TEST_CASE("every row of the table tells of every symbol, and of nothing else") {
  CHECK(std::string_view(kTextFirst).size() == kTextSymbols);
  CHECK(sum(kTextFirst) == doctest::Approx(1).epsilon(0.15));
  for (std::size_t a = 0; a < kTextSymbols; ++a) {
    CHECK(sum(kTextSecond[a]) == doctest::Approx(1).epsilon(0.2));
    for (std::size_t b = 0; b < kTextSymbols; ++b) {
      CHECK(std::string_view(kTextThird[a * kTextSymbols + b]).size() == kTextSymbols);
      CHECK(sum(kTextThird[a * kTextSymbols + b]) == doctest::Approx(1).epsilon(0.25));
    }
  }
}

TEST_CASE("what ends many words is told from what begins few of them") {
  CHECK(odds("nage") > 4 * odds("vona"));  // manage, vonage
  CHECK(odds("ntry") > 4 * odds("sntr"));  // entry, country
  CHECK(odds("isco") > odds("cord-"));     // discover, discount
  CHECK(odds("er.") > 10 * odds("er`"));
  CHECK(odds("ghp_") < 1e-6);
}

TEST_CASE("the odds of a set are those of its bytes together, and of nothing known they are one") {
  CHECK(text_odds({}) == 1);
  const double both = text_odds({regex::ByteSet().set('k').set('K')});
  CHECK(both == doctest::Approx(odds("k") + odds("K")));
  CHECK(text_odds({~regex::ByteSet()}) == doctest::Approx(1).epsilon(0.3));
}

TEST_CASE("the odds of a pair with its neighbours are those of the four bytes, in either case, by their kinds") {
  constexpr std::array<std::uint8_t, 16> kKinds = {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7};
  // "ghpx" with 'g' and 'x' standing for their kinds: those that share the low three bits.
  const auto sum_over = [](std::string_view firsts, std::string_view pair, std::string_view lasts, bool behind) {
    double all = 0;
    for (const char f : firsts)
      for (const char l : lasts) {
        std::vector<regex::ByteSet> sets;
        const std::string text = behind ? std::string(pair) + f + l : f + std::string(pair) + l;
        for (const char c : text) {
          sets.push_back(regex::ByteSet().set(static_cast<unsigned char>(c)));
          if (c >= 'a' && c <= 'z') sets.back().set(static_cast<unsigned char>(c - 0x20));
        }
        all += text_odds(sets);
      }
    return all;
  };
  const std::string kind_7 = "gow'/7?", kind_0 = "hpx (08";
  const PairOdds odds = pair_odds('q', 'j', kKinds);
  CHECK(odds.around[7][0] == doctest::Approx(sum_over(kind_7, "qj", kind_0, false)).epsilon(0.3));
  CHECK(odds.behind[7][0] == doctest::Approx(sum_over(kind_7, "qj", kind_0, true)).epsilon(0.3));
  const PairOdds capital = pair_odds('Q', 'J', kKinds);
  CHECK(capital.around[7][0] == odds.around[7][0]);
}
