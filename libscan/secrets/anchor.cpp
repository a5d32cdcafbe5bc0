// How anchors are found. Every part of an expression that only a few literals match can serve: the choice walks the
// tree, weighs each place (how often will text hold this by chance, how much around it must then be looked at) and
// keeps the cheapest. A gram that other patterns look for already costs nothing more, so the choice is made again,
// pattern by pattern, until it settles.
#include "libscan/secrets/anchor.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include "libscan/secrets/literal_language.hpp"
#include "libscan/secrets/text_odds.hpp"

namespace launchgate::secrets {
namespace {

using regex::ByteSet;
using regex::kUnlimited;
using regex::Node;
using regex::width;

using Grams = std::map<std::uint32_t, int>;  // how many anchors use each

constexpr std::size_t kMinSize = 3;
constexpr double kRareByte = 0.05;  // a more frequent one is not worth looking for

std::uint32_t add(std::uint32_t a, std::uint32_t b) { return a > kUnlimited - b ? kUnlimited : a + b; }
std::uint32_t times(std::uint32_t a, std::uint32_t n) { return a != 0 && n > kUnlimited / a ? kUnlimited : a * n; }

// --- The choice within one expression ---

// One byte of this set is in everything the node matches: of all such sets the rarest in text; all bytes when unknown.
ByteSet rarest(const Node& node) {
  const auto rarer = [](const ByteSet& a, const ByteSet& b) { return text_odds({b}) < text_odds({a}) ? b : a; };
  ByteSet best;
  switch (node.kind) {
    case Node::Kind::bytes: return node.set;
    case Node::Kind::repeat: return node.min > 0 ? rarest(node.children.front()) : best.set();
    case Node::Kind::alternate:
      for (const Node& branch : node.children) best |= rarest(branch);
      return best;
    case Node::Kind::concat:
      best.set();
      for (const Node& item : node.children) best = rarer(best, rarest(item));
      return best;
    default: return best.set();
  }
}

struct Follow {
  ByteSet set;
  std::uint8_t count = 0;  // 0: nothing is known
};

// What stands behind a node, from the inside outwards: the items of a sequence from `first` on, then what is behind
// that.
struct Behind {
  const std::vector<Node>* items = nullptr;
  std::size_t first = 0;
  const Behind* further = nullptr;
};
constexpr Behind kNothingBehind;

// What is around a node in its expression.
struct Place {
  std::uint32_t before = 0;
  std::uint32_t after = 0;
  Follow follow;
  ByteSet must = ~ByteSet();               // of what stands behind, see rarest()
  const Behind* behind = &kNothingBehind;  // null: other things at other times
};

// An anchor, and the nodes of the tree behind it; none where that is not known.
struct Found {
  Anchor anchor;
  std::vector<const Node*> behind;
};

struct Choice {
  std::vector<Found> found;
  double cost = 0;
};

std::vector<const Node*> nodes_of(const Behind* behind) {
  std::vector<const Node*> nodes;
  for (; behind != nullptr; behind = behind->further)
    for (std::size_t i = behind->first; behind->items != nullptr && i < behind->items->size(); ++i)
      nodes.push_back(&(*behind->items)[i]);
  return nodes;
}

constexpr std::size_t kKey = 4;  // bytes an anchor is looked up by, where it has as many

// Odds of stretches of literals. The same words stand in many expressions, and are weighed in each many times over.
class LiteralOdds {
 public:
  // Of `size` bytes of the anchor's literal from `from` on; `literal` is the same as sets.
  double of(const Anchor& anchor, const Literal& literal, std::size_t from, std::size_t size) {
    key_.assign(reinterpret_cast<const char*>(anchor.value.data()) + from, size);
    key_.append(reinterpret_cast<const char*>(anchor.mask.data()) + from, size);
    const auto [at, is_new] = known_.try_emplace(key_, 0.0);
    if (is_new) {
      const auto first = literal.begin() + static_cast<std::ptrdiff_t>(from);
      at->second = text_odds({first, first + static_cast<std::ptrdiff_t>(size)});
    }
    return at->second;
  }

