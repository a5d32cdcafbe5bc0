// Judging one answer. What is missing or of the wrong type never compares as anything: it is a failure that says so.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "libscan/checks/smoke/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/net/url.hpp"
#include "libscan/secrets/pattern.hpp"

namespace launchgate::checks::smoke {
namespace {

using nlohmann::json;

// Unparsable text is a discarded value. The parser keeps its own stack, so depth costs memory only, and that is bounded
// by the body's cap.
json parse_json(std::string_view body) { return json::parse(body, nullptr, false); }

// nullptr: nothing is there. RFC 6901, without exceptions.
const json* at_pointer(const json& document, std::string_view pointer) {
  const json* at = &document;
  while (!pointer.empty()) {
    if (pointer[0] != '/') return nullptr;
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string token(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
    for (const auto& [escape, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}})
      for (std::size_t i = token.find(escape); i != std::string::npos; i = token.find(escape, i + 1))
        token.replace(i, 2, plain);
    if (at->is_object()) {
      const auto it = at->find(token);
      if (it == at->end()) return nullptr;
      at = &*it;
    } else if (at->is_array()) {
      std::size_t index = 0;
      const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
      if (error != std::errc() || stop != token.data() + token.size() || index >= at->size()) return nullptr;
      at = &(*at)[index];
    } else {
      return nullptr;
    }
  }
  return at;
}

std::string show_json(const Run& run, const json& value) {
  if (value.is_object() || value.is_array()) return value.is_object() ? "an object" : "a list";
  // Masked before it is escaped: a secret under one escape more is harder to see, but not for a reader.
  const json shown = value.is_string() ? json(run.config().secrets.mask(value.get_ref<const std::string&>())) : value;
  return run.show(shown.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

bool equals(const json& got, const config::Value& wanted) {
  if (const auto* b = std::get_if<bool>(&wanted.data)) return got.is_boolean() && got.get<bool>() == *b;
  if (const auto* s = std::get_if<std::string>(&wanted.data))
    return got.is_string() && got.get_ref<const std::string&>() == *s;
  if (const auto* i = std::get_if<std::int64_t>(&wanted.data)) {
    if (got.is_number_integer()) return got == *i;
    return got.is_number() && got.get<double>() == static_cast<double>(*i);
  }
  if (const auto* d = std::get_if<double>(&wanted.data)) return got.is_number() && got.get<double>() == *d;
  if (const auto* a = std::get_if<config::Array>(&wanted.data)) {
    if (!got.is_array() || got.size() != a->size()) return false;
    for (std::size_t i = 0; i < a->size(); ++i)
      if (!equals(got[i], (*a)[i])) return false;
    return true;
  }
  return false;
}

std::string compare_number(const json& got, const JsonCondition& c, const std::string& shown) {
  using Op = JsonCondition::Op;
  const auto* whole = std::get_if<std::int64_t>(&c.operand.data);
  const double limit = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(c.operand.data);
  if (!got.is_number()) return fmt::format("{} is {}, not a number", c.pointer, shown);
  const double value = got.get<double>();
  const bool good = c.op == Op::below     ? value < limit
                    : c.op == Op::at_most ? value <= limit
                    : c.op == Op::above   ? value > limit
                                          : value >= limit;
  static constexpr std::array<std::string_view, 5> kWords{"", "below", "at most", "above", "at least"};
  return good ? ""
              : fmt::format("{} is {}, not {} {:g}", c.pointer, shown, kWords[static_cast<std::size_t>(c.op)], limit);
}

std::string unmet_condition(const Run& run, const json& document, const JsonCondition& c) {
  using Op = JsonCondition::Op;
  const json* got = at_pointer(document, c.pointer);
  if (c.op == Op::exists) {
    const bool wanted = std::get<bool>(c.operand.data);
    return (got != nullptr) == wanted ? "" : fmt::format("{} is {}", c.pointer, wanted ? "missing" : "there");
  }
  if (got == nullptr) return fmt::format("the answer has no {}", c.pointer);
  const std::string shown = show_json(run, *got);
  switch (c.op) {
    case Op::equals:
      if (equals(*got, c.operand)) return "";
      return fmt::format("{} is {}, not {}", c.pointer, shown, run.show(to_json(c.operand, {}), 60));
    case Op::matches: {
      const auto pattern = secrets::Pattern::compile(std::get<std::string>(c.operand.data));
      if (!pattern) return pattern.error().what;
      const bool found = got->is_string() && pattern->found_in(got->get_ref<const std::string&>());
      return found ? "" : fmt::format("{} is {}, which does not match", c.pointer, shown);
    }
    case Op::type_is: {
      const std::string& wanted = std::get<std::string>(c.operand.data);
      return wanted == got->type_name()
                 ? ""
                 : fmt::format("{} is {}, not {}", c.pointer, got->type_name(), printable(wanted));
    }
    default: return compare_number(*got, c, shown);
  }
}

bool html_has(const net::Response& response, const Selector& selector, std::string& problem) {
  const auto page = Document::parse(response.body);
  if (!page) return problem = page.error().what, false;
  return page->form(selector).has_value() || page->has(selector);
}

// Retry-After: seconds or a date (RFC 9110 section 10.2.3).
double retry_after_ms(const net::Response& response, std::int64_t now_unix_ms) {
  const std::string* value = response.header("Retry-After");
  if (value == nullptr) return 0;
  if (const auto seconds = parse_duration_ms(*value + "s")) return *seconds;
  std::int64_t date = 0;
  if (!net::parse_http_date(*value, date)) return 0;
  return std::max(0.0, static_cast<double>(date * 1000 - now_unix_ms));
}

// Pages that ask for a human: Cloudflare says so in a header, AWS WAF answers 202/405 with its own.
bool is_challenge(const net::Response& response) {
  const std::string* cloudflare = response.header("cf-mitigated");
  const std::string* aws = response.header("x-amzn-waf-action");
  if (cloudflare != nullptr && *cloudflare == "challenge") return true;
  if (aws != nullptr && (*aws == "captcha" || *aws == "challenge")) return true;
  if (response.status != 403 && response.status != 503) return false;
  static constexpr std::array<std::string_view, 4> kMarks = {"/cdn-cgi/challenge-platform/", "captcha-delivery.com",
                                                             "_Incapsula_Resource", "px-captcha"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](std::string_view mark) { return response.body.find(mark) != std::string::npos; });
}

std::string certificate_problem(const Run& run, const Connection& connection, const net::Response& response) {
  if (connection.tls_min_days <= 0) return "";
  if (response.certificate_expires == 0) return "no certificate was seen, and tls.min_days asks for one";
  const std::int64_t now = run.clock().unix_ms() / 1000;
  const double days = static_cast<double>(response.certificate_expires - now) / 86'400;
  return days >= connection.tls_min_days
             ? ""
             : fmt::format("the certificate expires in {:.1f} days, sooner than {:g}", days, connection.tls_min_days);
}

}  // namespace

std::optional<Trouble> trouble_of(const Run& run, const Connection& connection, const net::Response& response) {
  using net::Failure;
  if (response.failure == Failure::unavailable) return Trouble{Outcome::inconclusive, response.error, true, 0};
  if (!response.ok()) {
    const bool late = response.failure == Failure::timeout && run.left_ms() <= 0;
    const bool unreached =
        response.status == 0 && (response.failure == Failure::dns || response.failure == Failure::connect ||
                                 response.failure == Failure::timeout || response.failure == Failure::reset);
    return Trouble{late ? Outcome::inconclusive : Outcome::fail,
                   fmt::format("{}: {}", to_string(response.failure), run.show(response.error)), unreached, 0,
                   response.failure == Failure::timeout};
  }
  const double wait = retry_after_ms(response, run.clock().unix_ms());
  if (response.status == 429)
    return Trouble{Outcome::inconclusive, "the site limits our requests (status 429)", false, wait};
  if (is_challenge(response))
    return Trouble{Outcome::inconclusive, fmt::format("a challenge page answered (status {})", response.status), false,
                   wait};
  if (std::string why = certificate_problem(run, connection, response); !why.empty())
    return Trouble{Outcome::fail, std::move(why), false, 0};
  return std::nullopt;
}

std::string unmet(const Run& run, const Expect& e, const net::Response& r, const net::CookieJar& jar,
                  DefaultStatus fallback) {
  const auto in_range = [&](const StatusRange& s) { return r.status >= s.from && r.status <= s.to; };
  const bool good_status = !e.status.empty() ? std::any_of(e.status.begin(), e.status.end(), in_range)
                           : fallback == DefaultStatus::success ? r.status >= 200 && r.status < 300
                                                                : r.status >= 200 && r.status < 400;
  if (!good_status) return fmt::format("status {}", r.status);
  for (const auto& [name, part] : e.headers) {
    const std::string* value = r.header(name);
    if (value == nullptr) return fmt::format("no header {}", printable(name));
    if (net::lower(*value).find(net::lower(part)) == std::string::npos)
      return fmt::format("header {} is '{}'", printable(name), run.show(*value, 60));
  }
  for (const std::string& text : e.text)
    if (r.body.find(text) == std::string::npos) return fmt::format("the body has no '{}'", run.show(text, 60));
  for (const std::string& text : e.not_text)
    if (r.body.find(text) != std::string::npos) return fmt::format("the body has '{}'", run.show(text, 60));
  std::string problem;
  if (e.form && !html_has(r, e.form->selector, problem))
    return problem.empty() ? fmt::format("the page has no {}", run.show(e.form->text, 60)) : problem;
  if (e.not_form && html_has(r, e.not_form->selector, problem))
    return fmt::format("the page still has {}", run.show(e.not_form->text, 60));
  if (e.not_form && !problem.empty()) return problem;
  if (!e.json.empty()) {
    const json document = parse_json(r.body);
    if (document.is_discarded()) return r.body.empty() ? "the body is empty, not JSON" : "the body is no JSON";
    for (const JsonCondition& c : e.json)
      if (std::string why = unmet_condition(run, document, c); !why.empty()) return why;
  }
  if (!e.cookie.empty()) {
    const net::Cookie* cookie = jar.find(e.cookie);
    if (cookie == nullptr || cookie->value.empty())
      return fmt::format("no cookie '{}' was set", run.show(e.cookie, 60));
  }
  return "";
}

std::optional<std::string> json_scalar(std::string_view body, std::string_view pointer) {
  const json document = parse_json(body);
  if (document.is_discarded()) return std::nullopt;
  const json* at = at_pointer(document, pointer);
  if (at == nullptr || at->is_object() || at->is_array() || at->is_null()) return std::nullopt;
  if (at->is_string()) return at->get<std::string>();
  return at->dump();
}

std::optional<std::string> captured(const Capture& capture, const net::Response& response, const net::CookieJar& jar) {
  switch (capture.from) {
    case Capture::From::json: return json_scalar(response.body, capture.what);
    case Capture::From::header: {
      const std::string* value = response.header(capture.what);
      return value == nullptr ? std::nullopt : std::optional(*value);
    }
    case Capture::From::regex: {
      const auto pattern = secrets::Pattern::compile(capture.what);
      return pattern ? pattern->capture(response.body) : std::nullopt;
    }
    case Capture::From::cookie: {
      const net::Cookie* cookie = jar.find(capture.what);
      return cookie == nullptr ? std::nullopt : std::optional(cookie->value);
    }
    case Capture::From::form: break;
  }
  const auto page = Document::parse(response.body);
  if (!page) return std::nullopt;
  for (const Form& form : page->forms())
    for (const Input& input : form.inputs)
      if (input.name == capture.what) return input.value;
  return std::nullopt;
}

}  // namespace launchgate::checks::smoke
