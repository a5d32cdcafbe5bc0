#include "libscan/checks/smoke/stats.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace launchgate::checks::smoke;

TEST_CASE("a percentile is one of the samples: the smallest that enough of them do not exceed") {
  std::mt19937 random(7);
  for (unsigned n = 1; n <= 120; ++n) {
    std::vector<double> samples;
    for (unsigned i = 0; i < n; ++i) samples.push_back(static_cast<double>(random() % 1000));
    for (const unsigned percent : {1U, 50U, 90U, 95U, 99U, 100U}) {
      std::vector<double> sorted = samples;  // oracle: count, in whole numbers
      std::sort(sorted.begin(), sorted.end());
      const double oracle = sorted[(percent * n + 99) / 100 - 1];
      CHECK(nearest_rank(samples, percent / 100.0) == oracle);
    }
  }
}

TEST_CASE("no samples are never fast") {
  CHECK(std::isinf(nearest_rank({}, 0.95)));
  CHECK(judge_share(0, 0, 0.05).is == Shares::fail);
}

TEST_CASE("one lost answer in nineteen decides, in twenty it does not") {
  std::vector<double> samples(19, 200.0);
  samples.back() = std::numeric_limits<double>::infinity();
  CHECK(std::isinf(nearest_rank(samples, 0.95)));
  samples.push_back(200.0);
  CHECK(nearest_rank(samples, 0.95) == 200);
}

TEST_CASE("the exact test breaks a promise of 95 % at 3 of 10, 4 of 20, 5 of 30, 7 of 60, 10 of 100") {
  for (const auto& [n, k] : {std::pair{10U, 3U}, {20U, 4U}, {30U, 5U}, {60U, 7U}, {100U, 10U}}) {
    CHECK(hopeless_at(n, 0.05) == k);
    CHECK(judge_share(n, k, 0.05).is == Shares::fail);
    CHECK_FALSE(judge_share(n, k, 0.05).weak);
    if (n < 60) CHECK(judge_share(n, k - 1, 0.05).is != Shares::fail);  // later the share alone decides
  }
  CHECK(judge_share(20, 1, 0.05).is == Shares::pass);
  CHECK(judge_share(20, 2, 0.05).is == Shares::more);
  CHECK(judge_share(60, 3, 0.05).is == Shares::pass);
  CHECK(judge_share(60, 4, 0.05).weak);
  CHECK(judge_share(10, 1, 0.0).is == Shares::fail);
}

TEST_CASE("the tail is exact: summed from the other side it is the same") {
  CHECK(binomial_tail(10, 1, 0.05) == doctest::Approx(1 - std::pow(0.95, 10)));
  CHECK(binomial_tail(3, 3, 0.5) == doctest::Approx(0.125));
  CHECK(binomial_tail(5, 6, 0.5) == 0);
}
