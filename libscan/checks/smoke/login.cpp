#include "libscan/checks/smoke/login.hpp"

#include <fmt/format.h>

#include "libscan/checks/smoke/key_reader.hpp"
#include "libscan/core/text.hpp"
#include "libscan/net/crypto.hpp"

namespace launchgate::checks::smoke {
namespace {

constexpr int kMaxForms = 4;  // identifier, password, one-time code, "stay signed in?"
constexpr double kTotpMarginMs = 3'000;

class Recipe {
 public:
  Recipe(const CheckSpec& check, Flow& flow, bool stranger)
      : check_(check), login_(*check.login), flow_(flow), run_(flow.run()), stranger_(stranger) {
    credentials_ = {login_.user, login_.password, ""};
    if (stranger) {
      // An address under .invalid (RFC 2606) belongs to nobody; the password is of this moment.
      const std::string name = "launchgate-" + net::random_hex(6);
      credentials_ = {login_.user.find('@') != std::string::npos ? name + "@example.invalid" : name,
                      net::random_hex(12), ""};
    }
  }

  SignIn run() {
    out_.trouble = login_.oauth ? client_credentials() : !login_.post.empty() ? by_endpoint() : by_form();
    if (!out_.trouble) out_.trouble = proven();
    return std::move(out_);
  }

 private:
  using MaybeTrouble = std::optional<Trouble>;

  static Trouble failed(std::string why) { return {Outcome::fail, std::move(why), false, 0}; }

  // Sends; nullopt when the answer can be judged.
  MaybeTrouble send(Result<net::Request> request) {
    if (run_.left_ms() <= 0)
      return Trouble{Outcome::inconclusive, "the deadline of all checks passed before it", false, 0};
    if (!request) return failed(request.error().what);
    response_ = flow_.send(std::move(*request));
    out_.status = response_.status;
    auto trouble = trouble_of(run_, check_.connection, response_);
    // Silence is no refusal, nor is it after the login was answered. To be led out of our hosts is one.
    if (trouble && response_.failure != net::Failure::redirect_refused) out_.answered = false;
    return trouble;
  }

  // ---- one-time codes
  // -------------------------------------------------------------------------------------------------

  MaybeTrouble make_code() {
    if (login_.totp.empty()) return std::nullopt;
    auto code = net::totp(login_.totp, run_.clock().unix_ms());
    if (!code) return failed("login.totp: " + code.error().what);
    auto& last = run_.totp_steps.try_emplace(check_.id, -1).first->second;
    // A server takes each code once, and one about to end may be stale when it arrives: wait for the next.
    if (code->step == last || code->remaining_ms < kTotpMarginMs) {
      if (!run_.sleep_until(run_.clock().now_ms() + code->remaining_ms + 1))
        return Trouble{Outcome::inconclusive, "the deadline came before the next one-time code", false, 0};
      code = net::totp(login_.totp, run_.clock().unix_ms());
    }
    last = code->step;
    credentials_.code = code->code;
    return std::nullopt;
  }

  // ---- forms
  // ------------------------------------------------------------------------------------------------------------

  MaybeTrouble by_form() {
    if (auto trouble = send(flow_.prepare("GET", login_.page))) return trouble;
    if (response_.status >= 500) return failed(fmt::format("the login page answers status {}", response_.status));
    bool password_sent = false;
    for (int i = 0; i < kMaxForms; ++i) {
      auto page = Document::parse(response_.body);
      if (!page) return failed("the login page: " + page.error().what);
      if (i == 0 && check_.login_expect.not_form) telling_ = page->has(check_.login_expect.not_form->selector);
      const auto form = find_login_form(*page, login_);
      if (!form) return i == 0 ? MaybeTrouble(no_form()) : std::nullopt;
      // Once the password is given only a one-time code may still be asked for: any other form belongs to the site
      // (change your password, invite a user), or is the login again, which proven() tells.
      if (password_sent && (!form->password_field.empty() || form->code_field.empty())) return std::nullopt;
      if (i > 0 && !password_sent && form->password_field.empty())
        return failed("the login asks for the user name again");
      password_sent |= !form->password_field.empty();
      if (auto trouble = submit(*page, *form)) return trouble;
      out_.answered = true;
      if (response_.status >= 400) return refused_or_lost();
    }
    return std::nullopt;
  }

  // An error status: of the login itself, or of the page it leads to. That page says nothing about the login ("/" may
  // not exist on a site whose users come from elsewhere), so the proof page decides when one is named.
  MaybeTrouble refused_or_lost() const {
    const bool led_on = response_.hops.size() > 1 && response_.hops.front().status < 400;
    if (!led_on) return failed(fmt::format("the login was answered with status {}", response_.status));
    if (response_.status < 500 && !login_.proof.empty()) return std::nullopt;
    const auto url = net::parse_url(response_.url);
    return failed(fmt::format("the login leads to {}, which answers status {}{}", run_.show(url ? url->path : "", 60),
                              response_.status, response_.status < 500 ? " (if that is right, name login.proof)" : ""));
  }

