// What the characters of a value say. The order of the questions is the order of certainty: shapes that name
// themselves first (references, encryption, masks: value_forms.hpp), then plain configuration, then words, then
// randomness.
#include "libscan/secrets/value_judge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_typed.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

// ---- words ----

constexpr double kSurelyWord = 5.5, kReadable = 4.25;  // letter pairs of English words: kWordScore and more

// How a value reads as words: which share of its letters stands in pieces that look like words, and whether
// all of them are stand-ins.
struct Reading {
  std::size_t letters = 0, word_letters = 0, digits = 0, pieces = 0, words = 0, longest = 0;
  double score = 0;  // of all letters; short pieces say nothing
  bool all_stand_ins = true;
  bool strong = false;
  bool yours = false;  // "your" stands as a word of its own
};

Reading read_words(std::string_view v) {
  Reading r;
  Pieces pieces(v);
  Piece piece;
  while (pieces.next(piece)) {
    if (piece.digits) {
      r.digits += piece.text.size();
      continue;
    }
    ++r.pieces;
    r.letters += piece.text.size();
    r.longest = std::max(r.longest, piece.text.size());
    const Lowered low(piece.text);
    const double score = piece.text.size() >= 3 ? letter_pair_score(piece.text) : kWordScore;
    const bool like_word = piece.text.size() >= 3 && score >= kWordScore;
    // The dearer question, where the answer changes anything.
    const bool stand_in = (!like_word || r.all_stand_ins) && is_run_of_stand_ins(low.text);
    r.score += static_cast<double>(piece.text.size()) * (stand_in ? std::max(score, kSurelyWord) : score);
    if (stand_in || like_word) {
      r.word_letters += piece.text.size();
      ++r.words;
    }
    r.all_stand_ins &= stand_in;
    r.strong |= is_strong_stand_in(low.text);
    r.yours |= low.text == "your";
  }
  r.all_stand_ins &= r.pieces > 0;
  return r;
}

// By chance a short piece reads like a word now and then; all pieces of a token together do not.
bool mostly_words(const Reading& r) {
  constexpr std::size_t kFew = 10;
  return r.letters > 0 && r.word_letters * 10 >= r.letters * 7 &&
         (r.letters < kFew || r.score >= kReadable * static_cast<double>(r.letters));
}

// Bytes of v that write a character beyond ASCII, or a control, as JSON and Java do: \u4ee4.
std::size_t escaped_bytes(std::string_view v) {
  std::size_t bytes = 0;
  for (std::size_t at = v.find("\\u"); at != v.npos && at + 6 <= v.size(); at = v.find("\\u", at + 2))
    if (std::all_of(v.begin() + static_cast<std::ptrdiff_t>(at) + 2, v.begin() + static_cast<std::ptrdiff_t>(at) + 6,
                    is_hex))
      bytes += 6;
  return bytes;
}

// "Mot de passe", "Neues Passwort": a label, letters alone and the first of them a capital.
bool is_label(std::string_view v, const Shape& shape) {
  return shape.space > 0 && shape.upper == 1 && is_upper(v[0]) && shape.digit + shape.other == 0;
}

// Text for people: several words with spaces, or letters beyond ASCII in words.
bool is_prose(std::string_view v, const Shape& shape, const Reading& r) {
  if (escaped_bytes(v) * 2 > v.size() || is_label(v, shape)) return true;
  if (shape.space == 0) return shape.high * 2 > v.size();
  if (shape.high * 4 > v.size()) return true;
  return r.words >= 2 || shape.space >= 3 || (r.pieces >= 2 && mostly_words(r));
}

// A name of a program rather than a value: words joined by camel case, dots or underscores, no or few digits.
bool is_identifier(std::string_view v, const Shape& shape, const Reading& r) {
  if (shape.space + shape.high > 0) return false;
  if (!std::all_of(v.begin(), v.end(),
                   [](char c) { return is_alnum(c) || std::string_view("_-.:/\\").find(c) != std::string_view::npos; }))
    return false;
  return mostly_words(r) && shape.digit * 5 <= v.size();
}

