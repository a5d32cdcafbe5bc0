// What the place of a value says. The same characters are a secret in a settings file, a variable in a program
// and a label in a translation: `password = admin42` of a .conf against `password = admin42` of a .py.
//
// The questions, in order: what name is the value bound to, do the value's own characters clear it
// (value_judge.cpp), is it an expression rather than a literal, and does the kind of file ask for more doubt.
#include <algorithm>
#include <array>
#include <cstdint>

#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_place.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alpha(char c) { return is_lower(c) || is_upper(c); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_char(char c) { return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals_caseless(std::string_view a, std::string_view lower_b) {
  return a.size() == lower_b.size() &&
         std::equal(a.begin(), a.end(), lower_b.begin(), [](char x, char y) { return to_lower(x) == y; });
}

template <std::size_t N>
bool any_of(const std::string_view (&list)[N], std::string_view word) {
  return std::any_of(std::begin(list), std::end(list), [&](std::string_view w) { return equals_caseless(word, w); });
}

// ---- the name ----

struct Name {
  std::string_view text;
  NameKind kind = NameKind::none;
  std::size_t end = 0;  // offset behind the name in the text before the value
};

// The identifier before the value that promises most. A later one of the same kind wins: it stands nearer.
Name name_before(std::string_view before) {
  const auto rank = [](NameKind k) {
    switch (k) {
      case NameKind::none: return 0;
      case NameKind::key: return 1;
      default: return 2;
    }
  };
  Name best;
  for (std::size_t i = 0; i < before.size();) {
    if (!is_name_char(before[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < before.size() && is_name_char(before[i])) ++i;
    const std::string_view name = before.substr(begin, i - begin);
    const NameKind kind = name_kind(name);
    if (kind != NameKind::none && rank(kind) >= rank(best.kind)) best = {name, kind, i};
  }
  return best;
}

// ---- calls around the value ----

// The name of the innermost call that is still open where `between` ends ("getenv(" -> "getenv"), or empty.
std::string_view open_call(std::string_view between) {
  const std::size_t paren = between.rfind('(');
  if (paren == between.npos || between.find(')', paren) != between.npos) return {};
  std::size_t end = paren;
  while (end > 0 && between[end - 1] == ' ') --end;
  std::size_t begin = end;
  while (begin > 0 && is_name_char(between[begin - 1])) --begin;
  return between.substr(begin, end - begin);
}

constexpr std::string_view kLookUp[] = {"get",   "env", "find",  "query",  "select", "prompt",
                                        "input", "ask", "fetch", "lookup", "read",   "load"};

// env('SHOP_x509_KEY'): the first argument of a look-up is the name to look for, however it looks.
bool is_looked_up(std::string_view call, std::string_view between, std::string_view v) {
  if (between.find(',', between.rfind('(')) != between.npos || v.find_first_of("_.") == v.npos) return false;
  if (!std::all_of(v.begin(), v.end(), is_name_char)) return false;
  Pieces pieces(call);
  for (Piece piece; pieces.next(piece);)
    if (any_of(kLookUp, piece.text)) return true;
  return false;
}

// env('SHOP_PASS', 'x'): the second argument of a look-up is what it gives when there is nothing to find.
bool is_fallback(std::string_view call, std::string_view between) {
  constexpr std::string_view kEnvironment[] = {"get", "env", "environ", "getenv"};
  if (between.find(',', between.rfind('(')) == between.npos) return false;
  Pieces pieces(call);
  for (Piece piece; pieces.next(piece);)
    if (any_of(kEnvironment, piece.text)) return true;
  return false;
}

// Calls that give back what they are given, in another type or encoding. Any other call computes something, and
// its argument is a name or a message.
bool passes_through(std::string_view call) {
  constexpr std::string_view kSame[] = {
      "string",  "str",      "bytes",      "byte",    "secret",    "from",         "of",       "new",   "decode",
      "encode",  "buffer",   "credential", "valueof", "chararray", "securestring", "password", "token", "base64",
      "utf8",    "parse",    "unhex",      "hex",     "hash",      "key",          "plain",    "text",  "value",
      "default", "optional", "just",       "some",    "ptr",       "pointer",      "char",     "quote", "unicode",
      "u",       "b",        "s",          "equal",   "equals",    "eq",           "is",       "eql",   "tobe",
      "toequal", "encoder",  "crypt",      "sha",     "md"};
  Pieces pieces(call);
  Piece piece;
  while (pieces.next(piece)) {
    if (any_of(kLookUp, piece.text)) return false;
    if (any_of(kSame, piece.text)) return true;
  }
  return false;
}

// ---- the value as part of a program ----

bool has_digit(std::string_view v) { return std::any_of(v.begin(), v.end(), is_digit); }

// A name or a path of names: "password", "config.password", "user_token", "self.key", "params->x"
bool is_expression(std::string_view v) {
  return !v.empty() && (is_alpha(v[0]) || v[0] == '_' || v[0] == '$' || v[0] == '*' || v[0] == '&' || v[0] == '!') &&
         std::all_of(v.begin() + 1, v.end(),
                     [](char c) { return is_name_char(c) || c == '>' || c == ':' || c == '$' || c == '?'; });
}

// Two or more names joined by dots, the last of letters: "config.password".
bool is_member_access(std::string_view v) {
  const std::size_t dot = v.rfind('.');
  if (dot == v.npos || dot == 0 || dot + 1 == v.size() || !is_expression(v)) return false;
  return std::all_of(v.begin() + static_cast<std::ptrdiff_t>(dot) + 1, v.end(),
                     [](char c) { return is_alpha(c) || c == '_'; });
}

// `text[value]` names an element: "auth[1]", "row['token']".
bool is_element(std::string_view v) { return v.back() == ']' && v.find('[') != v.npos; }

// Letters and digits of `s` in lower case, at most as many as fit.
struct Folded {
  std::array<char, 96> buffer;
  std::string_view text;
  explicit Folded(std::string_view s) {
    std::size_t n = 0;
    for (char c : s)
      if ((is_alpha(c) || is_digit(c)) && n < buffer.size()) buffer[n++] = to_lower(c);
    text = {buffer.data(), n};
  }
};

// The value says its own name again: `token_secret: "tokenSecret"`, `API_KEY = "my_api_key"`,
// `"ChangePassword": "iam:ChangePassword"`.
bool repeats_name(std::string_view value, std::string_view name) {
  const Folded v(value), n(name);
  if (v.text.empty() || n.text.size() < 4) return false;
  if (v.text.size() >= 4 && n.text.find(v.text) != n.text.npos)
    return name_kind(name) != NameKind::password || name_kind(value) != NameKind::none || v.text == n.text;
  if (v.text.find(n.text) == v.text.npos) return false;
  const bool words_only =
      std::none_of(value.begin(), value.end(), [](char c) { return is_digit(c) || c == '!' || c == '?'; });
  return words_only || v.text.size() - n.text.size() <= 4;
}

// A method on something of a secret's name: password.encode("utf-8"), checkToken("x"). A setter or a builder gives
// the value instead: setPassword("x"), withToken("x"), .password("x").
bool is_setter(std::string_view name) {
  constexpr std::string_view kSetters[] = {"set",   "with", "add",    "put",    "use",    "new",
                                           "using", "and",  "change", "update", "default"};
  constexpr std::string_view kBuilders[] = {"password", "passwd", "passphrase", "secret",
                                            "token",    "apikey", "secretkey",  "accesskey"};
  const std::size_t dot = name.rfind('.');
  const std::string_view method = dot == name.npos ? name : name.substr(dot + 1);
  Pieces pieces(method);
  Piece first;
  if (any_of(kBuilders, method)) return true;
  if (!pieces.next(first) || !any_of(kSetters, first.text)) return false;
  // `password.set("x")` sets it, `passwordField.addListener("x")` and `password.classes.add("x")` do not.
  const std::string_view object = first.text.size() == method.size() && dot != name.npos ? name.substr(0, dot) : method;
  return is_secret_name(object.substr(object.rfind('.') + 1)) || name_kind(object) != NameKind::none;
}

// `"password=" + value + "&x"`: what looks like the opening quote closes a string, and the value is the program between
// it and the next one.
bool is_between_strings(std::string_view v) {
  if (v.size() > 3 && is_quote(v.front()) && is_quote(v.back())) v = v.substr(1, v.size() - 2);  // "'" + x + "'"
  const bool starts = std::string_view(",)].;+}:>=&|?").find(v.front()) != std::string_view::npos;
  return starts && std::string_view(",(+.[:=?&|{ ").find(v.back()) != std::string_view::npos;
}

// "… = ['", the quote being the value's
bool opens_list(std::string_view between) {
  if (!between.empty()) between.remove_suffix(1);
  while (!between.empty() && between.back() == ' ') between.remove_suffix(1);
  return between.ends_with('[');
}

struct Place {
  std::string_view text;
  ByteRange value, match;
  Name name;
  FileKind file;

  std::string_view v() const { return text.substr(value.begin, value.end - value.begin); }
  std::string_view between() const {  // from the name's end to the value
    return text.substr(match.begin + name.end, value.begin - match.begin - name.end);
  }
  char before() const { return value.begin > 0 ? text[value.begin - 1] : '\n'; }
  char after() const { return value.end < text.size() ? text[value.end] : '\n'; }
  // The value of a rule ends at its longest at kLongest; such a one is cut, not bare.
  bool quoted() const {
    constexpr std::size_t kLongest = 200;
    if (is_quote(before())) return is_quote(after()) || after() == '\\' || v().size() >= kLongest;
    return after() == '&' && between().ends_with(';');  // &quot;…&quot;, as code stands in HTML
  }
  // In a comment of a program, or in one line of prose there.
  bool in_comment() const {
    const std::size_t line = match.begin == 0 ? 0 : text.rfind('\n', match.begin - 1) + 1;
    std::string_view head = text.substr(line, std::min<std::size_t>(match.begin - line, 256));
    while (!head.empty() && (head.front() == ' ' || head.front() == '\t')) head.remove_prefix(1);
    return head.starts_with("//") || head.starts_with('*') || head.starts_with('#') || head.starts_with("/*");
  }
  // In an action of a template that the line opened: `{{ include "x" . }}`, and no literal of the file itself.
  bool in_action() const {
    constexpr std::size_t kNear = 256;
    const std::size_t from = value.begin - std::min(value.begin, kNear);
    const std::string_view head = text.substr(from, value.begin - from);
    const std::size_t open = head.rfind("{{");
    return open != head.npos && head.find("}}", open) == head.npos && head.find('\n', open) == head.npos;
  }
  // `ok ? "PASS" : "FAIL"`: the name is the other branch.
  bool is_ternary() const {
    const std::string_view head = text.substr(0, match.begin);
    return head.ends_with("? \"") || head.ends_with("? '") || head.ends_with("?\"");
  }
  bool ends_sentence() const {
    const std::size_t name_begin = match.begin + name.end - name.text.size();
    return name_begin >= 2 && text[name_begin - 1] == ' ' && is_alpha(text[name_begin - 2]) && is_quote(between()[0]);
  }
  std::string_view line_before() const {
    const std::size_t line = match.begin == 0 ? 0 : text.rfind('\n', match.begin - 1) + 1;
    return text.substr(line, std::min<std::size_t>(match.begin - line, 256));
  }
  // "${name:" before the value
  bool is_default() const {
    const std::string_view head = line_before();
    return head.ends_with("${");
  }
  // `ENV DB_PASSWORD x` of a Dockerfile, `setenv DB_PASSWORD x` of the C shell
  bool is_set_in_environment() const {
    std::string_view head = line_before();
    while (!head.empty() && (head.back() == ' ' || head.back() == '\t')) head.remove_suffix(1);
    while (!head.empty() && (head.front() == ' ' || head.front() == '\t')) head.remove_prefix(1);
    return file != FileKind::code && !words_follow() && (head == "ENV" || head == "env" || head == "setenv");
  }
  bool words_follow() const {
    const std::string_view rest = text.substr(value.end, 3);
    return rest.size() == 3 && rest[0] == ' ' && rest[1] != '-' && (is_alpha(rest[1]) || is_alpha(rest[2]));
  }
  // A literal without quotes of its own, but inside those of a longer one: "…?token=abc&x=1", "password=abc"
  bool in_string() const { return after() == '&' || is_quote(after()) || after() == '\\'; }
};

// "changeme", "change-it": the default of a product or of an author, who says himself what should have happened to it.
// Assigned in settings or in a program it is in effect; in a template or in prose it is there for the reader.
bool is_left_default(const Place& p, std::string_view path) {
  constexpr std::string_view kDefaults[] = {"changeme", "changeit", "changethis", "changenow"};
  if (p.name.kind != NameKind::password || p.file == FileKind::text || p.file == FileKind::translation) return false;
  const Folded value(p.v());
  const std::string_view word = value.text.substr(0, value.text.find_first_of("0123456789"));
  if (!any_of(kDefaults, word) || is_template(path)) return false;
  std::string_view sign = p.between();
  constexpr std::string_view kAround = " \t\"'])";
  sign.remove_prefix(std::min(sign.find_first_not_of(kAround), sign.size()));
  sign = sign.substr(0, sign.find_last_not_of(kAround) + 1);
  return sign == "=" || sign == ":" || sign == "=>" || sign == ":=";
}

bool looks_made(std::string_view v) { return judge_value(v, "key") == ValueKind::real; }

// A literal between quotes.
ValueKind judge_quoted(const Place& p) {
  if (p.v().front() == ' ' || p.v().back() == ' ' || is_between_strings(p.v())) return ValueKind::config;
  if (p.in_action() && !looks_made(p.v())) return ValueKind::reference;
  const std::string_view call = open_call(p.between());
  if (p.between().starts_with('(') && !is_setter(p.name.text) && !looks_made(p.v())) return ValueKind::reference;
  if (!call.empty() && is_looked_up(call, p.between(), p.v())) return ValueKind::reference;
  if (!p.between().starts_with('(') && !call.empty() && !passes_through(call) && !is_fallback(call, p.between()) &&
      !looks_made(p.v()))
    return ValueKind::reference;
  const std::string_view between = p.between();
  if (between.find("!=") != between.npos && !looks_made(p.v())) return ValueKind::config;  // what it must not be
  if (p.name.text.starts_with("--") && between.find(',') != between.npos) return ValueKind::real;  // argv as a list
  // The sign that stands last binds the value: `"password": str, "other"` goes on to the next element.
  const std::size_t sign = between.find_last_of("=:,(>");
  const bool comma =
      between.find(',') != between.npos && (between[sign] == ',' || between.find_first_of("=:") == between.npos);
  const bool blank = between.find_first_of("=:,(>") == between.npos;
  // ("password", "x") may be a pair of anything; a value that no word could be speaks for itself.
  const bool word = !has_digit(p.v()) || p.v().find(' ') != std::string_view::npos || is_secret_name(p.v());
  // ["required", "confirmed"]: rules, fields or services, one word each
  if (opens_list(between) && word && !looks_made(p.v())) return ValueKind::config;
  if (between.find("return ") != between.npos && !looks_made(p.v())) return ValueKind::config;  // case x: return "y"
  if ((comma || blank) && word && !looks_made(p.v())) return ValueKind::config;
  // The name ends a sentence: f('POST when asking for a token', '#section-2')
  if (comma && p.ends_sentence() && !looks_made(p.v())) return ValueKind::config;
  if (blank && equals_caseless(p.name.text, "pass")) return ValueKind::config;  // the verb
  if (blank && p.name.kind == NameKind::key) return ValueKind::config;
  if (p.is_ternary()) return ValueKind::config;
  if (p.file == FileKind::code && is_camel_case_name(p.v())) return ValueKind::config;  // of a handler or a property
  return ValueKind::real;
}

// `--password`, `--admin-password`, and neither `--no-ask-password` nor the option of an enumeration, `--password1`.
bool is_password_option(const Place& p) {
  constexpr std::string_view kNegations[] = {"no", "ask", "prompt", "without"};
  if (!p.name.text.starts_with("--") || p.name.kind != NameKind::password || has_digit(p.name.text)) return false;
  Pieces pieces(p.name.text);
  for (Piece piece; pieces.next(piece);)
    if (any_of(kNegations, piece.text)) return false;
  return true;
}

// What may stand behind a word of a command. Behind one of a sentence there are a comma and quotes as well.
bool is_command_word(char after) { return after == ' ' || after == '\n' || after == '\\' || after == '\r'; }

// Without quotes: in a program an expression, in settings and on command lines a value.
ValueKind judge_bare(const Place& p) {
  const std::string_view v = p.v();
  if (p.after() == '(' || p.after() == '[' || p.after() == '{') return ValueKind::reference;
  if (p.between().starts_with('>') && p.match.begin > 0 && p.text[p.match.begin - 1] == '@')
    return ValueKind::config;                                                    // <somebody@host>
  if (p.between().ends_with('>') && p.after() != '<') return ValueKind::config;  // `a->token > b`, and no element
  if (v.starts_with("//")) return ValueKind::config;                             // the rest of an address
  if (v.back() == '*' && p.after() == ')') return ValueKind::config;             // LDAP filter
  if (p.file == FileKind::code && v.find(']') != v.npos && v.find('[') == v.npos)
    return ValueKind::config;  // `X[X.PASSWORD=26]=`
  if (p.in_action()) return ValueKind::reference;
  if (v.front() == '=' || v.front() == '!' || v.front() == '~' || v.front() == '+') return ValueKind::config;
  if (is_member_access(v) || is_element(v)) return ValueKind::reference;
  const std::string_view between = p.between();
  const bool sign = between.find_first_of("=:>") != between.npos;
  // `--password value`: behind an option stands its value, and what follows are other arguments.
  const bool option = p.name.text.starts_with("--") || p.name.text.starts_with('-');
  if (!sign && option && v.front() != '-' && (has_digit(v) || looks_made(v))) return ValueKind::real;
  // `password: see below`: a value with a colon before it has the rest of its line for itself.
  if (between.find('=') == between.npos && p.words_follow()) return ValueKind::config;
  // "PASS: test 7": a message, unless what it tells is nothing a person would say.
  const bool message =
      between.starts_with(':') && p.match.begin > 0 && is_quote(p.text[p.match.begin - 1]) && is_quote(p.after());
  if (message && !looks_made(v)) return ValueKind::config;
  const bool tight = between == "=" || between == ":";
  // `@Value("${shop.password:x}")`: the default of a property, inside a string
  if (p.file == FileKind::code && tight && p.after() == '}' && p.is_default())
    return has_digit(v) || looks_made(v) ? ValueKind::real : ValueKind::reference;
  if (p.file == FileKind::settings && !tight && p.words_follow()) return ValueKind::config;  // `x.error = Three words`
  if (!sign) {
    // Everywhere else two words side by side are prose.
    if (is_password_option(p) && v.front() != '-' && is_command_word(p.after()) && !p.words_follow())
      return ValueKind::real;
    if (p.is_set_in_environment()) return ValueKind::real;
    return v.size() >= 20 && has_digit(v) && looks_made(v) ? ValueKind::real : ValueKind::config;
  }
  switch (p.in_comment() ? FileKind::text : p.file) {
    case FileKind::code:
      if (p.in_string() && tight) return has_digit(v) || looks_made(v) ? ValueKind::real : ValueKind::config;
      return !is_expression(v) && looks_made(v) ? ValueKind::real : ValueKind::reference;
    case FileKind::text:
      if (tight && between == "=") return ValueKind::real;
      return has_digit(v) || looks_made(v) ? ValueKind::real : ValueKind::config;
    default: return ValueKind::real;
  }
}

}  // namespace

ValueKind judge_in_text(std::string_view text, ByteRange value, ByteRange match, std::string_view path,
                        std::string_view assumed_name, ValueMemo& memo) {
  // Rules begin at the word that promises a secret; the name may begin before it ("db_password").
  constexpr std::size_t kLongestName = 64;
  for (std::size_t n = 0; n < kLongestName && match.begin > 0 && is_name_char(text[match.begin - 1]); ++n)
    --match.begin;
  Place p{text, value, match, name_before(text.substr(match.begin, value.begin - match.begin)), file_kind(path)};
  const bool named = p.name.kind != NameKind::none;
  // A rule that knows the place knows more than a word that may be anything's key ("keystore", "auth").
  const bool vague = !named || (p.name.kind == NameKind::key && !assumed_name.empty());
  const std::string_view name = vague ? assumed_name : p.name.text;
  const ValueKind own = memo.judge(p.v(), name);
  if (own == ValueKind::placeholder && is_left_default(p, path)) return ValueKind::weak;
  if (own != ValueKind::real) return own;
  if (p.v().starts_with("-----BEGIN")) return ValueKind::config;  // rules of their own read the armour
  if (named && repeats_name(p.v(), name)) return ValueKind::placeholder;
  if (p.file == FileKind::translation && (holds_texts(path) || !looks_made(p.v()))) return ValueKind::config;
  if (!assumed_name.empty()) {  // the rule knows the place; in a comment of a program it may show how a call is made
    const bool shown = p.file == FileKind::code && p.in_comment() && is_made_up(p.v());
    return shown ? ValueKind::config : ValueKind::real;
  }
  if (equals_caseless(name, "bearer")) return looks_made(p.v()) ? ValueKind::real : ValueKind::config;
  if (!named) return ValueKind::config;
  // "$password: " uses a variable; only an assignment gives it a value (PHP, Perl, PowerShell).
  const bool variable = match.begin > 0 && text[match.begin - 1] == '$';
  const std::string_view head = text.substr(match.begin, value.begin - match.begin);
  if (variable && head.find('=') == head.npos) return ValueKind::reference;
  if (p.before() == '`' && p.file != FileKind::code) return ValueKind::reference;  // a command, or marked-up prose
  return p.quoted() ? judge_quoted(p) : judge_bare(p);
}

}  // namespace launchgate::secrets
