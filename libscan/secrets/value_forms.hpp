// What the shape of a value says by itself, whatever its name and its words: that it refers to a secret kept elsewhere,
// is encrypted, covered, or plain configuration. Private to the value judge (value_judge.hpp), which asks in the order
// of certainty and goes on to words and randomness where nothing here answers. Pure functions, no allocation.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <string_view>

namespace launchgate::secrets {

constexpr std::size_t kLooked = 512;  // what is said about a value is said by its first characters

inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_alpha(char c) { return is_lower(c) || is_upper(c); }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
inline bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
inline char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// Where the line begins that holds `at`; of one that is longer than any that people write, not far before it: asked
// once for each of a million matches on a line of its own, the way to its beginning would be all the time there is.
inline std::size_t line_begin(std::string_view text, std::size_t at) {
  constexpr std::size_t kFar = 4096;
  const std::size_t from = at - std::min(at, kFar);
  const void* const end = ::memrchr(text.data() + from, '\n', at - from);  // several times as fast as rfind()
  return end == nullptr ? from : static_cast<std::size_t>(static_cast<const char*>(end) - text.data()) + 1;
}

inline bool is_name_char(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }
inline bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

inline bool equals_caseless(std::string_view a, std::string_view lower_b) {
  return a.size() == lower_b.size() &&
         std::equal(a.begin(), a.end(), lower_b.begin(), [](char x, char y) { return to_lower(x) == y; });
}

// Is the word, whatever its case, one of a list of lower-case ones?
template <std::size_t N>
bool any_of(const std::string_view (&list)[N], std::string_view word) {
  return std::any_of(std::begin(list), std::end(list), [&](std::string_view w) { return equals_caseless(word, w); });
}

inline bool starts_with_any(std::string_view s, std::initializer_list<std::string_view> list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view p) { return s.starts_with(p); });
}

// "plank hold 90 seconds": words that a person thought up to be long enough, and no text for people.
bool is_passphrase(std::string_view v);

inline bool contains_any(std::string_view s, std::initializer_list<std::string_view> list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view p) { return s.find(p) != s.npos; });
}

// A lower-cased copy of at most kLooked characters, on the stack.
struct Lowered {
  std::array<char, kLooked> buffer;
  std::string_view text;
  explicit Lowered(std::string_view s) {
    const std::size_t n = std::min(s.size(), buffer.size());
    std::transform(s.begin(), s.begin() + n, buffer.begin(), to_lower);
    text = {buffer.data(), n};
  }
};

// Counts taken in one pass that several questions share.
struct Shape {
  std::size_t lower = 0, upper = 0, digit = 0, space = 0, other = 0, high = 0;
  std::size_t distinct = 0;
  std::size_t longest_run = 0;       // of one character
  std::size_t in_sequences = 0;      // characters that stand in such a one of three and more
  std::size_t in_runs = 0;           // characters that stand in runs of four and more
  std::size_t longest_sequence = 0;  // of characters that each follow the one before ("12345", "abcd")
  std::size_t size = 0;
  bool all_hex = true;

  explicit Shape(std::string_view s);
  std::size_t alpha() const { return lower + upper; }
};

// Upper and lower case, a digit and ten characters or more: made to satisfy a password policy or by a machine. What
// would read as a piece of a program in words ("$2", "%d", a dot between names) is a sign like any other in such a one:
// what stands before and behind it are given apart.
bool is_mixture(std::string_view v, std::string_view rest = {});

// Every value below has at least one character.
bool is_encrypted(std::string_view v);
bool is_reference(std::string_view v);
// Keys and digests that are made to be seen.
bool is_public_material(std::string_view v);
// Keys that documentation and emulators give to everyone.
bool is_published(std::string_view v);

// Base64 of a public key (SubjectPublicKeyInfo: an algorithm and a bit string) or a certificate (whose first element
// says its version), RFC 5280, section 4.1. A private key begins with its version, an integer; one that is encrypted
// goes on with an octet string.
bool is_public_der(std::string_view v);
// "eyJhbGciOi….payload.signature": begins as a JSON Web Token (RFC 7519), and goes on with words. What is longer than a
// rule takes may have been cut by the rule; tokens of five parts are encrypted (RFC 7516).
bool is_cut_web_token(std::string_view v);
// "cGFzc3dvcmQ=": what Kubernetes keeps a value as. The padding tells it from words.
bool is_stand_in_in_base64(std::string_view v);
// "shop-key:6368616e6765…": a sentence in hexadecimal, behind the name of the key or alone.
bool is_text_in_hex(std::string_view v);

// One character repeated, dots, stars: the value was covered or left open.
bool is_mask(std::string_view v, const Shape& shape);
// "12345678", "abc123", "qwerty": typed in the order of the keyboard or the alphabet.
bool is_sequence(std::string_view v, const Shape& shape);
// "xoxb-123123123": behind what it begins with two to four characters, again and again.
bool is_repeated_group(std::string_view v);

// Digits with whatever joins them: dates, versions ("^1.4.6"), addresses, ports.
bool is_number(std::string_view v);
bool is_version(std::string_view v);
bool is_timestamp(std::string_view v);
bool is_measure(std::string_view v);
bool is_column_type(std::string_view v);
bool is_generic_type(std::string_view v);
bool is_table_place(std::string_view v);
bool is_algorithm(std::string_view v);
bool is_qualified_name(std::string_view v);
bool is_handle(std::string_view v);
bool is_joined_words(std::string_view v);
bool is_word_list(std::string_view v);
bool is_place_name(std::string_view v);
bool is_rule_list(std::string_view v);
bool is_repetition(std::string_view v);
bool is_keyword(std::string_view lower);
// Has a scheme and no password in it.
bool is_plain_url(std::string_view v);
// "/etc/key.pem", "./id_rsa", "~/.ssh", "C:\keys", "config/master.key", "password.txt"
bool is_path(std::string_view v, const Shape& shape);
bool is_directory_name(std::string_view v);
bool is_email(std::string_view v);

}  // namespace launchgate::secrets