// NAME_OF_SOMETHING, as constants and environment variables are called, or a list of them.
bool is_constant_name(std::string_view v, const Shape& shape) {
  constexpr std::string_view kJoints = "_-,=";
  constexpr std::size_t kLongestWord = 16;  // what is longer between hyphens is the body of a token
  std::size_t run = 0, longest = 0;
  for (const char c : v) longest = std::max(longest, run = is_alnum(c) ? run + 1 : 0);
  if (v.find('_') == v.npos && longest > kLongestWord) return false;
  return shape.lower + shape.space + shape.high == 0 && shape.upper > 0 && v.find_first_of(kJoints) != v.npos &&
         shape.digit * 5 <= v.size() &&
         std::all_of(v.begin(), v.end(), [&](char c) { return is_alnum(c) || kJoints.find(c) != kJoints.npos; });
}

// cockroachdb-root, etcd-peer-tls: the name of an object, as Kubernetes and others want them (RFC 1123): lower-case
// words with hyphens. What machines make of these characters has digits all over, or long pieces that read like
// nothing.
bool is_object_name(std::string_view v, const Shape& shape, const Reading& r) {
  if (shape.upper + shape.space + shape.high > 0 || shape.digit > 2) return false;
  if (v.find_first_of("-._") == v.npos || !is_alpha(v[0])) return false;
  constexpr std::size_t kShort = 7;  // "etcd", "kubectl"
  if (shape.digit > 0 && r.longest > kShort && 2 * r.word_letters < r.letters) return false;
  return r.pieces >= 2 && 2 * r.letters >= 5 * r.pieces && r.longest <= 14 &&
         std::all_of(v.begin(), v.end(), [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; });
}

// handleChipsKeyup: a change of case every few letters is how names are written; chance changes it every other letter.
bool is_camel_case(const Shape& shape, const Reading& r) {
  return shape.digit <= 1 && shape.lower > 0 && shape.upper > 0 && r.pieces >= 2 && r.letters >= 4 * r.pieces &&
         5 * r.word_letters >= 2 * r.letters;
}

// Enough disorder for a machine-made secret of this length and alphabet.
bool looks_random(std::string_view v, const Shape& shape, const Reading& r) {
  if (shape.space + shape.high > 0 || v.size() < 8) return false;
  if (shape.digit == v.size() || is_constant_name(v, shape)) return false;
  if (contains_any(v, {"->", "::", "()", "\\x"})) return false;  // an expression, or bytes of a test vector
  const double bits = shannon_entropy(v);
  const double possible = std::log2(static_cast<double>(std::min<std::size_t>(v.size(), shape.all_hex ? 16 : 62)));
  if (bits < 0.62 * possible) return false;
  if (shape.all_hex) return v.size() >= 16 && shape.digit > 0 && shape.alpha() > 0;
  if (mostly_words(r) || is_camel_case(shape, r)) return false;
  // Separators join words as well as noise, so they make no mixture.
  const auto separators = static_cast<std::size_t>(std::count_if(
      v.begin(), v.end(), [](char c) { return c == '.' || c == '-' || c == '_' || c == '/' || c == ':' || c == ','; }));
  const int kinds = (shape.digit > 0) + (shape.lower > 0) + (shape.upper > 0) + (shape.other > separators);
  return kinds >= 2 || letter_pair_score(v) < 3.2;
}

// A small JSON document kept in a string, as service accounts, token caches and signed cookies are: `{"sig": "…"}`,
// its quotes escaped or not. It is a secret when one of its strings is long and random.
bool is_document(std::string_view v) {
  const std::size_t colon = v.find(':');
  return v.front() == '{' && colon != v.npos && v.substr(0, colon).find_first_of("\"'") != v.npos;
}

bool holds_random_string(std::string_view document) {
  for (std::size_t at = 0; at < document.size();) {
    const auto rest = document.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = std::find_if(rest, document.end(), [](char c) { return c == '"' || c == '\'' || c == '\\'; });
    const std::string_view text = document.substr(at, static_cast<std::size_t>(end - rest));
    at += text.size() + 1;
    if (text.size() >= 24 && looks_random(text, Shape(text), read_words(text))) return true;
  }
  return false;
}

// "1_happy_face.jpg": the key of an object in a bucket.
bool is_file_name(std::string_view v) {
  constexpr std::string_view kExtensions[] = {".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".mp3", ".mp4",
                                              ".pdf", ".csv",  ".txt", ".zip", ".xml", ".json", ".html"};
  return std::any_of(std::begin(kExtensions), std::end(kExtensions),
                     [&](std::string_view e) { return v.ends_with(e); });
}

