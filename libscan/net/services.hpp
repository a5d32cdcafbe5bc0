// Services: the only door from checks to the world. cmd/ makes the real ones (make_services), tests pass fakes.
#pragma once

#include <memory>

#include "libscan/net/browser_driver.hpp"
#include "libscan/net/clock.hpp"
#include "libscan/net/dns.hpp"
#include "libscan/net/http.hpp"

namespace launchgate::net {

// Borrowed references; the owner outlives every use. One thread at a time.
struct Services {
  Http& http;
  Dns& dns;
  Clock& clock;
  Drivers* drivers = nullptr;  // null: no browser can be started here
};

// Owns the real ports. Making it does nothing yet: libcurl is loaded at the first request.
class RealServices {
 public:
  RealServices();
  ~RealServices();
  Services services() { return {*http_, dns_, clock_, &drivers_}; }

 private:
  SystemClock clock_;
  SystemDns dns_;
  ChromeDrivers drivers_;
  std::unique_ptr<Http> http_;
};

}  // namespace launchgate::net