  Trouble no_form() const {
    if (response_.status >= 400) return failed(fmt::format("the login page answers status {}", response_.status));
    return failed(response_.body.empty() ? "the login page is empty"
                                         : "the login page has no form with a password field in its HTML; if scripts "
                                           "make it, configure login.post and login.json");
  }

  MaybeTrouble submit(const Document& page, const LoginForm& form) {
    if (form.form.method == "get" && !form.password_field.empty())
      return failed(
          "the login form would send the password in the URL (method GET); if scripts send it, configure "
          "login.post and login.json");
    if (!form.code_field.empty()) {
      if (login_.totp.empty() && form.password_field.empty())
        return failed("a one-time code is asked for, and login.totp is not configured");
      if (auto trouble = make_code()) return trouble;
    }
    const auto here = net::parse_url(response_.url);
    const std::string base_href = page.base_href();
    auto base = here;
    if (here && !base_href.empty()) base = net::resolve(*here, base_href);
    const auto action = !base ? std::nullopt : form.form.action.empty() ? here : net::resolve(*base, form.form.action);
    if (!action) return failed("the login form's action is no http or https address");
    auto request = flow_.prepare(form.form.method == "get" ? "GET" : "POST", action->str());
    if (!request) return failed("the login form " + request.error().what);
    std::string content_type;
    const Fields fields = fill(form, login_, credentials_);
    if (request->method == "GET") {
      auto url = *action;
      url.query = net::form_encode(fields);
      request->url = url.str();
    } else {
      request->body = encode(fields, form.form.multipart, content_type);
      request->headers.push_back({"Content-Type", content_type});
      request->headers.push_back({"Origin", here->origin()});
    }
    request->headers.push_back({"Referer", here->str()});
    for (net::Header& h : csrf_headers(&page, flow_.session.jar)) request->headers.push_back(std::move(h));
    return send(std::move(request));
  }

  // ---- endpoints
  // ----------------------------------------------------------------------------------------------------------

  // A token for the request to come, from the endpoint, header or cookie the configuration names.
  MaybeTrouble fetch_csrf(std::string& token) {
    const Csrf& csrf = *login_.csrf;
    if (!csrf.get.empty()) {
      if (auto trouble = send(flow_.prepare("GET", csrf.get, false))) return trouble;
      if (response_.status >= 400) return failed(fmt::format("login.csrf answers status {}", response_.status));
    }
    if (!csrf.from_cookie.empty()) {
      if (const net::Cookie* cookie = flow_.session.jar.find(csrf.from_cookie))
        token = net::percent_decode(cookie->value);
    } else if (!csrf.from_header.empty()) {
      if (const std::string* value = response_.header(csrf.from_header)) token = *value;
    } else if (auto value = json_scalar(response_.body, csrf.json)) {
      token = std::move(*value);
    }
    if (token.empty() || token.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos)
      return failed("login.csrf: the reply holds no token where it should");
    return std::nullopt;
  }

  config::Value endpoint_body() const {
    config::Value body;
    if (login_.json)
      body = *login_.json;
    else
      body.data = config::Table{{"username", {}, {login_.user, {}}}, {"password", {}, {login_.password, {}}}};
    if (stranger_) disguise(body);
    return body;
  }

  // In a body written by the configuration the credentials are wherever their values are.
  void disguise(config::Value& value) const {
    if (auto* s = std::get_if<std::string>(&value.data)) {
      if (!login_.user.empty() && *s == login_.user) *s = credentials_.user;
      if (!login_.password.empty() && *s == login_.password) *s = credentials_.password;
    } else if (auto* a = std::get_if<config::Array>(&value.data)) {
      for (config::Value& v : *a) disguise(v);
    } else if (auto* t = std::get_if<config::Table>(&value.data)) {
      for (config::Entry& e : *t) {
        disguise(e.value);
        auto* text = std::get_if<std::string>(&e.value.data);
        if (text == nullptr || !login_.password.empty()) continue;
        if (names_a_secret(e.key)) *text = credentials_.password;
        if (names_a_user(e.key)) *text = credentials_.user;
      }
    }
  }

  MaybeTrouble by_endpoint() {
    std::optional<Document> page;
    if (!login_.page.empty()) {
      if (auto trouble = send(flow_.prepare("GET", login_.page))) return trouble;
      if (auto parsed = Document::parse(response_.body)) page.emplace(std::move(*parsed));
    }
    std::string token;
    if (login_.csrf)
      if (auto trouble = fetch_csrf(token)) return trouble;
    if (auto trouble = make_code()) return trouble;
    auto request = flow_.prepare("POST", login_.post, false);
    if (!request) return failed(request.error().what);
    config::Value body = endpoint_body();
    auto& table = std::get<config::Table>(body.data);
    const auto put = [&](const std::string& name, const std::string& value) {
      table.push_back({name, {}, {value, {}}});
    };
    if (login_.csrf && !login_.csrf->field.empty()) put(login_.csrf->field, token);
    if (!credentials_.code.empty()) put(login_.totp_field.empty() ? "code" : login_.totp_field, credentials_.code);
    request->body = to_json(body, flow_.session.captures);
    request->headers.push_back({"Content-Type", "application/json"});
    if (const auto url = net::parse_url(request->url)) {
      request->headers.push_back({"Origin", url->origin()});
      request->headers.push_back({"Referer", url->origin() + (login_.page.starts_with('/') ? login_.page : "/")});
    }
    for (net::Header& h : csrf_headers(page ? &*page : nullptr, flow_.session.jar))
      request->headers.push_back(std::move(h));
    if (!token.empty()) net::set_header(request->headers, login_.csrf->header, token);
    if (auto trouble = send(std::move(request))) return trouble;
    out_.answered = true;
    if (response_.status >= 400) return failed(fmt::format("the login was answered with status {}", response_.status));
    return login_.token.empty() ? std::nullopt : take_token(login_.token);
  }

