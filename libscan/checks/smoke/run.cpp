#include "libscan/checks/smoke/run.hpp"

#include <algorithm>
#include <utility>

#include "libscan/checks/smoke/config.hpp"
#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::smoke {
namespace {

constexpr int kDnsTimeoutMs = 5'000;
constexpr int kControlTimeoutMs = 5'000;

}  // namespace

Run::Run(const Config& config, net::Services services)
    : config_(config),
      services_(services),
      started_(services.clock.now_ms()),
      deadline_(started_ + config.gate.deadline_ms + (config.release ? config.release->wait_ms : 0)) {
  look_up_addresses();
}

void Run::look_up_addresses() {
  const auto url = net::parse_url(config_.base);
  if (!url) return;
  net::Addresses found = services_.dns.resolve(url->host, kDnsTimeoutMs);
  if (found.empty() && !addresses_.empty()) return;  // a resolver that hiccups takes back nothing it said
  addresses_ = std::move(found);
  const auto lacking = [&](std::vector<std::string>& list, std::string_view family) {
    if (list.empty() || services_.dns.routable(list.front())) return;
    if (std::exchange(lack_told_, true) == false)
      note(Note::Level::info, std::string("This machine has no ") + std::string(family) + " network: the site's " +
                                  std::string(family) + " addresses were not asked.");
    list.clear();
  };
  if (!addresses_.v4.empty() && !addresses_.v6.empty()) {  // with one family only, a lack shows as a failure to connect
    lacking(addresses_.v6, "IPv6");
    if (!addresses_.v6.empty()) lacking(addresses_.v4, "IPv4");
  }
}

void Run::begin_checks() { deadline_ = services_.clock.now_ms() + config_.gate.deadline_ms; }

bool Run::sleep_until(double now_ms) {
  services_.clock.sleep_until(std::min(now_ms, deadline_));
  return now_ms <= deadline_;
}

void Run::start_attempt(unsigned number, const std::string& check) {
  attempt_ = number;
  if (number == 0) return;
  services_.http.forget_connections();
  look_up_addresses();
  sessions.erase(check);
  if (const CheckSpec* spec = config_.find(check); spec != nullptr && !spec->use.empty()) sessions.erase(spec->use);
}

std::vector<Route> Run::routes(const Connection& connection) const {
  std::vector<Route> out;
  const auto pick = [&](net::Family family, const std::vector<std::string>& list) {
    if (!list.empty()) out.push_back({family, list[attempt_ % list.size()]});
  };
  if (connection.resolve.empty()) {  // else the configuration says where to go
    if (connection.ip != net::Family::v6) pick(net::Family::v4, addresses_.v4);
    if (connection.ip != net::Family::v4) pick(net::Family::v6, addresses_.v6);
  }
  if (out.empty()) out.push_back({connection.ip, ""});
  return out;
}

std::vector<Route> Run::all_routes(const Connection& connection) const {
  std::vector<Route> out;
  if (!connection.resolve.empty()) return routes(connection);
  for (const std::string& a : addresses_.v4)
    if (connection.ip != net::Family::v6) out.push_back({net::Family::v4, a});
  for (const std::string& a : addresses_.v6)
    if (connection.ip != net::Family::v4) out.push_back({net::Family::v6, a});
  if (out.empty()) out.push_back({connection.ip, ""});
  return out;
}

bool Run::online(std::string& why) {
  if (!config_.controls.empty()) {
    std::vector<net::Request> requests;
    for (const std::string& url : config_.controls) {
      net::Request& r = requests.emplace_back();
      r.method = "HEAD";
      r.url = url;
      r.fresh = true;
      r.max_redirects = 0;  // any answer will do
      r.timeout_ms = kControlTimeoutMs;
      r.proxy = config_.connection.proxy;
      r.no_proxy = config_.connection.no_proxy;
    }
    const auto answers = services_.http.send_all(requests, static_cast<int>(requests.size()));
    if (std::any_of(answers.begin(), answers.end(), [](const net::Response& r) { return r.status != 0; })) return true;
    return why = "this machine is offline: no control host answers either", false;
  }
  if (addresses_.resolver_down)
    return why = "this machine's resolver does not answer: " + printable(addresses_.error), false;
  const auto all = addresses_.of(net::Family::any);
  const bool routed = all.empty() || std::any_of(all.begin(), all.end(),
                                                 [&](const std::string& a) { return services_.dns.routable(a); });
  if (!routed) why = "this machine has no route to the site's addresses";
  return routed;
}

std::string Run::show(std::string_view foreign, std::size_t width) const {
  return ellipsize(printable(mask_suspicious(config_.secrets.mask(foreign.substr(0, 4096)))), width);
}

