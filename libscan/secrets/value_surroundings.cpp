#include "libscan/secrets/value_surroundings.hpp"

#include <array>

#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

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

}  // namespace

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
    if (begin > 0 && before[begin - 1] == '&' && i < before.size() && before[i] == ' ') continue;  // YAML: `&db_pass x`
    const NameKind kind = name_kind(name);
    if (kind != NameKind::none && rank(kind) >= rank(best.kind)) best = {name, kind, i};
  }
  return best;
}

Name name_of(std::string_view text, ByteRange match, ByteRange value) {
  constexpr std::size_t kLongestName = 64;
  for (std::size_t n = 0; n < kLongestName && match.begin > 0 && is_name_char(text[match.begin - 1]); ++n)
    --match.begin;
  return name_before(text.substr(match.begin, value.begin - match.begin));
}

bool Place::is_set_in_environment() const {
  // Docker, the C shell, Windows, fish, Apache, nginx, Cloud Foundry
  constexpr std::string_view kSetters[] = {"env",     "setenv",        "setx",        "set -x", "set -gx",
                                           "set -Ux", "fastcgi_param", "uwsgi_param", "set -xg"};
  std::string_view head = line_before();
  while (!head.empty() && (head.back() == ' ' || head.back() == '\t')) head.remove_suffix(1);
  while (!head.empty() && (head.front() == ' ' || head.front() == '\t')) head.remove_prefix(1);
  if (head.starts_with("cf set-env ") && head.find(' ', 11) == head.npos) head = "env";
  const bool option = text.substr(value.end, 2) == " /";  // setx NAME x /M
  return file != FileKind::code && (option || !words_follow()) && any_of(kSetters, head);
}

bool Place::ends_line_as_password() const {
  constexpr std::size_t kFewestDigits = 2;
  if (file == FileKind::code || name.kind != NameKind::password || !is_mixture(v())) return false;
  if (after() != '\n' && after() != '\r' && after() != ';') return false;
  // "the password forBase64Strings": words make names as well, where they do not begin the line.
  const bool words = std::all_of(v().begin(), v().end(), is_alnum);
  if (words && line_before().find_first_not_of(" \t") != std::string_view::npos) return false;
  const auto digits = std::count_if(v().begin(), v().end(), is_digit);
  return static_cast<std::size_t>(digits) >= kFewestDigits && judge_value(v(), name.text) == ValueKind::real;
}

bool is_next_argument(const Place& p) {
  constexpr std::string_view kCopies[] = {"strcpy",   "strncpy", "strlcpy", "memcpy", "sprintf",
                                          "snprintf", "lstrcpy", "set",     "put",    "assign"};
  const std::string_view between = p.between();
  if (!between.starts_with(',') || between.find_first_not_of(", \t\"'`") != between.npos) return false;
  std::string_view head = p.line_before();
  const std::size_t open = head.rfind('(');
  if (open == head.npos) return false;
  head = head.substr(0, open);
  std::size_t begin = head.size();
  while (begin > 0 && is_name_char(head[begin - 1])) --begin;
  const std::string_view method = head.substr(begin);
  return !any_of(kCopies, method.substr(method.rfind('.') + 1));
}

bool is_value_itself(const Place& p) {
  const std::string_view between = p.between();
  if (between.size() < 2 || !is_quote(between[0]) || between[1] != ',') return false;
  if (between.find("alue") != between.npos || between.find("efault") != between.npos) return false;  // a pair
  std::string_view head = p.text.substr(0, p.match.begin + p.name.end - p.name.text.size());
  if (head.empty() || head.back() != between[0]) return false;
  head.remove_suffix(1);
  while (!head.empty() && head.back() == ' ') head.remove_suffix(1);
  return head.ends_with(':') || (head.ends_with('=') && !head.ends_with("=="));
}

bool is_compared(const Place& p) {
  std::string_view head = p.text.substr(0, p.match.begin + p.name.end - p.name.text.size());
  if (head.empty() || !is_quote(head.back())) return false;
  head.remove_suffix(1);
  while (!head.empty() && head.back() == ' ') head.remove_suffix(1);
  return head.ends_with("==");
}

bool is_step(const Place& p) {
  const std::size_t begin = p.match.begin + p.name.end - p.name.text.size();
  return equals_caseless(p.name.text, "pass") && p.between() == ":" && begin > 0 && p.text[begin - 1] == '=';
}

