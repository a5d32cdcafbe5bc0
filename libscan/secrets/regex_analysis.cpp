#include <algorithm>

#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets::regex {
namespace {

std::uint32_t add(std::uint32_t a, std::uint32_t b) {
  return a == kUnlimited || b == kUnlimited || a > kUnlimited - b ? kUnlimited : a + b;
}

std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
  if (a == 0 || b == 0) return 0;
  if (a == kUnlimited || b == kUnlimited || a > kUnlimited / b) return kUnlimited;
  return a * b;
}

// The language as a finite set of literals, if it is small: how many, and the shortest.
struct Literals {
  std::uint32_t count = 1;
  std::uint32_t shortest = 0;
};

constexpr std::uint32_t kMaxLiterals = 1024;  // beyond this many alternatives nothing is "sure" any more
constexpr std::size_t kMaxSetOfLiteral = 4;   // a byte set this small still makes a literal; digits do not

std::optional<Literals> literals(const Node& node);

std::optional<Literals> concat_literals(const std::vector<Node>& items) {
  Literals all;
  for (const Node& item : items) {
    const auto one = literals(item);
    if (!one) return std::nullopt;
    all.count = multiply(all.count, one->count);
    if (all.count > kMaxLiterals) return std::nullopt;
    all.shortest += one->shortest;
  }
  return all;
}

std::optional<Literals> literals(const Node& node) {
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::assertion: return Literals{};
    case Node::Kind::bytes: {
      const auto size = node.set.count();
      if (size == 0 || size > kMaxSetOfLiteral) return std::nullopt;
      return Literals{size <= 2 ? 1 : static_cast<std::uint32_t>(size), 1};
    }
    case Node::Kind::concat: return concat_literals(node.children);
    case Node::Kind::alternate: {
      Literals all{0, kUnlimited};
      for (const Node& branch : node.children) {
        const auto one = literals(branch);
        if (!one) return std::nullopt;
        all.count = add(all.count, one->count);
        all.shortest = std::min(all.shortest, one->shortest);
      }
      if (all.count > kMaxLiterals) return std::nullopt;
      return all;
    }
    case Node::Kind::repeat: {
      if (node.max > 8) return std::nullopt;
      const auto one = literals(node.children.front());
      if (!one) return std::nullopt;
      Literals all{0, one->shortest * node.min};
      std::uint32_t power = 1;
      for (std::uint32_t n = 0; n <= node.max; ++n, power = multiply(power, one->count))
        if (n >= node.min) all.count = add(all.count, power);
      if (all.count > kMaxLiterals) return std::nullopt;
      return all;
    }
    case Node::Kind::group: return literals(node.children.front());
  }
  return std::nullopt;
}

std::uint32_t concat_sure_literal(const std::vector<Node>& items) {
  std::uint32_t best = 0, run = 0, run_count = 1;
  for (const Node& item : items) {
    const auto one = literals(item);
    const std::uint32_t count = one ? multiply(run_count, one->count) : kUnlimited;
    if (one && count <= kMaxLiterals) {
      run += one->shortest;
      run_count = count;
      best = std::max(best, run);
      continue;
    }
    run = one ? one->shortest : 0;
    run_count = one ? one->count : 1;
    best = std::max({best, run, sure_literal(item)});
  }
  return best;
}

void append_byte(std::string& out, unsigned c) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += "\\x";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

void append_set(std::string& out, const ByteSet& set) {
  if (set.count() == 1) {
    for (unsigned c = 0; c < 256; ++c)
      if (set[c]) append_byte(out, c);
    return;
  }
  out += '[';
  for (unsigned c = 0; c < 256; ++c) {
    if (!set[c]) continue;
    unsigned last = c;
    while (last < 255 && set[last + 1]) ++last;
    append_byte(out, c);
    if (last > c) {
      out += '-';
      append_byte(out, last);
    }
    c = last;
  }
  out += ']';
}

void append(std::string& out, const Node& node) {
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::assertion: return;
    case Node::Kind::bytes: append_set(out, node.set); return;
    case Node::Kind::concat:
      for (const Node& child : node.children) append(out, child);
      return;
    case Node::Kind::alternate:
      out += "(?:";
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        if (i > 0) out += '|';
        append(out, node.children[i]);
      }
      out += ')';
      return;
    case Node::Kind::repeat:
      out += "(?:";
      append(out, node.children.front());
      out += "){" + std::to_string(node.min);
      if (node.max == kUnlimited)
        out += ',';
      else if (node.max != node.min)
        out += "," + std::to_string(node.max);
      out += '}';
      return;
    case Node::Kind::group: return append(out, node.children.front());
  }
}

}  // namespace

Width width(const Node& node) {
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::assertion: return {0, 0};
    case Node::Kind::bytes: return {1, 1};
    case Node::Kind::concat: {
      Width all;
      for (const Node& child : node.children) {
        const Width w = width(child);
        all = {add(all.min, w.min), add(all.max, w.max)};
      }
      return all;
    }
    case Node::Kind::alternate: {
      Width all{kUnlimited, 0};
      for (const Node& child : node.children) {
        const Width w = width(child);
        all = {std::min(all.min, w.min), std::max(all.max, w.max)};
      }
      return all;
    }
    case Node::Kind::repeat: {
      const Width w = width(node.children.front());
      return {multiply(w.min, node.min), multiply(w.max, node.max)};
    }
    case Node::Kind::group: return width(node.children.front());
  }
  return {};
}

std::uint32_t sure_literal(const Node& node) {
  if (const auto exact = literals(node)) return exact->shortest;
  switch (node.kind) {
    case Node::Kind::concat: return concat_sure_literal(node.children);
    case Node::Kind::alternate: {
      std::uint32_t least = kUnlimited;
      for (const Node& child : node.children) least = std::min(least, sure_literal(child));
      return least;
    }
    case Node::Kind::repeat: return node.min > 0 ? sure_literal(node.children.front()) : 0;
    case Node::Kind::group: return sure_literal(node.children.front());
    default: return 0;
  }
}

std::string to_pattern(const Node& node) {
  std::string out;
  append(out, node);
  return out;
}

ByteSet first_bytes(const Node& node) {
  ByteSet first;
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::assertion: break;
    case Node::Kind::bytes: return node.set;
    case Node::Kind::repeat: return node.max == 0 ? first : first_bytes(node.children.front());
    case Node::Kind::group: return first_bytes(node.children.front());
    case Node::Kind::alternate:
      for (const Node& branch : node.children) first |= first_bytes(branch);
      break;
    case Node::Kind::concat:
      for (const Node& item : node.children) {
        first |= first_bytes(item);
        if (width(item).min > 0) break;
      }
  }
  return first;
}

}  // namespace launchgate::secrets::regex
