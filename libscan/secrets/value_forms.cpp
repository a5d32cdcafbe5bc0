#include "libscan/secrets/value_forms.hpp"

#include <cstdint>
#include <iterator>

#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {

Shape::Shape(std::string_view s) : size(s.size()) {
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
    in_runs += run == 4 ? 4 : run > 4 ? 1 : 0;
    up = step == 1 || (step == -9 && s[i] == '0') ? up + 1 : 1;  // "…890"
    down = step == -1 ? down + 1 : 1;
    in_sequences += up == 3 || down == 3 ? 3 : up > 3 || down > 3 ? 1 : 0;
    longest_run = std::max(longest_run, run);
    longest_sequence = std::max({longest_sequence, up, down});
  }
}

bool is_mixture(std::string_view v, std::string_view rest) {
  constexpr std::size_t kShortest = 10;
  const auto any = [&](bool (*is)(char)) {
    return std::any_of(v.begin(), v.end(), is) || std::any_of(rest.begin(), rest.end(), is);
  };
  return v.size() + rest.size() >= kShortest && any(is_upper) && any(is_lower) && any(is_digit);
}

bool is_mask(std::string_view v, const Shape& shape) {
  if (v.size() >= 3 && shape.distinct == 1) return true;
  if (shape.alpha() + shape.digit + shape.high == 0) return true;
  if (v.size() >= 6 && (v.ends_with("xxx") || v.ends_with("XXX"))) return true;  // begun, and covered to its end
  if (contains_any(v, {"...", "***", "\xe2\x80\xa6", "\xe2\x80\xa2", "###"})) return true;
  // "XXXXXXXX-XXXX", "sk_live_xxxxxxxx", "AKIA0000000000000000"
  if (shape.longest_run >= 5 && shape.longest_run * 4 >= v.size()) return true;
  if (v.size() >= 8 && shape.in_runs * 4 >= v.size() * 3) return true;  // "aaaabbbbcccc12"
  return v.size() >= 8 && shape.distinct <= 3 && !(shape.digit == v.size());
}

bool is_sequence(std::string_view v, const Shape& shape) {
  if (shape.longest_sequence >= 8) return true;
  if (shape.longest_sequence >= 4 && shape.longest_sequence * 2 >= v.size()) return true;
  if (v.size() >= 6 && shape.in_sequences == v.size()) return true;  // "def456", "abc123xyz789", "abc321"
  // "0123456789abcdef", "abc123", "a1b2c3d4", "deadbeef"
  const Lowered low(v);
  std::size_t rise = 0;  // "AbC-dEf5"
  char last = 0;
  for (const char c : low.text)
    if (is_lower(c)) rise += last != 0 && c == last + 1, last = c;
  if (rise >= 5 && (rise + 1) * 4 >= v.size() * 3) return true;
  constexpr std::size_t kRolled = 12;  // fingers that rolled over the keys; more of it is no longer a row of them
  return low.text == "abc123" || contains_any(low.text, {"deadbeef", "a1b2c3d4", "abcd1234", "1a2b3c"}) ||
         (v.size() <= kRolled && starts_with_any(low.text, {"qwerty", "asdf"})) || low.text.starts_with("lorem");
}

bool is_repeated_group(std::string_view v) {
  constexpr std::size_t kLongestGroup = 4, kFewest = 3;
  const std::size_t joint = v.find_last_of("-_");
  if (joint == v.npos) return false;
  const std::string_view body = v.substr(joint + 1);
  for (std::size_t group = 2; group <= kLongestGroup && group * kFewest <= body.size(); ++group)
    if (body.substr(group) == body.substr(0, body.size() - group)) return true;
  return false;
}

