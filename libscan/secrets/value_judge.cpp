// What the characters of a value say. The order of the questions is the order of certainty: shapes that name
// themselves first (references, encryption, masks), then plain configuration, then words, then randomness.
#include "libscan/secrets/value_judge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kLooked = 512;  // what is said about a value is said by its first characters

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alpha(char c) { return is_lower(c) || is_upper(c); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

bool starts_with_any(std::string_view s, std::initializer_list<std::string_view> list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view p) { return s.starts_with(p); });
}

bool contains_any(std::string_view s, std::initializer_list<std::string_view> list) {
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
  std::size_t longest_sequence = 0;  // of characters that each follow the one before ("12345", "abcd")
  std::size_t size = 0;
  bool all_hex = true;

  explicit Shape(std::string_view s) : size(s.size()) {
    std::uint64_t seen[4] = {};
    std::size_t run = 0, up = 0, down = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const auto u = static_cast<std::uint8_t>(s[i]);
      std::uint64_t& word = seen[u >> 6];
      distinct += !(word >> (u & 63) & 1);
      word |= std::uint64_t{1} << (u & 63);
      if (is_lower(s[i]))
        ++lower;
      else if (is_upper(s[i]))
        ++upper;
      else if (is_digit(s[i]))
        ++digit;
      else if (is_space(s[i]))
        ++space;
      else if (u >= 0x80)
        ++high;
      else
        ++other;
      all_hex &= is_hex(s[i]);
      const int step = i == 0 ? 99 : u - static_cast<std::uint8_t>(s[i - 1]);
      run = step == 0 ? run + 1 : 1;
      up = step == 1 || (step == -9 && s[i] == '0') ? up + 1 : 1;  // "…890"
      down = step == -1 ? down + 1 : 1;
      longest_run = std::max(longest_run, run);
      longest_sequence = std::max({longest_sequence, up, down});
    }
  }
  std::size_t alpha() const { return lower + upper; }
};