// "fbocs_", "live:": what a token begins with, and no token.
bool is_prefix(std::string_view v, const Shape& shape) {
  return v.size() <= 12 && shape.digit == 0 && (v.back() == '_' || v.back() == '-' || v.back() == ':');
}

// "re_123", "tr_stg_abcd123", "py_test123_secret_abc": short words, and the digits that come first to mind.
bool is_tutorial_token(std::string_view v, const Shape& shape) {
  constexpr std::size_t kLongest = 32, kLongestWord = 6;
  if (v.size() > kLongest || shape.digit < 3 || shape.upper > 0 || v.find('_') == v.npos) return false;
  Pieces pieces(v);
  for (Piece piece; pieces.next(piece);) {
    const bool counts = std::string_view("1234567890").starts_with(piece.text);
    if (piece.digits ? !counts : piece.text.size() > kLongestWord) return false;
  }
  return std::all_of(v.begin(), v.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

// "whsec_VGhpcyBpcy…": base64 of a sentence, or of what says itself that it holds a place. `v` is not looked at further
// than to its last '_' or ','.
bool is_text_in_base64(std::string_view v) {
  constexpr std::size_t kShortest = 24;
  constexpr int kJoints = 6;                                         // fewer words are a passphrase
  const std::string_view code = v.substr(v.find_last_of("_,") + 1);  // npos + 1: all of it
  if (code.size() < kShortest || code.size() > kLooked) return false;
  std::string text = decode_base64(code);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) return false;
  if (!strong_stand_in_inside(Lowered(text).text).empty()) return true;
  return std::count_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '-' || c == '_'; }) >= kJoints &&
         mostly_words(read_words(text));
}

constexpr std::string_view kUuid = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";

// "AKIAIM«FAKE»ACCESSKEY": by chance in one of 80,000 key ids of AWS, and in one of 400,000 keys of 40 characters. And
// a value of which a part was crossed out, "a1b2XXXXXXXXc3d4": one character more, and so many times rarer by chance.
bool says_fake(std::string_view v) { return v.size() >= 16 && contains_any(v, {"FAKE", "XXXXX", "xxxxx"}); }

// ---- the whole value ----

// "Admin12345", "Welcome#1": made of common words and digits, but made to satisfy a password policy. Nobody writes
// that where a value is still to come.
bool satisfies_policy(std::string_view v, const Shape& shape) {
  return v.size() >= 8 && shape.space == 0 && shape.upper > 0 && shape.lower > 0 && shape.digit > 0;
}

// "good-password", "app_secret", "encoded&password": words that call themselves one.
bool calls_itself_secret(std::string_view v, const Shape& shape) {
  if (shape.digit > 0 || v.find_first_of("-_ .&") == v.npos) return false;
  Pieces pieces(v);
  Piece piece;
  while (pieces.next(piece)) {
    const Lowered low(piece.text);
    if (low.text == "password" || low.text == "secret" || low.text == "token") return true;
  }
  return false;
}

bool is_stand_in_value(std::string_view v, const Shape& shape, const Reading& r, NameKind name) {
  const Lowered low(v);
  if (!strong_stand_in_inside(low.text).empty()) return true;
  if (name == NameKind::password && satisfies_policy(v, shape)) return false;
  if (is_sequence(v, shape) || is_repeated_group(v) || calls_itself_secret(v, shape)) return true;
  if (r.strong && mostly_words(r)) return true;
  if (r.yours && name != NameKind::password) return true;  // "sk-proj-YOUR_KEY"
  // "secret", "my-api-key", "test123": nothing but stand-ins, and digits as people append them.
  const bool plain_separators = std::all_of(v.begin(), v.end(), [](char c) {
    return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ' ' || c == '@' || c == '#' || c == ':' || c == '/';
  });
  if (r.all_stand_ins && plain_separators && r.digits <= (name == NameKind::password ? 4U : 6U)) return true;
  // "tu_contraseña", "votre-cle", "dein_passwort"
  const bool yours = starts_with_any(low.text, {"tu_", "tu-", "su_", "su-", "sua_", "sua-", "seu_", "seu-", "votre_",
                                                "votre-", "dein_", "dein-", "deine_", "deine-", "ihr_", "ihr-"});
  if (yours && shape.digit == 0) return true;
  return starts_with_any(low.text, {"your", "my_", "my-", "<", "some_", "some-", "the_", "enter_", "add_", "set_me",
                                    "insert", "put_"}) &&
         (r.words >= 1 || low.text.starts_with("your"));
}

}  // namespace

