// The Http port over libcurl's multi interface: one thread, HTTP/1.1 and 2, connections kept between calls.
#pragma once

#include <memory>

#include "libscan/net/clock.hpp"
#include "libscan/net/http.hpp"

namespace launchgate::net {

// A program of your own that uses this ignores SIGPIPE, as launchgate's does: OpenSSL writes to connections that the
// other side may have closed.
//
// `clock` gives wall time for cookies; timeouts are real time always. It must outlive the result.
std::unique_ptr<Http> make_curl_http(Clock& clock);

}  // namespace launchgate::net
