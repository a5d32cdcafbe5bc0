// Recursive descent over RE2 syntax. Depth is bounded, so a hostile rule file cannot exhaust the stack.
#include <array>
#include <iterator>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets::regex {
namespace {

constexpr int kMaxDepth = 200;
constexpr std::uint32_t kMaxRepeat = 1000;  // RE2's own limit on counted repetition

struct Flags {
  bool fold_case = false;
  bool dot_newline = false;
  bool lines = false;  // ^ and $ at every line
};

ByteSet range(unsigned lo, unsigned hi) {
  ByteSet s;
  for (unsigned c = lo; c <= hi; ++c) s.set(c);
  return s;
}

ByteSet digits() { return range('0', '9'); }
ByteSet word() { return range('a', 'z') | range('A', 'Z') | digits() | range('_', '_'); }
ByteSet spaces() { return range('\t', '\n') | range('\f', '\r') | range(' ', ' '); }  // RE2's \s has no \v

// Latin-1 pairs its accented letters 32 apart, as ASCII does, but for two signs among them (the times and the division
// sign) and two letters whose partner is not in Latin-1.
ByteSet folded(const ByteSet& s) {
  static const ByteSet capitals = range('A', 'Z') | (range(0xc0, 0xde) & ~range(0xd7, 0xd7));
  return s | (s & capitals) << 32 | (s >> 32 & capitals);
}

struct NamedClass {
  std::string_view name;
  ByteSet set;
};

std::optional<ByteSet> posix_class(std::string_view name) {
  const ByteSet lower = range('a', 'z'), upper = range('A', 'Z'), digit = digits();
  const std::array<NamedClass, 14> all{
      {{"alnum", lower | upper | digit},
       {"alpha", lower | upper},
       {"ascii", range(0, 127)},
       {"blank", range('\t', '\t') | range(' ', ' ')},
       {"cntrl", range(0, 31) | range(127, 127)},
       {"digit", digit},
       {"graph", range('!', '~')},
       {"lower", lower},
       {"print", range(' ', '~')},
       {"punct", range('!', '/') | range(':', '@') | range('[', '`') | range('{', '~')},
       {"space", range('\t', '\r') | range(' ', ' ')},
       {"upper", upper},
       {"word", word()},
       {"xdigit", digit | range('a', 'f') | range('A', 'F')}}};
  const bool negated = !name.empty() && name.front() == '^';
  if (negated) name.remove_prefix(1);
  for (const NamedClass& c : all)
    if (c.name == name) return negated ? ~c.set : c.set;
  return std::nullopt;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Node> whole() {
    std::optional<Node> node = alternation(0);
    if (!node || at_ != text_.size()) return std::nullopt;
    return node;
  }
  bool swaps_greed() const noexcept { return swaps_greed_; }

 private:
  bool more() const { return at_ < text_.size(); }
  char peek() const { return text_[at_]; }
  bool accept(std::string_view s) {
    if (text_.substr(at_, s.size()) != s) return false;
    at_ += s.size();
    return true;
  }

  static Node of_bytes(const ByteSet& set) {
    Node n;
    n.kind = Node::Kind::bytes;
    n.set = set;
    return n;
  }
  Node literal(unsigned char c) const {
    const ByteSet one = range(c, c);
    return of_bytes(flags_.fold_case ? folded(one) : one);
  }
  static Node assertion(Assertion what) {
    Node n;
    n.kind = Node::Kind::assertion;
    n.assertion = what;
    return n;
  }
  // One child needs no list around it, and a sequence inside a sequence is dissolved, so that literals that a
  // group divides stand side by side.
  static Node list(Node::Kind kind, std::vector<Node> children) {
    Node n;
    n.kind = kind;
    for (Node& child : children) {
      if (kind == Node::Kind::concat && child.kind == Node::Kind::concat)
        for (Node& inner : child.children) n.children.push_back(std::move(inner));
      else
        n.children.push_back(std::move(child));
    }
    if (n.children.empty()) return Node{};
    if (n.children.size() == 1) return std::move(n.children.front());
    return n;
  }

  std::optional<Node> alternation(int depth) {
    if (depth > kMaxDepth) return std::nullopt;
    std::vector<Node> branches;
    do {
      std::optional<Node> branch = sequence(depth);
      if (!branch) return std::nullopt;
      branches.push_back(std::move(*branch));
    } while (accept("|"));
    return list(Node::Kind::alternate, std::move(branches));
  }

  std::optional<Node> sequence(int depth) {
    std::vector<Node> items;
    while (more() && peek() != '|' && peek() != ')') {
      if (accept("\\Q")) {
        while (more() && !accept("\\E")) items.push_back(literal(static_cast<unsigned char>(text_[at_++])));
        continue;
      }
      std::optional<Node> item = atom(depth);
      if (!item) return std::nullopt;
      if (!quantifiers(*item)) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return list(Node::Kind::concat, std::move(items));
  }

  // Wraps `item` in its repetition, if one follows.
  bool quantifiers(Node& item) {
    std::uint32_t min = 0, max = 0;
    const std::size_t before = at_;
    if (accept("*")) {
      max = kUnlimited;
    } else if (accept("+")) {
      min = 1, max = kUnlimited;
    } else if (accept("?")) {
      max = 1;
    } else if (!counted(min, max)) {
      at_ = before;
      return true;
    }
    const bool lazy = accept("?");
    if (more() && (peek() == '*' || peek() == '+' || peek() == '?')) return false;  // RE2 refuses a doubled repeat
    Node repeat;
    repeat.kind = Node::Kind::repeat;
    repeat.lazy = lazy;
    repeat.min = min;
    repeat.max = max;
    repeat.children.push_back(std::move(item));
    item = std::move(repeat);
    return true;
  }

  bool counted(std::uint32_t& min, std::uint32_t& max) {
    if (!accept("{") || !number(min)) return false;
    max = min;
    if (accept(",") && !number(max)) max = kUnlimited;
    return accept("}") && min <= max && (max == kUnlimited || max <= kMaxRepeat) && min <= kMaxRepeat;
  }

  bool number(std::uint32_t& out) {
    const std::size_t begin = at_;
    out = 0;
    for (; more() && peek() >= '0' && peek() <= '9' && at_ - begin < 6; ++at_) out = out * 10 + (peek() - '0');
    return at_ > begin;
  }

  std::optional<Node> atom(int depth) {
    const char c = text_[at_++];
    switch (c) {
      case '(': return group(depth);
      case '[': return bracket();
      case '.': return of_bytes(flags_.dot_newline ? ~ByteSet{} : ~range('\n', '\n'));
      case '^': return assertion(flags_.lines ? Assertion::begin_line : Assertion::begin_text);
      case '$': return assertion(flags_.lines ? Assertion::end_line : Assertion::end_text);
      case '\\': return escape();
      case '*':
      case '+':
      case '?': return std::nullopt;
      default: return literal(static_cast<unsigned char>(c));
    }
  }

  std::optional<Node> group(int depth) {
    const Flags outer = flags_;
    std::uint32_t number = 0;
    if (!accept("?")) {
      number = ++groups_;
    } else {
      if (accept("P<") || accept("<")) {
        while (more() && peek() != '>') ++at_;
        if (!accept(">")) return std::nullopt;
        number = ++groups_;
      } else if (!group_flags()) {
        return std::nullopt;
      } else if (accept(")")) {
        return Node{};  // (?i): the flags hold to the end of the enclosing group
      } else if (!accept(":")) {
        return std::nullopt;
      }
    }
    std::optional<Node> inner = alternation(depth + 1);
    if (!inner || !accept(")")) return std::nullopt;
    flags_ = outer;
    if (number == 0) return inner;
    Node node;
    node.kind = Node::Kind::group;
    node.min = number;
    node.children.push_back(std::move(*inner));
    return node;
  }

  bool group_flags() {
    bool on = true;
    for (; more() && peek() != ':' && peek() != ')'; ++at_) {
      switch (peek()) {
        case '-': on = false; break;
        case 'i': flags_.fold_case = on; break;
        case 's': flags_.dot_newline = on; break;
        case 'm': flags_.lines = on; break;
        case 'U': swaps_greed_ = true; break;
        default: return false;
      }
    }
    return more();
  }

  std::optional<ByteSet> class_escape(char c) const {
    switch (c) {
      case 'd': return digits();
      case 'D': return ~digits();
      case 'w': return word();
      case 'W': return ~word();
      case 's': return spaces();
      case 'S': return ~spaces();
      default: return std::nullopt;
    }
  }

  std::optional<Node> escape() {
    if (!more()) return std::nullopt;
    const char c = peek();
    switch (c) {
      case 'b': return ++at_, assertion(Assertion::word_boundary);
      case 'B': return ++at_, assertion(Assertion::no_word_boundary);
      case 'A': return ++at_, assertion(Assertion::begin_text);
      case 'z': return ++at_, assertion(Assertion::end_text);
      default: break;
    }
    if (c == 'C') return ++at_, of_bytes(~ByteSet{});
    if (const auto set = class_escape(c)) return ++at_, of_bytes(*set);
    const auto byte = escaped_byte();
    if (!byte) return std::nullopt;
    return literal(*byte);
  }

  static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 32) >= 'a' && (c | 32) <= 'f') return (c | 32) - 'a' + 10;
    return -1;
  }

  std::optional<unsigned char> escaped_byte() {
    const char c = text_[at_++];
    switch (c) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case 'f': return '\f';
      case 'v': return '\v';
      case 'a': return '\a';
      case 'x': return hex_escape();
      default: break;
    }
    if (c >= '0' && c <= '7') return octal_escape(c);
    const bool alnum = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
    if (alnum) return std::nullopt;  // \p, back-references and what RE2 refuses
    return static_cast<unsigned char>(c);
  }

  std::optional<unsigned char> hex_escape() {
    const bool braced = accept("{");
    int value = 0, count = 0;
    for (; more() && hex_value(peek()) >= 0 && count < (braced ? 6 : 2); ++count)
      value = value * 16 + hex_value(text_[at_++]);
    if (count == 0 || (!braced && count != 2) || (braced && !accept("}")) || value > 255) return std::nullopt;
    return static_cast<unsigned char>(value);
  }

  std::optional<unsigned char> octal_escape(char first) {
    int value = first - '0';
    if (first != '0' && (!more() || peek() < '0' || peek() > '7')) return std::nullopt;  // a back-reference
    for (int n = 1; n < 3 && more() && peek() >= '0' && peek() <= '7'; ++n) value = value * 8 + (text_[at_++] - '0');
    if (value > 255) return std::nullopt;
    return static_cast<unsigned char>(value);
  }

  std::optional<Node> bracket() {
    const bool negated = accept("^");
    ByteSet set;
    bool first = true;
    while (more() && (peek() != ']' || first)) {
      first = false;
      if (!bracket_item(set)) return std::nullopt;
    }
    if (!accept("]")) return std::nullopt;
    if (flags_.fold_case) set = folded(set);
    return of_bytes(negated ? ~set : set);
  }

  bool bracket_item(ByteSet& set) {
    if (accept("[:")) {
      const std::size_t end = text_.find(":]", at_);
      if (end == std::string_view::npos) return false;
      const auto named = posix_class(text_.substr(at_, end - at_));
      if (!named) return false;
      at_ = end + 2;
      set |= *named;
      return true;
    }
    if (peek() == '\\' && at_ + 1 < text_.size()) {
      if (const auto shorthand = class_escape(text_[at_ + 1])) {
        at_ += 2;
        set |= *shorthand;
        return true;
      }
    }
    const auto lo = bracket_byte();
    if (!lo) return false;
    unsigned char hi = *lo;
    if (at_ + 1 < text_.size() && peek() == '-' && text_[at_ + 1] != ']') {
      ++at_;
      const auto end = bracket_byte();
      if (!end || *end < *lo) return false;
      hi = *end;
    }
    set |= range(*lo, hi);
    return true;
  }

  std::optional<unsigned char> bracket_byte() {
    if (!more()) return std::nullopt;
    if (!accept("\\")) return static_cast<unsigned char>(text_[at_++]);
    if (!more()) return std::nullopt;
    return escaped_byte();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Flags flags_;
  std::uint32_t groups_ = 0;
  bool swaps_greed_ = false;
};

// Without the groups; what they held joins the sequence around them.
Node dissolved(Node node) {
  if (node.kind == Node::Kind::group) return dissolved(std::move(node.children.front()));
  std::vector<Node> children;
  for (Node& child : node.children) {
    Node plain = dissolved(std::move(child));
    if (node.kind == Node::Kind::concat && plain.kind == Node::Kind::concat)
      std::move(plain.children.begin(), plain.children.end(), std::back_inserter(children));
    else
      children.push_back(std::move(plain));
  }
  node.children = std::move(children);
  return node;
}

}  // namespace

std::optional<Node> parse(std::string_view pattern) {
  auto tree = Parser(pattern).whole();
  if (tree) tree = dissolved(std::move(*tree));
  return tree;
}

std::optional<Node> parse_with_groups(std::string_view pattern) {
  Parser parser(pattern);
  auto tree = parser.whole();
  if (parser.swaps_greed()) tree.reset();
  return tree;
}

}  // namespace launchgate::secrets::regex
