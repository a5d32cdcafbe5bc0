#include "libscan/secrets/rule_samples.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/sample.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::uint64_t kSeeds = 5;

class Tester {
 public:
  Tester(const Matcher& matcher, Matcher::ScratchPtr scratch) : matcher_(matcher), scratch_(std::move(scratch)) {}

  Result<void> rule(const Rule& r) {
    for (const std::string& s : r.samples)
      if (auto ok = one(r, s, true); !ok) return ok;
    for (const std::string& s : r.non_samples)
      if (auto ok = one(r, s, false); !ok) return ok;
    return {};
  }

  SampleOutcome take() { return std::move(outcome_); }

 private:
  Result<void> one(const Rule& r, const std::string& sample, bool wanted) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      auto text = expand_sample(sample, seed);
      if (!text) return Unexpected{text.error()};
      ++outcome_.samples;
      if (finds(r, *text) == wanted) continue;
      outcome_.failures.push_back(
          {r.id, r.regex_where,
           fmt::format("{} (seed {}): {}", wanted ? "does not find its sample" : "finds its non-sample", seed,
                       sample)});
      break;
    }
    return {};
  }

  bool finds(const Rule& r, const std::string& text) {
    std::vector<std::uint32_t> by_path;
    if (r.regex.empty() && !r.path.empty()) {  // a path-only rule's samples are paths
      matcher_.match_path({text, {}, false}, *scratch_, by_path);
      return std::any_of(by_path.begin(), by_path.end(), [&](auto i) { return matcher_.rules().rules[i].id == r.id; });
    }
    // A sample may name its path in a first line "path: …".
    BlobName name{"sample", "", false};
    std::string_view body = text;
    if (body.starts_with("path: ")) {
      const std::size_t end = std::min(body.find('\n'), body.size());
      name.path = body.substr(6, end - 6);
      body.remove_prefix(std::min(end + 1, body.size()));
    }
    std::vector<Match> found;
    matcher_.scan(body, name, *scratch_, found);
    return std::any_of(found.begin(), found.end(),
                       [&](const Match& m) { return matcher_.rules().rules[m.rule].id == r.id; });
  }

  const Matcher& matcher_;
  Matcher::ScratchPtr scratch_;
  SampleOutcome outcome_;
};

}  // namespace

Result<SampleOutcome> test_samples(const RuleSet& rules) {
  auto matcher = Matcher::create(rules);
  if (!matcher) return Unexpected{matcher.error()};
  auto scratch = matcher->scratch();
  if (!scratch) return Unexpected{scratch.error()};
  Tester tester(*matcher, std::move(*scratch));
  for (const Rule& r : rules.rules)
    if (auto ok = tester.rule(r); !ok) return Unexpected{ok.error()};
  return tester.take();
}

}  // namespace launchgate::secrets
