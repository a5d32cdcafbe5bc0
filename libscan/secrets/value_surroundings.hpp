// What stands around a value: the name it is bound to, its quotes, its line, its neighbours. Private to the value judge
// (value_judge.hpp). Plain values and pure functions, no allocation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "libscan/core/redact.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_place.hpp"
#include "libscan/secrets/value_program.hpp"

namespace launchgate::secrets {

struct Name {
  std::string_view text;
  NameKind kind = NameKind::none;
  std::size_t end = 0;  // offset behind the name in the text before the value
};

// The identifier before the value that promises most. A later one of the same kind wins: it stands nearer.
Name name_before(std::string_view before);

// The name that the value of a match is bound to; it may begin before the match does.
Name name_of(std::string_view text, ByteRange match, ByteRange value);

struct Place {
  std::string_view text;
  ByteRange value, match;
  Name name;
  FileKind file;

  std::string_view v() const { return text.substr(value.begin, value.end - value.begin); }
  std::string_view between() const {  // from the name's end to the value
    return text.substr(match.begin + name.end, value.begin - match.begin - name.end);
  }
  bool is_variable_of_environment() const {  // DB_PASSWORD="…" in settings or a shell
    const bool upper =
        std::all_of(name.text.begin(), name.text.end(), [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
    return upper && file == FileKind::settings && name.kind == NameKind::password && between().starts_with('=') &&
           quoted();
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
    const std::size_t line = line_begin(text, match.begin);
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
    const std::size_t line = line_begin(text, match.begin);
    return text.substr(line, std::min<std::size_t>(match.begin - line, 256));
  }
  // "${name:" before the value
  bool is_default() const {
    const std::string_view head = line_before();
    return head.ends_with("${");
  }
  // `ENV DB_PASSWORD x` of a Dockerfile, `setenv DB_PASSWORD x` of the C shell
  bool is_set_in_environment() const;
  // `pass Copper7River9x`: nothing behind it, and no word that a sentence would go on with.
  bool ends_line_as_password() const;
  bool words_follow() const {
    const std::string_view rest = text.substr(value.end, 3);
    return rest.size() == 3 && rest[0] == ' ' && rest[1] != '-' && (is_alpha(rest[1]) || is_alpha(rest[2]));
  }
  // A literal without quotes of its own, but inside those of a longer one: "…?token=abc&x=1", "password=abc"
  bool in_string() const { return after() == '&' || is_quote(after()) || after() == '\\'; }
};

// f(token, "x"): the value is another argument of the call that the variable is given to. What copies into a variable
// names it first.
bool is_next_argument(const Place& p);

// `status: "pass", message: "x"`: what looks like a name is the value of another one.
bool is_value_itself(const Place& p);

// `type === 'password'" :icon="x"`: what looks like a name is compared with something.
bool is_compared(const Place& p);

// `eof_action=pass:repeat=0`: the word is the value of an option, and another option follows.
bool is_step(const Place& p);

// `passwd: files systemd` of nsswitch.conf(5): who knows about users.
bool is_name_service(const Place& p);

// ["reads_jwt", "x", "y"]: what looks like a name is an element of a list, and the value the next one.
bool is_list_element(const Place& p);

// {'key': 'net.ipv4.x', 'value': 1}: the value is a name itself, and its own value stands behind it.
bool is_name_of_pair(const Place& p);

// "cart_hash_key": "shop_cart_hash_<hexadecimal>": words of the name and a digest, a key that finds something.
bool is_hash_under_name(const Place& p);

// "[parameters('shop')]", of which a rule took what stands before the inner quote: a call.
bool is_cut_call(const Place& p);

// <input (tokenEnd)="add($event)" [token]="token">: of Angular, where an event's handler and a property's expression
// stand in quotes, https://angular.dev/guide/templates/binding. What a property is given as text has quotes of its own.
bool is_binding(const Place& p);

// request.put("currentPassword", x): the name of a field, and its value stands behind it.
bool is_field_of_call(const Place& p);

// `the password handler reads form.value("x")`: what stands between the name and the call is a sentence.
bool is_said_before(std::string_view call, std::string_view between);

// `Unlock_Daily PasswordUnlock = "daily"`: a constant of a type, called after what it holds.
bool is_constant_of_its_value(const Place& p);

// INSERT INTO shop (id, password) VALUES ('x', …: the name is that of the last column, and the value that of the first.
bool is_other_column(const Place& p);

// INSERT INTO `shop_ticket` VALUES ('x': the name is the table's, and the value that of some column.
bool is_named_by_table(const Place& p);

// storageKeys: ["0x…"] of an access list (EIP-2930): where a contract keeps something.
bool is_slot_of_contract(const Place& p);

// The attribute of Windows Setup that names a pass: what goes over something several times, and is no password.
bool is_setup_pass(const Place& p, std::string_view path);

// An id (RFC 9562) in a program's list of ids, or the bare "key" of one part of a document among others: ids stand near
// by, before and behind it.
bool is_in_list_of_ids(const Place& p, std::string_view path);

// "update_password", "resetPassword": what to do with one, and when.
bool is_action(std::string_view name);

// "TEST_PASSWORD", "expiredToken", "ShopTest2026!": the name or the value itself says what it is for.
bool is_named_for_tests(std::string_view text, ByteRange match, ByteRange value);

// "fakeToken", "EXPIRED_KEY": whatever the value looks like, the name says that it opens nothing.
bool opens_nothing(std::string_view name);

// "prefix:" + x, 'prefix_' . $x: the value goes on with something that is put in at run time.
bool goes_on(const Place& p);

// `gateway_key == "x"`, where('gateway_key', 'x'): a key of a table that finds something. Of nothing that is called a
// secret or a password.
bool is_looked_for(const Place& p);

// { apiKey: "x", indexName: "docs" }: the key of Algolia that searches, made for web pages.
bool is_search_key(const Place& p);

// "changeme", "change-it": the default of a product or of an author, who says himself what should have happened to it.
// Assigned in settings or in a program it is in effect; in a template or in prose it is there for the reader.
bool is_left_default(const Place& p, std::string_view path);

// POSTGRES_USER: shop, POSTGRES_PASSWORD: shop. Letters alone, and beside them a user or a database of that name.
bool repeats_user(const Place& p);

// In a file of settings the value of `name = x&y` ends with its line, and not with a sign that ends words elsewhere (of
// an address, a shell, a list). The value as such a line has it, or as it was.
ByteRange whole_setting(std::string_view text, ByteRange match, ByteRange value, std::string_view path);

// The value says its own name again: `token_secret: "tokenSecret"`, `API_KEY = "my_api_key"`,
// `"ChangePassword": "iam:ChangePassword"`.
bool repeats_name(std::string_view value, std::string_view name);

}  // namespace launchgate::secrets
