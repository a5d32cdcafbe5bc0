// What the place of a value says. The same characters are a secret in a settings file, a variable in a program
// and a label in a translation: `password = admin42` of a .conf against `password = admin42` of a .py.
//
// The questions, in order: what name is the value bound to, do the value's own characters clear it
// (value_judge.cpp), is it an expression rather than a literal, and does the kind of file ask for more doubt.
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_shown.hpp"
#include "libscan/secrets/value_surroundings.hpp"
#include "libscan/secrets/value_typed.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

// "balance:x": a key that finds something, under the name of what it is a key of. Encodings name themselves as well.
bool is_scoped(std::string_view v) {
  constexpr std::string_view kEncodings[] = {"base64", "base32", "base58", "hex"};
  const std::size_t colon = v.find(':');
  if (colon == v.npos || colon < 3 || any_of(kEncodings, v.substr(0, colon))) return false;
  return std::all_of(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(colon), is_lower);
}

// MD5 to SHA-512 in hexadecimal: what a column of passwords holds instead of them.
bool is_digest(std::string_view v) {
  constexpr std::size_t kSizes[] = {32, 40, 56, 64, 96, 128};
  return std::find(std::begin(kSizes), std::end(kSizes), v.size()) != std::end(kSizes) &&
         std::all_of(v.begin(), v.end(), is_hex);
}

bool is_uuid(std::string_view v) { return v.size() == 36 && holds_uuid(v); }

bool is_base64(std::string_view v) {
  return std::all_of(v.begin(), v.end(), [](char c) { return is_alnum(c) || c == '+' || c == '/' || c == '='; });
}

bool looks_made(std::string_view v) { return judge_value(v, "key") == ValueKind::real; }

bool ends_in_token(std::string_view name) {
  return name.size() >= 5 && equals_caseless(name.substr(name.size() - 5), "token");
}

