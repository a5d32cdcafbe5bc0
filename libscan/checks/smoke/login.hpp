// The login recipe: sign in as a person with a browser would, or as an API client, and know whether it worked.
//
// A form login fetches the page, finds the form, copies what a browser would send, adds CSRF tokens wherever they are,
// sends Origin and Referer, follows to the end, and fills in the next form (password, one-time code) if one comes.
// It worked only when every sign of it is there: no error status, not the login form again, the expected cookie or
// token, and the proof page when one is named.
#pragma once

#include <optional>
#include <string>

#include "libscan/checks/smoke/login_form.hpp"
#include "libscan/checks/smoke/run.hpp"

namespace launchgate::checks::smoke {

struct SignIn {
  std::optional<Trouble> trouble;  // nullopt: signed in
  bool answered = false;           // the login and what came after it was answered, so `trouble` is the site's refusal
  int status = 0;                  // of the last answer
};

// Signs in on `flow`, whose session is then the visitor's. `stranger`: as a user that cannot exist.
SignIn sign_in(const CheckSpec& check, Flow& flow, bool stranger = false);

// Requests login.logout, if any; its answer decides nothing.
void sign_out(const CheckSpec& check, Flow& flow);

}  // namespace launchgate::checks::smoke