bool is_number(std::string_view v) {
  bool digit = false;
  if (const std::size_t e = v.find_first_of("eE"); e != v.npos && e > 0 && e + 1 < v.size() && is_digit(v[0])) {
    const std::string_view power = v.substr(e + 1 + (v[e + 1] == '-' || v[e + 1] == '+'));  // "7.5e-8"
    const bool small = !power.empty() && power.size() <= 3 && std::all_of(power.begin(), power.end(), is_digit);
    return small && std::all_of(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(e),
                                [](char c) { return is_digit(c) || c == '.'; });
  }
  for (char c : v) {
    if (is_digit(c))
      digit = true;
    else if (c != '.' && c != '-' && c != '+' && c != ',' && c != '_' && c != 'x' && c != ':' && c != '/' && c != ' ' &&
             c != '^' && c != '~' && c != '>' && c != '<' && c != '=')
      return false;
  }
  return digit;
}

// "npm:^4.0.0", ">=3,<3.4.6|>=4.1", "jjwt-impl:0.12.5": a version of a package, or which ones will do.
bool is_version(std::string_view v) {
  std::size_t dots = 0, at = v.size();
  while (at > 0 && (is_digit(v[at - 1]) || v[at - 1] == '.')) dots += v[--at] == '.';
  if (dots == 0 || at == v.size() || v.back() == '.') return false;
  const std::string_view head = v.substr(0, at);
  if (head.ends_with(':') || head.ends_with("@npm:")) return is_digit(v[at]) && v.find('-') != v.npos;  // name:version
  const auto range = [](char c) {
    return is_digit(c) || std::string_view("^~<>=|,.* ").find(c) != std::string_view::npos;
  };
  const std::string_view constraint = head.starts_with("npm:") ? head.substr(4)
                                      : head.starts_with('v')  ? head.substr(1)
                                                               : head;
  return std::all_of(constraint.begin(), constraint.end(), range);
}

// "87600h", "10/min", "hex:32": how long, how often, or how many characters of what.
bool is_measure(std::string_view v) {
  constexpr std::string_view kUnits[] = {"s",   "sec",  "m",  "min",  "minute", "h",   "hr",  "hour", "d",
                                         "day", "days", "w",  "week", "y",      "ms",  "k",   "kb",   "mb",
                                         "gb",  "mi",   "gi", "px",   "em",     "bit", "bits"};
  constexpr std::string_view kAlphabets[] = {"hex", "base64", "base62", "base32", "base58", "alnum", "random", "bytes"};
  const auto digits = [](std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), is_digit); };
  if (const std::size_t colon = v.find(':'); colon != v.npos)
    return v.size() - colon <= 5 && digits(v.substr(colon + 1)) && any_of(kAlphabets, v.substr(0, colon));
  constexpr std::string_view kSpans[] = {"seconds", "minutes", "hours", "days", "weeks", "months", "years"};
  if (const std::size_t sign = v.find('='); sign != v.npos)  // "weeks=4"
    return v.size() - sign <= 5 && digits(v.substr(sign + 1)) && any_of(kSpans, v.substr(0, sign));
  const std::size_t end = std::min(v.find_first_not_of("0123456789"), v.size());
  if (end == 0 || end == v.size()) return false;
  return any_of(kUnits, v.substr(end + (v[end] == '/')));
}

// "2024-05-01T10:23:00Z"
bool is_timestamp(std::string_view v) {
  if (contains_any(v, {"%Y-%", "%H:%M", "%d/%m", "%m/%d"})) return true;  // how one is written, as strftime(3) has it
  constexpr std::string_view kForm = "0000-00-00T00:00";
  if (v.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == '0' ? !is_digit(v[i]) : kForm[i] != v[i] && v[i] != ' ') return false;
  return true;
}

// "HmacSHA256", "PBKDF2WithHmacSHA512", "hmac-sha256", "aes-256-gcm", "AES/CBC/PKCS5Padding"
bool is_algorithm(std::string_view v) {
  if (v.size() >= 32) return false;
  const Lowered low(v);
  const bool cipher =
      starts_with_any(low.text, {"aes-", "aes/", "aes_", "aes128", "aes192", "aes256", "des-", "desede"}) &&
      contains_any(low.text, {"gcm", "cbc", "ctr", "ecb", "cfb", "ofb", "siv", "ccm"});
  return cipher || starts_with_any(low.text, {"chacha20-", "xchacha20-", "rsa-oaep", "rsassa-"}) ||
         contains_any(low.text, {"hmacsha", "hmac-sha", "hmac_sha", "pbkdf2with"});
}