 private:
  std::string key_;
  std::unordered_map<std::string, double> known_;
};

// What one anchor costs for each byte of text, whatever its gram: trying its rules where it stands, in steps of the
// sieve. A place in front of it where a match may begin costs less than the anchor itself.
double cost_of_calls(const Anchor& anchor, const Literal& literal, double must_odds) {
  constexpr double kCall = 200, kPlace = 0.5;
  constexpr double kFar = 4096;
  Literal seen = literal;
  seen.insert(seen.end(), anchor.follow_count, anchor.follow);
  // With a byte that must be near, most places are left after a look for it.
  constexpr double kLook = 30;
  double call = kCall + kPlace * std::min<double>(anchor.before, kFar);
  if (anchor.must.any()) call = kLook + call * (1 - std::pow(1 - must_odds, std::min<double>(anchor.after, kFar)));
  return text_odds(seen) * call;
}

// With the sieve's own work.
double cost_with_gram(double calls, const Anchor& anchor, const Literal& literal, bool new_gram, LiteralOdds& odds) {
  constexpr double kCheck = 5;      // comparing a key's anchors
  constexpr double kPlace = 2;      // finding that a gram is no key
  constexpr double kFill = 0.0001;  // the sieve lets more by, the fuller it is
  return calls + kCheck * odds.of(anchor, literal, anchor.gram, std::min(kKey, literal.size())) +
         (new_gram ? kFill + kPlace * odds.of(anchor, literal, anchor.gram, kMinSize) : 0);
}

class Chooser {
 public:
  Chooser(const Grams& used, LiteralOdds& odds) : used_(used), odds_(odds) {}

  std::optional<Choice> choose(const Node& node, const Place& place) const {
    std::optional<Choice> best = of_literals(language(node), place);
    switch (node.kind) {
      case Node::Kind::concat: keep(best, of_sequence(node, place)); break;
      case Node::Kind::alternate: keep(best, of_branches(node, place)); break;
      case Node::Kind::repeat:
        if (node.min > 0) {  // the first of them
          const std::uint32_t others = node.max == kUnlimited ? kUnlimited : node.max - 1;
          Place inner = place;
          inner.after = add(place.after, times(width(node.children.front()).max, others));
          if (others > 0) inner.follow = {}, inner.behind = nullptr;  // `must` holds: it is behind the first as well
          keep(best, choose(node.children.front(), inner));
        }
        break;
      default: break;
    }
    return best;
  }

 private:
  static void keep(std::optional<Choice>& best, std::optional<Choice> other) {
    if (other && (!best || other->cost < best->cost)) best = std::move(other);
  }

  // All branches together.
  std::optional<Choice> of_branches(const Node& node, const Place& place) const {
    Choice all;
    for (const Node& branch : node.children) {
      auto one = choose(branch, place);
      if (!one) return std::nullopt;
      all.found.insert(all.found.end(), one->found.begin(), one->found.end());
      all.cost += one->cost;
    }
    return all;
  }

  // The best child, or the best run of children that makes literals.
  std::optional<Choice> of_sequence(const Node& node, const Place& place) const {
    const auto& items = node.children;
    const std::size_t count = items.size();
    std::vector<Place> around(count);  // of each child
    std::vector<Behind> behind(count);
    Place seen = place;
    for (std::size_t i = 0; i < count; ++i) {
      behind[i] = {&items, i + 1, place.behind};
      around[i].behind = place.behind != nullptr ? &behind[i] : nullptr;
      around[i].before = seen.before;
      seen.before = add(seen.before, width(items[i]).max);
    }
    for (std::size_t i = count; i-- > 0;) {
      around[i].after = seen.after;
      around[i].follow = seen.follow;
      seen.after = add(seen.after, width(items[i]).max);
      around[i].must = seen.must;
      seen.follow = in_front_of(items[i], seen.follow);
      if (const ByteSet must = rarest(items[i]); text_odds({must}) < text_odds({seen.must})) seen.must = must;
    }
    std::optional<Choice> best;
    for (std::size_t first = 0; first < count; ++first) {
      keep(best, choose(items[first], around[first]));
      Literals run = std::vector<Literal>(1);
      for (std::size_t last = first; last < count && (run = joined(*run, language(items[last]))); ++last)
        keep(best, of_literals(run, {around[first].before, around[last].after, around[last].follow, around[last].must,
                                     around[last].behind}));
    }
    return best;
  }