bool is_encrypted(std::string_view v) {
  return starts_with_any(
      v, {"encrypted:", "ENC[", "ENC(", "$ANSIBLE_VAULT;", "-----BEGIN AGE ENCRYPTED", "{cipher}",
          "-----BEGIN PGP MESSAGE", "vault:v1:", "AQICAH", "age-encryption.org",
          // hashes: what is stored instead of a password
          "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "$apr1$", "pbkdf2", "{SSHA", "{SHA", "{MD5}",
          "{bcrypt}", "scrypt:", "sha256$", "sha1$", "sha512$", "md5$", "SCRAM-SHA-256$", "$P$", "$pbkdf2"});
}

// $NAME, $name, %NAME%, @NAME@, __NAME__, #{…}: names in the sigils of shells and template languages.
bool is_sigiled_name(std::string_view v) {
  if (v.size() < 2) return false;
  const auto name = [](std::string_view s) {
    return !s.empty() && !is_digit(s[0]) && std::all_of(s.begin(), s.end(), [](char c) {
      return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':';
    });
  };
  if (v[0] == '$' && name(v.substr(1))) {
    // "$uper$ecret" is no name; "$Pa55w0rd" might be one, and shells would read it as one.
    return v.find('$', 1) == v.npos;
  }
  const std::string_view inner = v.substr(1, v.size() - 2);
  if (v.front() == v.back() && (v[0] == '%' || v[0] == '@') && name(inner)) return true;
  if (v[0] == ':' && name(v.substr(1)) && v.find(':', 1) == v.npos) return true;  // Ruby symbol, SQL parameter
  if (v.starts_with("__") && v.ends_with("__")) return true;
  // "_DB_PASS_", "%%PWD%%", "%RANDOM%@%RANDOM%"
  const bool constant = std::all_of(v.begin(), v.end(), [](char c) { return is_upper(c) || c == '_'; });
  if (constant && v.front() == '_' && v.back() == '_') return true;
  if (v.front() == '%' && v.back() == '%') return true;
  return v[0] == '%' && name(v.substr(1)) && v.size() <= 3;  // %s, %d, %v
}

// "%s", "%hhd", "%*s", "%-10s", "%{name}s": the value is put in at run time.
bool has_format(std::string_view v) {
  for (std::size_t at = v.find('%'); at != v.npos; at = v.find('%', at + 1)) {
    std::size_t i = at + 1;
    while (i < v.size() && (is_digit(v[i]) || contains_any(v.substr(i, 1), {"*", "-", "h", "l", "z", "."}))) ++i;
    const bool conversion = i < v.size() && std::string_view("sdvxuqif").find(v[i]) != std::string_view::npos;
    const bool ends = i + 1 >= v.size() || !is_alnum(v[i + 1]);
    if (conversion && ends && !(i > at + 1 && is_digit(v[at + 1]) && v.size() > 12)) return true;
  }
  return false;
}

bool is_reference(std::string_view v) {
  if (contains_any(v, {"${", "$(", "{{", "#{", "<%", "%{", "%(", "{%", "$[", "@{", "}}", "((", "`"})) return true;
  if (v.front() == '<' && v.back() == '>') return true;
  if ((v.front() == '[' && v.back() == ']') || v.back() == '[' || (v.front() == '(' && v.back() == ')')) return true;
  // "{password}", and not a JSON object kept in a string
  if (v.front() == '{' && v.back() == '}' && v.find_first_of("\":\\") == v.npos) return true;
  if (is_sigiled_name(v)) return true;
  if (starts_with_any(v, {"op://",
                          "vault:",
                          "secret://",
                          "ref+",
                          "sm://",
                          "ssm:",
                          "arn:",
                          "@Microsoft.KeyVault(",
                          "/run/secrets/",
                          "file:",
                          "env:",
                          "env.",
                          "ENV[",
                          "ENV.",
                          "process.env",
                          "os.environ",
                          "os.getenv",
                          "getenv",
                          "System.getenv",
                          "Deno.env",
                          "import.meta.env",
                          "secrets.",
                          "secretsmanager:",
                          "awsps://",
                          "keyring:",
                          "akv:",
                          "gsm:",
                          "kms:",
                          "bao:",
                          "!Ref",
                          "!Sub",
                          "!GetAtt",
                          "<%=",
                          "projects/",
                          "doppler ",
                          "infisical ",
                          "chamber "}))
    return true;
  return has_format(v) || contains_any(v, {"process.env", "os.environ", "getenv(", "{}", "{0}"});
}

// One character repeated, dots, stars: the value was covered or left open.
bool is_mask(std::string_view v, const Shape& shape) {
  if (v.size() >= 3 && shape.distinct == 1) return true;
  if (shape.alpha() + shape.digit + shape.high == 0) return true;
  if (contains_any(v, {"...", "***", "\xe2\x80\xa6", "\xe2\x80\xa2", "###"})) return true;
  // "XXXXXXXX-XXXX", "sk_live_xxxxxxxx", "AKIA0000000000000000"
  if (shape.longest_run >= 5 && shape.longest_run * 4 >= v.size()) return true;
  return v.size() >= 8 && shape.distinct <= 3 && !(shape.digit == v.size());
}

bool is_sequence(std::string_view v, const Shape& shape) {
  if (shape.longest_sequence >= 8) return true;
  if (shape.longest_sequence >= 4 && shape.longest_sequence * 2 >= v.size()) return true;
  // "0123456789abcdef", "abc123", "a1b2c3d4", "deadbeef"
  const Lowered low(v);
  return low.text == "abc123" || low.text.find("deadbeef") != low.text.npos ||
         low.text.find("a1b2c3d4") != low.text.npos || low.text.find("abcd1234") != low.text.npos ||
         low.text.find("1a2b3c") != low.text.npos || low.text.starts_with("qwerty") || low.text.starts_with("asdf") ||
         low.text.starts_with("lorem");
}

// ---- configuration ----

// Digits with whatever joins them: dates, versions ("^1.4.6"), addresses, ports.
bool is_number(std::string_view v) {
  bool digit = false;
  for (char c : v) {
    if (is_digit(c))
      digit = true;
    else if (c != '.' && c != '-' && c != '+' && c != ',' && c != '_' && c != 'x' && c != ':' && c != '/' && c != ' ' &&
             c != '^' && c != '~' && c != '>' && c != '<' && c != '=')
      return false;
  }
  return digit;
}

bool is_keyword(std::string_view lower) {
  constexpr std::string_view kKeywords[] = {
      "true",      "false",   "yes",       "no",       "on",       "off",        "null",        "nil",     "none",
      "undefined", "nullptr", "void",      "string",   "str",      "int",        "integer",     "bool",    "boolean",
      "bytes",     "byte",    "object",    "any",      "text",     "varchar",    "char",        "number",  "default",
      "auto",      "enabled", "disabled",  "required", "optional", "always",     "never",       "self",    "this",
      "info",      "debug",   "warn",      "error",    "trace",    "production", "development", "staging", "local",
      "basic",     "bearer",  "digest",    "oauth",    "oauth2",   "password",   "passwd",      "hidden",  "true,",
      "false,",    "null,",   "sensitive", "n/a",      "tbd",      "todo",       "empty",       "blank",   "header",
      "query",     "body",    "cookie",    "form",     "json",     "xml",        "rsa",         "dsa",     "ecdsa",
      "ed25519",   "sha1",    "sha256",    "sha512",   "md5",      "hs256",      "rs256",       "es256",   "hs512",
      "rs512",     "aes",     "plain",     "login",    "email",    "username",   "static",      "const",   "final",
      "public",    "private", "protected", "return",   "new",      "function",   "async",       "await",   "let",
      "var"};
  return std::find(std::begin(kKeywords), std::end(kKeywords), lower) != std::end(kKeywords);
}

// Has a scheme and no password in it.
bool is_plain_url(std::string_view v) {
  const std::size_t scheme = v.find("://");
  if (scheme == v.npos || scheme > 20) return false;
  const std::string_view rest = v.substr(scheme + 3);
  const std::size_t at = rest.find('@');
  return at == rest.npos || rest.substr(0, at).find(':') == rest.npos;
}

// "/etc/key.pem", "./id_rsa", "~/.ssh", "C:\keys", "config/master.key", "password.txt"
bool is_path(std::string_view v, const Shape& shape) {
  if (shape.space > 0) return false;
  if (starts_with_any(v, {"./", "../", "~/", "/etc/", "/var/", "/usr/", "/opt/", "/home/", "/tmp/", "/root/", "/app/",
                          "/run/", "/data/", "/mnt/", "/srv/", "file://", "classpath:", "s3://"}))
    return true;
  if (v.size() > 3 && is_alpha(v[0]) && v[1] == ':' && (v[2] == '\\' || v[2] == '/')) return true;
  constexpr std::string_view kEndings[] = {".pem",  ".key", ".crt",  ".cer",        ".p12",  ".jks",  ".pfx",  ".txt",
                                           ".json", ".yml", ".yaml", ".xml",        ".conf", ".cfg",  ".ini",  ".html",
                                           ".js",   ".ts",  ".py",   ".rb",         ".go",   ".php",  ".java", ".png",
                                           ".svg",  ".css", ".env",  ".properties", ".md",   ".sh",   ".pub",  ".log",
                                           ".csv",  ".com", ".org",  ".net",        ".io",   ".local"};
  const Lowered low(v);
  if (std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view e) { return low.text.ends_with(e); }))
    return true;
  // Two slashes and words between them: a route or an import.
  const auto slashes = static_cast<std::size_t>(std::count(v.begin(), v.end(), '/'));
  return slashes >= 1 && shape.digit * 8 < v.size() && letter_pair_score(v) >= kWordScore && v.find('+') == v.npos;
}

