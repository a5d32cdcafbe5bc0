#include "libscan/checks/smoke/webdriver.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace launchgate::checks::smoke {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxAnswer = std::size_t{1} << 20;
constexpr double kOpenTimeoutMs = 30'000;  // a cold browser on a busy CI machine takes seconds
constexpr double kCloseTimeoutMs = 5'000;

// Read in one turn: a buffered observer holds the entries so far at once, and takeRecords() hands them out.
// https://www.w3.org/TR/performance-timeline/#the-buffered-flag
constexpr const char* kTimingScript = R"js(
const n = performance.getEntriesByType('navigation')[0];
const paint = performance.getEntriesByName('first-contentful-paint')[0];
let largest = 0;
try {
  const o = new PerformanceObserver(() => {});
  o.observe({type: 'largest-contentful-paint', buffered: true});
  for (const e of o.takeRecords()) largest = Math.max(largest, e.startTime);
  o.disconnect();
} catch (e) {}
return {url: location.href, navigation: n ? n.toJSON() : null, paint: paint ? paint.startTime : 0, largest: largest};
)js";

// A time the page tells; nullopt: none a clock could show.
std::optional<double> time_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_number()) return std::nullopt;
  const double ms = at->get<double>();
  if (!std::isfinite(ms) || ms < 0) return std::nullopt;
  return ms;
}

std::string text_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

std::optional<PageTiming> timing_of(const Json& value) {
  if (!value.is_object()) return std::nullopt;
  const auto nav = value.find("navigation");
  if (nav == value.end() || !nav->is_object()) return std::nullopt;
  constexpr const char* kNames[] = {"domainLookupStart",     "domainLookupEnd", "connectStart",
                                    "secureConnectionStart", "connectEnd",      "requestStart",
                                    "responseStart",         "domInteractive",  "loadEventEnd"};
  double t[std::size(kNames)];
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    const auto ms = time_of(*nav, kNames[i]);
    if (!ms) return std::nullopt;
    t[i] = *ms;
  }
  const auto paint = time_of(value, "paint"), largest = time_of(value, "largest");
  if (!paint || !largest) return std::nullopt;
  const auto between = [](double from, double to) { return std::max(0.0, to - from); };
  PageTiming out;
  out.url = text_of(value, "url");
  if (const auto status = time_of(*nav, "responseStatus"); status && *status < 1000)
    out.status = static_cast<int>(*status);
  out.load = t[8];
  out.first_paint = *paint;
  out.largest = *largest;
  out.interactive = t[7];
  out.phases.dns = between(t[0], t[1]);
  out.phases.tls = t[3] > 0 ? between(t[3], t[4]) : 0;
  out.phases.connect = between(t[2], t[4]) - out.phases.tls;
  out.phases.wait = between(t[5], t[6]);
  out.phases.transfer = between(t[6], t[8]);
  return out;
}

std::string compact(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

struct WebDriver::Answer {
  Json value;
  std::optional<DriverError> error;
};

WebDriver::WebDriver(std::string url, net::Http& http, net::Clock& clock)
    : url_(std::move(url)), http_(http), clock_(clock) {
  while (url_.ends_with('/')) url_.pop_back();
}

WebDriver::~WebDriver() {
  if (!session_.empty()) ask("DELETE", "/session/" + session_, "", kCloseTimeoutMs);
}

WebDriver::Answer WebDriver::ask(std::string_view method, const std::string& path, std::string body,
                                 double timeout_ms) {
  net::Request r;
  r.method = method;
  r.url = url_ + path;
  r.body = std::move(body);
  if (!r.body.empty()) r.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
  r.timeout_ms = static_cast<int>(std::max(1.0, timeout_ms));
  r.max_body = kMaxAnswer;
  r.max_redirects = 0;
  r.proxy = "";
  const net::Response response = http_.send(r);
  Answer answer;
  if (!response.ok()) {
    answer.error = DriverError{"", std::string(net::to_string(response.failure)) + ": " + response.error};
    return answer;
  }
  Json json = Json::parse(response.body, nullptr, false);
  const auto value = json.is_object() ? json.find("value") : json.end();
  if (json.is_discarded() || !json.is_object() || value == json.end()) {
    answer.error = DriverError{"", "what answers is no WebDriver"};
  } else if (response.status != 200) {
    answer.error = DriverError{value->is_object() ? text_of(*value, "error") : "",
                               value->is_object() ? text_of(*value, "message") : ""};
  } else {
    answer.value = std::move(*value);
  }
  return answer;
}

std::optional<DriverError> WebDriver::open(const std::vector<std::string>& arguments, double page_timeout_ms) {
  const auto ms = static_cast<std::int64_t>(std::max(1.0, page_timeout_ms));
  const Json capabilities = {{"browserName", "chrome"},
                             {"pageLoadStrategy", "normal"},
                             {"timeouts", {{"pageLoad", ms}, {"script", ms}}},
                             {"goog:chromeOptions", {{"args", arguments}}}};
  const Answer answer = ask("POST", "/session", compact({{"capabilities", {{"alwaysMatch", capabilities}}}}),
                            std::min(kOpenTimeoutMs, page_timeout_ms + kCloseTimeoutMs));
  if (answer.error) return answer.error;
  const std::string id = answer.value.is_object() ? text_of(answer.value, "sessionId") : "";
  const auto plain = [](char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-'; };
  if (id.empty() || id.size() > 128 || !std::all_of(id.begin(), id.end(), plain))
    return DriverError{"", "the driver gave no session"};
  session_ = id;
  return std::nullopt;
}

std::optional<DriverError> WebDriver::navigate(const std::string& url, double timeout_ms) {
  // The driver says "timeout" by itself; our own limit is for one that says nothing.
  return ask("POST", "/session/" + session_ + "/url", compact({{"url", url}}), timeout_ms + 1'000).error;
}

Driven<PageTiming> WebDriver::timing(double timeout_ms) {
  const Json body = {{"script", kTimingScript}, {"args", Json::array()}};
  const Answer answer = ask("POST", "/session/" + session_ + "/execute/sync", compact(body), timeout_ms);
  if (answer.error) return {std::nullopt, *answer.error};
  return {timing_of(answer.value), {}};
}

}  // namespace launchgate::checks::smoke
