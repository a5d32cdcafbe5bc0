// A browser by the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2/), as little of it as timing a page needs.
//
// Everything a driver or a page answers is a stranger's: sizes are capped, numbers must be finite and not negative,
// texts are shown through Run::show() only. Units: milliseconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/net/clock.hpp"
#include "libscan/net/http.hpp"

namespace launchgate::checks::smoke {

// What a page's own clocks say, from the start of the navigation.
struct PageTiming {
  std::string url;         // where it ended
  int status = 0;          // of the document; 0 = the browser does not tell
  double load = 0;         // the load event ended; 0 = not yet
  double first_paint = 0;  // first contentful paint; 0 = none (yet)
  double largest = 0;      // largest contentful paint; 0 = none (yet)
  double interactive = 0;  // DOM interactive
  Phases phases;           // of the document; transfer lasts until the load event
};

// A WebDriver error: its code ("timeout", "session not created") or "" when the driver itself did not answer.
struct DriverError {
  std::string code, message;
};

template <class T>
struct Driven {  // a value or why not
  std::optional<T> value;
  DriverError error;
};

class WebDriver {
 public:
  WebDriver(std::string url, net::Http& http, net::Clock& clock);
  ~WebDriver();  // ends the session
  WebDriver(const WebDriver&) = delete;
  WebDriver& operator=(const WebDriver&) = delete;

  // A new headless Chrome with an empty profile. `arguments` are added to its command line.
  std::optional<DriverError> open(const std::vector<std::string>& arguments, double page_timeout_ms);
  // Waits until the page has loaded.
  std::optional<DriverError> navigate(const std::string& url, double timeout_ms);
  Driven<PageTiming> timing(double timeout_ms);

 private:
  struct Answer;
  Answer ask(std::string_view method, const std::string& path, std::string body, double timeout_ms);

  std::string url_, session_;
  net::Http& http_;
  net::Clock& clock_;
};

}  // namespace launchgate::checks::smoke
