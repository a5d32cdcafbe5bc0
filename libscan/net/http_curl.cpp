// One multi handle drives all transfers of a call. A Transfer is one request of the caller through all its hops:
// each hop is a libcurl transfer of its own (so that its times are its own), and between two of them next_hop()
// and the cookie jar decide. Callbacks from C only append and count.
#include "libscan/net/http_curl.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "libscan/net/curl_transfer.hpp"
#include "libscan/net/redirect.hpp"

namespace launchgate::net {
namespace {

constexpr long kMaxConnections = 256;

class CurlHttp final : public Http {
 public:
  explicit CurlHttp(Clock& clock) : clock_(clock) {}
  ~CurlHttp() override { CurlHttp::forget_connections(); }
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  std::vector<Response> send_all(std::span<const Request> requests, int parallel) override;
  void forget_connections() override {
    if (multi_ != nullptr) lib_->multi_cleanup(multi_);
    multi_ = nullptr;
    pinned_.clear();
    reached_.clear();
    certificates_.clear();
  }

 private:
  bool open(std::string& problem);
  bool leads_elsewhere(const Request& request) const;
  void remember_address(const Request& request);
  void remember_certificate(Transfer& t);
  bool start_hop(Transfer& t);
  bool finish_hop(Transfer& t, CURLcode code);  // true: another hop was started

