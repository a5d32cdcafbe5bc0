// Thompson's construction, then sets of its states, breadth first, until the table is full.
#include "libscan/secrets/tail_automaton.hpp"

#include <algorithm>
#include <map>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {
namespace {

using regex::ByteSet;
using regex::Node;

constexpr std::size_t kMaxStates = 4096;  // of the first kind; a tail has some hundred

class Nfa {
 public:
  static constexpr std::uint32_t kEnd = 0;

  // Reads one byte of `set` and goes to `next`; without bytes goes to both.
  struct State {
    ByteSet set;
    std::uint32_t next = kEnd;
    std::uint32_t other = kEnd;
    bool reads = false;
  };

  explicit Nfa(const Node& node) : states_(1) { start_ = add(node, kEnd); }

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(states_.size()); }
  bool too_large() const noexcept { return states_.size() > kMaxStates; }
  const State& state(std::uint32_t i) const { return states_[i]; }

  // The states that read, and the end, that are reached from `from` without a byte: rising, each once.
  std::vector<std::uint32_t> reached(std::vector<std::uint32_t> from) const {
    std::vector<bool> seen(states_.size());
    std::vector<std::uint32_t> out;
    while (!from.empty()) {
      const std::uint32_t i = from.back();
      from.pop_back();
      if (seen[i]) continue;
      seen[i] = true;
      const State& s = states_[i];
      if (s.reads || i == kEnd) {
        out.push_back(i);
      } else {
        from.push_back(s.next);
        from.push_back(s.other);
      }
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::uint32_t> start() const { return reached({start_}); }

  std::vector<std::uint32_t> step(const std::vector<std::uint32_t>& from, unsigned byte) const {
    std::vector<std::uint32_t> to;
    for (const std::uint32_t i : from)
      if (states_[i].reads && states_[i].set[byte]) to.push_back(states_[i].next);
    return reached(std::move(to));
  }

 private:
  std::uint32_t put(State s) {
    states_.push_back(s);
    return static_cast<std::uint32_t>(states_.size() - 1);
  }
  std::uint32_t fork(std::uint32_t a, std::uint32_t b) { return put({{}, a, b, false}); }

  // Where what the node matches begins, when it goes on at `next`.
  std::uint32_t add(const Node& node, std::uint32_t next) {
    if (too_large()) return next;
    switch (node.kind) {
      case Node::Kind::empty:
      case Node::Kind::assertion: return next;
      case Node::Kind::bytes: return put({node.set, next, kEnd, true});
      case Node::Kind::concat:
        for (auto item = node.children.rbegin(); item != node.children.rend(); ++item) next = add(*item, next);
        return next;
      case Node::Kind::alternate: {
        if (node.children.empty()) return put({{}, next, kEnd, true});  // reads a byte of none: matches nothing
        std::uint32_t all = add(node.children.front(), next);
        for (std::size_t i = 1; i < node.children.size(); ++i) all = fork(all, add(node.children[i], next));
        return all;
      }
      case Node::Kind::repeat: return add_repeat(node, next);
      case Node::Kind::group: return add(node.children.front(), next);
    }
    return next;
  }

  std::uint32_t add_repeat(const Node& node, const std::uint32_t next) {
    const Node& child = node.children.front();
    std::uint32_t at = next;
    if (node.max == regex::kUnlimited) {
      at = fork(next, next);
      const std::uint32_t body = add(child, at);
      states_[at].next = body;
    } else {
      for (std::uint32_t k = node.min; k < node.max && !too_large(); ++k) at = fork(add(child, at), next);
    }
    for (std::uint32_t k = 0; k < node.min && !too_large(); ++k) at = add(child, at);
    return at;
  }

  std::vector<State> states_;
  std::uint32_t start_ = kEnd;
};

// A class for all bytes that the same sets hold; returns how many.
std::uint32_t classify(const Nfa& nfa, std::uint32_t states, TailAutomaton::Classes& classes) {
  std::vector<ByteSet> sets;
  for (std::uint32_t i = 0; i < states; ++i)
    if (nfa.state(i).reads && std::find(sets.begin(), sets.end(), nfa.state(i).set) == sets.end())
      sets.push_back(nfa.state(i).set);
  std::map<std::vector<bool>, std::uint8_t> numbers;
  for (unsigned byte = 0; byte < 256; ++byte) {
    std::vector<bool> in;
    in.reserve(sets.size());
    for (const ByteSet& set : sets) in.push_back(set[byte]);
    classes[byte] = numbers.try_emplace(std::move(in), static_cast<std::uint8_t>(numbers.size())).first->second;
  }
  return static_cast<std::uint32_t>(numbers.size());
}

}  // namespace

std::optional<TailAutomaton> make_tail_automaton(std::string_view pattern) {
  const auto tree = regex::parse(pattern);
  if (!tree) return std::nullopt;
  const Nfa nfa(*tree);
  if (nfa.too_large()) return std::nullopt;
  TailAutomaton out;
  out.width = classify(nfa, nfa.size(), out.classes);
  std::array<unsigned, 256> one_of{};  // a byte of each class
  for (unsigned byte = 256; byte-- > 0;) one_of[out.classes[byte]] = byte;

  std::map<std::vector<std::uint32_t>, std::uint8_t> numbers;
  const auto matches = [](const std::vector<std::uint32_t>& set) { return !set.empty() && set.front() == Nfa::kEnd; };
  std::vector<std::vector<std::uint32_t>> sets = {nfa.start()};
  if (matches(sets.front())) return std::nullopt;
  numbers.emplace(sets.front(), std::uint8_t{0});
  for (std::size_t state = 0; state < sets.size(); ++state) {
    for (std::uint32_t c = 0; c < out.width; ++c) {
      auto to = nfa.step(sets[state], one_of[c]);
      if (to.empty() || matches(to)) {
        out.steps.push_back(to.empty() ? TailAutomaton::kDead : TailAutomaton::kMatch);
        continue;
      }
      const auto known = numbers.find(to);
      if (known != numbers.end()) {
        out.steps.push_back(known->second);
      } else if (sets.size() == TailAutomaton::kStates) {
        out.steps.push_back(TailAutomaton::kFurther);
      } else {
        out.steps.push_back(static_cast<std::uint8_t>(sets.size()));
        numbers.emplace(to, static_cast<std::uint8_t>(sets.size()));
        sets.push_back(std::move(to));
      }
    }
  }
  return out;
}

}  // namespace launchgate::secrets