// "shop.commands.login:main", "orders#show": names of a program, one within the other.
bool is_qualified_name(std::string_view v) {
  if (starts_with_any(v, {"jar:", "pom:", "war:", "aar:"})) return true;  // of Maven: "nimbus-jose-jwt:jar:6.0.1"
  if (v.find_first_of(".#") == v.npos) return false;                      // "one:two" may be a login
  if (v.front() == '@') v.remove_prefix(1);                               // "@delimiter.directive" of a grammar
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (is_lower(v[i]) || (v[i] == '_' && i > 0)) continue;
    if ((v[i] != '.' && v[i] != ':' && v[i] != '#') || i < 3 || i + 3 > v.size() || !is_lower(v[i + 1])) return false;
  }
  return true;
}

// "@app_theme", "_csrftoken": where a program keeps something in a browser, a session or a form.
bool is_place_name(std::string_view v) {
  constexpr std::size_t kLongest = 24;
  return (v.front() == '@' || v.front() == '_') && v.size() <= kLongest &&
         std::all_of(v.begin() + 1, v.end(), [](char c) { return is_lower(c) || c == '_' || c == ':' || c == '/'; });
}

// "passive,shadow,message:text": three words and more of a list, none of them a value.
bool is_word_list(std::string_view v) {
  std::size_t words = 1;
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (is_lower(v[i]) || ((v[i] == '-' || v[i] == '_' || v[i] == ':') && i > 0 && is_lower(v[i - 1]))) continue;
    if (v[i] != ',' || i < 3 || i + 3 > v.size() || !is_lower(v[i - 1])) return false;
    ++words;
  }
  return words >= 3;
}

// "oidc:state", "logout+jwt": letters of one case in words that something joins.
bool is_joined_words(std::string_view v) {
  if (v.ends_with("+jwt")) return true;  // "at+jwt" (RFC 9068): a media type
  std::size_t joints = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (is_lower(v[i]) || (v[i] == '_' && i > 0 && is_lower(v[i - 1]))) continue;  // "tkn_lft:idt"
    if ((v[i] != ':' && v[i] != '+') || i < 3 || i + 3 > v.size() || !is_lower(v[i - 1])) return false;
    ++joints;
  }
  return joints > 0;
}

// "@rematch", "@Inject", "@handle"
bool is_handle(std::string_view v) { return v.front() == '@' && std::all_of(v.begin() + 1, v.end(), is_alpha); }

// "Optional[int]", "dict[str, Any]", "map(string)": the type of a variable.
bool is_generic_type(std::string_view v) {
  constexpr std::string_view kOfTerraform[] = {"string", "number", "bool", "any"};
  if (starts_with_any(v, {"map(", "list(", "set(", "optional("}) && v.back() == ')')
    return any_of(kOfTerraform, v.substr(v.find('(') + 1, v.size() - v.find('(') - 2));
  const std::size_t open = v.find('[');
  if (open == v.npos || open < 3 || v.back() != ']' || open + 3 > v.size()) return false;
  const auto part = [](char c) { return is_alpha(c) || std::string_view("_.,[]| ").find(c) != std::string_view::npos; };
  return is_alpha(v.front()) && std::all_of(v.begin(), v.end(), part) && v.find("[]") == v.npos;
}

// "spacing.125", "fontSizes.2.large": a place in a table of a program, words and numbers joined by dots.
bool is_table_place(std::string_view v) {
  std::size_t words = 0, numbers = 0;
  for (std::size_t begin = 0; begin <= v.size();) {
    const std::size_t end = std::min(v.find('.', begin), v.size());
    const std::string_view one = v.substr(begin, end - begin);
    if (one.empty()) return false;
    if (one.size() <= 4 && std::all_of(one.begin(), one.end(), is_digit))
      ++numbers;
    else if (one.size() >= 3 && std::all_of(one.begin(), one.end(), is_alpha) && letter_pair_score(one) >= kWordScore)
      ++words;
    else
      return false;
    begin = end + 1;
  }
  return words >= 1 && numbers >= 1;
}

