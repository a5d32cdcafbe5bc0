// Files a web server must not hand out, and how their content proves that it does. A status of 200 proves nothing:
// many sites answer every path with their start page.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libscan/core/finding.hpp"

namespace launchgate::checks::site {

// What `body` proves when it is served at a probe's path; nullopt: it is something else (a start page, an error page).
struct Exposure {
  Severity severity = Severity::launch_blocker;
  std::string message;  // holds no value of the file
  Span span;
};

struct Probe {
  std::string_view path;  // below the site's root, no leading '/'
  std::string_view rule;  // "exposed-dotenv", …
  std::optional<Exposure> (*judge)(std::string_view path, std::string_view body);
};

// Every path that is asked for by guess. A browser's configuration files (env.js) are here too: being served is their
// purpose, so they have no judge and are only scanned.
std::span<const Probe> probes() noexcept;

// Is `body` markup? JSON, scripts and dotenv files do not begin with '<'.
bool looks_like_markup(std::string_view body) noexcept;

}  // namespace launchgate::checks::site
