// One multi handle drives all transfers of a call. A Transfer is one request of the caller through all its hops:
// each hop is a libcurl transfer of its own (so that its times are its own), and between two of them next_hop()
// and the cookie jar decide. Callbacks from C only append and count.
#include "libscan/net/http_curl.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <deque>

#include "libscan/core/text.hpp"
#include "libscan/net/libcurl.hpp"
#include "libscan/net/redirect.hpp"
#include "libscan/net/url.hpp"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

namespace launchgate::net {
namespace {

constexpr std::size_t kMaxHeaders = 500;
constexpr long kMaxConnections = 256;

double steady_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

// Where no public site lives but cloud metadata does (169.254.169.254, fe80::): only a URL that spells such an
// address out may reach it, so neither a redirect nor a name that resolves to it leads us there.
bool link_local(const sockaddr* address) noexcept {
  if (address->sa_family == AF_INET) {
    const auto ip = ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr);
    return ip >> 16 == 0xa9fe;
  }
  if (address->sa_family != AF_INET6) return false;
  const auto& ip = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr.s6_addr;
  if (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80) return true;
  static constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::memcmp(ip, kMapped.data(), kMapped.size()) == 0 && ip[12] == 169 && ip[13] == 254) return true;
  static constexpr std::array<unsigned char, 8> kAws = {0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0};  // fd00:ec2::254
  return std::memcmp(ip, kAws.data(), kAws.size()) == 0;
}

bool loopback_host(std::string_view host) noexcept {
  return host == "localhost" || host == "::1" || host.substr(0, 4) == "127.";
}

class CurlHttp;

struct Transfer {
  const Libcurl* lib = nullptr;
  CURL* easy = nullptr;
  curl_slist* header_list = nullptr;
  curl_slist* resolve_list = nullptr;
  std::string proxy_off;

