#include "libscan/secrets/literal_language.hpp"

namespace launchgate::secrets {
namespace {

using regex::ByteSet;
using regex::Node;

constexpr std::size_t kMaxLiterals = 96;  // of one place; beyond this another place is cheaper

bool one_letter(const ByteSet& set) {
  for (unsigned c = 'A'; c <= 'Z'; ++c)
    if (set[c]) return set[c | 0x20] && set.count() == 2;
  return false;
}

}  // namespace

Literals joined(const std::vector<Literal>& heads, const Literals& tails) {
  if (!tails || heads.size() * tails->size() > kMaxLiterals) return std::nullopt;
  std::vector<Literal> all;
  for (const Literal& head : heads) {
    for (const Literal& tail : *tails) {
      all.push_back(head);
      all.back().insert(all.back().end(), tail.begin(), tail.end());
    }
  }
  return all;
}

Literals language(const Node& node) {
  constexpr std::size_t kMaxSet = 4;
  constexpr std::uint32_t kMaxRepeat = 8;
  std::vector<Literal> all;
  switch (node.kind) {
    case Node::Kind::empty:
    case Node::Kind::assertion: return std::vector<Literal>(1);
    case Node::Kind::bytes:
      if (node.set.count() == 1 || one_letter(node.set)) return std::vector<Literal>{{node.set}};
      if (node.set.count() > kMaxSet) return std::nullopt;
      for (unsigned c = 0; c < 256; ++c)
        if (node.set[c]) all.push_back({ByteSet().set(c)});
      return all;
    case Node::Kind::concat: {
      Literals whole = std::vector<Literal>(1);
      for (std::size_t i = 0; whole && i < node.children.size(); ++i)
        whole = joined(*whole, language(node.children[i]));
      return whole;
    }
    case Node::Kind::alternate:
      for (const Node& branch : node.children) {
        const Literals one = language(branch);
        if (!one || all.size() + one->size() > kMaxLiterals) return std::nullopt;
        all.insert(all.end(), one->begin(), one->end());
      }
      return all;
    case Node::Kind::repeat: {
      if (node.max > kMaxRepeat) return std::nullopt;
      const Literals once = language(node.children.front());
      Literals copies = std::vector<Literal>(1);
      for (std::uint32_t n = 0;; ++n) {
        if (n >= node.min) all.insert(all.end(), copies->begin(), copies->end());
        if (all.size() > kMaxLiterals) return std::nullopt;
        if (n == node.max) return all;
        if (!(copies = joined(*copies, once))) return std::nullopt;
      }
    }
    case Node::Kind::group: return language(node.children.front());
  }
  return std::nullopt;
}

}  // namespace launchgate::secrets
