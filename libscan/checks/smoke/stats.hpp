// Honest numbers from few samples.
//
// A percentile of twenty requests is one of those requests, not an interpolation (nearest rank); and whether three
// slow ones of twenty mean "too slow" or bad luck is a question with an exact answer: how likely are that many if the
// promise holds? Under one in twenty we call it broken. In between, more samples are drawn, up to a limit, and then
// the share itself decides and says that it is weak.
#pragma once

#include <cstddef>
#include <vector>

namespace launchgate::checks::smoke {

inline constexpr unsigned kMaxDraws = 60;  // 59 clean ones are the least that prove a 95 % promise at 95 %

// The sample of rank ceil(p * n); +infinity when there are none, so that no samples can never pass.
double nearest_rank(std::vector<double> samples, double p);

// P(X >= k) for X ~ Binomial(n, p), exactly.
double binomial_tail(unsigned n, unsigned k, double p);

enum class Shares { pass, fail, more };
struct ShareVerdict {
  Shares is = Shares::fail;
  bool weak = false;  // decided on the share alone
};
// `bad` of `n` where `allowed` (0 to 1) of all may be bad. n == 0 fails.
ShareVerdict judge_share(unsigned n, unsigned bad, double allowed);

// The fewest bad ones that break the promise however the rest of `n` turns out.
unsigned hopeless_at(unsigned n, double allowed);

}  // namespace launchgate::checks::smoke
