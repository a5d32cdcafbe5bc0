#include "libscan/secrets/value_program.hpp"

#include <algorithm>

#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::string_view kLookUp[] = {"get",   "env", "find",  "query",  "select", "prompt",
                                        "input", "ask", "fetch", "lookup", "read",   "load"};

}  // namespace

std::string_view open_call(std::string_view between) {
  const std::size_t paren = between.rfind('(');
  if (paren == between.npos || between.find(')', paren) != between.npos) return {};
  std::size_t end = paren;
  while (end > 0 && between[end - 1] == ' ') --end;
  std::size_t begin = end;
  while (begin > 0 && is_name_char(between[begin - 1])) --begin;
  return between.substr(begin, end - begin);
}

bool is_looked_up(std::string_view call, std::string_view between, std::string_view v) {
  if (between.find(',', between.rfind('(')) != between.npos || v.find_first_of("_.") == v.npos) return false;
  if (!std::all_of(v.begin(), v.end(), is_name_char)) return false;
  Pieces pieces(call);
  for (Piece piece; pieces.next(piece);)
    if (any_of(kLookUp, piece.text)) return true;
  return false;
}

bool is_fallback(std::string_view call, std::string_view between) {
  constexpr std::string_view kEnvironment[] = {"get", "env", "environ", "getenv"};
  if (between.find(',', between.rfind('(')) == between.npos) return false;
  Pieces pieces(call);
  for (Piece piece; pieces.next(piece);)
    if (any_of(kEnvironment, piece.text)) return true;
  return false;
}

bool passes_through(std::string_view call) {
  constexpr std::string_view kSame[] = {
      "string",  "str",      "bytes",      "byte",    "secret",    "from",         "of",       "new",   "decode",
      "encode",  "buffer",   "credential", "valueof", "chararray", "securestring", "password", "token", "base64",
      "utf8",    "parse",    "unhex",      "hex",     "hash",      "key",          "plain",    "text",  "value",
      "default", "optional", "just",       "some",    "ptr",       "pointer",      "char",     "quote", "unicode",
      "u",       "b",        "s",          "equal",   "equals",    "eq",           "is",       "eql",   "tobe",
      "toequal", "encoder",  "crypt",      "sha",     "md"};
  constexpr std::string_view kMake[] = {"random", "rand", "generate", "gen"};
  // `passwordField.getAttribute("type")`: the method says what is done, whatever it is done to.
  Piece piece;
  if (Pieces method(call.substr(call.rfind('.') + 1)); method.next(piece))  // npos + 1: all of it
    if (any_of(kLookUp, piece.text) || any_of(kMake, piece.text)) return false;
  Pieces pieces(call);
  while (pieces.next(piece)) {
    if (any_of(kLookUp, piece.text)) return false;
    if (any_of(kSame, piece.text)) return true;
  }
  return false;
}

bool has_digit(std::string_view v) { return std::any_of(v.begin(), v.end(), is_digit); }

bool is_expression(std::string_view v) {
  return !v.empty() && (is_alpha(v[0]) || v[0] == '_' || v[0] == '$' || v[0] == '*' || v[0] == '&' || v[0] == '!') &&
         std::all_of(v.begin() + 1, v.end(),
                     [](char c) { return is_name_char(c) || c == '>' || c == ':' || c == '$' || c == '?'; });
}

bool is_member_access(std::string_view v) {
  const std::size_t dot = v.rfind('.');
  if (dot == v.npos || dot == 0 || dot + 1 == v.size()) return false;
  if (const std::size_t open = v.find('['); open < dot && v[dot - 1] == ']') v = v.substr(0, open);  // "x.y[0].id"
  if (!is_expression(v)) return false;
  if (v.size() < dot) return true;
  return std::all_of(v.begin() + static_cast<std::ptrdiff_t>(dot) + 1, v.end(),
                     [](char c) { return is_alpha(c) || c == '_'; });
}

bool is_element(std::string_view v) { return v.back() == ']' && v.find('[') != v.npos; }

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

bool is_between_strings(std::string_view v) {
  if (v.size() > 3 && is_quote(v.front()) && is_quote(v.back())) v = v.substr(1, v.size() - 2);  // "'" + x + "'"
  const bool starts = std::string_view(",)].;+}:>=&|?").find(v.front()) != std::string_view::npos;
  return starts && std::string_view(",(+.[:=?&|{ ").find(v.back()) != std::string_view::npos;
}

bool is_call(std::string_view v) {
  const std::size_t open = v.find('(');
  if (open == v.npos || open < 3 || v.back() != ')') return false;
  const std::string_view name = v.substr(0, open), arguments = v.substr(open + 1, v.size() - open - 2);
  return is_alpha(v[0]) && std::all_of(name.begin(), name.end(), is_name_char) &&
         (arguments.empty() || arguments.find_first_of("._,") != arguments.npos) &&
         std::all_of(arguments.begin(), arguments.end(), [](char c) { return is_name_char(c) || c == ','; });
}

bool is_cmdlet(std::string_view v) {
  const std::size_t dash = v.find('-');
  if (dash == v.npos || dash < 3 || v.size() - dash < 4 || !is_upper(v[0]) || !is_upper(v[dash + 1])) return false;
  return std::all_of(v.begin(), v.end(), [](char c) { return is_alnum(c) || c == '-'; }) && v.rfind('-') == dash;
}

bool opens_list(std::string_view between) {
  if (!between.empty()) between.remove_suffix(1);
  while (!between.empty() && between.back() == ' ') between.remove_suffix(1);
  return between.ends_with('[');
}

}  // namespace launchgate::secrets
