// Word tables and the letter-pair model.
//
// The tables are ours: words seen to stand for "no value yet" in many projects' samples and documentation. The
// letter-pair model is a table of 26 x 26 digits counted over the words of a large body of technical English;
// it tells "administrator" from "xkqjzwvp" without a dictionary.
#include "libscan/secrets/value_words.hpp"

#include <algorithm>
#include <cstdint>

namespace launchgate::secrets {
namespace {

// Sorted, for binary search.
constexpr std::string_view kStandIns[] = {
    "access",
    "account",
    "admin",
    "adminadmin",
    "administrator",
    "an",
    "and",
    "any",
    "api",
    "app",
    "application",
    "auth",
    "authorization",
    "aws",
    "bar",
    "basic",
    "baz",
    "bearer",
    "bla",
    "blah",
    "bob",
    "bogus",
    "bot",
    "change",
    "changed",
    "changeme",
    "changethis",
    "cipher",
    "client",
    "clientid",
    "code",
    "consumer",
    "cookie",
    "correct",
    "cred",
    "credential",
    "credentials",
    "crypt",
    "crypto",
    "custom",
    "database",
    "db",
    "default",
    "demo",
    "dev",
    "development",
    "dummy",
    "email",
    "encrypt",
    "encryption",
    "enter",
    "example",
    "fake",
    "fill",
    "fixme",
    "foo",
    "foobar",
    "for",
    "from",
    "generate",
    "generated",
    "gibberish",
    "github",
    "give",
    "go",
    "goes",
    "google",
    "hash",
    "hello",
    "here",
    "hidden",
    "id",
    "in",
    "insecure",
    "insert",
    "invalid",
    "is",
    "it",
    "jane",
    "joe",
    "john",
    "jwt",
    "key",
    "keys",
    "known",
    "launch",
    "local",
    "localhost",
    "login",
    "long",
    "longer",
    "lorem",
    "master",
    "me",
    "missing",
    "mock",
    "my",
    "mysecret",
    "name",
    "new",
    "no",
    "none",
    "not",
    "nothing",
    "null",
    "oauth",
    "obfuscated",
    "of",
    "old",
    "one",
    "only",
    "or",
    "org",
    "our",
    "pass",
    "passphrase",
    "passw",
    "passwd",
    "password",
    "passwords",
    "passwort",
    "paste",
    "path",
    "payload",
    "personal",
    "phrase",
    "pin",
    "place",
    "placeholder",
    "please",
    "postgres",
    "postgresql",
    "private",
    "prod",
    "production",
    "project",
    "provider",
    "public",
    "put",
    "pwd",
    "qwerty",
    "random",
    "real",
    "redacted",
    "refresh",
    "removed",
    "replace",
    "replaced",
    "replaceme",
    "replacement",
    "required",
    "root",
    "rsa",
    "safe",
    "salt",
    "same",
    "sample",
    "secret",
    "secrete",
    "secretkey",
    "secretkeyhere",
    "secrets",
    "secure",
    "secured",
    "security",
    "server",
    "service",
    "session",
    "set",
    "shared",
    "shh",
    "should",
    "signature",
    "signing",
    "simple",
    "site",
    "smtp",
    "some",
    "something",
    "somewhere",
    "stage",
    "staging",
    "strong",
    "stub",
    "stuff",
    "super",
    "supersecret",
    "test",
    "tester",
    "testing",
    "tests",
    "testuser",
    "text",
    "thing",
    "this",
    "to",
    "todo",
    "token",
    "tokens",
    "topsecret",
    "two",
    "undefined",
    "unknown",
    "unset",
    "unused",
    "update",
    "url",
    "use",
    "user",
    "username",
    "userpass",
    "users",
    "valid",
    "value",
    "values",
    "variable",
    "very",
    "webhook",
    "with",
    "word",
    "wrong",
    "www",
    "x",
    "xx",
    "xxx",
    "xxxx",
    "xxxxx",
    "your",
    "yours",
    "yourself",
};

constexpr std::string_view kStrong[] = {
    "changeme", "changethis", "dummy",     "example", "examplekey",  "fake",     "fill",    "fixme",    "foobar",
    "goes",     "here",       "insert",    "mock",    "placeholder", "redacted", "replace", "replaced", "replaceme",
    "sample",   "todo",       "undefined", "xxx",     "xxxx",        "xxxxx",    "your",    "yours",    "yoursecret",
};

// Row: first letter, column: second; a digit is log2 P(second | first) + 9, rounded and clipped to 0..9.
constexpr char kPairs[26][27] = {
    "15551240503646040656332130",  // a
    "64446300630730520552610020",  // b
    "62416206505520710426420020",  // c
    "53347320710422500451521030",  // d
    "52563431200546142665133410",  // e
    "63336600700511600444500040",  // f
    "50207345600425420652511020",  // g
    "70117100600232610435400020",  // h
    "43544440001547530456040303",  // i
    "50328230400000600230700000",  // j
    "50038422700304330163303030",  // k
    "61147200602610620044420060",  // l
    "74027000601251560042400000",  // m
    "50566471503213520156330020",  // n
    "23441330303557450645544100",  // o
    "60126123500610650645400020",  // p
    "10010010111301103041901000",  // q
    "62347230603344520455421040",  // r
    "40517215603321451057512030",  // s
    "60417205700311520554402040",  // t
    "45434340500556250666000000",  // u
    "60108000700002500040100000",  // v
    "71126106600305600652201000",  // w
    "50546102600130270336311430",  // x
    "34435132600465560265124003",  // y
    "60008010600300400230301044",  // z
};

constexpr std::size_t kMaxSegmented = 40;

// A sorted list of lower-case words, which knows the lengths its words of each first letter have: of what is asked for,
// most is told from that.
template <std::size_t N>
class WordList {
 public:
  constexpr explicit WordList(const std::string_view (&sorted)[N]) : sorted_(sorted) {
    for (const std::string_view word : sorted)
      lengths_[static_cast<unsigned char>(word[0])] |= std::uint32_t{1} << word.size();
  }
  bool contains(std::string_view word) const {
    return !word.empty() && word.size() < 32 &&
           (lengths_[static_cast<unsigned char>(word[0])] >> word.size() & 1) != 0 &&
           std::binary_search(std::begin(sorted_), std::end(sorted_), word);
  }

