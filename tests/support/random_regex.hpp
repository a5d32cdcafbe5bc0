// Expressions and texts made from any bytes, small enough that most expressions match somewhere in the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace launchgate::test {

class RandomRegex {
 public:
  explicit RandomRegex(std::string_view bytes) : bytes_(bytes) {}

  std::string regex() {
    left_ = 24;
    std::string out;
    if (pick(4) == 0) out += pick(2) == 0 ? "(?i)" : pick(2) == 0 ? "(?m)" : "(?s)";
    return out + alternation(3);
  }
  std::string text() {
    std::string out;
    for (std::size_t n = pick(24); n > 0; --n) out += kAlphabet[pick(kAlphabet.size())];
    return out;
  }

 private:
  static constexpr std::string_view kAlphabet = "abABck_1 \n=\"\xe9\xc9\xff";

  std::size_t pick(std::size_t count) {
    if (at_ == bytes_.size()) return 0;
    return static_cast<std::uint8_t>(bytes_[at_++]) % count;
  }

  std::string alternation(int depth) {
    std::string out = sequence(depth);
    while (left_ > 0 && pick(3) == 1) out += '|' + sequence(depth);
    return out;
  }
  std::string sequence(int depth) {
    std::string out;
    for (std::size_t n = pick(4) + (depth == 3 ? 1 : 0); n > 0 && left_ > 0; --n) out += repeated(depth);
    return out;
  }
  std::string repeated(int depth) {
    --left_;
    std::string out = atom(depth);
    switch (pick(8)) {
      case 1: out += '*'; break;
      case 2: out += '+'; break;
      case 3: out += '?'; break;
      case 4: out += "{0,2}"; break;
      case 5: out += "{2}"; break;
      case 6: out += "{1,3}"; break;
      default: return out;
    }
    return pick(3) == 1 ? out + '?' : out;
  }
  std::string atom(int depth) {
    switch (pick(depth > 0 ? 14 : 10)) {
      case 0: return "a";
      case 1: return "b";
      case 2: return "[ab]";
      case 3: return "[^a\\n]";
      case 4: return ".";
      case 5: return "\\w";
      case 6: return pick(2) == 0 ? "\\b" : "\\B";
      case 7: return pick(2) == 0 ? "^" : "$";
      case 8: return "abk";
      case 9: return pick(2) == 0 ? "\xe9" : "=";
      case 10: return "(?:" + alternation(depth - 1) + ")";
      case 11: return "(?i:" + alternation(depth - 1) + ")";
      case 12: return "(?-i:" + alternation(depth - 1) + ")";
      default: return "(" + alternation(depth - 1) + ")";
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t left_ = 0;  // atoms that may still be made
};

}  // namespace launchgate::test
