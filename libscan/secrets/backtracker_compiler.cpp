// From the tree of an expression to its steps. They are made from the back to the front, so that each knows what may
// follow it: a run of [a-z] in front of '=' need not be cut short place by place, and a choice asks the next byte.
#include <algorithm>
#include <bit>
#include <utility>

#include "libscan/secrets/backtracker.hpp"

namespace launchgate::secrets {

using regex::ByteSet;
using regex::kUnlimited;
using regex::Node;

class Backtracker::Compiler {
 public:
  explicit Compiler(Backtracker& out) : out_(out) { index_of(~ByteSet{}); }

  bool run(const Node& tree) {
    out_.groups_ = count_groups(tree);
    out_.registers_ = 2 * (out_.groups_ + 1);
    const Place end = put({}, {~ByteSet{}, true});
    const Place begin = add(tree, end);
    if (!ok_) return false;
    out_.start_ = begin.step;
    return true;
  }

 private:
  // What a step may read next, its own bytes or those behind it; `open`: it may lead to a match without reading any.
  struct Follow {
    ByteSet first;
    bool open = false;
  };
  struct Place {
    std::uint32_t step = 0;
    Follow follow;
  };

  static std::uint32_t count_groups(const Node& node) {
    std::uint32_t most = node.kind == Node::Kind::group ? node.min : 0;
    for (const Node& child : node.children) most = std::max(most, count_groups(child));
    return most;
  }

  Place put(const Step& step, const Follow& follow) {
    ok_ = ok_ && out_.steps_.size() < kMaxSteps;
    if (ok_) out_.steps_.push_back(step);
    return {static_cast<std::uint32_t>(out_.steps_.size() - 1), follow};
  }

  std::uint16_t index_of(const ByteSet& bytes) {
    ok_ = ok_ && out_.sets_.size() < kMaxSteps / 2;
    return ok_ ? out_.add_set(bytes) : kAny;
  }
  // What must stand behind a step for the match to go on there.
  std::uint16_t ahead(const Follow& follow) { return follow.open ? kAny : index_of(follow.first); }

  Place add(const Node& node, const Place& next) {
    if (!ok_) return next;
    switch (node.kind) {
      case Node::Kind::empty: return next;
      case Node::Kind::bytes: return add_byte(node.set, next);
      case Node::Kind::concat: return add_sequence(node, next);
      case Node::Kind::alternate: return add_branches(node, next);
      case Node::Kind::repeat: return add_repeat(node, next);
      case Node::Kind::assertion: {
        Step step;
        step.op = Op::assertion;
        step.size = static_cast<std::uint8_t>(node.assertion);
        step.next = next.step;
        return put(step, next.follow);
      }
      case Node::Kind::group: {
        const Place end = save(2 * node.min + 1, next);
        return save(2 * node.min, add(node.children.front(), end));
      }
    }
    return next;
  }

  Place save(std::uint32_t target, const Place& next) {
    Step step;
    step.op = Op::save;
    step.next = next.step;
    step.other = target;
    return put(step, next.follow);
  }

  // One byte, or a letter of either case: in a literal, which takes the one behind it along.
  Place add_byte(const ByteSet& set, const Place& next) {
    unsigned low = 0;
    while (low < 256 && !set[low]) ++low;
    const bool letter = low < 256 && (low & 32) == 0 && set.count() == 2 && set[low | 32];
    if (low < 256 && (set.count() == 1 || letter)) {
      Step step;
      step.op = Op::literal;
      step.size = 1;
      step.next = next.step;
      step.value = letter ? low & ~32U : low;
      step.mask = letter ? 0xdf : 0xff;
      if (const Step behind = out_.steps_[next.step]; behind.op == Op::literal && behind.size < 8) {
        step.size = static_cast<std::uint8_t>(behind.size + 1);
        step.next = behind.next;
        step.value |= behind.value << 8;
        step.mask |= behind.mask << 8;
      }
      return put(step, {set, false});
    }
    Step step;
    step.op = Op::set;
    step.set = index_of(set);
    step.next = next.step;
    return put(step, {set, false});
  }

  Place add_sequence(const Node& node, Place next) {
    for (std::size_t i = node.children.size(); i > 0;) {
      if (const auto blocks = as_one_run(node.children, i)) {
        next = add_run(blocks->node, next);
        i -= blocks->size;
      } else {
        next = add(node.children[--i], next);
      }
    }
    return next;
  }