bool is_email(std::string_view v) {
  const std::size_t at = v.find('@');
  if (at == v.npos || at == 0 || v.find('@', at + 1) != v.npos || v.find(' ') != v.npos) return false;
  const std::string_view host = v.substr(at + 1);
  const std::size_t dot = host.rfind('.');
  return dot != host.npos && dot > 0 && host.size() - dot >= 3 && host.size() - dot <= 7 &&
         std::all_of(host.begin() + static_cast<std::ptrdiff_t>(dot) + 1, host.end(), is_alpha) &&
         std::all_of(host.begin(), host.end(), [](char c) { return is_alnum(c) || c == '.' || c == '-'; });
}

bool is_public_material(std::string_view v) {
  return starts_with_any(
      v, {"ssh-rsa ", "ssh-dss ", "ssh-ed25519 ", "ecdsa-sha2-", "-----BEGIN PUBLIC", "-----BEGIN CERT",
          "-----BEGIN RSA PUBLIC", "-----BEGIN EC PUBLIC", "-----BEGIN SSH2 PUBLIC", "pk_live_", "pk_test_",
          "sb_publishable_", "MIGfMA0GCSqGSIb3DQEBAQUAA4GN", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", "sha256-", "sha384-",
          "sha512-", "data:"});
}

// ---- words ----

// How a value reads as words: which share of its letters stands in pieces that look like words, and whether
// all of them are stand-ins.
struct Reading {
  std::size_t letters = 0, word_letters = 0, digits = 0, pieces = 0, words = 0;
  bool all_stand_ins = true;
  bool strong = false;
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
    const Lowered low(piece.text);
    const bool stand_in = is_run_of_stand_ins(low.text);
    if (stand_in || (piece.text.size() >= 3 && letter_pair_score(piece.text) >= kWordScore)) {
      r.word_letters += piece.text.size();
      ++r.words;
    }
    r.all_stand_ins &= stand_in;
    r.strong |= is_strong_stand_in(low.text);
  }
  r.all_stand_ins &= r.pieces > 0;
  return r;
}

bool mostly_words(const Reading& r) { return r.letters > 0 && r.word_letters * 10 >= r.letters * 7; }

// Text for people: several words with spaces, or letters beyond ASCII in words.
bool is_prose(std::string_view v, const Shape& shape, const Reading& r) {
  if (shape.space == 0) return shape.high * 2 > v.size();
  if (shape.high * 4 > v.size()) return true;
  return r.words >= 2 || shape.space >= 3 || (r.pieces >= 2 && mostly_words(r));
}