  std::size_t index = 0;  // of the request in the call
  const Request* first = nullptr;
  Request now;  // the hop being sent
  Response response;
  double started = 0;
  std::size_t header_bytes = 0;
  bool allow_link_local = false;
  bool too_big = false, header_flood = false, refused_address = false;
  std::array<char, CURL_ERROR_SIZE> error{};
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& t = *static_cast<Transfer*>(user);
  const std::size_t room = t.first->max_body - std::min(t.first->max_body, t.response.body.size());
  t.response.body.append(data, std::min(size, room));
  if (size > room) t.too_big = true;
  return size > room ? 0 : size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept {
  auto& t = *static_cast<Transfer*>(user);
  std::string_view line(data, size);
  t.header_bytes += size;
  if (t.header_bytes > t.first->max_header || t.response.headers.size() >= kMaxHeaders) {
    t.header_flood = true;
    return 0;
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.substr(0, 5) == "HTTP/") {  // also after a 1xx, or a proxy's answer
    t.response.headers.clear();
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  t.response.headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
  return size;
}

curl_socket_t on_socket(void* user, curlsocktype, curl_sockaddr* address) noexcept {
  auto& t = *static_cast<Transfer*>(user);
  if (!t.allow_link_local && link_local(&address->addr)) {
    t.refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Failure failure_of(CURLcode code, const Transfer& t) noexcept {
  if (t.too_big) return Failure::body_too_large;
  if (t.header_flood) return Failure::header_too_large;
  if (t.refused_address) return Failure::redirect_refused;
  switch (code) {
    case CURLE_OK: return Failure::none;
    case CURLE_URL_MALFORMAT: return Failure::bad_url;
    case CURLE_UNSUPPORTED_PROTOCOL: return Failure::protocol;  // an answer without a status line; our URLs are http(s)
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST: return Failure::dns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY: return Failure::connect;
    case CURLE_OPERATION_TIMEDOUT: return Failure::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS: return Failure::tls;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return Failure::reset;
    default: return Failure::protocol;
  }
}

std::string explain(Failure failure, const Transfer& t, CURLcode code) {
  switch (failure) {
    case Failure::body_too_large: return "the body is larger than " + std::to_string(t.first->max_body) + " bytes";
    case Failure::header_too_large: return "the header is larger than any real one";
    case Failure::redirect_refused: return "the name leads to a link-local address, where no public site lives";
    default: break;
  }
  const char* text = t.error[0] != '\0' ? t.error.data() : t.lib->easy_strerror(code);
  return ellipsize(printable(text), 200);
}

class CurlHttp final : public Http {
 public:
  explicit CurlHttp(Clock& clock) : clock_(clock) {}
  ~CurlHttp() override {
    if (multi_ != nullptr) lib_->multi_cleanup(multi_);
  }
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  std::vector<Response> send_all(std::span<const Request> requests, int parallel) override;

 private:
  bool open(std::string& problem);
  bool start_hop(Transfer& t);
  void set_options(Transfer& t, const Url& url, long left_ms);
  void set_tls(Transfer& t);
  void set_headers(Transfer& t, const Url& url);
  bool finish_hop(Transfer& t, CURLcode code);  // true: another hop was started
  void record_hop(Transfer& t);
  void read_certificate(Transfer& t);
  void release(Transfer& t);
  template <class T>
  void set(Transfer& t, CURLoption option, T value) {
    lib_->setopt(t.easy, option, value);
  }
  template <class T>
  T get(const Transfer& t, CURLINFO info) {
    T value{};
    lib_->getinfo(t.easy, info, &value);
    return value;
  }

  Clock& clock_;
  const Libcurl* lib_ = nullptr;
  CURLM* multi_ = nullptr;
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

std::vector<Response> CurlHttp::send_all(std::span<const Request> requests, int parallel) {
  std::vector<Response> out(requests.size());
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
    release(t);
    std::erase(running, &t);
  };
  while (next < requests.size() || !running.empty()) {
    while (next < requests.size() && running.size() < static_cast<std::size_t>(std::max(parallel, 1))) {
      Transfer& t = transfers.emplace_back();
      t.lib = lib_;
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
  lib_->easy_reset(t.easy);
  t.error[0] = '\0';
  t.header_bytes = 0;
  t.response.headers.clear();
  t.response.body.clear();
  t.response.url = t.now.url;
  const auto home = parse_url(t.first->url);
  t.allow_link_local =
      home && home->host == url->host && (url->host.substr(0, 8) == "169.254." || url->host.substr(0, 4) == "fe80");
  set_options(t, *url, static_cast<long>(left));
  set_tls(t);
  set_headers(t, *url);
  lib_->multi_add_handle(multi_, t.easy);
  return true;
}

void CurlHttp::set_options(Transfer& t, const Url& url, long left_ms) {
  set(t, CURLOPT_URL, t.now.url.c_str());
  set(t, CURLOPT_ERRORBUFFER, t.error.data());
  set(t, CURLOPT_NOSIGNAL, 1L);
  set(t, CURLOPT_NOPROGRESS, 1L);
  set(t, CURLOPT_PROTOCOLS_STR, "http,https");
  set(t, CURLOPT_FOLLOWLOCATION, 0L);
  set(t, CURLOPT_PATH_AS_IS, 1L);
  set(t, CURLOPT_TIMEOUT_MS, left_ms);
  set(t, CURLOPT_CONNECTTIMEOUT_MS, std::min<long>(left_ms, t.first->connect_timeout_ms));
  set(t, CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl was built with
  set(t, CURLOPT_WRITEFUNCTION, on_body);
  set(t, CURLOPT_WRITEDATA, &t);
  set(t, CURLOPT_HEADERFUNCTION, on_header);
  set(t, CURLOPT_HEADERDATA, &t);
  set(t, CURLOPT_OPENSOCKETFUNCTION, on_socket);
  set(t, CURLOPT_OPENSOCKETDATA, &t);
  const bool only_11 = t.first->version == "1.1";
  set(t, CURLOPT_HTTP_VERSION, static_cast<long>(only_11 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
  set(t, CURLOPT_IPRESOLVE,
      static_cast<long>(t.first->family == Family::v4   ? CURL_IPRESOLVE_V4
                        : t.first->family == Family::v6 ? CURL_IPRESOLVE_V6
                                                        : CURL_IPRESOLVE_WHATEVER));
  if (t.first->fresh) {
    set(t, CURLOPT_FRESH_CONNECT, 1L);
    set(t, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  }
  // A server on this machine is never behind a proxy; elsewhere the environment's applies unless we were told one.
  if (t.first->proxy)
    set(t, CURLOPT_PROXY, t.first->proxy->c_str());
  else if (loopback_host(url.host))
    set(t, CURLOPT_PROXY, "");
  if (!t.first->no_proxy.empty()) set(t, CURLOPT_NOPROXY, t.first->no_proxy.c_str());

  if (t.resolve_list != nullptr) lib_->slist_free_all(t.resolve_list), t.resolve_list = nullptr;
  for (const Pin& pin : t.first->resolve) {
    const bool v6 = pin.address.find(':') != std::string::npos;
    const std::string line =
        pin.host + ":" + std::to_string(pin.port) + ":" + (v6 ? "[" + pin.address + "]" : pin.address);
    t.resolve_list = lib_->slist_append(t.resolve_list, line.c_str());
  }
  if (t.resolve_list != nullptr) set(t, CURLOPT_RESOLVE, t.resolve_list);
}

void CurlHttp::set_tls(Transfer& t) {
  const TlsOptions& tls = t.first->tls;
  set(t, CURLOPT_SSL_VERIFYPEER, 1L);
  set(t, CURLOPT_SSL_VERIFYHOST, 2L);
  set(t, CURLOPT_CERTINFO, 1L);
  if (!tls.ca_file.empty()) set(t, CURLOPT_CAINFO, tls.ca_file.c_str());
  if (!tls.cert_file.empty()) set(t, CURLOPT_SSLCERT, tls.cert_file.c_str());
  if (!tls.key_file.empty()) set(t, CURLOPT_SSLKEY, tls.key_file.c_str());
  if (!tls.pinned_key.empty()) set(t, CURLOPT_PINNEDPUBLICKEY, tls.pinned_key.c_str());
}

void CurlHttp::set_headers(Transfer& t, const Url& url) {
  if (t.header_list != nullptr) lib_->slist_free_all(t.header_list), t.header_list = nullptr;
  const auto append = [&](const std::string& line) { t.header_list = lib_->slist_append(t.header_list, line.c_str()); };
  bool user_agent = false;
  for (const Header& h : t.now.headers) {
    if (h.name.find_first_of("\r\n:") != std::string::npos || h.value.find_first_of("\r\n") != std::string::npos)
      continue;  // would smuggle a header; the configuration refuses it earlier
    append(h.value.empty() ? h.name + ";" : h.name + ": " + h.value);
    user_agent |= equal_ignoring_case(h.name, "User-Agent");
  }
  if (!user_agent) append("User-Agent: launchgate/" LG_VERSION);
  if (t.now.jar != nullptr) {
    const std::string cookies = t.now.jar->header_for(url, clock_.unix_ms() / 1000);
    if (!cookies.empty()) append("Cookie: " + cookies);
  }
  append("Expect:");  // no pause for a 100-continue
  set(t, CURLOPT_HTTPHEADER, t.header_list);

  if (t.now.method == "HEAD") {
    set(t, CURLOPT_NOBODY, 1L);
  } else if (t.now.method == "GET" && t.now.body.empty()) {
    set(t, CURLOPT_HTTPGET, 1L);
  } else {
    set(t, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(t.now.body.size()));
    set(t, CURLOPT_POSTFIELDS, t.now.body.data());
    set(t, CURLOPT_CUSTOMREQUEST, t.now.method.c_str());
  }
}

void CurlHttp::record_hop(Transfer& t) {
  const auto at_ms = [&](CURLINFO info) { return static_cast<double>(get<curl_off_t>(t, info)) / 1e3; };
  Hop hop;
  hop.url = t.now.url;
  hop.status = static_cast<int>(get<long>(t, CURLINFO_RESPONSE_CODE));
  if (const char* ip = get<char*>(t, CURLINFO_PRIMARY_IP)) hop.address = printable(ip);
  const long version = get<long>(t, CURLINFO_HTTP_VERSION);
  hop.protocol = version == CURL_HTTP_VERSION_2_0   ? "HTTP/2"
                 : version == CURL_HTTP_VERSION_1_0 ? "HTTP/1.0"
                                                    : "HTTP/1.1";
  const double dns = at_ms(CURLINFO_NAMELOOKUP_TIME_T), connect = at_ms(CURLINFO_CONNECT_TIME_T);
  const double tls = at_ms(CURLINFO_APPCONNECT_TIME_T), first_byte = at_ms(CURLINFO_STARTTRANSFER_TIME_T);
  const double total = at_ms(CURLINFO_TOTAL_TIME_T);
  hop.reused = get<long>(t, CURLINFO_NUM_CONNECTS) == 0 && hop.status != 0;
  const double ready = hop.reused ? at_ms(CURLINFO_PRETRANSFER_TIME_T) : std::max({dns, connect, tls});
  if (!hop.reused) {
    hop.phases.dns = dns;
    hop.phases.connect = std::max(0.0, connect - dns);
    hop.phases.tls = tls > 0 ? std::max(0.0, tls - connect) : 0;
  }
  // Each instant is at least the one before it, so that the phases add up to the total.
  const double answered = first_byte > 0 ? std::max(first_byte, ready) : std::max(total, ready);
  hop.phases.wait = answered - ready;
  hop.phases.transfer = std::max(0.0, total - answered);
  t.response.status = hop.status;
  t.response.hops.push_back(std::move(hop));
}

// libcurl prints the leaf certificate first, its dates as OpenSSL does ("Nov 24 04:04:12 2026 GMT").
void CurlHttp::read_certificate(Transfer& t) {
  const auto* info = get<curl_certinfo*>(t, CURLINFO_CERTINFO);
  if (info == nullptr || info->num_of_certs < 1) return;
  static constexpr std::string_view kKey = "Expire date:";
  for (const curl_slist* line = info->certinfo[0]; line != nullptr; line = line->next) {
    const std::string_view text = line->data;
    if (text.substr(0, kKey.size()) != kKey) continue;
    const time_t expires = lib_->getdate(line->data + kKey.size(), nullptr);
    if (expires > 0) t.response.certificate_expires = expires;
  }
}

bool CurlHttp::finish_hop(Transfer& t, CURLcode code) {
  record_hop(t);
  read_certificate(t);
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

void CurlHttp::release(Transfer& t) {
  if (t.easy != nullptr) lib_->easy_cleanup(t.easy);
  if (t.header_list != nullptr) lib_->slist_free_all(t.header_list);
  if (t.resolve_list != nullptr) lib_->slist_free_all(t.resolve_list);
  t.easy = nullptr;
  t.header_list = t.resolve_list = nullptr;
}

}  // namespace

std::unique_ptr<Http> make_curl_http(Clock& clock) { return std::make_unique<CurlHttp>(clock); }

}  // namespace launchgate::net
