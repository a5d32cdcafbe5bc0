#include "libscan/checks/smoke/login_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "libscan/net/crypto.hpp"

namespace launchgate::checks::smoke {
namespace {

bool any_part(std::string_view text, std::span<const std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view p) { return text.find(p) != std::string_view::npos; });
}

constexpr std::array<std::string_view, 7> kUserWords{"user", "login", "mail", "identifier", "account", "uid", "handle"};
constexpr std::array<std::string_view, 8> kCodeWords{"otp",      "totp",     "2fa",        "mfa",
                                                     "one-time", "passcode", "two_factor", "authenticator"};

bool is_text(const Input& i) {
  return i.tag == "input" && (i.type == "text" || i.type == "email" || i.type == "tel" || i.type == "number");
}

bool asks_for_code(const Input& i) {
  return (is_text(i) || i.type == "password") &&
         (i.autocomplete == "one-time-code" || any_part(net::lower(i.name + " " + i.id), kCodeWords));
}

// How much an input looks like the place for a user name; 0 = not at all.
int user_score(const Input& i) {
  if (!is_text(i) || i.name.empty() || asks_for_code(i)) return 0;
  if (i.autocomplete.find("username") != std::string::npos) return 4;
  if (i.type == "email" || i.autocomplete.find("email") != std::string::npos) return 3;
  return any_part(net::lower(i.name + " " + i.id), kUserWords) ? 2 : 1;
}

const Input* named(const Form& form, std::string_view name) {
  const auto at = std::find_if(form.inputs.begin(), form.inputs.end(), [&](const Input& i) { return i.name == name; });
  return name.empty() || at == form.inputs.end() ? nullptr : &*at;
}

const Input* password_input(const Form& form, const Login& login) {
  if (const Input* chosen = named(form, login.password_field)) return chosen;
  const Input* first = nullptr;
  for (const Input& i : form.inputs) {
    if (i.type != "password" || i.name.empty() || asks_for_code(i)) continue;
    if (i.autocomplete == "current-password") return &i;
    if (first == nullptr) first = &i;
  }
  return first;
}

const Input* user_input(const Form& form, const Login& login) {
  if (const Input* chosen = named(form, login.user_field)) return chosen;
  const Input* best = nullptr;
  for (const Input& i : form.inputs) {
    if (i.type == "password" && best != nullptr) break;  // it stands before the password
    if (user_score(i) > (best == nullptr ? 0 : user_score(*best))) best = &i;
  }
  return best;
}

const Input* code_input(const Form& form, const Login& login) {
  if (const Input* chosen = named(form, login.totp_field)) return chosen;
  const auto at = std::find_if(form.inputs.begin(), form.inputs.end(),
                               [](const Input& i) { return !i.name.empty() && asks_for_code(i); });
  return at == form.inputs.end() ? nullptr : &*at;
}

LoginForm describe(Form form, const Login& login) {
  LoginForm out;
  const auto name = [](const Input* i) { return i == nullptr ? std::string() : i->name; };
  out.user_field = name(user_input(form, login));
  out.password_field = name(password_input(form, login));
  out.code_field = name(code_input(form, login));
  out.form = std::move(form);
  return out;
}

// Sign-up forms ask for the password twice or for a new one; a change-password form has no user.
int form_score(const LoginForm& f) {
  int score = 0;
  if (!f.password_field.empty()) score += 10;
  if (f.form.count_of_type("password") > 1) score -= 4;
  for (const Input& i : f.form.inputs) {
    if (i.autocomplete == "new-password") score -= 4;
    if (i.autocomplete == "current-password") score += 3;
  }
  if (!f.user_field.empty()) score += user_score(*named(f.form, f.user_field));
  if (f.form.method == "post") score += 2;
  return score;
}