  // What stands directly in front of everything behind: the item itself, or what follows it where it may be absent.
  static Follow in_front_of(const Node& item, const Follow& behind) {
    constexpr std::uint32_t kMost = 8;
    if (width(item).min == 0) {
      if (behind.count == 0) return {};
      return {regex::first_bytes(item) | behind.set, 1};
    }
    const bool repeated = item.kind == Node::Kind::repeat && item.children.front().kind == Node::Kind::bytes;
    return {regex::first_bytes(item), static_cast<std::uint8_t>(repeated ? std::min(item.min, kMost) : 1)};
  }

  std::optional<Choice> of_literals(const Literals& literals, const Place& place) const {
    if (!literals || literals->empty()) return std::nullopt;
    Choice all;
    const double must_odds = text_odds({place.must});
    for (const Literal& literal : *literals) {
      auto one = of_literal(literal, place, must_odds);
      if (!one) return std::nullopt;
      all.found.push_back(one->found.front());
      all.cost += one->cost;
    }
    return all;
  }

  // The best stretch of at most Anchor::kMaxSize bytes, and the best gram in it.
  std::optional<Choice> of_literal(const Literal& literal, const Place& place, double must_odds) const {
    if (literal.size() < kMinSize) return std::nullopt;
    std::optional<Choice> best;
    const std::vector<const Node*> behind = nodes_of(place.behind);
    const std::size_t size = std::min(literal.size(), Anchor::kMaxSize);
    for (std::size_t at = 0; at + size <= literal.size(); ++at) {
      const Literal part(literal.begin() + static_cast<std::ptrdiff_t>(at),
                         literal.begin() + static_cast<std::ptrdiff_t>(at + size));
      const std::size_t rest = literal.size() - at - size;
      Anchor anchor = packed(part);
      anchor.before = add(place.before, static_cast<std::uint32_t>(at));
      anchor.after = add(place.after, static_cast<std::uint32_t>(rest));
      const Follow follow = rest > 0 ? Follow{} : place.follow;
      anchor.follow = follow.set;
      anchor.follow_count = follow.count;
      if (must_odds < kRareByte) anchor.must = place.must;
      const double calls = cost_of_calls(anchor, part, must_odds);
      for (std::size_t gram = 0; gram + std::min(kKey, size) <= size; ++gram) {
        anchor.gram = static_cast<std::uint8_t>(gram);
        const bool fresh = used_.count(gram_of(anchor)) == 0;
        const double cost = cost_with_gram(calls, anchor, part, fresh, odds_);
        if (best && cost >= best->cost) continue;
        best = Choice{{{anchor, rest > 0 ? std::vector<const Node*>() : behind}}, cost};
      }
    }
    return best;
  }

  static Anchor packed(const Literal& literal) {
    Anchor anchor;
    anchor.size = static_cast<std::uint8_t>(literal.size());
    for (std::size_t i = 0; i < literal.size(); ++i) {
      unsigned byte = 0;
      while (!literal[i][byte]) ++byte;  // of a letter in both cases the upper one comes first, without bit 0x20
      anchor.value[i] = static_cast<std::uint8_t>(byte);
      anchor.mask[i] = literal[i].count() == 1 ? 0xff : 0xdf;
    }
    return anchor;
  }