// A literal between quotes.
ValueKind judge_quoted(const Place& p, std::string_view path) {
  if (p.v().front() == ' ' || p.v().back() == ' ') return ValueKind::config;
  if (is_between_strings(p.v()) && !(is_base64(p.v()) && looks_made(p.v()))) return ValueKind::config;
  if (p.in_action() && !looks_made(p.v())) return ValueKind::reference;
  if (is_cut_call(p)) return ValueKind::reference;
  if (is_binding(p) && !looks_made(p.v())) return ValueKind::reference;
  if (is_field_of_call(p)) return ValueKind::config;
  const std::string_view call = open_call(p.between());
  if (p.between().starts_with('(') && !is_setter(p.name.text) && !looks_made(p.v())) return ValueKind::reference;
  if (!call.empty() && is_looked_up(call, p.between(), p.v())) return ValueKind::reference;
  if (!call.empty() && is_said_before(call, p.between()) && !looks_made(p.v())) return ValueKind::config;
  if (!p.between().starts_with('(') && !call.empty() && !passes_through(call) && !is_fallback(call, p.between()) &&
      !looks_made(p.v()))
    return ValueKind::reference;
  const std::string_view between = p.between();
  if (between.find("!=") != between.npos && !looks_made(p.v())) return ValueKind::config;  // what it must not be
  // `update_password == "on_create"`: one of the choices there are
  if (between.find("==") != between.npos && !has_digit(p.v()) && p.v().find('_') != std::string_view::npos)
    return ValueKind::config;
  if (p.name.text.starts_with("--") && between.find(',') != between.npos) return ValueKind::real;  // argv as a list
  // The sign that stands last binds the value: `"password": str, "other"` goes on to the next element.
  const std::size_t sign = between.find_last_of("=:,(>");
  const bool comma =
      between.find(',') != between.npos && (between[sign] == ',' || between.find_first_of("=:") == between.npos);
  const bool blank = between.find_first_of("=:,(>") == between.npos;
  // `KEY || "x"`: what is taken when there is none
  const bool otherwise = blank && contains_any(between, {"||", "??", ") or ", "] or "});
  // ("password", "x") may be a pair of anything; a value that no word could be speaks for itself.
  const bool word =
      !has_digit(p.v()) || p.v().find(' ') != std::string_view::npos || (!otherwise && is_secret_name(p.v()));
  // ["required", "confirmed"]: rules, fields or services, one word each
  if (opens_list(between) && word && !looks_made(p.v())) return ValueKind::config;
  if (between.find("return ") != between.npos && !looks_made(p.v())) return ValueKind::config;  // case x: return "y"
  if ((comma || blank) && word && !looks_made(p.v())) return ValueKind::config;
  // The name ends a sentence: f('POST when asking for a token', '#section-2')
  if (comma && p.ends_sentence() && !looks_made(p.v())) return ValueKind::config;
  if (blank && equals_caseless(p.name.text, "pass")) return ValueKind::config;  // the verb
  if (equals_caseless(p.name.text, "pass") && p.text.substr(p.value.end + 1).starts_with(" if ") && !looks_made(p.v()))
    return ValueKind::config;  // 'pass': 'linked' if paid else 'none'
  if (blank && !otherwise && p.name.kind == NameKind::key) return ValueKind::config;
  if (p.is_ternary() || is_value_itself(p) || is_list_element(p)) return ValueKind::config;
  if (is_compared(p) && !looks_made(p.v())) return ValueKind::config;
  if (is_other_column(p) || is_hash_under_name(p) || is_named_by_table(p) || is_slot_of_contract(p))
    return ValueKind::config;
  if (p.name.kind == NameKind::key && (is_name_of_pair(p) || is_scoped(p.v()))) return ValueKind::config;
  // key = string.Concat("<an id>", x): of a cache
  if (p.name.kind == NameKind::key && p.file == FileKind::code && !call.empty() && is_uuid(p.v()))
    return ValueKind::config;
  if (equals_caseless(p.name.text, "pass") && is_setup_pass(p, path)) return ValueKind::config;
  if (p.file == FileKind::code && (is_next_argument(p) || is_search_key(p) || is_looked_for(p)))
    return ValueKind::config;
  if (path.ends_with(".tf") && is_next_argument(p)) return ValueKind::config;
  // 'passwords' => 'customers': the table they are kept in
  if (equals_caseless(p.name.text, "passwords") && std::all_of(p.v().begin(), p.v().end(), is_lower))
    return ValueKind::config;
  if (goes_on(p) && !looks_made(p.v())) return ValueKind::config;
  if (p.file == FileKind::code && is_constant_of_its_value(p)) return ValueKind::config;
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

// "Tiger58.Candle" in settings, where members of something are rare and have no secret's name: a dot like any other
// sign.
bool has_dot_inside(const Place& p) {
  const std::string_view v = p.v();
  if (p.file == FileKind::code || !is_mixture(v) || std::count(v.begin(), v.end(), '.') > 1) return false;
  if (starts_with_any(v, {"var.", "local.", "module.", "data.", "each.", "self.", "params."})) return false;
  const std::string_view first = v.substr(0, v.find('.')), last = v.substr(v.find('.') + 1);
  if (name_kind(last) != NameKind::none || name_kind(first) != NameKind::none) return false;
  return p.name.kind == NameKind::password || looks_made(v);
}

// Without quotes: in a program an expression, in settings and on command lines a value.
ValueKind judge_bare(const Place& p) {
  const std::string_view v = p.v();
  if (p.after() == '(' || p.after() == '[' || p.after() == '{') return ValueKind::reference;
  if (p.between().starts_with('>') && p.match.begin > 0 && p.text[p.match.begin - 1] == '@')
    return ValueKind::config;                                                    // <somebody@host>
  if (p.between().ends_with('>') && p.after() != '<') return ValueKind::config;  // `a->token > b`, and no element
  if (v.starts_with("//")) return ValueKind::config;                             // the rest of an address
  if (v.front() == ':') return ValueKind::config;                                // `token::*::create`
  if (is_step(p) || is_name_service(p)) return ValueKind::config;
  if (v.back() == '*' && p.after() == ')') return ValueKind::config;  // LDAP filter
  if (p.file == FileKind::code && v.find(']') != v.npos)
    return ValueKind::config;  // `X[X.PASSWORD=26]=`, `token=r[0]:r[1]`
  if (p.in_action()) return ValueKind::reference;
  // One base64 text in 64 begins with a plus sign.
  const bool sign_first = v.front() == '=' || v.front() == '!' || v.front() == '~' || v.front() == '+';
  if (sign_first && !looks_made(v)) return ValueKind::config;
  if (p.is_default() && v.front() == '?') return ValueKind::reference;  // ${NAME:?"what to say when it is not set"}
  if ((is_member_access(v) && !has_dot_inside(p)) || is_element(v) || is_call(v)) return ValueKind::reference;
  if (v.back() == ']' && is_member_access(v.substr(0, v.size() - 1)))
    return ValueKind::reference;  // [for s in x : s.y]
  const bool compares = v.substr(0, v.find_last_not_of('=') + 1).find("==") != v.npos;
  if (compares && (p.file == FileKind::code || !looks_made(v))) return ValueKind::reference;
  const std::string_view between = p.between();
  const bool sign = between.find_first_of("=:>") != between.npos;
  // `--password value`: behind an option stands its value, and what follows are other arguments.
  const bool option = p.name.text.starts_with("--") || p.name.text.starts_with('-');
  if (!sign && option && v.front() != '-' && (has_digit(v) || looks_made(v))) return ValueKind::real;
  // `password: see below`: a value with a colon before it has the rest of its line for itself.
  const bool words = p.words_follow() && !p.is_set_in_environment();
  if (between.find('=') == between.npos && words) return ValueKind::config;
  // "PASS: test 7": a message, unless what it tells is nothing a person would say.
  const bool message =
      between.starts_with(':') && p.match.begin > 0 && is_quote(p.text[p.match.begin - 1]) && is_quote(p.after());
  if (message && !looks_made(v)) return ValueKind::config;
  // echo "check PASS: free of errors"
  if (p.name.text == "PASS" && between == ": " && !has_digit(v) && p.line_before().find_first_of("\"'") != v.npos)
    return ValueKind::config;
  const bool tight = between == "=" || between == ":";
  // `@Value("${shop.password:x}")`: the default of a property, inside a string
  if (p.file == FileKind::code && tight && p.after() == '}' && p.is_default())
    return has_digit(v) || looks_made(v) ? ValueKind::real : ValueKind::reference;
  if (p.file == FileKind::settings && !tight && words) return ValueKind::config;  // `x.error = Three words`
  if (!sign) {
    // Everywhere else two words side by side are prose.
    if (is_password_option(p) && v.front() != '-' && is_command_word(p.after()) && !p.words_follow())
      return ValueKind::real;
    if (p.is_set_in_environment() || p.ends_line_as_password()) return ValueKind::real;
    return v.size() >= 20 && has_digit(v) && looks_made(v) ? ValueKind::real : ValueKind::config;
  }
  switch (p.in_comment() ? FileKind::text : p.file) {
    case FileKind::code:
      if (p.in_string() && tight) return has_digit(v) || looks_made(v) ? ValueKind::real : ValueKind::config;
      // "token: x\n", what a program printed, kept in a notebook
      if (p.in_string() && between == ": ") return has_digit(v) && looks_made(v) ? ValueKind::real : ValueKind::config;
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
  ValueKind own = memo.judge(p.v(), name);
  // `export BORG_PASSPHRASE='three words and more'`: texts for people are bound otherwise.
  if (own == ValueKind::config && p.is_variable_of_environment() && is_passphrase(p.v())) own = ValueKind::real;
  if (own == ValueKind::placeholder && is_left_default(p, path)) return ValueKind::weak;
  if (own != ValueKind::real) return own;
  if (is_lock_file(path)) return ValueKind::config;
  if (p.name.kind == NameKind::password && path.ends_with(".sql") && is_digest(p.v())) return ValueKind::encrypted;
  if (p.v().starts_with("-----BEGIN")) return ValueKind::config;  // rules of their own read the armour
  if (named && repeats_name(p.v(), name)) return ValueKind::placeholder;
  if (p.file == FileKind::translation && (holds_texts(path) || !looks_made(p.v()))) return ValueKind::config;
  if (!assumed_name.empty()) {  // the rule knows the place; in a comment of a program it may show how a call is made
    const bool shown = p.file == FileKind::code && p.in_comment() && is_made_up(p.v());
    if (shown) return ValueKind::config;
    return repeats_user(p) || (name_kind(name) == NameKind::password && is_common_password(p.v())) ? ValueKind::weak
                                                                                                   : ValueKind::real;
  }
  if (equals_caseless(name, "bearer")) return looks_made(p.v()) ? ValueKind::real : ValueKind::config;
  if (!named) return ValueKind::config;
  // "$password: " uses a variable; only an assignment gives it a value (PHP, Perl, PowerShell).
  const bool variable = match.begin > 0 && text[match.begin - 1] == '$';
  const std::string_view head = text.substr(match.begin, value.begin - match.begin);
  if (variable && head.find('=') == head.npos) return ValueKind::reference;
  // What is assigned without quotes there is what a command returns.
  if (variable && is_powershell(path) && !p.quoted() && is_cmdlet(p.v())) return ValueKind::reference;
  const bool ini = path.ends_with(".ini") && p.between().find('=') != std::string_view::npos;  // Gitea's quotes
  if (p.before() == '`' && p.file != FileKind::code && !ini)
    return ValueKind::reference;  // a command, or marked-up prose
  if (p.before() == '`' && p.in_comment() && !looks_made(p.v())) return ValueKind::reference;
  if (p.before() == '`' && text.substr(value.end).starts_with("${")) return ValueKind::reference;  // `x-${now()}`
  const ValueKind kind = p.quoted() ? judge_quoted(p, path) : judge_bare(p);
  if (kind != ValueKind::real) return kind;
  if (is_in_list_of_ids(p, path)) return ValueKind::config;
  if (p.name.kind == NameKind::secret && ends_in_token(p.name.text) && is_among_addresses(text, value))
    return ValueKind::config;
  if (p.name.kind == NameKind::key && is_in_doc_comment(text, value.begin, path)) return ValueKind::config;
  if (is_action(p.name.text) && !has_digit(p.v()) && !looks_made(p.v())) return ValueKind::config;
  const bool weak = (p.name.kind == NameKind::password && repeats_user(p)) ||
                    (p.name.kind != NameKind::key && is_common_password(p.v()));
  return weak ? ValueKind::weak : kind;
}

}  // namespace launchgate::secrets