bool is_name_service(const Place& p) {
  constexpr std::string_view kSources[] = {"files", "compat", "systemd", "sss",  "ldap",
                                           "nis",   "db",     "winbind", "cache"};
  return p.name.text == "passwd" && p.between().starts_with(':') && any_of(kSources, p.v());
}

bool is_list_element(const Place& p) {
  const std::string_view between = p.between();
  if (between.size() < 3 || !is_quote(between[0]) || between.find_first_not_of(", ", 1) + 1 != between.size())
    return false;
  std::string_view rest = p.text.substr(p.value.end, 4);
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 1));
  const std::size_t next = rest.find_first_not_of(' ');
  const bool more = next != rest.npos && rest[next] == ',';
  std::string_view head = p.text.substr(0, p.match.begin + p.name.end - p.name.text.size());
  if (head.empty() || head.back() != between[0]) return false;
  head.remove_suffix(1);
  while (!head.empty() && head.back() == ' ') head.remove_suffix(1);
  if (!head.ends_with(',') && !head.ends_with('[')) return false;
  const bool less = head.ends_with(',');
  const std::size_t open = p.line_before().rfind('[');
  const bool word = std::all_of(p.v().begin(), p.v().end(), [](char c) { return is_name_char(c) || c == ':'; });
  if (judge_value(p.v(), "key") == ValueKind::real) return false;
  // In the middle of a longer list a name of several words is one of its elements, whatever opens it: ('a', 'x_token',
  // 'x_code', 'b').
  const bool name = p.v().find('_') != std::string_view::npos && std::none_of(p.v().begin(), p.v().end(), is_upper);
  return (more || less) && word && (open != std::string_view::npos || (more && less && name));
}

bool is_name_of_pair(const Place& p) {
  constexpr std::string_view kNames[] = {"key", "name"};
  if (!any_of(kNames, p.name.text)) return false;
  std::string_view rest = p.text.substr(p.value.end, 16);
  const std::size_t begin = rest.find_first_not_of("\"', ");
  return begin != rest.npos && begin > 1 && rest.substr(begin).starts_with("value");
}

bool is_hash_under_name(const Place& p) {
  constexpr std::size_t kDigest = 32, kShortestWords = 6;  // MD5; more than one word
  const std::string_view v = p.v();
  const std::size_t joint = v.find_last_not_of("0123456789abcdef");
  if (joint == v.npos || joint < kShortestWords || v[joint] != '_' || v.size() - joint - 1 < kDigest) return false;
  const std::string_view words = v.substr(0, joint);  // from the second on, if the first is whose it is
  const std::string_view own = words.substr(words.find('_') + 1);
  const std::string_view name = p.name.text.substr(0, p.name.text.rfind('_'));
  return own.size() >= 4 && name.size() >= 4 && (name.ends_with(own) || own.ends_with(name));
}

bool is_cut_call(const Place& p) {
  const std::string_view v = p.v();
  return v.size() > 3 && v.back() == '(' && is_alpha(v[v.size() - 2]) && is_quote(p.before()) && is_quote(p.after()) &&
         p.before() != p.after();
}

bool is_binding(const Place& p) {
  const std::string_view between = p.between();
  const std::size_t begin = p.match.begin + p.name.end - p.name.text.size();
  if (p.file != FileKind::code || begin < 2 || !is_space(p.text[begin - 2])) return false;
  const bool event = p.text[begin - 1] == '(' && between == ")=\"";
  const bool property = p.text[begin - 1] == '[' && between == "]=\"";
  return event || (property && std::none_of(p.v().begin(), p.v().end(), is_quote));
}

bool is_field_of_call(const Place& p) {
  constexpr std::string_view kMethods[] = {"put", "set", "add", "append"};
  const std::string_view between = p.between();
  const std::size_t dot = p.name.text.rfind('.');
  if (dot == std::string_view::npos || !between.starts_with('(') || !any_of(kMethods, p.name.text.substr(dot + 1)))
    return false;
  if (!std::all_of(p.v().begin(), p.v().end(), is_name_char) || p.value.end + 1 >= p.text.size()) return false;
  return p.text[p.value.end + 1] == ',' && name_kind(p.v()) != NameKind::none;
}

bool is_said_before(std::string_view call, std::string_view between) {
  const std::string_view said = between.substr(0, between.find('('));
  const std::string_view words = said.substr(0, said.size() - std::min(said.size(), call.size()));
  return words.find_first_of("=:,>") == words.npos && std::count(words.begin(), words.end(), ' ') >= 3;
}

