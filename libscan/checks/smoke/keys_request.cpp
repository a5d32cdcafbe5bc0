// Keys of connections, requests, expectations and captures.
#include <fmt/format.h>

#include <array>

#include "libscan/checks/smoke/keys.hpp"
#include "libscan/net/url.hpp"
#include "libscan/secrets/pattern.hpp"

namespace launchgate::checks::smoke {
namespace {

// ---- connection --------------------------------------------------------------------------------------------------

constexpr std::array kTlsKeys{
    Key<Connection>{"ca", "\"ca.pem\"", "PEM file of the authorities to trust instead of the system's",
                    [](const Field& f, Connection& c) { c.tls.ca_file = f.text(); }},
    Key<Connection>{"cert", "\"client.pem\"", "client certificate (mTLS), PEM",
                    [](const Field& f, Connection& c) { c.tls.cert_file = f.text(); }},
    Key<Connection>{"key", "\"client.key\"", "its private key, PEM file",
                    [](const Field& f, Connection& c) { c.tls.key_file = f.text(); }},
    Key<Connection>{"pin", "\"sha256//…\"", "public key the server must have",
                    [](const Field& f, Connection& c) { c.tls.pinned_key = f.text(); }},
    Key<Connection>{"min_days", "14", "fail when the certificate expires sooner",
                    [](const Field& f, Connection& c) { c.tls_min_days = f.number(0, 3650); }},
};

void read_resolve(const Field& f, Connection& c) {
  for (const Field& member : f.members()) {
    const auto url = net::parse_url("http://" + std::string(member.key()));
    if (!url) {
      member.reject("must be a host or host:port", "resolve = { \"www.example.com\" = \"192.0.2.7\" }");
      continue;
    }
    const std::string address = member.text();
    const bool one_port = member.key().find(':') != std::string::npos;
    c.resolve.push_back({url->host, one_port ? url->port : 0, address});
  }
}

constexpr std::array<std::string_view, 4> kFamilies{"both", "v4", "v6", "any"};
constexpr std::array<std::string_view, 3> kVersions{"auto", "1.1", "2"};

constexpr std::array kConnectionKeys{
    Key<Connection>{"timeout", "\"10s\"", "longest time for one request with its redirects",
                    [](const Field& f, Connection& c) { c.timeout_ms = f.duration_ms(); }},
    Key<Connection>{"follow", "5", "redirects to follow; 0 = judge the redirect itself",
                    [](const Field& f, Connection& c) { c.follow = static_cast<int>(f.integer(0, 20)); }},
    Key<Connection>{"max_body", "\"5M\"", "largest body, counted after decompression",
                    [](const Field& f, Connection& c) { c.max_body = f.bytes(); }},
    Key<Connection>{"ip", "\"both\"", "address families that must work: both (that resolve), v4, v6",
                    [](const Field& f, Connection& c) {
                      const std::size_t i = f.choice(kFamilies);
                      c.ip = i == 1 ? net::Family::v4 : i == 2 ? net::Family::v6 : net::Family::any;
                    }},
    Key<Connection>{"http", "\"2\"", "HTTP version to insist on: 1.1 or 2; default the best both speak",
                    [](const Field& f, Connection& c) {
                      const std::size_t i = f.choice(kVersions);
                      c.http = i == 0 ? "" : std::string(kVersions[i]);
                    }},
    Key<Connection>{"tls", "{ min_days = 14 }", "certificates; they are always verified",
                    [](const Field& f, Connection& c) { f.section<Connection>(kTlsKeys, c); }},
    Key<Connection>{"resolve", "{ \"www.example.com\" = \"192.0.2.7\" }",
                    "addresses to use instead of DNS, as curl --resolve", read_resolve},
    Key<Connection>{"proxy", "\"http://proxy:3128\"", "proxy; \"\" = none; default the environment's",
                    [](const Field& f, Connection& c) { c.proxy = f.guarded(); }},
    Key<Connection>{"no_proxy", "\"localhost,.internal\"", "hosts to reach without it",
                    [](const Field& f, Connection& c) { c.no_proxy = f.text(); }},
};

// ---- expect ------------------------------------------------------------------------------------------------------

void read_status(const Field& f, Expect& e) {
  if (f.elements().empty()) f.reject("is empty: that tells nothing", "e.g. 200, [200, 204] or \"2xx\"");
  for (const Field& one : f.elements()) {
    const auto* text = std::get_if<std::string>(&one.value().data);
    if (text != nullptr && text->size() == 3 && text->ends_with("xx") && (*text)[0] >= '1' && (*text)[0] <= '5') {
      const int first = ((*text)[0] - '0') * 100;
      e.status.push_back({first, first + 99});
    } else {
      const int status = static_cast<int>(one.integer(100, 599));
      e.status.push_back({status, status});
    }
  }
}

std::optional<NamedSelector> read_selector(const Field& f) {
  const std::string text = f.text();
  auto selector = parse_selector(text);
  if (!selector) {
    f.reject("is no selector this understands", "tag, #id, .class, [attribute] or [attribute=value], without spaces");
    return std::nullopt;
  }
  return NamedSelector{text, std::move(*selector)};
}

void check_pattern(const Field& f, const std::string& expression) {
  if (const auto pattern = secrets::Pattern::compile(expression); !pattern)
    f.reject(pattern.error().what, pattern.error().hint);
}

void add_condition(const Field& f, const std::string& pointer, JsonCondition::Op op, Expect& e) {
  using Op = JsonCondition::Op;
  const bool numeric = op == Op::below || op == Op::at_most || op == Op::above || op == Op::at_least;
  if (numeric) (void)f.number(-1e300, 1e300);
  if (op == Op::exists) (void)f.boolean();
  static constexpr std::array<std::string_view, 6> kTypes{"null", "boolean", "number", "string", "array", "object"};
  if (op == Op::type_is) f.choice(kTypes);
  if (op == Op::matches) check_pattern(f, f.text());
  e.json.push_back({pointer, op, f.resolved()});
}

// json."/status" = "ok", or json."/queue" = { below = 100 }
void read_json_conditions(const Field& f, Expect& e) {
  using Op = JsonCondition::Op;
  static constexpr std::array<std::string_view, 8> kOps{"equals",   "below",   "at_most", "above",
                                                        "at_least", "matches", "exists",  "type"};
  static constexpr std::array<Op, 8> kMeaning{Op::equals,   Op::below,   Op::at_most, Op::above,
                                              Op::at_least, Op::matches, Op::exists,  Op::type_is};
  for (const Field& member : f.members()) {
    const std::string pointer(member.key());
    if (!pointer.empty() && pointer[0] != '/') member.reject("must be a JSON pointer", "write \"/" + pointer + "\"");
    if (!member.is_table()) {
      add_condition(member, pointer, Op::equals, e);
      continue;
    }
    if (member.members().empty()) member.reject("asks for nothing", "e.g. { below = 100 }");
    for (const Field& condition : member.members()) {
      const auto at = std::find(kOps.begin(), kOps.end(), condition.key());
      if (at == kOps.end())
        condition.reject("unknown condition", fmt::format("one of {}", fmt::join(kOps, ", ")));
      else
        add_condition(condition, pointer, kMeaning[static_cast<std::size_t>(at - kOps.begin())], e);
    }
  }
}

// What is empty holds of every answer, and would look like a promise.
std::vector<std::string> read_texts(const Field& f) {
  std::vector<std::string> texts = f.texts();
  if (texts.empty() || std::any_of(texts.begin(), texts.end(), [](const std::string& t) { return t.empty(); }))
    f.reject("is empty: that tells nothing", "write what to look for, or leave the key out");
  return texts;
}

constexpr std::array<std::string_view, 1> kAnonymous{"denied"};

constexpr std::array kExpectKeys{
    Key<Expect>{"status", "200", "status, a list of them, or a class like \"2xx\"; default 2xx", read_status},
    Key<Expect>{"form", "\"#login\"", "the page has a form this selector names",
                [](const Field& f, Expect& e) { e.form = read_selector(f); }},
    Key<Expect>{"not_form", "\"#login\"", "the page does not have it",
                [](const Field& f, Expect& e) { e.not_form = read_selector(f); }},
    Key<Expect>{"text", "\"Sign out\"", "text the body must hold; one or a list",
                [](const Field& f, Expect& e) { e.text = read_texts(f); }},
    Key<Expect>{"not_text", "\"Exception\"", "text it must not hold; one or a list",
                [](const Field& f, Expect& e) { e.not_text = read_texts(f); }},
    Key<Expect>{"json", "{ \"/status\" = \"ok\" }",
                "values by JSON pointer; { below, at_most, above, at_least, matches, exists, type } instead of a value",
                read_json_conditions},
    Key<Expect>{"headers", "{ Content-Type = \"text/html\" }", "headers and what their values must contain",
                [](const Field& f, Expect& e) {
                  for (const Field& h : f.members()) e.headers.emplace_back(h.key(), h.text());
                }},
    Key<Expect>{"cookie", "\"session\"", "a cookie of this name is in the jar",
                [](const Field& f, Expect& e) {
                  e.cookie = f.text();
                  if (e.cookie.empty()) f.reject("is empty: that tells nothing", "write the cookie's name");
                }},
    Key<Expect>{"anonymous", "\"denied\"", "the same request without a session must be refused",
                [](const Field& f, Expect& e) { f.choice(kAnonymous), e.anonymous_denied = true; }},
};

// ---- requests ----------------------------------------------------------------------------------------------------

void set_target(const Field& f, Step& s, const char* method) {
  if (!s.send.target.empty())
    return f.reject("a request has one method", "keep one of get, post, put, patch, delete, head");
  s.send.method = method;
  s.send.target = f.text();
  if (s.send.target.empty() || (s.send.target[0] != '/' && !net::parse_url(s.send.target)))
    f.reject("must be a path that begins with '/', or a whole http(s) URL");
}

void read_headers(const Field& f, Step& s) {
  for (const Field& h : f.members()) {
    const std::string value = h.secret_if(names_a_secret(h.key()));
    if (h.key().find_first_of(std::string_view("\0\r\n:", 4)) != std::string_view::npos ||
        value.find_first_of("\r\n") != std::string::npos)
      h.reject("is no header");
    s.send.headers.push_back({std::string(h.key()), value});
  }
}

void read_captures(const Field& f, Step& s) {
  static constexpr std::array<std::string_view, 5> kFrom{"json", "header", "regex", "form", "cookie"};  // as enum From
  for (const Field& capture : f.members()) {
    const auto parts = capture.members();
    const auto at = parts.size() != 1 ? kFrom.end() : std::find(kFrom.begin(), kFrom.end(), parts[0].key());
    if (at == kFrom.end()) {
      capture.reject("says from where in one way",
                     "{ json = \"/id\" }, { header = \"Location\" }, { regex = \"id=(\\\\d+)\" }, "
                     "{ form = \"field\" } or { cookie = \"name\" }");
      continue;
    }
    const auto from = static_cast<Capture::From>(at - kFrom.begin());
    if (from == Capture::From::regex) check_pattern(capture, parts[0].text());
    s.capture.push_back({std::string(capture.key()), from, parts[0].text()});
  }
}

constexpr std::array kStepKeys{
    Key<Step>{"get", "\"/healthz\"", "path (or URL of an allowed host) to request",
              [](const Field& f, Step& s) { set_target(f, s, "GET"); }},
    Key<Step>{"head", "\"/\"", "the same by HEAD", [](const Field& f, Step& s) { set_target(f, s, "HEAD"); }},
    Key<Step>{"post", "\"/api/items\"", "the same by POST", [](const Field& f, Step& s) { set_target(f, s, "POST"); }},
    Key<Step>{"put", "\"/api/items/1\"", "the same by PUT", [](const Field& f, Step& s) { set_target(f, s, "PUT"); }},
    Key<Step>{"patch", "\"/api/items/1\"", "the same by PATCH",
              [](const Field& f, Step& s) { set_target(f, s, "PATCH"); }},
    Key<Step>{"delete", "\"/api/items/{{id}}\"", "the same by DELETE",
              [](const Field& f, Step& s) { set_target(f, s, "DELETE"); }},
    Key<Step>{"headers", "{ Accept = \"application/json\" }", "headers to send", read_headers},
    Key<Step>{"bearer", "\"$API_TOKEN\"", "token for Authorization: Bearer",
              [](const Field& f, Step& s) { s.send.bearer = f.secret(); }},
    Key<Step>{"json", "{ name = \"probe\" }", "body, sent as JSON",
              [](const Field& f, Step& s) { s.send.json = f.resolved(); }},
    Key<Step>{"form", "{ q = \"probe\" }", "body, sent as a form",
              [](const Field& f, Step& s) {
                for (const Field& m : f.members())
                  s.send.form.emplace_back(m.key(), m.secret_if(names_a_secret(m.key())));
              }},
    Key<Step>{"body", "\"<ping/>\"", "body, sent as it is", [](const Field& f, Step& s) { s.send.body = f.guarded(); }},
    Key<Step>{"expect", "{ status = 200 }", "what the answer must be",
              [](const Field& f, Step& s) { f.section(expect_keys(), s.expect); }},
    Key<Step>{"capture", "{ id = { json = \"/id\" } }", "values to keep for later steps as {{id}}", read_captures},
};

constexpr std::array kReleaseKeys{
    Key<ReleaseSpec>{"get", "\"/healthz\"", "where the running release is told",
                     [](const Field& f, ReleaseSpec& r) {
                       Step s;
                       set_target(f, s, "GET");
                       r.send.target = s.send.target;
                     }},
    Key<ReleaseSpec>{"headers", "{ X-Probe = \"1\" }", "headers to send",
                     [](const Field& f, ReleaseSpec& r) {
                       Step s;
                       read_headers(f, s);
                       r.send.headers = s.send.headers;
                     }},
    Key<ReleaseSpec>{"json", "\"/git_sha\"", "JSON pointer to it",
                     [](const Field& f, ReleaseSpec& r) { r.json = f.text(); }},
    Key<ReleaseSpec>{"header", "\"X-Release\"", "or the header that holds it; neither: the whole body",
                     [](const Field& f, ReleaseSpec& r) { r.header = f.text(); }},
    Key<ReleaseSpec>{"equals", "\"$GITHUB_SHA\"", "the release that must answer; --release wins over it",
                     [](const Field& f, ReleaseSpec& r) { r.equals = f.text("give --release SHA"); }},
    Key<ReleaseSpec>{"wait", "\"3m\"", "how long to wait for it",
                     [](const Field& f, ReleaseSpec& r) { r.wait_ms = f.duration_ms(0); }},
    Key<ReleaseSpec>{"every", "\"2s\"", "how often to ask",
                     [](const Field& f, ReleaseSpec& r) { r.every_ms = f.duration_ms(100); }},
    Key<ReleaseSpec>{"agree", "2", "rounds over all addresses that must agree",
                     [](const Field& f, ReleaseSpec& r) { r.agree = static_cast<unsigned>(f.integer(1, 20)); }},
};

}  // namespace

std::span<const Key<Connection>> connection_keys() noexcept { return kConnectionKeys; }
std::span<const Key<Connection>> tls_keys() noexcept { return kTlsKeys; }
std::span<const Key<Step>> step_keys() noexcept { return kStepKeys; }
std::span<const Key<Expect>> expect_keys() noexcept { return kExpectKeys; }
std::span<const Key<ReleaseSpec>> release_keys() noexcept { return kReleaseKeys; }

namespace {
template <class T>
void document(std::vector<DocumentedKey>& out, const char* table, std::span<const Key<T>> keys) {
  for (const Key<T>& k : keys) out.push_back({table, k.name, k.example, k.help});
}
}  // namespace

std::vector<DocumentedKey> documented_keys() {
  std::vector<DocumentedKey> out;
  document(out, "release", release_keys());
  document(out, "gate", gate_keys());
  document(out, "check.*", step_keys());
  document(out, "check.*", check_keys());
  document(out, "check.*", connection_keys());
  document(out, "check.*.expect", expect_keys());
  document(out, "check.*.budget", budget_keys());
  document(out, "check.*.login", login_keys());
  document(out, "check.*.login.csrf", csrf_keys());
  document(out, "check.*.login.oauth", oauth_keys());
  document(out, "check.*.success", success_keys());
  document(out, "check.*.tls", tls_keys());
  return out;
}

}  // namespace launchgate::checks::smoke
