// A first launchgate.toml for a site: finds its login form and its health endpoint by asking, as a visitor would.
//
// At most some thirty GET requests, to the host of the URL only; nothing is filled in or submitted. A site that answers
// 200 to everything is known by a path that cannot exist, so that its front page is not taken for a health check.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::checks::smoke {

struct Discovery {
  std::string toml;                // the file, with comments where a person must decide
  std::vector<std::string> found;  // what was found and what was not, one line each, printable
};

// Errors: usage for what is no http(s) URL, undecided when the site does not answer.
Result<Discovery> discover(std::string_view url, net::Services services);

}  // namespace launchgate::checks::smoke