  Clock& clock_;
  const Libcurl* lib_ = nullptr;
  CURLM* multi_ = nullptr;
  std::set<std::string> pinned_;
  // Which address connections of "host:port" lead to, by family; "" = wherever the name resolves to.
  std::map<std::string, std::map<Family, std::string>> reached_;
  std::map<std::string, std::int64_t> certificates_;  // when those of "host:port" expire
};

bool CurlHttp::open(std::string& problem) {
  if (multi_ != nullptr) return true;
  const Result<const Libcurl*> lib = libcurl();
  if (!lib) {
    problem = lib.error().what + "; " + lib.error().hint;
    return false;
  }
  lib_ = *lib;
  multi_ = lib_->multi_init();
  if (multi_ == nullptr) {
    problem = "libcurl is out of memory";
    return false;
  }
  lib_->multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kMaxConnections);
  return true;
}

std::string name_of(const Url& url) { return url.host + ":" + std::to_string(url.port); }

std::string address_of(const Url& url, const Request& request) {
  std::string address;
  for (const Pin& pin : request.resolve)
    if (pin.host == url.host && (pin.port == 0 || pin.port == url.port)) address = pin.address;
  return address;
}

// libcurl knows its connections by name: one that was made to another address would be taken all the same.
bool CurlHttp::leads_elsewhere(const Request& request) const {
  const auto url = parse_url(request.url);
  if (!url) return false;
  const auto reached = reached_.find(name_of(*url));
  if (reached == reached_.end()) return false;
  const std::string address = address_of(*url, request);
  return std::any_of(reached->second.begin(), reached->second.end(), [&](const auto& known) {
    const bool may_be_taken =
        known.first == request.family || known.first == Family::any || request.family == Family::any;
    return may_be_taken && known.second != address;
  });
}

void CurlHttp::remember_address(const Request& request) {
  if (const auto url = parse_url(request.url)) reached_[name_of(*url)][request.family] = address_of(*url, request);
}

// A certificate is shown once a connection: without this, who comes second over it would have seen none.
void CurlHttp::remember_certificate(Transfer& t) {
  const auto url = parse_url(t.now.url);
  if (!url || url->scheme != "https") return;
  std::int64_t& known = certificates_[name_of(*url)];
  if (!t.response.hops.back().reused) known = t.response.certificate_expires;
  t.response.certificate_expires = known;
}

std::vector<Response> CurlHttp::send_all(std::span<const Request> requests, int parallel) {
  std::vector<Response> out(requests.size());
  if (std::any_of(requests.begin(), requests.end(), [&](const Request& r) { return leads_elsewhere(r); }))
    forget_connections();
  for (const Request& r : requests) remember_address(r);
  std::string problem;
  if (!open(problem)) {
    for (Response& r : out) r.failure = Failure::unavailable, r.error = problem;
    return out;
  }
  std::deque<Transfer> transfers;  // addresses stay: callbacks point into it
  std::vector<Transfer*> running;
  std::size_t next = 0;
  const auto done = [&](Transfer& t) {
    t.response.total_ms = steady_ms() - t.started;
    out[t.index] = std::move(t.response);
    t.release();
    std::erase(running, &t);
  };
  while (next < requests.size() || !running.empty()) {
    while (next < requests.size() && running.size() < static_cast<std::size_t>(std::max(parallel, 1))) {
      Transfer& t = transfers.emplace_back();
      t.lib = lib_;
      t.pinned = &pinned_;
      t.index = next;
      t.first = &requests[next++];
      t.now = *t.first;
      t.started = steady_ms();
      running.push_back(&t);
      if (!start_hop(t)) done(t);
    }
    int active = 0;
    lib_->multi_perform(multi_, &active);
    int queued = 0;
    bool any_done = false;
    while (CURLMsg* message = lib_->multi_info_read(multi_, &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;  // the message dies with the handle
      const auto at = std::find_if(running.begin(), running.end(),
                                   [&](const Transfer* t) { return t->easy == message->easy_handle; });
      if (at == running.end()) continue;
      any_done = true;
      Transfer& t = **at;
      if (!finish_hop(t, code)) done(t);
    }
    if (!any_done && active > 0) lib_->multi_poll(multi_, nullptr, 0, 1000, nullptr);
  }
  return out;
}

// Prepares and adds the hop in t.now. False when it cannot even begin; the response says why.
bool CurlHttp::start_hop(Transfer& t) {
  const auto stop = [&](Failure failure, std::string why) {
    t.response.failure = failure;
    t.response.error = std::move(why);
    return false;
  };
  const std::optional<Url> url = parse_url(t.now.url);
  if (!url) return stop(Failure::bad_url, "not a usable http or https address");
  const double left = t.first->timeout_ms - (steady_ms() - t.started);
  if (left < 1) return stop(Failure::timeout, "no time was left");
  if (t.easy == nullptr) t.easy = lib_->easy_init();
  if (t.easy == nullptr) return stop(Failure::unavailable, "libcurl is out of memory");
  t.prepare(*url, static_cast<long>(left), clock_.unix_ms() / 1000);
  lib_->multi_add_handle(multi_, t.easy);
  return true;
}

bool CurlHttp::finish_hop(Transfer& t, CURLcode code) {
  t.record_hop();
  t.read_certificate();
  remember_certificate(t);
  lib_->multi_remove_handle(multi_, t.easy);
  const auto url = parse_url(t.now.url);
  if (t.now.jar != nullptr && url && !t.header_flood)
    for (const Header& h : t.response.headers)
      if (equal_ignoring_case(h.name, "Set-Cookie")) t.now.jar->store(*url, h.value, clock_.unix_ms() / 1000);
  t.response.failure = failure_of(code, t);
  if (t.response.failure != Failure::none) {
    t.response.error = explain(t.response.failure, t, code);
    return false;
  }
  NextHop next = next_hop(*t.first, t.now, t.response.status, t.response.header("Location"));
  if (next.kind == NextHop::Kind::stay) return false;
  if (next.kind == NextHop::Kind::refuse) {
    t.response.failure = Failure::redirect_refused;
    t.response.error = std::move(next.refused);
    return false;
  }
  if (t.response.hops.size() > static_cast<std::size_t>(t.first->max_redirects)) {
    t.response.failure = Failure::redirect_loop;
    t.response.error = "more than " + std::to_string(t.first->max_redirects) + " redirects";
    return false;
  }
  t.now = std::move(next.request);
  return start_hop(t);
}

}  // namespace

std::unique_ptr<Http> make_curl_http(Clock& clock) { return std::make_unique<CurlHttp>(clock); }

}  // namespace launchgate::net
