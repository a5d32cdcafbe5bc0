// Git's glob language, as gitignore(5) and includeIf use it, compiled once and matched without recursion.
//
//   ?      one byte but '/'          [a-z] [!a-z] [^a-z] [[:alpha:]]   one byte of a set, never '/'
//   *      any bytes but '/'         \x    the byte x
//   **     any bytes, '/' too, but only as a whole path component: "**/x", "x/**", "x/**/y"
//
// The same answers as git's own matcher in WM_PATHNAME mode, its oddities included: a pattern with an unclosed set or
// an unknown class never matches; with ignore_case only ASCII letters fold, and single members of a set do not.
// Time: one scan for patterns with one star; at worst pattern x text per '/' of the text. Thread-safety: immutable.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate {

class Wildmatch {
 public:
  explicit Wildmatch(std::string_view pattern, bool ignore_case = false);
  bool matches(std::string_view text) const noexcept;

 private:
  enum class Kind : std::uint8_t { byte, any, set, star, double_star, directories };
  struct Token {
    Kind kind;
    std::uint8_t byte = 0;  // Kind::byte, already folded
    std::uint16_t set = 0;  // Kind::set, index into sets_
  };
  using Set = std::bitset<256>;

  std::size_t compile_stars(std::string_view pattern, std::size_t at);
  std::size_t compile_set(std::string_view pattern, std::size_t at);  // npos: malformed
  bool single(const Token& token, unsigned char c) const noexcept;

  std::vector<Token> tokens_;
  std::vector<Set> sets_;
  bool ignore_case_;
  bool never_ = false;  // malformed: matches nothing
};

// 'A'..'Z' to lower case, everything else as it is: the folding git uses whatever the locale.
constexpr unsigned char fold_ascii(unsigned char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + ('a' - 'A')) : c;
}

}  // namespace launchgate
