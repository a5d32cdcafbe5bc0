#include "libscan/secrets/value_typed.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kLongestTyped = 64;  // nobody types more

// The letter that a digit or a sign is written for, or the character itself.
char undisguised(char c) {
  constexpr std::string_view kSigns = "@4031$57", kLetters = "aaoeisst";
  const std::size_t at = kSigns.find(c);
  return at == kSigns.npos ? to_lower(c) : kLetters[at];
}

// A value in lower case, its signs read as letters or not. What is still no letter then is left out, or stands as a
// blank where the words of the value are asked for.
struct Plain {
  std::array<char, kLongestTyped> buffer;
  std::string_view text;
  Plain(std::string_view v, bool disguised, bool blanks) {
    std::size_t n = 0;
    for (const char c : v.substr(0, kLongestTyped)) {
      const char letter = disguised ? undisguised(c) : to_lower(c);
      if (is_lower(letter) && n >= 2 && buffer[n - 1] == letter && buffer[n - 2] == letter) continue;  // "passsword"
      if (is_lower(letter))
        buffer[n++] = letter;
      else if (blanks)
        buffer[n++] = ' ';
    }
    text = {buffer.data(), n};
  }
};

bool is_tried_first(std::string_view letters) {
  constexpr std::string_view kFirst[] = {"password", "passwort", "passwd", "changeme", "changeit", "changethis",
                                         "admin", "root", "test", "default", "welcome", "qwerty", "secret", "foobar",
                                         "letmein", "guest", "temp", "administrator",
                                         // as products and boxes are delivered
                                         "vagrant", "raspberry", "minio", "minioadmin", "calvin", "toor"};
  return any_of(kFirst, letters);
}

// Letters that stand in words of stand-ins of four letters and more, the longest first.
std::size_t letters_in_stand_ins(std::string_view text) {
  constexpr std::size_t kShortest = 4, kLongest = 14;
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t word = std::min(kLongest, text.size() - at);
    while (word >= kShortest && !is_stand_in(text.substr(at, word))) --word;
    const bool found = word >= kShortest;
    letters += found ? word : 0;
    at += found ? word : 1;
  }
  return letters;
}

int class_of(char c) { return is_lower(c) ? 0 : is_upper(c) ? 1 : is_digit(c) ? 2 : 3; }

}  // namespace

bool is_common_password(std::string_view v) {
  constexpr std::size_t kLongestEnd = 6;  // "123456", "2024!"
  constexpr std::size_t kFewestDigits = 6, kLongestRest = 4;
  const std::string_view digits = v.substr(0, v.find_first_not_of("0123456789"));  // "123456789Aa"
  if (digits.size() >= kFewestDigits && v.size() - digits.size() <= kLongestRest &&
      std::string_view("1234567890").starts_with(digits))
    return true;
  constexpr std::size_t kLongestWalk = 10;  // down the columns of the keyboard
  if (v.size() <= kLongestWalk && (v.starts_with("1q2w3e") || v.starts_with("1qaz2"))) return true;
  const auto letter_end = std::find_if(v.rbegin(), v.rend(), is_alpha);
  const auto end = static_cast<std::size_t>(letter_end - v.rbegin());
  if (letter_end == v.rend() || end > kLongestEnd) return false;
  if (is_tried_first(Plain(v, true, false).text)) return true;
  v.remove_suffix(end);
  return is_tried_first(Plain(v, false, false).text) || is_tried_first(Plain(v, true, false).text);
}

bool holds_stand_ins(std::string_view v) {
  if (v.size() > kLongestTyped) return false;
  for (const bool disguised : {false, true}) {
    const Plain plain(v, disguised, true);
    const auto letters = static_cast<std::size_t>(std::count_if(plain.text.begin(), plain.text.end(), is_alpha));
    if (letters > 0 && letters_in_stand_ins(plain.text) * 2 >= letters) return true;
  }
  return false;
}

bool has_rhythm(std::string_view v) {
  constexpr std::size_t kShortest = 16, kLong = 20;
  if (v.size() < kShortest || v.size() > 2 * kLongestTyped) return false;
  std::array<std::size_t, 4> count{};
  for (const char c : v) ++count[static_cast<std::size_t>(class_of(c))];
  if (count[3] * 8 > v.size() || *std::max_element(count.begin(), count.end()) * 4 > v.size() * 3) return false;
  for (std::size_t period = 2; period <= 4; ++period) {
    std::size_t same = 0;
    for (std::size_t i = period; i < v.size(); ++i) same += class_of(v[i]) == class_of(v[i - period]);
    const std::size_t all = v.size() - period;
    if (same == all || (v.size() >= kLong && same * 12 >= all * 11)) return true;
  }
  return false;
}

bool walks_alphabet(std::string_view v) {
  constexpr std::size_t kFewest = 10;
  constexpr int kStep = 3, kLetters = 26;
  if (std::all_of(v.begin(), v.end(), is_hex)) return false;  // six letters are never far from each other
  std::size_t pairs = 0, steps = 0;
  char before = 0;
  for (const char one : v.substr(0, 2 * kLongestTyped)) {
    if (!is_alpha(one)) continue;
    const char c = to_lower(one);
    if (before != 0) {
      const int far = std::abs(c - before), step = std::min(far, kLetters - far);
      steps += step > 0 && step <= kStep;
      ++pairs;
    }
    before = c;
  }
  return pairs + 1 >= kFewest && steps * 3 >= pairs * 2;
}

}  // namespace launchgate::secrets
