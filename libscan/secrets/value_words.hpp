// What the value judge knows of words: which ones stand in for a value, and how like a word a run of letters is.
// Private to libscan/secrets. Pure functions, no allocation.
#pragma once

#include <cstddef>
#include <string_view>

namespace launchgate::secrets {

// Words an author writes where a real value will go or has been, or that tutorials give to everyone
// ("changeme", "secret", "foo"). `word` is lower-case letters.
bool is_stand_in(std::string_view word) noexcept;

// Words that say "put yours here" whatever stands beside them ("your", "example", "placeholder").
bool is_strong_stand_in(std::string_view word) noexcept;

// Can the lower-case letters be read as stand-ins one after the other ("mysecretkey")?
bool is_run_of_stand_ins(std::string_view letters) noexcept;

// The longest of the strong stand-ins of six letters or more inside `lower_text`; a random text of any usual
// length holds none. Empty when there is none.
std::string_view strong_stand_in_inside(std::string_view lower_text) noexcept;

// Mean likelihood of the letter pairs of `letters` (any case) in English technical prose, as log2 + 9 clipped
// to 0..9: words come to about 4.5..6, random letters to about 2.5. 0 for fewer than two letters.
double letter_pair_score(std::string_view letters) noexcept;
inline constexpr double kWordScore = 4.0;  // 99 of 100 English words of eight letters and more reach it

// One piece of a value or a name: a run of letters of one case (or capitalised), or of digits.
struct Piece {
  std::string_view text;
  bool digits = false;
};

// Cuts camelCase, snake_case, kebab-case and letter/digit borders, from the front; returns false at the end.
class Pieces {
 public:
  explicit Pieces(std::string_view text) noexcept : text_(text) {}
  bool next(Piece& piece) noexcept;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace launchgate::secrets