  MaybeTrouble client_credentials() {
    const OAuth& o = *login_.oauth;
    auto request = flow_.prepare("POST", o.token_url, false);
    if (!request) return failed(request.error().what);
    Fields fields{{"grant_type", "client_credentials"}};
    if (!o.scope.empty()) fields.emplace_back("scope", o.scope);
    if (o.in_body) {
      fields.emplace_back("client_id", o.client_id);
      fields.emplace_back("client_secret", o.client_secret);
    } else {  // RFC 6749 section 2.3.1: both form-encoded before they are joined
      request->headers.push_back(
          {"Authorization", "Basic " + net::base64_encode(net::percent_encode(o.client_id) + ":" +
                                                          net::percent_encode(o.client_secret))});
    }
    request->body = net::form_encode(fields);
    request->headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    if (auto trouble = send(std::move(request))) return trouble;
    out_.answered = true;
    if (response_.status >= 400) return failed(fmt::format("the token endpoint answers status {}", response_.status));
    return take_token(login_.token.empty() ? "/access_token" : login_.token);
  }

  MaybeTrouble take_token(const std::string& pointer) {
    auto token = json_scalar(response_.body, pointer);
    if (!token || token->empty()) return failed("the login's reply has no token at " + printable(pointer));
    if (token->find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos)
      return failed("the token holds a line end");
    // A JWT that has run out is of no use to anyone; its signature is not ours to judge.
    const std::size_t first = token->find('.'), second = token->find('.', std::min(first, token->size() - 1) + 1);
    std::string payload;
    if (second != std::string::npos && net::base64_decode(token->substr(first + 1, second - first - 1), payload))
      if (const auto exp = json_scalar(payload, "/exp");
          exp && std::atoll(exp->c_str()) * 1000 <= run_.clock().unix_ms())
        return failed("the token had expired when it was handed out");
    flow_.session.bearer = std::move(*token);
    return std::nullopt;
  }

  // ---- is it so?
  // ------------------------------------------------------------------------------------------------------------

  bool shows_login_form() const {
    if (response_.body.empty()) return false;
    const auto page = Document::parse(response_.body);
    if (!page) return false;
    if (login_.form) return page->form(login_.form->selector).has_value();
    const auto form = find_login_form(*page, login_);
    return form && !form->password_field.empty() && !form->user_field.empty();
  }

  MaybeTrouble proven() {
    if (!login_.proof.empty()) {
      if (auto trouble = send(flow_.prepare("GET", login_.proof))) return trouble;
      if (std::string why = unmet(run_, check_.login_expect, response_, flow_.session.jar); !why.empty())
        return failed((shows_login_form() ? "not signed in: " + run_.show(login_.proof, 60) + " shows the login form"
                                          : "signed in, but " + run_.show(login_.proof, 60) + ": " + why));
    } else if (std::string why =
                   unmet(run_, check_.login_expect, response_, flow_.session.jar, DefaultStatus::below_400);
               !why.empty()) {
      return failed("after the login " + why);
    }
    const bool told = check_.login_expect.form || telling_;  // the configuration knows better
    if (!login_.oauth && !told && shows_login_form()) return failed("the login form came again");
    const bool anything = !flow_.session.bearer.empty() || !flow_.session.jar.all().empty() || !login_.proof.empty();
    if (!anything) return failed("the login set no cookie and gave no token");
    return std::nullopt;
  }

  const CheckSpec& check_;
  const Login& login_;
  Flow& flow_;
  Run& run_;
  bool stranger_;
  Credentials credentials_;
  net::Response response_;
  // What not_form names was on the login page, so that its absence tells something. A name that is nowhere, misspelt or
  // copied from an example, would let every answer pass.
  bool telling_ = false;
  SignIn out_;
};

}  // namespace

SignIn sign_in(const CheckSpec& check, Flow& flow, bool stranger) { return Recipe(check, flow, stranger).run(); }

void sign_out(const CheckSpec& check, Flow& flow) {
  if (check.login->logout.empty()) return;
  if (auto request = flow.prepare("GET", check.login->logout)) (void)flow.send(std::move(*request));
}

}  // namespace launchgate::checks::smoke
