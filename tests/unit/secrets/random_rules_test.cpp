// Rules no one thought of: expressions made at random, many of which begin or end as others do, and texts made from
// them. The sieve may lose none of their matches.
#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "libscan/secrets/front_form.hpp"
#include "libscan/secrets/sieve.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

struct Made {
  std::string regex;
  std::string match;  // one of its matches
};

// Literals that share beginnings, ends and case; what may stand between and behind them.
Made made(std::mt19937& random, int depth) {
  constexpr const char* kLiterals[] = {"acme", "acme_", "acmekey", "key_", "_key", "sk_", "sk_live_", "toKen", "xoxb-"};
  struct Bytes {
    const char* set;
    const char* some;
  };
  constexpr Bytes kSets[] = {
      {"[0-9a-f]", "09afc"}, {"[a-z]", "aekxz"}, {"\\d", "0479"}, {"[\\w-]", "a_-9K"}, {"[^\\w\\n]", " =:'"}};
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const auto repeated = [&](const char* set, const char* some, std::size_t min, std::size_t more) {
    Made one;
    one.regex = std::string(set) + "{" + std::to_string(min) + "," + std::to_string(min + more) + "}";
    const std::string from = some;
    for (std::size_t n = min + pick(more + 1); n > 0; --n) one.match += from[pick(from.size())];
    return one;
  };
  Made all;
  const auto add = [&](const Made& one) {
    all.regex += one.regex;
    all.match += one.match;
  };
  for (std::size_t items = 1 + pick(4); items > 0; --items) {
    switch (pick(depth > 0 ? 5 : 3)) {
      case 0:
      case 1: {
        const std::string literal = kLiterals[pick(std::size(kLiterals))];
        add({literal, literal});
        break;
      }
      case 2: {
        const Bytes bytes = kSets[pick(std::size(kSets))];
        constexpr std::size_t kMin[] = {0, 1, 8, 12}, kMore[] = {0, 2, 30};
        add(repeated(bytes.set, bytes.some, kMin[pick(std::size(kMin))], kMore[pick(std::size(kMore))]));
        break;
      }
      case 3: {
        const Made one = made(random, depth - 1), other = made(random, depth - 1);
        add({"(?:" + one.regex + "|" + other.regex + ")", pick(2) == 0 ? one.match : other.match});
        break;
      }
      default: {
        const Made one = made(random, depth - 1);
        add({"(?:" + one.regex + ")?", pick(2) == 0 ? one.match : std::string()});
      }
    }
  }
  return all;
}

// Two alternatives that begin alike; the second goes on as the first ends.
Made made_alike(std::mt19937& random) {
  const Made begin = made(random, 0), middle = made(random, 1), end = made(random, 0);
  return {begin.regex + middle.regex + end.regex + "|" + begin.regex + end.regex,
          begin.match + (random() % 2 == 0 ? middle.match : std::string()) + end.match};
}

}  // namespace

TEST_CASE("the sieve loses no match of rules made at random, which share what they begin and end with") {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  std::size_t sets = 0, seen = 0;
  for (unsigned round = 0; round < 120; ++round) {
    CAPTURE(round);
    std::mt19937 random(round);
    std::vector<Made> rules;
    std::vector<FrontPattern> patterns;
    std::vector<std::unique_ptr<re2::RE2>> compiled;
    while (rules.size() < 8) {
      Made rule = random() % 2 == 0 ? made(random, 2) : made_alike(random);
      const auto form = front_form(rule.regex);
      if (!form || form->literal < 3) continue;
      for (const std::string& p : form->patterns)
        patterns.push_back({p, static_cast<std::uint32_t>(rules.size()), false, form->lead});
      compiled.push_back(std::make_unique<re2::RE2>(rule.regex, options));
      rules.push_back(std::move(rule));
    }
    const auto anchors = choose_anchors(patterns);
    if (!anchors) continue;
    ++sets;
    std::vector<std::size_t> leads(rules.size());
    for (const Anchor& a : *anchors)
      for (const Anchor::Use& use : a.uses) leads[use.id] = std::max<std::size_t>(leads[use.id], use.lead);
    const Sieve sieve(*anchors);
    const Sieve byte_wise(*anchors, KeyFinder::Form::byte_wise);
    for (const Made& rule : rules) {
      const std::string text = "x = " + rule.match + "\n";
      std::vector<AnchorHit> hits;
      (sieve.works() && random() % 2 == 0 ? sieve : byte_wise).find(text, hits);
      for (std::size_t id = 0; id < rules.size(); ++id) {
        CAPTURE(rules[id].regex);
        CAPTURE(text);
        re2::StringPiece match;
        for (std::size_t at = 0; at <= text.size(); ++at) {
          if (!compiled[id]->Match(text, at, text.size(), re2::RE2::ANCHOR_START, &match, 1)) continue;
          ++seen;
          CHECK(std::any_of(hits.begin(), hits.end(), [&](const AnchorHit& hit) {
            return hit.id == id && hit.end > at && hit.end <= at + leads[id];
          }));
        }
      }
    }
  }
  CHECK(sets > 100);
  CHECK(seen > 800);
}