bool holds_uuid(std::string_view v) {
  for (std::size_t at = 0; at + kUuid.size() <= v.size(); ++at) {
    std::size_t i = 0;
    while (i < kUuid.size() && (kUuid[i] == '-' ? v[at + i] == '-' : is_hex(v[at + i]))) ++i;
    if (i == kUuid.size()) return true;
  }
  return false;
}

ValueKind judge_value(std::string_view value, std::string_view key) {
  std::string_view whole = trim(value);
  if (whole.empty()) return ValueKind::empty;
  if (whole.size() > 2 && whole.front() == whole.back() && (whole.front() == '"' || whole.front() == '\''))
    whole = whole.substr(1, whole.size() - 2);  // quoted for one language within the quotes of another
  const std::string_view v = whole.substr(0, kLooked);
  if (is_encrypted(v)) return ValueKind::encrypted;
  if (is_public_material(v)) return ValueKind::config;
  if (is_published(v)) return ValueKind::placeholder;
  if (v.starts_with("-----BEGIN ")) return ValueKind::real;
  if (is_reference(v)) return ValueKind::reference;
  if (is_document(v)) return holds_random_string(v) ? ValueKind::real : ValueKind::config;

  const Shape shape(v);
  if (is_mask(v, shape)) return ValueKind::placeholder;
  const NameKind name = name_kind(key);
  const bool person = name == NameKind::password;
  if (!person && (says_fake(v) || is_text_in_hex(v))) return ValueKind::placeholder;
  if (is_keyword(Lowered(v.substr(0, v.find_last_not_of(".,;:)]}") + 1)).text)) return ValueKind::config;
  if (is_version(v) || is_timestamp(v) || is_algorithm(v) || is_qualified_name(v) || is_column_type(v) ||
      is_rule_list(v) || is_generic_type(v))
    return ValueKind::config;
  if (is_table_place(v) && !(person && is_mixture(v))) return ValueKind::config;  // "Harbour.1987" is typed as well
  if ((is_measure(v) || is_repetition(v)) && !person) return ValueKind::config;
  if (v.starts_with("--") && v.size() > 3 && is_lower(v[2])) return ValueKind::config;  // an option of a command
  if (is_number(v) && !(person && v.size() >= 6 && shape.digit == v.size())) return ValueKind::config;
  if (is_plain_url(v) || is_path(v, shape) || is_directory_name(v)) return ValueKind::config;
  if ((is_email(v) || is_handle(v)) && !person) return ValueKind::config;

  if (is_cut_web_token(whole)) return ValueKind::placeholder;
  const Reading reading = read_words(v);
  if (is_stand_in_value(v, shape, reading, name) || is_stand_in_in_base64(v)) return ValueKind::placeholder;
  if (v.size() < 4) return ValueKind::placeholder;
  if (is_prose(v, shape, reading)) return ValueKind::config;
  if (name == NameKind::public_key) return ValueKind::config;
  if (is_constant_name(v, shape) && shape.digit == 0) return ValueKind::config;
  // "USER_PASSWORD_ADDED = <an id>": of an event, and not of the password that the name speaks of
  const bool id = v.size() == kUuid.size() && holds_uuid(v);
  if (id && (person || name == NameKind::secret) && !ends_in_secret(key)) return ValueKind::config;
  if (person) return ValueKind::real;
  if (name == NameKind::secret) {
    if (v.size() < 6) return ValueKind::placeholder;
    if (shape.space > 0 || is_prefix(v, shape) || is_joined_words(v) || is_word_list(v) || is_place_name(v))
      return ValueKind::config;
    if (v.find("->") != v.npos && shape.digit == 0)
      return ValueKind::config;                         // a path in a program: "data->keys->auth"
    if (v.starts_with("--")) return ValueKind::config;  // an option, a property of a style sheet
    if (is_tutorial_token(v, shape) || is_text_in_base64(v)) return ValueKind::placeholder;
    // Machines make secrets long or mixed; a short run of letters of one case is a word of some language.
    if (v.size() < 16 && shape.digit + shape.other == 0 && (shape.upper == 0 || shape.lower == 0))
      return ValueKind::config;
    // Words run together for so long are no name that a program writes, but what a person thought up to be long enough.
    if (shape.alpha() == v.size() && (shape.upper == 0 || shape.lower == 0)) return ValueKind::real;
    if (is_object_name(v, shape, reading)) return ValueKind::config;
    if (v[0] == '#' && is_object_name(v.substr(1), shape, reading)) return ValueKind::config;  // finds it in a page
    if (is_camel_case(shape, reading) && shape.other <= 1) return ValueKind::config;
    return is_identifier(v, shape, reading) && !looks_random(v, shape, reading) ? ValueKind::config : ValueKind::real;
  }
  if (v.size() > kUuid.size() && holds_uuid(v)) return ValueKind::config;  // a key that finds something
  if (is_file_name(v)) return ValueKind::config;
  if (is_object_name(v, shape, reading)) return ValueKind::config;
  if (v.back() == ')' && v.find('(') != v.npos) return ValueKind::config;  // "system.cpu.load.avg(1m)"
  return looks_random(v, shape, reading) && v.size() >= 16 ? ValueKind::real : ValueKind::config;
}

