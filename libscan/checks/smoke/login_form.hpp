// Which form is the login, and what a browser would send when a person fills it in. Pure functions over a page.
//
// No framework is known here by name but for the CSRF conventions, which several share: what is looked at is what a
// browser and its password manager look at: types, autocomplete, names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libscan/checks/smoke/html.hpp"
#include "libscan/checks/smoke/spec.hpp"
#include "libscan/net/http.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::smoke {

struct LoginForm {
  Form form;
  std::string user_field, password_field, code_field;  // names of the inputs; empty when the form has none
};

// The form to fill in next: the configured one, else the likeliest with a password, else one that asks for a one-time
// code or (identifier first) for a user name alone. nullopt: the page has none of these.
std::optional<LoginForm> find_login_form(const Document& page, const Login& login);

struct Credentials {
  std::string user, password, code;
};

// The form's fields in page order, filled in.
Fields fill(const LoginForm& form, const Login& login, const Credentials& credentials);

// What the page's metas and the jar's cookies ask to be sent back as headers: Rails', Laravel's and Django's <meta>,
// Spring's pair of metas, Angular's XSRF-TOKEN cookie.
net::Headers csrf_headers(const Document* page, const net::CookieJar& jar);

// The body and its Content-Type.
std::string encode(const Fields& fields, bool multipart, std::string& content_type);

}  // namespace launchgate::checks::smoke