// "VARCHAR(80)", "NUMERIC(10,2)": the type of a column.
bool is_column_type(std::string_view v) {
  const std::size_t open = v.find('(');
  if (open == v.npos || open < 3 || v.back() != ')' || open + 2 == v.size()) return false;
  return std::all_of(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(open), is_alpha) &&
         std::all_of(v.begin() + static_cast<std::ptrdiff_t>(open) + 1, v.end() - 1,
                     [](char c) { return is_digit(c) || c == ','; });
}

// "required|string|min:8", "min:16": rules of a validator or alternatives, in words.
bool is_rule_list(std::string_view v) {
  if (v.find(",opt,name=") != v.npos) return true;  // the tag of a field in Go
  if (starts_with_any(v, {"required_", "required|", "nullable|", "sometimes|"})) return true;
  if (v.find('|') == v.npos && !(v.starts_with("min:") || v.starts_with("max:"))) return false;
  bool letter = false;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const char c = v[i];
    if (is_upper(c) || !(is_alnum(c) || c == '|' || c == '_' || c == ':' || c == ',' || c == '-')) return false;
    // a digit is an argument: it stands behind a colon, a comma or another digit
    if (is_digit(c) && (i == 0 || !(is_digit(v[i - 1]) || v[i - 1] == ':' || v[i - 1] == ','))) return false;
    letter |= is_lower(c);
  }
  return letter;
}

// "1*tchar", "*digit": how often something stands in a grammar (RFC 5234).
bool is_repetition(std::string_view v) {
  const std::size_t star = v.find_first_not_of("0123456789");
  if (star == v.npos || star > 2 || v[star] != '*') return false;
  v.remove_prefix(star + 1);
  v.remove_prefix(std::min({v.find_first_not_of("0123456789"), v.size(), std::size_t{2}}));
  return v.size() >= 3 && std::all_of(v.begin(), v.end(), [](char c) { return is_lower(c) || c == '-'; });
}

bool is_keyword(std::string_view lower) {
  constexpr std::string_view kKeywords[] = {
      "true",      "false",      "yes",         "no",       "on",      "off",      "null",       "nil",
      "none",      "undefined",  "nullptr",     "void",     "string",  "str",      "int",        "integer",
      "bool",      "boolean",    "bytes",       "byte",     "object",  "any",      "text",       "varchar",
      "char",      "number",     "default",     "auto",     "enabled", "disabled", "required",   "optional",
      "always",    "never",      "self",        "this",     "info",    "debug",    "warn",       "error",
      "trace",     "production", "development", "staging",  "local",   "basic",    "bearer",     "digest",
      "oauth",     "oauth2",     "password",    "passwd",   "hidden",  "true,",    "false,",     "null,",
      "sensitive", "n/a",        "tbd",         "todo",     "empty",   "blank",    "header",     "query",
      "body",      "cookie",     "form",        "json",     "xml",     "rsa",      "dsa",        "ecdsa",
      "ed25519",   "sha1",       "sha256",      "sha512",   "md5",     "hs256",    "rs256",      "es256",
      "hs512",     "rs512",      "sha-1",       "sha-256",  "sha-512", "aes",      "plain",      "login",
      "email",     "username",   "static",      "const",    "final",   "public",   "private",    "protected",
      "return",    "new",        "function",    "async",    "await",   "let",      "var",        "utf-8",
      "utf8",      "utf-16",     "ascii",       "us-ascii", "latin1",  "latin-1",  "iso-8859-1", "bcrypt",
      "argon2",    "scrypt",     "pbkdf2",      "base64",   "base32",  "base58",   "base64url",  "hex",
      "encrypted", "hashed",     "masked"};
  return std::find(std::begin(kKeywords), std::end(kKeywords), lower) != std::end(kKeywords);
}