 private:
  const std::string_view (&sorted_)[N];
  std::uint32_t lengths_[256] = {};
};
constexpr WordList kStandInList(kStandIns);
constexpr WordList kStrongList(kStrong);

int letter_index(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A';
  return -1;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_stand_in(std::string_view word) noexcept { return kStandInList.contains(word); }

bool is_strong_stand_in(std::string_view word) noexcept { return kStrongList.contains(word); }

// Word break by dynamic programming: reachable[i] says that the first i letters can be read as stand-ins.
// One-letter and two-letter stand-ins only count as whole pieces, or nearly anything could be read so.
bool is_run_of_stand_ins(std::string_view letters) noexcept {
  if (is_stand_in(letters)) return true;
  if (letters.size() > kMaxSegmented) return false;
  bool reachable[kMaxSegmented + 1] = {true};
  for (std::size_t end = 1; end <= letters.size(); ++end) {
    for (std::size_t begin = end < 14 ? 0 : end - 14; begin + 2 <= end && !reachable[end]; ++begin)
      reachable[end] = reachable[begin] && is_stand_in(letters.substr(begin, end - begin));
  }
  return reachable[letters.size()];
}

std::string_view strong_stand_in_inside(std::string_view lower_text) noexcept {
  for (std::string_view word : kStrong)
    if (word.size() >= 6 && lower_text.find(word) != lower_text.npos) return word;
  return {};
}

double letter_pair_score(std::string_view letters) noexcept {
  int sum = 0, pairs = 0, previous = -1;
  for (char c : letters) {
    const int index = letter_index(c);
    if (index >= 0 && previous >= 0) {
      sum += kPairs[previous][index] - '0';
      ++pairs;
    }
    previous = index;
  }
  return pairs == 0 ? 0 : static_cast<double>(sum) / pairs;
}

bool Pieces::next(Piece& piece) noexcept {
  while (at_ < text_.size() && letter_index(text_[at_]) < 0 && !is_digit(text_[at_])) ++at_;
  if (at_ == text_.size()) return false;
  const std::size_t begin = at_;
  piece.digits = is_digit(text_[at_]);
  if (piece.digits) {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  } else {
    while (at_ < text_.size() && is_upper(text_[at_])) ++at_;
    if (at_ - begin > 1 && at_ < text_.size() && is_lower(text_[at_])) {
      --at_;  // "APIKey": the K begins the next piece
    } else if (at_ - begin <= 1) {
      while (at_ < text_.size() && is_lower(text_[at_])) ++at_;
    }
  }
  piece.text = text_.substr(begin, at_ - begin);
  return true;
}

}  // namespace launchgate::secrets
