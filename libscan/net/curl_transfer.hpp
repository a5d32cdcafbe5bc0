// One request of the caller on its way through libcurl: what is set before each of its hops, what the callbacks
// collect, and what the hop was like afterwards. http_curl.cpp drives it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "libscan/net/http.hpp"
#include "libscan/net/libcurl.hpp"
#include "libscan/net/url.hpp"

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

namespace launchgate::net {

double steady_ms();

struct Transfer {
  const Libcurl* lib = nullptr;
  CURL* easy = nullptr;
  curl_slist* header_list = nullptr;
  curl_slist* resolve_list = nullptr;

  std::set<std::string>* pinned = nullptr;  // "host:port" of every pin the multi handle was told

  std::size_t index = 0;  // of the request in the call
  const Request* first = nullptr;
  Request now;  // the hop being sent
  Response response;
  double started = 0;
  std::size_t header_bytes = 0;
  bool allow_link_local = false;
  bool too_big = false, header_flood = false, refused_address = false;
  std::array<char, CURL_ERROR_SIZE> error{};

  // Readies `easy` for the hop in `now`. Callbacks point here until release().
  void prepare(const Url& url, long left_ms, std::int64_t unix_seconds);
  // After the hop: its times, its certificate.
  void record_hop();
  void read_certificate();
  void release();

 private:
  void set_options(const Url& url, long left_ms);
  void set_pins(const Url& url);
  void set_tls();
  void set_headers(const Url& url, std::int64_t unix_seconds);
  template <class T>
  void set(CURLoption option, T value) {
    lib->setopt(easy, option, value);
  }
  template <class T>
  T get(CURLINFO info) const {
    T value{};
    lib->getinfo(easy, info, &value);
    return value;
  }
};

Failure failure_of(CURLcode code, const Transfer& t) noexcept;
std::string explain(Failure failure, const Transfer& t, CURLcode code);

}  // namespace launchgate::net