bool is_plain_url(std::string_view v) {
  const std::size_t scheme = v.find("://");
  if (scheme > 20) return false;  // or there is none: npos
  const std::string_view rest = v.substr(scheme + 3);
  const std::size_t at = rest.find('@');
  return at == rest.npos || rest.substr(0, at).find(':') == rest.npos;
}

bool is_path(std::string_view v, const Shape& shape) {
  if (shape.space > 0) return false;
  if (starts_with_any(v, {"./", "../", "~/", "/etc/", "/var/", "/usr/", "/opt/", "/home/", "/tmp/", "/root/", "/app/",
                          "/run/", "/data/", "/mnt/", "/srv/", "file://", "classpath:", "s3://"}))
    return true;
  constexpr std::string_view kRoots[] = {"/etc", "/var", "/usr", "/opt", "/home", "/tmp", "/root"};
  if (any_of(kRoots, v.substr(0, v.find_last_not_of(".,;:") + 1))) return true;  // also at the end of a sentence
  if (v.size() > 3 && is_alpha(v[0]) && v[1] == ':' && (v[2] == '\\' || v[2] == '/')) return true;
  if (v.size() > 3 && v[0] == '$') {  // "$HOME/.ssh/id"
    const auto end = std::find_if(v.begin() + 1, v.end(), [](char c) { return !is_upper(c) && c != '_'; });
    if (end > v.begin() + 2 && end != v.end() && *end == '/') return true;
  }
  constexpr std::string_view kEndings[] = {
      ".pem",  ".key",  ".crt",    ".cer",        ".p12",   ".jks", ".pfx", ".txt",  ".json", ".yml", ".yaml", ".xml",
      ".conf", ".cfg",  ".ini",    ".html",       ".js",    ".ts",  ".py",  ".rb",   ".go",   ".php", ".java", ".png",
      ".svg",  ".css",  ".env",    ".properties", ".md",    ".sh",  ".pub", ".log",  ".csv",  ".ova", ".vmdk", ".vhd",
      ".iso",  ".img",  ".com",    ".org",        ".dll",   ".exe", ".jar", ".tsx",  ".jsx",  ".vue", ".zip",  ".gz",
      ".pdf",  ".toml", ".sqlite", ".kt",         ".swift", ".net", ".io",  ".local"};
  if (v.find("%5C") != v.npos && letter_pair_score(v) >= kWordScore) return true;  // "Software%5CShop%5Cx"
  const Lowered low(v);
  if (std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view e) { return low.text.ends_with(e); }))
    return true;
  // Two slashes and words between them: a route or an import.
  const auto slashes = static_cast<std::size_t>(std::count(v.begin(), v.end(), '/'));
  return slashes >= 1 && shape.digit * 8 < v.size() && letter_pair_score(v) >= kWordScore && v.find('+') == v.npos;
}

bool is_passphrase(std::string_view v) {
  constexpr std::string_view kForPeople[] = {"your",     "enter",   "please", "must",   "should", "password", "invalid",
                                             "required", "secret",  "token",  "change", "here",   "not",      "with",
                                             "same",     "example", "the",    "this",   "set",    "if",       "value"};
  if (!std::all_of(v.begin(), v.end(), [](char c) { return is_alnum(c) || c == ' ' || (c & 0x80) != 0; })) return false;
  std::size_t words = 0;
  for (std::size_t at = 0; at < v.size();) {
    const std::string_view word = v.substr(at, v.find(' ', at) - at);
    at += word.size() + 1;
    const Lowered low(word);
    if (word.empty() || std::find(std::begin(kForPeople), std::end(kForPeople), low.text) != std::end(kForPeople))
      return false;
    ++words;
  }
  return words >= 3;
}

// "cn=reader,ou=shop,dc=example": the name of an entry in a directory (RFC 4514), or its first part.
bool is_directory_name(std::string_view v) {
  const std::size_t sign = v.find('=');
  constexpr std::string_view kTypes[] = {"cn", "ou", "dc", "uid"};  // RFC 4519
  return sign != v.npos && sign + 1 < v.size() && any_of(kTypes, v.substr(0, sign));
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

}  // namespace launchgate::secrets