  // RE2 counts to a thousand at most: longer repeats are written in blocks, "(?:x{100}){0,32}x{0,99}". Such a pair that
  // ends at `end` is one repeat of x.
  struct Blocks {
    Node node;
    std::size_t size;
  };
  static std::optional<Blocks> as_one_run(const std::vector<Node>& items, std::size_t end) {
    const auto of_bytes = [](const Node& n) {
      return n.kind == Node::Kind::repeat && !n.lazy && n.children.front().kind == Node::Kind::bytes;
    };
    if (end < 2 || !of_bytes(items[end - 1])) return std::nullopt;
    Blocks all{items[end - 1], 1};
    const std::uint32_t block = all.node.max + 1;
    if (all.node.min != 0 || all.node.max == kUnlimited) return std::nullopt;
    while (all.size < end) {
      const Node& outer = items[end - all.size - 1];
      if (outer.kind != Node::Kind::repeat || outer.lazy || outer.min != 0 || outer.max == kUnlimited) break;
      const Node& inner = outer.children.front();
      if (!of_bytes(inner) || inner.min != block || inner.max != block ||
          inner.children.front().set != all.node.children.front().set)
        break;
      all.node.max += outer.max * block;
      ++all.size;
    }
    if (all.size == 1) return std::nullopt;
    return all;
  }

  Place add_branches(const Node& node, const Place& next, std::size_t first = 0) {
    constexpr std::size_t kMost = 64;  // bits of a mask; the others are one branch more
    const std::size_t left = node.children.size() - first;
    std::vector<Place> branches;
    for (std::size_t i = first; i < node.children.size() && branches.size() + 1 < kMost; ++i)
      branches.push_back(add(node.children[i], next));
    if (left > branches.size()) branches.push_back(add_branches(node, next, first + branches.size()));

    std::array<std::uint64_t, 257> goes_on{};  // by byte, a bit for each branch
    Follow all;
    for (std::size_t i = 0; i < branches.size(); ++i) {
      const Follow& follow = branches[i].follow;
      for (unsigned byte = 0; byte <= 256; ++byte)
        if (follow.open || (byte < 256 && follow.first[byte])) goes_on[byte] |= std::uint64_t{1} << i;
      all.first |= follow.first;
      all.open = all.open || follow.open;
    }
    Step step;
    step.op = Op::dispatch;
    step.other = put_table(branches, goes_on);
    return put(step, all);
  }

  std::uint32_t put_table(const std::vector<Place>& branches, const std::array<std::uint64_t, 257>& goes_on) {
    Table table;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> lists;
    for (unsigned byte = 0; byte <= 256; ++byte) {
      const std::uint64_t mask = goes_on[byte];
      auto list = std::find_if(lists.begin(), lists.end(), [&](const auto& l) { return l.first == mask; });
      if (list == lists.end()) {
        list = lists.insert(list, {mask, static_cast<std::uint32_t>(out_.lists_.size())});
        out_.lists_.push_back(static_cast<std::uint32_t>(std::popcount(mask)));
        for (std::size_t i = 0; i < branches.size(); ++i)
          if ((mask >> i & 1) != 0) out_.lists_.push_back(branches[i].step);
      }
      table.of[byte] = list->second;
    }
    out_.tables_.push_back(table);
    return static_cast<std::uint32_t>(out_.tables_.size() - 1);
  }

  Place add_repeat(const Node& node, const Place& next) {
    const Node& child = node.children.front();
    if (node.max == 0) return next;
    if (node.min == 1 && node.max == 1) return add(child, next);
    if (child.kind == Node::Kind::bytes) return add_run(node, next);
    if (node.min == 0 && node.max == 1) return add_option(node, next);
    if (regex::width(child).min == 0) ok_ = false;
    return add_loop(node, next);
  }

  Place add_run(const Node& node, const Place& next) {
    const ByteSet& set = node.children.front().set;
    Step step;
    step.op = Op::run;
    step.lazy = node.lazy;
    step.set = index_of(set);
    step.ahead = ahead(next.follow);
    step.final = !next.follow.open && (set & next.follow.first).none();
    step.next = next.step;
    step.min = node.min;
    step.max = node.max;
    if (node.min > 0) return put(step, {set, false});
    return put(step, {set | next.follow.first, next.follow.open});
  }

  Place add_option(const Node& node, const Place& next) {
    const Place child = add(node.children.front(), next);
    Step step;
    step.op = Op::fork;
    step.lazy = node.lazy;
    step.set = ahead(child.follow);
    step.ahead = ahead(next.follow);
    step.other = child.step;
    step.next = next.step;
    return put(step, {child.follow.first | next.follow.first, child.follow.open || next.follow.open});
  }

  Place add_loop(const Node& node, const Place& next) {
    const ByteSet first = regex::first_bytes(node.children.front());
    Step step;
    step.op = Op::repeat;
    step.lazy = node.lazy;
    step.set = index_of(first);
    step.ahead = ahead(next.follow);
    step.next = next.step;
    step.min = node.min;
    step.max = node.max;
    step.counter = out_.registers_++;
    const Place again = put(step, {first | next.follow.first, next.follow.open});
    const Place body = add(node.children.front(), again);
    if (!ok_) return next;
    out_.steps_[again.step].other = body.step;
    Step restart;
    restart.op = Op::restart;
    restart.other = step.counter;
    restart.next = again.step;
    if (node.min > 0) return put(restart, {first, false});
    return put(restart, again.follow);
  }

