#include "libscan/net/services.hpp"

#include "libscan/net/http_curl.hpp"

namespace launchgate::net {

RealServices::RealServices() : http_(make_curl_http(clock_)) {}
RealServices::~RealServices() = default;

}  // namespace launchgate::net