bool is_constant_of_its_value(const Place& p) {
  const std::string_view sign = p.between();
  if (sign.find('=') == sign.npos || !std::all_of(p.v().begin(), p.v().end(), is_alpha)) return false;
  std::string_view head = p.line_before();
  while (!head.empty() && is_space(head.back())) head.remove_suffix(1);
  std::size_t begin = head.size();
  while (begin > 0 && is_name_char(head[begin - 1])) --begin;
  const Folded constant(head.substr(begin)), value(p.v());
  return constant.text.size() > value.text.size() && constant.text.ends_with(value.text);
}

bool is_other_column(const Place& p) {
  const std::string_view between = p.between();
  const std::size_t values = between.find_first_of("Vv");
  if (values == between.npos || !equals_caseless(between.substr(values, 6), "values")) return false;
  if (between.find_first_not_of("\"'`) \t") != values) return false;
  std::string_view head = p.text.substr(0, p.match.begin + p.name.end - p.name.text.size());
  while (!head.empty() && (is_space(head.back()) || is_quote(head.back()))) head.remove_suffix(1);
  return head.ends_with(',');
}

bool is_named_by_table(const Place& p) {
  return p.name.kind == NameKind::key && p.between().find("VALUES") != std::string_view::npos;
}

bool is_slot_of_contract(const Place& p) {
  constexpr std::string_view kNames[] = {"storagekey", "storagekeys"};
  const std::string_view v = p.v();
  return any_of(kNames, Folded(p.name.text).text) && v.starts_with("0x") && v.size() == 66 &&
         std::all_of(v.begin() + 2, v.end(), is_hex);
}

bool is_setup_pass(const Place& p, std::string_view path) {
  constexpr std::size_t kShortest = 8;  // of the passes of Windows Setup
  return path.ends_with(".xml") && p.v().size() >= kShortest && std::all_of(p.v().begin(), p.v().end(), is_alpha);
}

namespace {

bool is_id_at(std::string_view s) {
  constexpr std::string_view kForm = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
  return s.size() >= kForm.size() && std::equal(kForm.begin(), kForm.end(), s.begin(),
                                                [](char form, char c) { return form == '-' ? c == '-' : is_hex(c); });
}

std::size_t count_ids(std::string_view text) {
  constexpr std::size_t kBeforeDash = 8;
  std::size_t ids = 0;
  for (std::size_t dash = text.find('-'); dash != text.npos; dash = text.find('-', dash + 1))
    ids += dash >= kBeforeDash && is_id_at(text.substr(dash - kBeforeDash));
  return ids;
}

}  // namespace

bool is_in_list_of_ids(const Place& p, std::string_view path) {
  constexpr std::size_t kNear = 500;
  const bool program = p.file == FileKind::code || is_powershell(path);
  if (!(program || equals_caseless(p.name.text, "key")) || !is_id_at(p.v())) return false;
  const std::size_t from = p.match.begin - std::min(p.match.begin, kNear);
  const std::size_t before = count_ids(p.text.substr(from, p.match.begin - from));
  const std::size_t behind = count_ids(p.text.substr(p.value.end, kNear));
  return before > 0 && behind > 0 && before + behind >= 3;
}

bool is_action(std::string_view name) {
  constexpr std::string_view kVerbs[] = {"update", "reset", "change",  "check",  "verify", "forgot",   "show",
                                         "hide",   "ask",   "require", "create", "delete", "generate", "validate"};
  Pieces pieces(name.substr(name.rfind('.') + 1));  // npos + 1: all of it
  Piece first;
  return pieces.next(first) && any_of(kVerbs, first.text);
}

bool is_named_for_tests(std::string_view text, ByteRange match, ByteRange value) {
  constexpr std::string_view kWords[] = {"test",    "tests",   "testing", "dummy", "fake",  "mock",
                                         "example", "invalid", "expired", "wrong", "bogus", "fixture"};
  const std::string_view name = name_of(text, match, value).text;
  for (const std::string_view says : {name, text.substr(value.begin, value.end - value.begin)}) {
    Pieces pieces(says);
    for (Piece piece; pieces.next(piece);)
      if (any_of(kWords, piece.text)) return true;
  }
  return false;
}

bool opens_nothing(std::string_view name) {
  constexpr std::string_view kWords[] = {"dummy", "fake", "mock", "mocked", "bogus", "invalid", "expired", "wrong"};
  Pieces pieces(name);
  for (Piece piece; pieces.next(piece);)
    if (any_of(kWords, piece.text)) return true;
  return false;
}