ValueKind ValueMemo::judge(std::string_view value, std::string_view key) {
  constexpr std::size_t kEntries = 2048, kLongest = 256;
  if (value.size() + key.size() > kLongest) return judge_value(value, key);
  if (entries_.empty()) entries_.resize(kEntries);
  const std::hash<std::string_view> hash;
  Entry& entry = entries_[(hash(value) ^ 3 * hash(key)) % kEntries];
  const std::string_view asked = entry.asked;
  const bool known = entry.value_size == value.size() && asked.size() == value.size() + key.size() && !asked.empty() &&
                     asked.starts_with(value) && asked.ends_with(key);
  if (!known) {
    entry.kind = judge_value(value, key);
    entry.asked.assign(value).append(key);
    entry.value_size = static_cast<std::uint32_t>(value.size());
  }
  return entry.kind;
}

bool is_documented_seed(std::string_view value) {
  // Key URI format, https://github.com/google/google-authenticator/wiki/Key-Uri-Format, and RFC 6238, appendix B.
  return contains_any(value, {"JBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQ"});
}

bool is_made_up(std::string_view value) {
  constexpr std::size_t kShortest = 12;  // of what machines make
  const std::string_view v = trim(value).substr(0, kLooked);
  if (is_documented_seed(v)) return true;
  std::string text = v.find('.') == v.npos ? decode_base64(v) : std::string();  // a web token is none, whatever it says
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.size() >= 6 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }))
    return is_made_up(std::string_view(text).substr(text.find(':') + 1));  // a login is only as good as its password
  const Shape shape(v);
  const bool one_case = shape.alpha() == v.size() && (shape.lower == 0 || shape.upper == 0);  // fingers on the keys
  if (v.size() < kShortest || one_case || holds_uuid(v)) return true;
  return holds_stand_ins(v) || has_rhythm(v) || walks_alphabet(v) || !looks_random(v, shape, read_words(v));
}

bool is_camel_case_name(std::string_view v) {
  return is_lower(v.front()) && std::all_of(v.begin(), v.end(), is_alpha) && read_words(v).pieces >= 3 &&
         is_camel_case(Shape(v), read_words(v));
}

std::string_view to_string(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::empty: return "empty";
    case ValueKind::reference: return "reference";
    case ValueKind::placeholder: return "placeholder";
    case ValueKind::encrypted: return "encrypted";
    case ValueKind::config: return "config";
    case ValueKind::real: return "real";
    case ValueKind::weak: return "weak";
  }
  return "real";
}

double shannon_entropy(std::string_view s) noexcept {
  if (s.empty()) return 0;
  std::array<std::uint32_t, 256> count{};
  for (char c : s) ++count[static_cast<std::uint8_t>(c)];
  double bits = 0;
  const auto n = static_cast<double>(s.size());
  for (const std::uint32_t k : count)
    if (k > 0) bits -= k / n * std::log2(k / n);
  return bits;
}

}  // namespace launchgate::secrets