// A name of a program rather than a value: words joined by camel case, dots or underscores, no or few digits.
bool is_identifier(std::string_view v, const Shape& shape, const Reading& r) {
  if (shape.space + shape.high > 0) return false;
  if (!std::all_of(v.begin(), v.end(),
                   [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '/'; }))
    return false;
  return mostly_words(r) && shape.digit * 5 <= v.size();
}

// NAME_OF_SOMETHING, as constants and environment variables are called.
bool is_constant_name(std::string_view v, const Shape& shape) {
  return shape.lower + shape.space + shape.high == 0 && shape.upper > 0 && v.find('_') != v.npos &&
         shape.digit * 5 <= v.size() && std::all_of(v.begin(), v.end(), [](char c) { return is_alnum(c) || c == '_'; });
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
  if (mostly_words(r)) return false;
  // Separators join words as well as noise, so they make no mixture.
  const auto separators = static_cast<std::size_t>(std::count_if(
      v.begin(), v.end(), [](char c) { return c == '.' || c == '-' || c == '_' || c == '/' || c == ':' || c == ','; }));
  const int kinds = (shape.digit > 0) + (shape.lower > 0) + (shape.upper > 0) + (shape.other > separators);
  return kinds >= 2 || letter_pair_score(v) < 3.2;
}

// ---- the whole value ----

// "Admin12345", "Welcome#1": made of common words and digits, but made to satisfy a password policy. Nobody writes
// that where a value is still to come.
bool satisfies_policy(std::string_view v, const Shape& shape) {
  return v.size() >= 8 && shape.space == 0 && shape.upper > 0 && shape.lower > 0 && shape.digit > 0;
}

// "good-password", "app_secret": words that call themselves one.
bool calls_itself_secret(std::string_view v, const Shape& shape) {
  if (shape.digit > 0 || v.find_first_of("-_ .") == v.npos) return false;
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
  if (is_sequence(v, shape) || calls_itself_secret(v, shape)) return true;
  if (r.strong && mostly_words(r)) return true;
  // "secret", "my-api-key", "test123": nothing but stand-ins, and digits as people append them.
  const bool plain_separators = std::all_of(v.begin(), v.end(), [](char c) {
    return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ' ' || c == '@' || c == '#' || c == ':' || c == '/';
  });
  if (r.all_stand_ins && plain_separators && r.digits <= (name == NameKind::password ? 4U : 6U)) return true;
  return starts_with_any(low.text, {"your", "my_", "my-", "<", "some_", "some-", "the_", "enter_", "add_", "set_me",
                                    "insert", "put_"}) &&
         (r.words >= 1 || low.text.starts_with("your"));
}

}  // namespace

ValueKind judge_value(std::string_view value, std::string_view key) {
  const std::string_view whole = trim(value);
  if (whole.empty()) return ValueKind::empty;
  const std::string_view v = whole.substr(0, kLooked);
  if (is_encrypted(v)) return ValueKind::encrypted;
  if (is_public_material(v)) return ValueKind::config;
  if (v.starts_with("-----BEGIN ")) return ValueKind::real;
  if (is_reference(v)) return ValueKind::reference;

  const Shape shape(v);
  if (is_mask(v, shape)) return ValueKind::placeholder;
  const NameKind name = name_kind(key);
  const bool person = name == NameKind::password;
  if (is_keyword(Lowered(v).text)) return ValueKind::config;
  if (is_number(v) && !(person && v.size() >= 6 && shape.digit == v.size())) return ValueKind::config;
  if (is_plain_url(v) || is_path(v, shape)) return ValueKind::config;
  if (is_email(v) && !person) return ValueKind::config;

  const Reading reading = read_words(v);
  if (is_stand_in_value(v, shape, reading, name)) return ValueKind::placeholder;
  if (v.size() < 4) return ValueKind::placeholder;
  if (is_prose(v, shape, reading)) return ValueKind::config;
  if (name == NameKind::public_key) return ValueKind::config;
  if (person) return ValueKind::real;
  if (name == NameKind::secret) {
    if (v.size() < 6) return ValueKind::placeholder;
    if (shape.space > 0) return ValueKind::config;
    // Machines make secrets long or mixed; a short run of letters of one case is a word of some language.
    if (v.size() < 16 && shape.digit + shape.other == 0 && (shape.upper == 0 || shape.lower == 0))
      return ValueKind::config;
    return is_identifier(v, shape, reading) && !looks_random(v, shape, reading) ? ValueKind::config : ValueKind::real;
  }
  return looks_random(v, shape, reading) && v.size() >= 16 ? ValueKind::real : ValueKind::config;
}

std::string_view to_string(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::empty: return "empty";
    case ValueKind::reference: return "reference";
    case ValueKind::placeholder: return "placeholder";
    case ValueKind::encrypted: return "encrypted";
    case ValueKind::config: return "config";
    case ValueKind::real: return "real";
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
