#include "libscan/net/curl_transfer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>

#include "libscan/core/text.hpp"
#include "libscan/net/metadata_address.hpp"

namespace launchgate::net {
namespace {

constexpr std::size_t kMaxHeaders = 500;

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
  if (!t.allow_link_local && is_metadata_address(&address->addr)) {
    t.refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

double steady_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
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

void Transfer::prepare(const Url& url, long left_ms, std::int64_t unix_seconds) {
  lib->easy_reset(easy);
  error[0] = '\0';
  header_bytes = 0;
  response.headers.clear();
  response.body.clear();
  response.url = now.url;
  const auto home = parse_url(first->url);
  allow_link_local = home && home->host == url.host && spells_metadata_address(url.host);
  set_options(url, left_ms);
  set_tls();
  set_headers(url, unix_seconds);
}

void Transfer::set_options(const Url& url, long left_ms) {
  set(CURLOPT_URL, now.url.c_str());
  set(CURLOPT_ERRORBUFFER, error.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_NOPROGRESS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_TIMEOUT_MS, left_ms);
  set(CURLOPT_CONNECTTIMEOUT_MS, std::min<long>(left_ms, first->connect_timeout_ms));
  set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl was built with
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  const bool only_11 = first->version == "1.1";
  set(CURLOPT_HTTP_VERSION, static_cast<long>(only_11 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_IPRESOLVE, static_cast<long>(first->family == Family::v4   ? CURL_IPRESOLVE_V4
                                           : first->family == Family::v6 ? CURL_IPRESOLVE_V6
                                                                         : CURL_IPRESOLVE_WHATEVER));
  if (first->fresh) {
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  }
  // A server on this machine is never behind a proxy; elsewhere the environment's applies unless we were told one.
  if (first->proxy)
    set(CURLOPT_PROXY, first->proxy->c_str());
  else if (is_loopback(url.host))
    set(CURLOPT_PROXY, "");
  if (!first->no_proxy.empty()) set(CURLOPT_NOPROXY, first->no_proxy.c_str());

  set_pins(url);
}

// What libcurl is told once of a name holds for every later transfer of the multi handle, until it is taken back.
void Transfer::set_pins(const Url& url) {
  if (resolve_list != nullptr) lib->slist_free_all(resolve_list), resolve_list = nullptr;
  const auto append = [&](const std::string& line) { resolve_list = lib->slist_append(resolve_list, line.c_str()); };
  for (const std::string& name : *pinned) append("-" + name);
  for (const Pin& pin : first->resolve) {
    const bool v6 = pin.address.find(':') != std::string::npos;
    const std::string name = pin.host + ":" + std::to_string(pin.port != 0 ? pin.port : url.port);
    append(name + ":" + (v6 ? "[" + pin.address + "]" : pin.address));
    pinned->insert(name);
  }
  if (resolve_list != nullptr) set(CURLOPT_RESOLVE, resolve_list);
}

void Transfer::set_tls() {
  const TlsOptions& tls = first->tls;
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_CERTINFO, 1L);
  if (!tls.ca_file.empty()) set(CURLOPT_CAINFO, tls.ca_file.c_str());
  if (!tls.cert_file.empty()) set(CURLOPT_SSLCERT, tls.cert_file.c_str());
  if (!tls.key_file.empty()) set(CURLOPT_SSLKEY, tls.key_file.c_str());
  if (!tls.pinned_key.empty()) set(CURLOPT_PINNEDPUBLICKEY, tls.pinned_key.c_str());
}

void Transfer::set_headers(const Url& url, std::int64_t unix_seconds) {
  if (header_list != nullptr) lib->slist_free_all(header_list), header_list = nullptr;
  const auto append = [&](const std::string& line) { header_list = lib->slist_append(header_list, line.c_str()); };
  bool user_agent = false;
  for (const Header& h : now.headers) {
    if (h.name.find_first_of("\r\n:") != std::string::npos || h.value.find_first_of("\r\n") != std::string::npos)
      continue;  // would smuggle a header; the configuration refuses it earlier
    append(h.value.empty() ? h.name + ";" : h.name + ": " + h.value);
    user_agent |= equal_ignoring_case(h.name, "User-Agent");
  }
  if (!user_agent) append("User-Agent: launchgate/" LG_VERSION);
  if (now.jar != nullptr) {
    const std::string cookies = now.jar->header_for(url, unix_seconds);
    if (!cookies.empty()) append("Cookie: " + cookies);
  }
  append("Expect:");  // no pause for a 100-continue
  set(CURLOPT_HTTPHEADER, header_list);

  if (now.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (now.method == "GET" && now.body.empty()) {
    set(CURLOPT_HTTPGET, 1L);
  } else {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(now.body.size()));
    set(CURLOPT_POSTFIELDS, now.body.data());
    set(CURLOPT_CUSTOMREQUEST, now.method.c_str());
  }
}

void Transfer::record_hop() {
  const auto at_ms = [&](CURLINFO info) { return static_cast<double>(get<curl_off_t>(info)) / 1e3; };
  Hop hop;
  hop.url = now.url;
  hop.status = static_cast<int>(get<long>(CURLINFO_RESPONSE_CODE));
  if (const char* ip = get<char*>(CURLINFO_PRIMARY_IP)) hop.address = printable(ip);
  const long version = get<long>(CURLINFO_HTTP_VERSION);
  hop.protocol = version == CURL_HTTP_VERSION_2_0   ? "HTTP/2"
                 : version == CURL_HTTP_VERSION_1_0 ? "HTTP/1.0"
                                                    : "HTTP/1.1";
  const double dns = at_ms(CURLINFO_NAMELOOKUP_TIME_T), connect = at_ms(CURLINFO_CONNECT_TIME_T);
  const double tls = at_ms(CURLINFO_APPCONNECT_TIME_T), first_byte = at_ms(CURLINFO_STARTTRANSFER_TIME_T);
  const double total = at_ms(CURLINFO_TOTAL_TIME_T);
  hop.reused = get<long>(CURLINFO_NUM_CONNECTS) == 0 && hop.status != 0;
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
  response.status = hop.status;
  response.hops.push_back(std::move(hop));
}

// libcurl prints the leaf certificate first, its dates as OpenSSL does ("Nov 24 04:04:12 2026 GMT").
void Transfer::read_certificate() {
  const auto* info = get<curl_certinfo*>(CURLINFO_CERTINFO);
  if (info == nullptr || info->num_of_certs < 1) return;
  static constexpr std::string_view kKey = "Expire date:";
  for (const curl_slist* line = info->certinfo[0]; line != nullptr; line = line->next) {
    const std::string_view text = line->data;
    if (text.substr(0, kKey.size()) != kKey) continue;
    const time_t expires = lib->getdate(line->data + kKey.size(), nullptr);
    if (expires > 0) response.certificate_expires = expires;
  }
}

void Transfer::release() {
  if (easy != nullptr) lib->easy_cleanup(easy);
  if (header_list != nullptr) lib->slist_free_all(header_list);
  if (resolve_list != nullptr) lib->slist_free_all(resolve_list);
  easy = nullptr;
  header_list = resolve_list = nullptr;
}

}  // namespace launchgate::net
