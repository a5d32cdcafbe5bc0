// Whatever an expression of the catalogue may match is found: strings made from the expressions themselves, of every
// alternative and length, which no one thought of as a sample.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "libscan/secrets/regex_ast.hpp"
#include "tests/support/catalogue.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

using regex::Node;

// Appends something that `node` matches. Repeats end early, late or in between; of endless ones a few are taken.
void append_match(const Node& node, std::mt19937& random, std::string& out) {
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::assertion: return;  // what stands around decides; most hold
    case Node::Kind::bytes: {
      std::vector<char> any, plain;
      for (unsigned byte = 0; byte < 256; ++byte)
        if (node.set[byte]) (byte > ' ' && byte < 0x7f ? plain : any).push_back(static_cast<char>(byte));
      const std::vector<char>& from = plain.empty() || (!any.empty() && random() % 8 == 0) ? any : plain;
      if (!from.empty()) out += from[random() % from.size()];
      return;
    }
    case Node::Kind::concat:
      for (const Node& item : node.children) append_match(item, random, out);
      return;
    case Node::Kind::alternate: return append_match(node.children[random() % node.children.size()], random, out);
    case Node::Kind::group: return append_match(node.children.front(), random, out);
    case Node::Kind::repeat: {
      const std::uint32_t most = std::min(node.max, node.min + 12);
      std::uint32_t times = node.min + static_cast<std::uint32_t>(random() % (most - node.min + 1));
      if (random() % 3 == 0) times = node.min;
      for (; times > 0; --times) append_match(node.children.front(), random, out);
      return;
    }
  }
}

// One match of every rule, with something between them that ends words.
std::string one_of_each(std::mt19937& random) {
  constexpr const char* kBetween[] = {"\n", "\n\"", " = ", "\r\n", "\n'", "\" \n"};
  std::string text;
  for (const Rule& rule : catalogue().rules.rules) {
    const auto tree = regex::parse(rule.regex);
    if (!tree || rule.regex.empty()) continue;
    text += kBetween[random() % std::size(kBetween)];
    append_match(*tree, random, text);
    text += kBetween[random() % std::size(kBetween)];
  }
  return text;
}

using Places = std::vector<std::tuple<std::string, std::size_t, std::size_t, std::size_t, std::size_t>>;

Places places(const std::vector<Match>& matches) {
  Places out;
  for (const Match& m : matches)
    out.emplace_back(catalogue().rules.rules[m.rule].id, m.whole.begin, m.whole.end, m.secret.begin, m.secret.end);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("whatever an expression of the catalogue matches is found by the front end, as by RE2 alone") {
  const char* const more = std::getenv("LG_LANGUAGE_ROUNDS");  // a longer run by hand
  const int rounds = more != nullptr ? std::atoi(more) : 2;
  std::size_t seen = 0;
  for (int round = 0; round < rounds; ++round) {
    std::mt19937 random(static_cast<unsigned>(20261201 + round));
    const std::string text = one_of_each(random);
    std::vector<Candidate> candidates;
    std::vector<Match> fast, slow;
    const Matcher& matcher = catalogue().matcher;
    matcher.find_candidates(text, {0, text.size()}, *catalogue().scratch, candidates);
    matcher.confirm(text, candidates, *catalogue().scratch, fast);
    matcher.confirm_by_re2_alone(text, slow);
    const Places all = places(slow), found = places(fast);
    Places lost, added;
    std::set_difference(all.begin(), all.end(), found.begin(), found.end(), std::back_inserter(lost));
    std::set_difference(found.begin(), found.end(), all.begin(), all.end(), std::back_inserter(added));
    for (const auto& [rule, begin, end, secret, secret_end] : lost) {
      CAPTURE(round);
      CAPTURE(rule);
      CAPTURE(text.substr(begin, std::min<std::size_t>(end - begin, 200)));
      CHECK_MESSAGE(false, "not found");
    }
    CHECK(added.empty());
    seen += all.size();
  }
  CHECK(seen > static_cast<std::size_t>(rounds) * 300);
}
