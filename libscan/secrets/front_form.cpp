// How a form is cut: keep a head of the sequence up to the value (the longest repeated class), and on until a
// literal of kWantedLiteral bytes is inside; then take from both ends whatever may be absent. What is left is
// a substring of every match, whose end lies at most `reach` behind the match's start.
#include "libscan/secrets/front_form.hpp"

#include <algorithm>

namespace launchgate::secrets {
namespace {

using regex::kUnlimited;
using regex::Node;

constexpr std::uint32_t kWantedLiteral = 3;
// Characters of the value the front end checks: enough to be rare, few enough to keep the automaton small
// (a class repeated 32 times costs tens of milliseconds to compile).
constexpr std::uint32_t kValueHead = 12;
constexpr std::uint32_t kLongEnough = 5;  // what more is asked for makes a form rarer than a longer literal does

bool may_be_absent(const Node& n) { return regex::width(n).min == 0; }

// A prefix of every match of `n`, as short as it may be.
Node without_tail(Node n) {
  switch (n.kind) {
    case Node::Kind::concat:
      while (!n.children.empty() && may_be_absent(n.children.back())) n.children.pop_back();
      if (n.children.empty()) return Node{};
      n.children.back() = without_tail(std::move(n.children.back()));
      return n;
    case Node::Kind::alternate:
      for (Node& branch : n.children) branch = without_tail(std::move(branch));
      return n;
    case Node::Kind::repeat:
      if (n.min == 1 && n.max == 1) return without_tail(std::move(n.children.front()));
      n.max = n.min = std::min(n.min, kValueHead);
      return n;
    default: return n;
  }
}

std::uint32_t add(std::uint32_t a, std::uint32_t b) { return a > kUnlimited - b ? kUnlimited : a + b; }

// A suffix of every match of `n`. Adds to `lead` how long the rest in front of it may be.
Node without_head(Node n, std::uint32_t& lead) {
  switch (n.kind) {
    case Node::Kind::concat: {
      const auto first = std::find_if_not(n.children.begin(), n.children.end(), may_be_absent);
      for (auto child = n.children.begin(); child != first; ++child) lead = add(lead, regex::width(*child).max);
      n.children.erase(n.children.begin(), first);
      if (n.children.empty()) return Node{};
      n.children.front() = without_head(std::move(n.children.front()), lead);
      return n;
    }
    case Node::Kind::alternate: {
      std::uint32_t longest = 0;
      for (Node& branch : n.children) {
        std::uint32_t own = 0;
        branch = without_head(std::move(branch), own);
        longest = std::max(longest, own);
      }
      lead = add(lead, longest);
      return n;
    }
    case Node::Kind::repeat: {
      const std::uint32_t most = regex::width(n).max;
      n.max = n.min;
      lead = most == kUnlimited ? kUnlimited : add(lead, most - regex::width(n).max);
      return n;
    }
    default: return n;
  }
}

Node head_of(const Node& n, std::size_t count) {
  Node head = n;
  head.children.resize(count);
  return head;
}

// Index of the value: the repetition that needs the most characters.
std::size_t value_index(const std::vector<Node>& items) {
  std::size_t best = items.size() - 1;
  std::uint32_t most = 5;  // shorter repeats are separators and version numbers
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint32_t min = regex::width(items[i]).min;
    if (!(regex::sure_literal(items[i]) >= kWantedLiteral) && min > most) best = i, most = min;
  }
  return best;
}

// The same with long counted repeats of one class made endless.
Node relax(Node n) {
  constexpr std::uint32_t kShort = 4;
  for (Node& child : n.children) child = relax(std::move(child));
  const bool of_class = n.kind == Node::Kind::repeat && n.children.front().kind == Node::Kind::bytes;
  if (of_class && n.max > n.min && n.max > kShort) n.max = kUnlimited;
  return n;
}

// Which part of a sequence the front end looks for: of the first `count` items without their tail, what stands at
// `first` and behind it.
struct Cut {
  std::size_t count = 0;
  std::size_t first = 0;
};

// How long what stands in front of it may be is added to `lead`.
Node part(const Node& tree, Cut cut, std::uint32_t& lead) {
  Node kept = without_tail(head_of(tree, cut.count));
  const std::size_t first = std::min(cut.first, kept.children.size());
  for (std::size_t i = 0; i < first; ++i) lead = add(lead, regex::width(kept.children[i]).max);
  kept.children.erase(kept.children.begin(), kept.children.begin() + static_cast<std::ptrdiff_t>(first));
  return without_head(std::move(kept), lead);
}
Node part(const Node& tree, Cut cut) {
  std::uint32_t lead = 0;
  return part(tree, cut, lead);
}

// One byte, or one letter of either case.
bool is_letter(const Node& n) { return n.kind == Node::Kind::bytes && n.set.count() <= 2; }

// Everything up to the value, and on until a literal is inside.
Cut usual_cut(const Node& tree) {
  const std::uint32_t wanted = std::min(kWantedLiteral, regex::sure_literal(tree));
  Cut cut{value_index(tree.children) + 1, 0};
  while (cut.count < tree.children.size() && regex::sure_literal(without_tail(head_of(tree, cut.count))) < wanted)
    ++cut.count;
  // The rest of a word that has begun: "_mmk", not "_mm".
  for (std::size_t more = 0; more < kValueHead && 0 < cut.count && cut.count < tree.children.size(); ++more) {
    if (!is_letter(tree.children[cut.count - 1]) || !is_letter(tree.children[cut.count])) break;
    ++cut.count;
  }
  return cut;
}

// Of all parts of at most kWidestFront bytes the one with the longest literal, then the one that asks for most; the
// usual cut when none has a literal.
Cut narrow_cut(const Node& tree) {
  Cut best = usual_cut(tree);
  std::pair<std::uint32_t, std::uint32_t> best_score{kWantedLiteral, 0};
  for (std::size_t count = 1; count <= tree.children.size(); ++count) {
    for (std::size_t first = 0; first < count; ++first) {
      const Node candidate = part(tree, {count, first});
      const regex::Width width = regex::width(candidate);
      const std::pair score{std::min(regex::sure_literal(candidate), kLongEnough), width.min};
      if (width.max <= kWidestFront && score > best_score) best = {count, first}, best_score = score;
    }
  }
  return best;
}

// The widest choice of the sequence moved outside: "a(b|c)d" as "abd|acd". Nothing where there is no choice.
std::optional<Node> distributed(const Node& tree) {
  constexpr std::size_t kMostBranches = 32;
  const Node* widest = nullptr;
  for (const Node& item : tree.children)
    if (item.kind == Node::Kind::alternate && item.children.size() <= kMostBranches &&
        (widest == nullptr || regex::width(item).max > regex::width(*widest).max))
      widest = &item;
  if (widest == nullptr) return std::nullopt;
  const auto append = [](Node& sequence, const Node& item) {
    if (item.kind == Node::Kind::concat)
      sequence.children.insert(sequence.children.end(), item.children.begin(), item.children.end());
    else
      sequence.children.push_back(item);
  };
  Node all;
  all.kind = Node::Kind::alternate;
  for (const Node& branch : widest->children) {
    Node sequence;
    sequence.kind = Node::Kind::concat;
    for (const Node& item : tree.children) append(sequence, &item == widest ? branch : item);
    all.children.push_back(std::move(sequence));
  }
  return all;
}

FrontForm of_sequence(const Node& tree, Counting counting) {
  Cut cut = usual_cut(tree);
  if (regex::width(part(tree, cut)).max > kWidestFront) cut = narrow_cut(tree);
  // Cut as one, a choice is as wide as its widest branch.
  if (regex::width(part(tree, cut)).max > kWidestFront)
    if (const auto branches = distributed(tree)) return front_form(*branches, counting);
  FrontForm form;
  Node kept = part(tree, cut, form.lead);
  form.reach = regex::width(head_of(tree, cut.count)).max;
  form.span = regex::width(tree).max;
  form.literal = regex::sure_literal(kept);
  form.width = regex::width(kept).max;
  form.patterns.push_back(regex::to_pattern(counting == Counting::exact ? kept : relax(std::move(kept))));
  return form;
}

}  // namespace

FrontForm front_form(const Node& tree, Counting counting) {
  if (tree.kind == Node::Kind::concat) return of_sequence(tree, counting);
  if (tree.kind != Node::Kind::alternate) {
    Node single;
    single.kind = Node::Kind::concat;
    single.children.push_back(tree);
    return of_sequence(single, counting);
  }
  FrontForm all;
  all.literal = kUnlimited;
  for (const Node& branch : tree.children) {
    FrontForm one = front_form(branch, counting);
    all.reach = std::max(all.reach, one.reach);
    all.lead = std::max(all.lead, one.lead);
    all.span = std::max(all.span, one.span);
    all.width = std::max(all.width, one.width);
    all.literal = std::min(all.literal, one.literal);
    std::move(one.patterns.begin(), one.patterns.end(), std::back_inserter(all.patterns));
  }
  return all;
}

std::optional<FrontForm> front_form(std::string_view regex, Counting counting) {
  const auto tree = regex::parse(regex);
  if (!tree) return std::nullopt;
  return front_form(*tree, counting);
}

}  // namespace launchgate::secrets
