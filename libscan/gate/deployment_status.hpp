// The verdict as the status of a GitHub deployment: what the deployments page and the pull request show, and what
// GitHub's own rules and other workflows (`on: deployment_status`) act on.
//
//   PROMOTE  success
//   BLOCK    failure
//   HOLD     error: neither. `inactive` would say that the deployment is gone
//
// A projection: it is written, never read back, and a status that cannot be written changes no verdict.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/verdict.hpp"
#include "libscan/gate/github.hpp"

namespace launchgate::gate {

struct Deployment {
  std::string id;           // digits
  std::string environment;  // GitHub's name for it; empty = as it is. Another one would move the deployment there
};

bool is_deployment_id(std::string_view text);

// Whether this is the description of a status that was made here: an event about it asks for no further one.
bool is_own_deployment_status(std::string_view description);

// The body that is posted. `link` leads to the CI run and may be empty.
std::string deployment_status_body(const Deployment& deployment, const Verdict& verdict, std::string_view link);

// Posts it; a note when that failed. `safe` says whether a text holds no secret: one that does is not sent.
std::vector<Note> post_deployment_status(const GitHub& github, const Deployment& deployment, const Verdict& verdict,
                                         std::string_view link, const std::function<bool(std::string_view)>& safe,
                                         net::Http& http);

}  // namespace launchgate::gate
