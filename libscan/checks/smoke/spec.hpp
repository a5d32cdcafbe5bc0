// What launchgate.toml asks for, as plain values: each struct is one table of the file, each field one key.
//
// Names of environment variables ($NAME) are already replaced by their values here (config.hpp), so these structs hold
// secrets: they are shown through explain() and Run::show() only. Durations are milliseconds, sizes bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libscan/checks/smoke/html.hpp"
#include "libscan/config/toml.hpp"
#include "libscan/core/secret_set.hpp"
#include "libscan/core/severity.hpp"
#include "libscan/net/http.hpp"

namespace launchgate::checks {
struct CheckKind;
}

namespace launchgate::checks::smoke {

// How to reach the site; the root of the file gives the defaults of every check.
struct Connection {
  double timeout_ms = 10'000;  // one request with all its redirects
  int follow = 5;              // redirects
  std::size_t max_body = std::size_t{5} << 20;
  net::Family ip = net::Family::any;  // any: each family that resolves and that this machine has
  std::string http;                   // "", "1.1", "2"
  net::TlsOptions tls;
  double tls_min_days = 0;  // fail when the certificate expires earlier
  std::vector<net::Pin> resolve;
  std::optional<std::string> proxy;
  std::string no_proxy;
};

struct NamedSelector {
  std::string text;
  Selector selector;
};

struct StatusRange {
  int from = 0, to = 0;
};

struct JsonCondition {
  enum class Op { equals, below, at_most, above, at_least, matches, exists, type_is };
  std::string pointer;  // RFC 6901; "" is the whole document
  Op op = Op::equals;
  config::Value operand;
};

struct Expect {
  std::vector<StatusRange> status;  // empty: any 2xx
  std::optional<NamedSelector> form, not_form;
  std::vector<std::string> text, not_text;
  std::vector<JsonCondition> json;
  std::vector<std::pair<std::string, std::string>> headers;  // the value must contain this, case ignored
  std::string cookie;                                        // must be in the jar, not empty
  bool anonymous_denied = false;
};

struct Capture {
  enum class From { json, header, regex, form, cookie };
  std::string name;
  From from = From::json;
  std::string what;  // pointer, header name, expression with one group, field name, cookie name
};

// One request. "{{name}}" in target, headers and bodies stands for a captured value.
struct Send {
  std::string method = "GET";
  std::string target;  // "/path" below the base, or an absolute URL of an allowed host
  net::Headers headers;
  std::string bearer;
  std::string body;
  std::optional<config::Value> json;
  std::vector<std::pair<std::string, std::string>> form;
};

struct Step {
  Send send;
  Expect expect;
  std::vector<Capture> capture;
  config::Place place;
};

struct Budget {
  double max_ms = 0, p95_ms = 0, median_ms = 0;  // 0 = none
  unsigned samples = 0;                          // 0 = 20 for p95 and median, 1 for max
  bool fresh = false;                            // a new connection for every sample
  bool assets = false;                           // the page's own style sheets and scripts count too
};

struct Success {
  double rate = 0.95;
  unsigned runs = 0;  // 0 = 10, or 1 with TOTP: a server takes each code once
  double pace_ms = 1'000;
};

struct Csrf {
  std::string get;                       // endpoint that hands out a token
  std::string json;                      // pointer to it in the reply; "" = the header or cookie below
  std::string from_header, from_cookie;  // or where else it is
  std::string header = "X-CSRF-Token";   // sent as this header
  std::string field;                     // and as this form field or JSON member
};

struct OAuth {  // client credentials, RFC 6749 section 4.4
  std::string token_url, client_id, client_secret, scope;
  bool in_body = false;  // client_id and client_secret in the body instead of Authorization: Basic
};

struct Login {
  std::string page;                   // where the form is
  std::optional<NamedSelector> form;  // which form, when it is not the one with a password field
  std::string user, password;
  std::string user_field, password_field;                   // names, when they are not found by themselves
  std::vector<std::pair<std::string, std::string>> fields;  // further fields to fill
  std::string totp, totp_field;
  std::string post;                   // JSON or form login without a page
  std::optional<config::Value> json;  // its body; default {"username", "password"}
  std::string token;                  // JSON pointer to a bearer token in the reply
  std::optional<Csrf> csrf;
  std::optional<OAuth> oauth;
  std::string proof;           // a page only a signed-in visitor gets; `expect` is asked of it
  std::string logout;          // requested at the end of every flow
  bool refuse_unknown = true;  // also try a user that cannot exist
};

struct CheckSpec {
  std::string id;
  std::string title;  // default: the kind's
  const CheckKind* kind = nullptr;
  config::Place place;
  Severity severity = Severity::launch_blocker;
  bool skip = false;
  Connection connection;
  std::vector<Step> steps;  // at least one but for logins
  std::vector<Step> cleanup;
  Budget budget;
  Success success;
  std::optional<Login> login;
  Expect login_expect;
  std::string use;      // id of the login check whose session is used
  std::string browser;  // page to open in a real browser
};

struct ReleaseSpec {
  Send send;
  std::string json, header;  // where the release stands; both empty = the body, trimmed
  std::string equals;
  double wait_ms = 180'000;
  double every_ms = 2'000;
  unsigned agree = 2;  // rounds over all addresses that must agree
  config::Place place;
};

struct GateSpec {
  unsigned consecutive = 2;
  double spacing_ms = 15'000;
  double deadline_ms = 300'000;
  std::string scope = "run";  // "run" | "release" | "probe"
  double max_gap_ms = 3'600'000;
  bool strict = false;
  Severity fail_on = Severity::high_risk;
  std::string ledger;  // "file:…", "git:refs/launchgate/…", "status:"
  bool ledger_required = false;
};

struct Config {
  std::string file;         // as shown to people
  std::string base;         // origin, perhaps with a path; no trailing '/'
  std::string environment;  // --env
  std::vector<std::string> allow_hosts;
  std::vector<std::string> controls;  // URLs that tell whether this machine is online
  std::string webdriver;              // URL of a running driver; "" = chromedriver from PATH
  Connection connection;
  GateSpec gate;
  std::optional<ReleaseSpec> release;
  std::vector<CheckSpec> checks;  // in the order of the file
  SecretSet secrets;              // every $NAME that is one
  std::string sha256;             // of the file's bytes, 64 hex digits

  const CheckSpec* find(std::string_view id) const noexcept;
};

}  // namespace launchgate::checks::smoke
