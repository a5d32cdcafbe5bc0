// The value as part of a program: the call it stands in, and whether it is an expression itself. Private to the value
// judge. Pure functions, no allocation.
#pragma once

#include <string_view>

namespace launchgate::secrets {

// The name of the innermost call that is still open where `between` ends ("getenv(" -> "getenv"), or empty.
std::string_view open_call(std::string_view between);

// env('SHOP_x509_KEY'): the first argument of a look-up is the name to look for, however it looks.
bool is_looked_up(std::string_view call, std::string_view between, std::string_view value);

// env('SHOP_PASS', 'x'): the second argument of a look-up is what it gives when there is nothing to find.
bool is_fallback(std::string_view call, std::string_view between);

// Calls that give back what they are given, in another type or encoding. Any other call computes something, and its
// argument is a name or a message.
bool passes_through(std::string_view call);

// A method on something of a secret's name: password.encode("utf-8"), checkToken("x"). A setter or a builder gives the
// value instead: setPassword("x"), withToken("x"), .password("x").
bool is_setter(std::string_view name);

bool has_digit(std::string_view v);

// A name or a path of names: "password", "config.password", "user_token", "self.key", "params->x"
bool is_expression(std::string_view v);

// Two or more names joined by dots, the last of letters: "config.password", "vault.login[0].id".
bool is_member_access(std::string_view v);

// `text[value]` names an element: "auth[1]", "row['token']".
bool is_element(std::string_view v);

// `"password=" + value + "&x"`: what looks like the opening quote closes a string, and the value is the program between
// it and the next one.
bool is_between_strings(std::string_view v);

// `base64encode(random_password.db.result)`: a call of something by its name.
bool is_call(std::string_view v);

// "Read-Host": a verb and a noun, as the commands of PowerShell are called.
bool is_cmdlet(std::string_view v);

// "... = ['", the quote being the value's
bool opens_list(std::string_view between);

}  // namespace launchgate::secrets