  Backtracker& out_;
  bool ok_ = true;
};

// The ways a match may begin, as sets of bytes for its first places.
class Backtracker::Starts {
 public:
  explicit Starts(Backtracker& out) : out_(out) {}

  void fill() {
    std::uint32_t first = out_.start_;
    while (out_.steps_[first].op == Op::save) first = out_.steps_[first].next;
    const Step& step = out_.steps_[first];
    out_.only_at_begin_ =
        step.op == Op::assertion && static_cast<regex::Assertion>(step.size) == regex::Assertion::begin_text;
    walk(out_.start_, {});
    std::sort(ways_.begin(), ways_.end());
    ways_.erase(std::unique(ways_.begin(), ways_.end()), ways_.end());
    for (std::size_t i = 0; i < ways_.size(); ++i) {
      const auto kind = static_cast<std::uint8_t>(1U << (i * 8 / ways_.size()));
      for (std::size_t n = 0; n < kPrefix; ++n)
        for (unsigned byte = 0; byte < 256; ++byte)
          if (out_.sets_[ways_[i][n]].holds(static_cast<unsigned char>(byte))) out_.starts_[n][byte] |= kind;
    }
  }

 private:
  using Way = std::array<std::uint16_t, kPrefix>;  // indexes of sets
  static constexpr std::size_t kMostCalls = 4096;

  struct Prefix {
    Way way{};  // kAny where nothing is known
    std::size_t size = 0;
    Prefix then(std::uint16_t set) const {
      Prefix longer = *this;
      longer.way[longer.size++] = set;
      return longer;
    }
    bool full() const { return size == kPrefix; }
  };

  // What may follow `prefix` from a step on. Where that is too much, anything.
  void walk(std::uint32_t number, Prefix prefix, std::uint32_t taken = 0) {
    const Step& step = out_.steps_[number];
    if (prefix.full() || step.op == Op::accept || ++calls_ > kMostCalls) return ways_.push_back(prefix.way);
    switch (step.op) {
      case Op::literal:
        for (unsigned i = 0; i < step.size && !prefix.full(); ++i) prefix = prefix.then(out_.byte_set(step, i));
        return walk(step.next, prefix);
      case Op::set: return walk(step.next, prefix.then(step.set));
      case Op::run:
        if (taken < step.max) walk(number, prefix.then(step.set), taken + 1);
        if (taken >= step.min) walk(step.next, prefix);
        return;
      case Op::restart: {  // whose first round may be needed: two loops in each other would else go round without a
                           // byte
        const Step& loop = out_.steps_[step.next];
        return walk(loop.min > 0 ? loop.other : step.next, prefix);
      }
      case Op::fork:
      case Op::repeat: walk(step.other, prefix); return walk(step.next, prefix);
      case Op::dispatch: {
        std::vector<std::uint32_t> branches;
        for (const std::uint32_t list : out_.tables_[step.other].of)
          for (std::uint32_t i = 0; i < out_.lists_[list]; ++i) branches.push_back(out_.lists_[list + 1 + i]);
        std::sort(branches.begin(), branches.end());
        branches.erase(std::unique(branches.begin(), branches.end()), branches.end());
        for (const std::uint32_t branch : branches) walk(branch, prefix);
        return;
      }
      default: return walk(step.next, prefix);
    }
  }

  Backtracker& out_;
  std::vector<Way> ways_;
  std::size_t calls_ = 0;
};

std::uint16_t Backtracker::add_set(const ByteSet& bytes) {
  const ByteTable set = ByteTable::of(bytes);
  const auto index = static_cast<std::size_t>(std::find(sets_.begin(), sets_.end(), set) - sets_.begin());
  if (index == sets_.size()) sets_.push_back(set);
  return static_cast<std::uint16_t>(index);
}

// The set of the bytes that a literal takes at a place.
std::uint16_t Backtracker::byte_set(const Step& literal, unsigned place) {
  const auto value = static_cast<unsigned char>(literal.value >> (8 * place)),
             mask = static_cast<unsigned char>(literal.mask >> (8 * place));
  ByteSet set;
  for (unsigned c = 0; c < 256; ++c) set[c] = (c & mask) == value;
  return add_set(set);
}

std::optional<Backtracker> Backtracker::compile(std::string_view regex) {
  const auto tree = regex::parse_with_groups(regex);
  if (!tree) return std::nullopt;
  Backtracker out;
  if (!Compiler(out).run(*tree)) return std::nullopt;
  Starts(out).fill();
  return out;
}

}  // namespace launchgate::secrets
