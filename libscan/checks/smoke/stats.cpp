#include "libscan/checks/smoke/stats.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace launchgate::checks::smoke {
namespace {

constexpr double kSignificance = 0.05;

}  // namespace

double nearest_rank(std::vector<double> samples, double p) {
  if (samples.empty()) return std::numeric_limits<double>::infinity();
  const auto n = static_cast<double>(samples.size());
  // The small amount taken off keeps 0.95 * 20, which is a hair over 19 in binary, at rank 19.
  const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(p * n - 1e-9)));
  const auto at = samples.begin() + static_cast<std::ptrdiff_t>(std::min(rank, samples.size()) - 1);
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

double binomial_tail(unsigned n, unsigned k, double p) {
  if (k == 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  double tail = 0;
  for (unsigned i = k; i <= n; ++i)
    tail += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) + i * std::log(p) +
                     (n - i) * std::log1p(-p));
  return std::min(1.0, tail);
}

ShareVerdict judge_share(unsigned n, unsigned bad, double allowed) {
  if (n == 0) return {Shares::fail, true};
  if (static_cast<double>(bad) <= allowed * n + 1e-9) return {Shares::pass, false};
  if (binomial_tail(n, bad, allowed) < kSignificance) return {Shares::fail, false};
  if (n < kMaxDraws) return {Shares::more, false};
  return {Shares::fail, true};
}

unsigned hopeless_at(unsigned n, double allowed) {
  unsigned bad = 1;
  while (bad <= n &&
         (static_cast<double>(bad) <= allowed * n + 1e-9 || binomial_tail(n, bad, allowed) >= kSignificance))
    ++bad;
  return bad;
}

}  // namespace launchgate::checks::smoke