bool goes_on(const Place& p) {
  std::string_view rest = p.text.substr(p.value.end, 8);
  if (rest.empty() || !is_quote(rest.front())) return false;
  rest.remove_prefix(1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.size() < 2 || (rest[0] != '+' && rest[0] != '.')) return false;
  const bool dot = rest[0] == '.';  // of PHP, and not of `"x".method()`
  rest.remove_prefix(1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return !rest.empty() && (rest[0] == '$' || (!dot && (is_alpha(rest[0]) || rest[0] == '_')));
}

bool is_looked_for(const Place& p) {
  if (p.name.kind != NameKind::key) return false;
  const bool header = starts_with_any(p.name.text, {"x-", "X-"});  // what a program asks its callers for
  if (!header && p.between().find("==") != std::string_view::npos) return true;
  std::string_view head = p.line_before();
  while (!head.empty() && (is_quote(head.back()) || is_name_char(head.back()))) head.remove_suffix(1);
  if (!head.ends_with('(')) return false;
  head.remove_suffix(1);
  std::size_t begin = head.size();
  while (begin > 0 && is_alpha(head[begin - 1])) --begin;
  constexpr std::string_view kQueries[] = {"where", "wherein", "orwhere", "wherenot", "findby", "firstwhere", "filter"};
  return any_of(kQueries, head.substr(begin));
}

bool is_search_key(const Place& p) {
  constexpr std::size_t kNear = 120;
  const std::size_t from = p.match.begin - std::min(p.match.begin, kNear);
  return p.text.substr(from, p.value.end + kNear - from).find("indexName") != std::string_view::npos;
}

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

bool repeats_user(const Place& p) {
  constexpr std::size_t kNear = 400, kLongest = 16;
  constexpr std::string_view kUsers[] = {"user", "username", "name", "db", "database", "role"};
  const std::string_view v = p.v();
  if (v.size() > kLongest || !std::all_of(v.begin(), v.end(), is_lower)) return false;
  const std::size_t from = p.match.begin - std::min(p.match.begin, kNear);
  const std::string_view near = p.text.substr(from, p.value.end + kNear - from);
  for (std::size_t at = near.find(v); at != near.npos; at = near.find(v, at + 1)) {
    if (from + at == p.value.begin) continue;
    const bool whole = (at == 0 || !is_name_char(near[at - 1])) &&
                       (at + v.size() == near.size() || !is_name_char(near[at + v.size()]));
    if (!whole) continue;
    const std::size_t line = at == 0 ? 0 : near.rfind('\n', at - 1) + 1;  // npos + 1: the window's start
    std::string_view head = near.substr(line, at - line);
    if (line > 0 && head.substr(std::min(head.find_first_not_of(" \t"), head.size())).starts_with("value:")) {
      head = near.substr(0, line - 1);  // - name: POSTGRES_USER, and its value on the next line
      head = head.substr(head.rfind('\n') + 1);
      head = head.substr(head.find(':') + 1);  // npos + 1: all of it
    }
    Pieces pieces(head);
    for (Piece piece; pieces.next(piece);)
      if (any_of(kUsers, piece.text) || Folded(piece.text).text.ends_with("user")) return true;  // "PGUSER"
  }
  return false;
}

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

ByteRange whole_setting(std::string_view text, ByteRange match, ByteRange value, std::string_view path) {
  constexpr std::string_view kFiles[] = {"properties", "ini", "conf", "cfg", "cnf", "env", "yml", "yaml"};
  constexpr std::size_t kLongestRest = 64;
  if (value.end == text.size() || std::string_view("&|<>(){};,").find(text[value.end]) == std::string_view::npos)
    return value;
  if (!any_of(kFiles, path.substr(path.rfind('.') + 1)) || is_quote(text[value.begin - 1])) return value;
  const std::size_t line = line_begin(text, match.begin);
  std::string_view head = text.substr(line, match.begin - line);
  while (!head.empty() && is_name_char(head.back())) head.remove_suffix(1);  // the name may begin before the match
  if (head.ends_with("export ")) head.remove_suffix(7);
  if (head.find_first_not_of(" \t") != head.npos) return value;
  std::string_view rest = text.substr(value.end, kLongestRest + 1);
  rest = rest.substr(0, rest.find_first_of("\r\n"));
  const bool word =
      std::none_of(rest.begin(), rest.end(), [](char c) { return is_space(c) || is_quote(c) || c == '='; });
  if (!word || rest.size() > kLongestRest || std::none_of(rest.begin(), rest.end(), is_alnum)) return value;
  return {value.begin, value.end + rest.size()};
}

}  // namespace launchgate::secrets