void Run::note(Note::Level level, std::string text, std::string hint) {
  notes_.push_back({level, std::move(text), std::move(hint)});
}

// ---- Flow
// ------------------------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view kAcceptPage = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";
constexpr std::string_view kAcceptAny = "*/*";

void add_phases(Phases& to, const Phases& p) {
  to.dns += p.dns, to.connect += p.connect, to.tls += p.tls, to.wait += p.wait, to.transfer += p.transfer;
}

}  // namespace

Flow::Flow(Run& run, const Connection& connection, Route route, bool fresh)
    : run_(run), connection_(connection), route_(std::move(route)), fresh_(fresh) {}

Result<net::Request> Flow::prepare(std::string_view method, std::string_view target, bool page) {
  net::Request r;
  r.method = method;
  r.url = url_of(run_.config(), target);
  if (r.url.empty())
    return fail(ErrorCode::undecided,
                "leads to " + run_.show(safe_url(target)) + ", which is neither base nor in allow_hosts");
  r.headers.push_back({"Accept", std::string(page ? kAcceptPage : kAcceptAny)});
  if (!session.bearer.empty()) r.headers.push_back({"Authorization", "Bearer " + session.bearer});
  r.timeout_ms = static_cast<int>(std::max(1.0, connection_.timeout_ms));
  r.connect_timeout_ms = std::min(r.timeout_ms, r.connect_timeout_ms);
  r.max_body = connection_.max_body;
  r.max_redirects = connection_.follow;
  r.allow_hosts = run_.config().allow_hosts;
  r.family = route_.family;
  r.resolve = connection_.resolve;
  const auto base = net::parse_url(run_.config().base);
  if (base && !route_.address.empty() && route_.address != base->host)
    r.resolve.push_back({base->host, 0, route_.address});  // on every port: http may lead on to https
  r.version = connection_.http;
  r.tls = connection_.tls;
  r.proxy = connection_.proxy;
  r.no_proxy = connection_.no_proxy;
  r.jar = &session.jar;
  return r;
}

Result<net::Request> Flow::prepare(const Send& send) {
  auto r = prepare(send.method, expand(send.target, session.captures, Encoding::url), !send.json);
  if (!r) return r;
  for (const net::Header& h : send.headers) net::set_header(r->headers, h.name, expand(h.value, session.captures));
  if (!send.bearer.empty())
    net::set_header(r->headers, "Authorization", "Bearer " + expand(send.bearer, session.captures));
  const auto body = [&](std::string text, std::string type) {
    r->body = std::move(text);
    if (net::find_header(r->headers, "Content-Type") == nullptr)
      r->headers.push_back({"Content-Type", std::move(type)});
  };
  if (send.json) {
    body(to_json(*send.json, session.captures), "application/json");
  } else if (!send.form.empty()) {
    auto fields = send.form;
    for (auto& field : fields) field.second = expand(field.second, session.captures);
    body(net::form_encode(fields), "application/x-www-form-urlencoded");
  } else if (!send.body.empty()) {
    body(expand(send.body, session.captures), "text/plain; charset=utf-8");
  }
  return r;
}

net::Response Flow::send(net::Request request) {
  request.jar = &session.jar;
  request.fresh = request.fresh || fresh_;
  request.timeout_ms = static_cast<int>(std::max(1.0, std::min<double>(request.timeout_ms, run_.left_ms())));
  fresh_ = false;
  net::Response response = run_.services().http.send(request);
  spent_ms += response.total_ms;
  for (const net::Hop& hop : response.hops) add_phases(phases, hop.phases);
  return response;
}

std::optional<Trouble> Flow::perform(const Step& step, net::Response& response) {
  if (run_.left_ms() <= 0)
    return Trouble{Outcome::inconclusive, "the deadline of all checks passed before it", false, 0};
  auto request = prepare(step.send);
  if (!request) return Trouble{Outcome::fail, request.error().what, false, 0};
  response = send(std::move(*request));
  if (auto trouble = trouble_of(run_, connection_, response)) return trouble;
  if (std::string why = unmet(run_, step.expect, response, session.jar); !why.empty())
    return Trouble{Outcome::fail, std::move(why), false, 0};
  for (const Capture& capture : step.capture) {
    auto value = captured(capture, response, session.jar);
    if (!value || value->empty())
      return Trouble{Outcome::fail, "the answer holds nothing for capture '" + printable(capture.name) + "'", false, 0};
    session.captures.insert_or_assign(capture.name, std::move(*value));
  }
  return std::nullopt;
}

}  // namespace launchgate::checks::smoke
