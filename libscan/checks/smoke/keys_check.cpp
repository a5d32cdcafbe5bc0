// Keys of checks: logins, budgets, success rates, and of the gate.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/keys.hpp"

namespace launchgate::checks::smoke {
namespace {

constexpr std::array kCsrfKeys{
    Key<Csrf>{"get", "\"/csrf\"", "endpoint that hands out the token",
              [](const Field& f, Csrf& c) { c.get = f.text(); }},
    Key<Csrf>{"json", "\"/csrfToken\"", "pointer to it in the reply",
              [](const Field& f, Csrf& c) { c.json = f.text(); }},
    Key<Csrf>{"from_header", "\"X-CSRF-Token\"", "or the reply's header",
              [](const Field& f, Csrf& c) { c.from_header = f.text(); }},
    Key<Csrf>{"from_cookie", "\"XSRF-TOKEN\"", "or the cookie",
              [](const Field& f, Csrf& c) { c.from_cookie = f.text(); }},
    Key<Csrf>{"header", "\"X-CSRF-Token\"", "header to send it in",
              [](const Field& f, Csrf& c) { c.header = f.text(); }},
    Key<Csrf>{"field", "\"csrfToken\"", "field to send it in", [](const Field& f, Csrf& c) { c.field = f.text(); }},
};

constexpr std::array<std::string_view, 2> kOAuthPlaces{"basic", "body"};
constexpr std::array kOAuthKeys{
    Key<OAuth>{"token_url", "\"/oauth/token\"", "the token endpoint",
               [](const Field& f, OAuth& o) { o.token_url = f.text(); }},
    Key<OAuth>{"client_id", "\"$OAUTH_CLIENT\"", "client id", [](const Field& f, OAuth& o) { o.client_id = f.text(); }},
    Key<OAuth>{"client_secret", "\"$OAUTH_SECRET\"", "client secret",
               [](const Field& f, OAuth& o) { o.client_secret = f.secret(); }},
    Key<OAuth>{"scope", "\"read\"", "scopes to ask for", [](const Field& f, OAuth& o) { o.scope = f.text(); }},
    Key<OAuth>{"auth", "\"basic\"", "how the client names itself: basic or body",
               [](const Field& f, OAuth& o) { o.in_body = f.choice(kOAuthPlaces) == 1; }},
};

constexpr std::array kLoginKeys{
    Key<Login>{"page", "\"/login\"", "page with the login form", [](const Field& f, Login& l) { l.page = f.text(); }},
    Key<Login>{"form", "\"#login\"", "which form; default the one with a password field",
               [](const Field& f, Login& l) {
                 const std::string text = f.text();
                 auto selector = parse_selector(text);
                 if (!selector) return f.reject("is no selector this understands", "e.g. \"#login\"");
                 l.form = NamedSelector{text, std::move(*selector)};
               }},
    Key<Login>{"user", "\"$SMOKE_USER\"", "name or address of the test user",
               [](const Field& f, Login& l) { l.user = f.text(); }},
    Key<Login>{"password", "\"$SMOKE_PASSWORD\"", "its password",
               [](const Field& f, Login& l) { l.password = f.secret(); }},
    Key<Login>{"user_field", "\"email\"", "name of the user field, when it is not found",
               [](const Field& f, Login& l) { l.user_field = f.text(); }},
    Key<Login>{"password_field", "\"pass\"", "name of the password field",
               [](const Field& f, Login& l) { l.password_field = f.text(); }},
    Key<Login>{"fields", "{ tenant = \"acme\" }", "further fields to fill",
               [](const Field& f, Login& l) {
                 for (const Field& m : f.members())
                   l.fields.emplace_back(m.key(), m.secret_if(names_a_secret(m.key())));
               }},
    Key<Login>{"totp", "\"$SMOKE_TOTP\"", "seed of the one-time codes (base32 or otpauth://)",
               [](const Field& f, Login& l) { l.totp = f.secret(); }},
    Key<Login>{"totp_field", "\"code\"", "name of its field",
               [](const Field& f, Login& l) { l.totp_field = f.text(); }},
    Key<Login>{"post", "\"/api/login\"", "endpoint of a JSON login",
               [](const Field& f, Login& l) { l.post = f.text(); }},
    Key<Login>{"json", "{ email = \"$SMOKE_USER\", password = \"$SMOKE_PASSWORD\" }",
               "its body; default username and password",
               [](const Field& f, Login& l) {
                 (void)f.members();  // a table: tokens and codes are added to it
                 l.json = f.resolved();
               }},
    Key<Login>{"token", "\"/access_token\"", "JSON pointer to the bearer token in the reply",
               [](const Field& f, Login& l) { l.token = f.text(); }},
    Key<Login>{"csrf", "{ get = \"/csrf\", json = \"/token\" }",
               "CSRF token from an endpoint; those in forms, metas and cookies are found",
               [](const Field& f, Login& l) { f.section<Csrf>(kCsrfKeys, l.csrf.emplace()); }},
    Key<Login>{"oauth", "{ token_url = \"/oauth/token\", client_id = \"$ID\", client_secret = \"$SECRET\" }",
               "OAuth client credentials",
               [](const Field& f, Login& l) { f.section<OAuth>(kOAuthKeys, l.oauth.emplace()); }},
    Key<Login>{"proof", "\"/account\"", "page only a signed-in visitor gets; expect is asked of it",
               [](const Field& f, Login& l) { l.proof = f.text(); }},
    Key<Login>{"logout", "\"/logout\"", "requested when a flow is over",
               [](const Field& f, Login& l) { l.logout = f.text(); }},
    Key<Login>{"unknown_user_refused", "true", "also try a user that cannot exist, who must be refused",
               [](const Field& f, Login& l) { l.refuse_unknown = f.boolean(); }},
};

constexpr std::array<std::string_view, 2> kConnections{"reuse", "fresh"};
constexpr std::array kBudgetKeys{
    Key<Budget>{"max", "\"2s\"", "no sample may take longer",
                [](const Field& f, Budget& b) { b.max_ms = f.duration_ms(); }},
    Key<Budget>{"p95", "\"800ms\"", "95 of 100 may not", [](const Field& f, Budget& b) { b.p95_ms = f.duration_ms(); }},
    Key<Budget>{"median", "\"300ms\"", "half of them may not",
                [](const Field& f, Budget& b) { b.median_ms = f.duration_ms(); }},
    Key<Budget>{"samples", "20", "how many requests to time",
                [](const Field& f, Budget& b) { b.samples = static_cast<unsigned>(f.integer(1, 10'000)); }},
    Key<Budget>{"conn", "\"reuse\"", "reuse one connection, or make a fresh one for each",
                [](const Field& f, Budget& b) { b.fresh = f.choice(kConnections) == 1; }},
    Key<Budget>{"assets", "true", "count the page's own style sheets and scripts",
                [](const Field& f, Budget& b) { b.assets = f.boolean(); }},
};

constexpr std::array kSuccessKeys{
    Key<Success>{"rate", "0.95", "share of the logins that must succeed",
                 [](const Field& f, Success& s) { s.rate = f.number(0.5, 1); }},
    Key<Success>{"runs", "10", "how many logins",
                 [](const Field& f, Success& s) { s.runs = static_cast<unsigned>(f.integer(1, 1000)); }},
    Key<Success>{"pace", "\"1s\"", "one starts each", [](const Field& f, Success& s) { s.pace_ms = f.duration_ms(0); }},
};

Severity read_severity(const Field& f) {
  static constexpr std::array<std::string_view, 3> kNames{"can-wait", "high-risk", "launch-blocker"};
  return static_cast<Severity>(f.choice(kNames));
}

void read_steps(const Field& f, std::vector<Step>& into) {
  for (const Field& element : f.elements()) {
    Step step;
    step.place = element.place();
    element.section(step_keys(), step);
    if (step.send.target.empty()) element.reject("a step needs get, post, put, patch, delete or head");
    into.push_back(std::move(step));
  }
  if (into.empty()) f.reject("is empty");
}

constexpr std::array kCheckKeys{
    Key<CheckSpec>{"title", "\"Orders can be placed\"", "what reports call it",
                   [](const Field& f, CheckSpec& c) { c.title = f.text(); }},
    Key<CheckSpec>{"severity", "\"launch-blocker\"", "what a failure means: can-wait, high-risk, launch-blocker",
                   [](const Field& f, CheckSpec& c) { c.severity = read_severity(f); }},
    Key<CheckSpec>{"skip", "true", "leave it out; a skipped check is told, and proves nothing",
                   [](const Field& f, CheckSpec& c) { c.skip = f.boolean(); }},
    Key<CheckSpec>{"login", "{ page = \"/login\", user = \"$SMOKE_USER\", password = \"$SMOKE_PASSWORD\" }",
                   "makes it a login check",
                   [](const Field& f, CheckSpec& c) { f.section(login_keys(), c.login.emplace()); }},
    Key<CheckSpec>{"success", "{ rate = 0.95, runs = 10, pace = \"1s\" }", "how many logins must succeed",
                   [](const Field& f, CheckSpec& c) { f.section<Success>(kSuccessKeys, c.success); }},
    Key<CheckSpec>{"use", "\"auth\"", "makes requests in the session of this login check",
                   [](const Field& f, CheckSpec& c) { c.use = f.text(); }},
    Key<CheckSpec>{"browser", "\"/login\"", "page to open in a real browser (chromedriver)",
                   [](const Field& f, CheckSpec& c) { c.browser = f.text(); }},
    Key<CheckSpec>{"budget", "{ p95 = \"800ms\", samples = 20 }", "how long answers may take",
                   [](const Field& f, CheckSpec& c) {
                     f.section<Budget>(kBudgetKeys, c.budget);
                     if (c.budget.max_ms + c.budget.p95_ms + c.budget.median_ms == 0)
                       f.reject("needs max, p95 or median");
                   }},
    Key<CheckSpec>{"steps", "[ { post = \"/api/items\" }, { get = \"/api/items/{{id}}\" } ]",
                   "several requests in one flow", [](const Field& f, CheckSpec& c) { read_steps(f, c.steps); }},
    Key<CheckSpec>{"cleanup", "[ { delete = \"/api/items/{{id}}\" } ]", "requests made at the end, whatever happened",
                   [](const Field& f, CheckSpec& c) { read_steps(f, c.cleanup); }},
};

constexpr std::array<std::string_view, 3> kScopes{"run", "release", "probe"};
constexpr std::array kGateKeys{
    Key<GateSpec>{"consecutive", "2", "failures in a row that block",
                  [](const Field& f, GateSpec& g) { g.consecutive = static_cast<unsigned>(f.integer(1, 10)); }},
    Key<GateSpec>{"spacing", "\"15s\"", "time between them",
                  [](const Field& f, GateSpec& g) { g.spacing_ms = f.duration_ms(0); }},
    Key<GateSpec>{"deadline", "\"5m\"", "longest time for all checks",
                  [](const Field& f, GateSpec& g) { g.deadline_ms = f.duration_ms(); }},
    Key<GateSpec>{"scope", "\"run\"",
                  "where they are counted: run, release (across CI runs), probe (across scheduled ones)",
                  [](const Field& f, GateSpec& g) { g.scope = kScopes[f.choice(kScopes)]; }},
    Key<GateSpec>{"max_gap", "\"1h\"", "probe: runs further apart are not in a row",
                  [](const Field& f, GateSpec& g) { g.max_gap_ms = f.duration_ms(); }},
    Key<GateSpec>{"strict", "true", "a check that passed only when repeated holds the release",
                  [](const Field& f, GateSpec& g) { g.strict = f.boolean(); }},
    Key<GateSpec>{"fail_on", "\"high-risk\"", "findings and checks under it decide nothing",
                  [](const Field& f, GateSpec& g) { g.fail_on = read_severity(f); }},
    Key<GateSpec>{"ledger", "\"file:.launchgate/ledger.jsonl\"", "where failures of earlier runs are kept",
                  [](const Field& f, GateSpec& g) { g.ledger = f.text(); }},
    Key<GateSpec>{"ledger_required", "true", "hold when it cannot be read",
                  [](const Field& f, GateSpec& g) { g.ledger_required = f.boolean(); }},
};

template <class T>
const Key<T>* find_key(std::span<const Key<T>> keys, std::string_view name) {
  const auto at = std::find_if(keys.begin(), keys.end(), [&](const Key<T>& k) { return k.name == name; });
  return at == keys.end() ? nullptr : &*at;
}

}  // namespace

std::span<const Key<Login>> login_keys() noexcept { return kLoginKeys; }
std::span<const Key<Csrf>> csrf_keys() noexcept { return kCsrfKeys; }
std::span<const Key<OAuth>> oauth_keys() noexcept { return kOAuthKeys; }
std::span<const Key<Budget>> budget_keys() noexcept { return kBudgetKeys; }
std::span<const Key<Success>> success_keys() noexcept { return kSuccessKeys; }
std::span<const Key<GateSpec>> gate_keys() noexcept { return kGateKeys; }
std::span<const Key<CheckSpec>> check_keys() noexcept { return kCheckKeys; }

void read_check(const Field& field, CheckSpec& into) {
  Step step;
  step.place = field.place();
  for (const Field& member : field.members()) {
    if (const auto* own = find_key(check_keys(), member.key())) {
      own->read(member, into);
    } else if (const auto* request = find_key(step_keys(), member.key())) {
      request->read(member, step);
    } else if (const auto* connection = find_key(connection_keys(), member.key())) {
      connection->read(member, into.connection);
    } else {
      std::vector<std::string_view> names;
      for (const auto& k : check_keys()) names.push_back(k.name);
      for (const auto& k : step_keys()) names.push_back(k.name);
      for (const auto& k : connection_keys()) names.push_back(k.name);
      member.unknown(member.key(), names);
    }
  }
  if (!step.send.target.empty()) {
    if (!into.steps.empty()) field.reject("has both steps and a request of its own", "make it the first step");
    into.steps.insert(into.steps.begin(), std::move(step));
  } else {
    into.login_expect = std::move(step.expect);
  }
}

}  // namespace launchgate::checks::smoke
