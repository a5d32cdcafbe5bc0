// What each built-in rule costs over the files named on standard input (NUL-separated): candidates of the front end,
// time to confirm them, and its reach. Run it before and after a change to a rule (`./dev bench rules`).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/front_form.hpp"

using namespace launchgate::secrets;

namespace {

constexpr std::size_t kEnough = std::size_t{512} << 20;

struct Cost {
  std::uint32_t rule = 0;
  std::size_t candidates = 0;
  std::size_t matches = 0;
  double seconds = 0;
};

class Meter {
 public:
  Meter(const Matcher& matcher, Matcher::Scratch& scratch)
      : matcher_(matcher), scratch_(scratch), costs_(matcher.rules().rules.size()) {
    for (std::uint32_t i = 0; i < costs_.size(); ++i) costs_[i].rule = i;
  }

  void add(const std::string& text) {
    candidates_.clear();
    matcher_.find_candidates(text, {0, text.size()}, scratch_, candidates_);
    std::stable_sort(candidates_.begin(), candidates_.end(), [](auto& a, auto& b) { return a.rule < b.rule; });
    for (auto first = candidates_.begin(); first != candidates_.end();) {
      const auto last = std::find_if(first, candidates_.end(), [&](auto& c) { return c.rule != first->rule; });
      const std::vector<Candidate> of_rule(first, last);
      matches_.clear();
      const auto start = std::chrono::steady_clock::now();
      matcher_.confirm(text, of_rule, scratch_, matches_);
      Cost& cost = costs_[first->rule];
      cost.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      cost.candidates += of_rule.size();
      cost.matches += matches_.size();
      first = last;
    }
  }

  void print(std::size_t bytes) {
    std::stable_sort(costs_.begin(), costs_.end(), [](auto& a, auto& b) { return a.seconds > b.seconds; });
    const double gigabytes = static_cast<double>(bytes) / 1e9;
    fmt::print("{:<34} {:>14} {:>12} {:>14} {:>8}\n", "rule", "candidates/GB", "matches/GB", "confirm ms/GB", "reach");
    for (const Cost& cost : costs_) {
      if (cost.candidates == 0) continue;
      const Rule& rule = matcher_.rules().rules[cost.rule];
      const auto form = front_form(rule.regex);
      fmt::print("{:<34} {:>14.0f} {:>12.0f} {:>14.2f} {:>8}\n", rule.id,
                 static_cast<double>(cost.candidates) / gigabytes, static_cast<double>(cost.matches) / gigabytes,
                 cost.seconds * 1e3 / gigabytes, form ? form->reach : 0);
    }
  }

 private:
  const Matcher& matcher_;
  Matcher::Scratch& scratch_;
  std::vector<Cost> costs_;
  std::vector<Candidate> candidates_;
  std::vector<Match> matches_;
};

}  // namespace

int main() {
  auto matcher = builtin_matcher();
  if (!matcher) return 1;
  auto scratch = matcher->scratch();
  if (!scratch) return 1;
  Meter meter(*matcher, **scratch);
  std::size_t bytes = 0;
  std::string name;
  for (int c; (c = std::getchar()) != EOF && bytes < kEnough;) {
    if (c != 0) {
      name.push_back(static_cast<char>(c));
      continue;
    }
    std::ifstream in(name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    meter.add(text);
    bytes += text.size();
    name.clear();
  }
  meter.print(bytes);
}