// A user name alone, or a code alone: only what says so clearly, or every search box would do.
bool is_partial(const LoginForm& f) {
  if (!f.code_field.empty()) return true;
  return !f.user_field.empty() && user_score(*named(f.form, f.user_field)) >= 2 && f.form.method == "post" &&
         named(f.form, f.user_field)->type != "email";
}

}  // namespace

std::optional<LoginForm> find_login_form(const Document& page, const Login& login) {
  if (login.form)
    if (auto chosen = page.form(login.form->selector)) return describe(std::move(*chosen), login);
  std::optional<LoginForm> best, partial;
  for (Form& form : page.forms()) {
    LoginForm f = describe(std::move(form), login);
    if (!f.password_field.empty() && (!best || form_score(f) > form_score(*best)))
      best = std::move(f);
    else if (f.password_field.empty() && !partial && is_partial(f))
      partial = std::move(f);
  }
  return best ? best : partial;
}

Fields fill(const LoginForm& login_form, const Login& login, const Credentials& credentials) {
  Fields out;
  const auto extra = [&](const std::string& name) {
    return std::find_if(login.fields.begin(), login.fields.end(), [&](const auto& f) { return f.first == name; });
  };
  for (const Input& i : login_form.form.inputs) {
    if (i.name.empty()) continue;
    if (i.name == login_form.user_field) {
      out.emplace_back(i.name, credentials.user);
    } else if (i.name == login_form.password_field) {
      out.emplace_back(i.name, credentials.password);
    } else if (i.name == login_form.code_field && !credentials.code.empty()) {
      out.emplace_back(i.name, credentials.code);
    } else if (const auto given = extra(i.name); given != login.fields.end()) {
      out.emplace_back(*given);
    } else if (i.sent) {
      out.emplace_back(i.name, i.value);
    }
  }
  for (const auto& field : login.fields)
    if (named(login_form.form, field.first) == nullptr) out.push_back(field);
  // A person presses the first button; some sites tell "sign in" from "register" by its name.
  const Input* button = login_form.form.first_of_type("submit");
  if (button != nullptr && !button->name.empty() && button->name != login_form.user_field)
    out.emplace_back(button->name, button->value);
  return out;
}

net::Headers csrf_headers(const Document* page, const net::CookieJar& jar) {
  net::Headers out;
  if (page != nullptr) {
    const std::string token = page->meta("csrf-token"), spring = page->meta("_csrf"), name = page->meta("_csrf_header");
    if (!token.empty()) net::set_header(out, "X-CSRF-Token", token);
    if (!spring.empty()) net::set_header(out, name.empty() ? "X-CSRF-Token" : name, spring);
  }
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kCookies = {
      {{"XSRF-TOKEN", "X-XSRF-TOKEN"}, {"csrftoken", "X-CSRFToken"}, {"csrf_token", "X-CSRF-Token"}}};
  for (const auto& [cookie, header] : kCookies)
    if (const net::Cookie* c = jar.find(cookie)) net::set_header(out, header, net::percent_decode(c->value));
  // A token is one line; what is not cannot be sent.
  std::erase_if(out, [](const net::Header& h) {
    return h.value.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos ||
           h.name.find_first_of(std::string_view("\0\r\n: ", 5)) != std::string::npos;
  });
  return out;
}

std::string encode(const Fields& fields, bool multipart, std::string& content_type) {
  if (!multipart) {
    content_type = "application/x-www-form-urlencoded";
    return net::form_encode(fields);
  }
  const std::string boundary = "----launchgate" + net::random_hex(12);
  content_type = "multipart/form-data; boundary=" + boundary;
  std::string out;
  for (const auto& [name, value] : fields) {
    std::string quoted;  // as browsers do: line ends and quotes percent-encoded
    for (const char c : name) quoted += c == '"' ? "%22" : c == '\r' ? "%0D" : c == '\n' ? "%0A" : std::string(1, c);
    out += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", boundary, quoted, value);
  }
  return out + "--" + boundary + "--\r\n";
}

}  // namespace launchgate::checks::smoke