  const Grams& used_;
  LiteralOdds& odds_;
};

// --- All expressions ---

void count(Grams& grams, const std::vector<Found>& found, int change) {
  for (const Found& f : found) {
    const auto at = grams.try_emplace(gram_of(f.anchor)).first;
    if ((at->second += change) == 0) grams.erase(at);
  }
}

// The same without counting beyond a few, which keeps automata small. It matches more.
Node counting_little(Node node) {
  constexpr std::uint32_t kFew = 12;
  for (Node& child : node.children) child = counting_little(std::move(child));
  if (node.kind == Node::Kind::repeat && node.max > kFew) {
    node.min = std::min(node.min, kFew);
    node.max = kUnlimited;
  }
  return node;
}

std::string tail_of(const Found& found) {
  constexpr std::uint32_t kShort = 8;     // bytes that Hyperscan has read before a tail is looked at
  constexpr std::size_t kLongest = 4096;  // what is longer takes milliseconds to compile
  std::string tail;
  if (found.anchor.after < kShort || found.behind.empty()) return tail;
  for (const Node* node : found.behind) tail += "(?:" + to_pattern(counting_little(*node)) + ")";
  return tail.size() <= kLongest ? tail : std::string();
}

// Is `one` an alternative of `all`, as it stands? (to_pattern writes no bracket or bar but those of groups.)
bool has_alternative(std::string_view all, std::string_view one) {
  std::size_t begin = 0, depth = 0;
  for (std::size_t i = 0; i <= all.size(); ++i) {
    if (i == all.size() || (all[i] == '|' && depth == 0)) {
      if (all.substr(begin, i - begin) == one) return true;
      begin = i + 1;
    } else if (all[i] == '(') {
      ++depth;
    } else if (all[i] == ')') {
      --depth;
    }
  }
  return false;
}

// What matches one or the other; nothing where one of them is not known.
std::string either_of(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return {};
  return has_alternative(a, b) ? a : a + "|" + b;
}

// One anchor serves several patterns where literal and surroundings are about the same.
bool alike(const Anchor& a, const Anchor& b) {
  if (a.value != b.value || a.mask != b.mask || a.size != b.size || a.follow_count != b.follow_count) return false;
  const std::size_t either = (a.follow | b.follow).count();
  return either <= 2 * a.follow.count() && either <= 2 * b.follow.count();
}

// Several uses under one id are one.
void join_uses(std::vector<Anchor::Use>& uses) {
  std::stable_sort(uses.begin(), uses.end(), [](const Anchor::Use& a, const Anchor::Use& b) { return a.id < b.id; });
  std::vector<Anchor::Use> each;
  for (Anchor::Use& use : uses) {
    if (each.empty() || each.back().id != use.id) {
      each.push_back(std::move(use));
      continue;
    }
    each.back().lead = std::max(each.back().lead, use.lead);
    each.back().tail = either_of(each.back().tail, use.tail);
  }
  uses = std::move(each);
}

std::vector<Anchor> merged(const std::vector<Anchor>& all) {
  std::vector<Anchor> out;
  for (const Anchor& a : all) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const Anchor& b) { return alike(a, b); });
    if (same == out.end()) {
      out.push_back(a);
      continue;
    }
    same->before = std::max(same->before, a.before);
    same->after = std::max(same->after, a.after);
    same->follow |= a.follow;
    same->must = same->must.none() || a.must.none() ? ByteSet() : same->must | a.must;
    same->tail = either_of(same->tail, a.tail);
    same->uses.insert(same->uses.end(), a.uses.begin(), a.uses.end());
  }
  for (Anchor& a : out) join_uses(a.uses);
  return out;
}

}  // namespace

std::optional<std::vector<Anchor>> choose_anchors(const std::vector<FrontPattern>& patterns) {
  constexpr int kRounds = 3;
  std::vector<Node> trees;
  for (const FrontPattern& p : patterns) {
    auto tree = regex::parse(p.caseless ? "(?i:" + p.text + ")" : p.text);
    if (!tree) return std::nullopt;
    trees.push_back(std::move(*tree));
  }
  Grams used;
  LiteralOdds odds;
  std::vector<std::vector<Found>> chosen(trees.size());
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < trees.size(); ++i) {
      count(used, chosen[i], -1);
      auto choice = Chooser(used, odds).choose(trees[i], {});
      if (!choice) return std::nullopt;
      chosen[i] = std::move(choice->found);
      count(used, chosen[i], +1);
    }
  }
  std::vector<Anchor> all;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (const Found& f : chosen[i]) {
      Anchor& a = all.emplace_back(f.anchor);
      a.tail = tail_of(f);
      a.uses = {{patterns[i].id, add(add(patterns[i].lead, a.before), a.size), a.tail}};
    }
  }
  return merged(all);
}

}  // namespace launchgate::secrets
