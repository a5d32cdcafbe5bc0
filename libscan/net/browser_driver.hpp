// The Drivers port: a WebDriver of our own for as long as one check needs it.
//
// What is started is in a process group of its own and writes below one temporary folder (profile, caches, log). The
// destructor of a Driver ends every process that came from it and removes the folder, whatever happened before; should
// this program be killed, the kernel tells the driver to end. Thread-safety: one thread per object.
#pragma once

#include <memory>
#include <string>

#include "libscan/core/result.hpp"

namespace launchgate::net {

class Driver {
 public:
  virtual ~Driver() = default;
  std::string url;  // "http://127.0.0.1:PORT"
};

class Drivers {
 public:
  virtual ~Drivers() = default;
  // Waits at most `timeout_ms` for it to listen. Errors: undecided, when there is none or it does not start.
  virtual Result<std::unique_ptr<Driver>> start(int timeout_ms) = 0;
};

// chromedriver, found by PATH.
class ChromeDrivers final : public Drivers {
 public:
  Result<std::unique_ptr<Driver>> start(int timeout_ms) override;
};

}  // namespace launchgate::net
