// docs.github.com/rest/deployments/statuses
#include "libscan/gate/deployment_status.hpp"

#include <fmt/format.h>

#include "libscan/core/text.hpp"
#include "libscan/gate/json_text.hpp"

namespace launchgate::gate {
namespace {

constexpr std::string_view kOurs = "launchgate: ";

std::string_view state_of(Decision decision) {
  switch (decision) {
    case Decision::promote: return "success";
    case Decision::block: return "failure";
    case Decision::hold: break;
  }
  return "error";
}

}  // namespace

bool is_deployment_id(std::string_view text) {
  return !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_own_deployment_status(std::string_view description) { return description.starts_with(kOurs); }

std::string deployment_status_body(const Deployment& deployment, const Verdict& verdict, std::string_view link) {
  std::string description = std::string(kOurs) + std::string(to_string(verdict.decision));
  if (!verdict.reasons.empty()) description += ", " + verdict.reasons.front();
  JsonObject body;
  body.set("state", state_of(verdict.decision)).set("description", ellipsize(description, kMaxGitHubDescription));
  if (!deployment.environment.empty()) body.set("environment", deployment.environment);
  if (!link.empty()) body.set("log_url", link);
  return body.line();
}

std::vector<Note> post_deployment_status(const GitHub& github, const Deployment& deployment, const Verdict& verdict,
                                         std::string_view link, const std::function<bool(std::string_view)>& safe,
                                         net::Http& http) {
  const auto warning = [](const std::string& why, std::string hint) {
    return std::vector<Note>{{Note::Level::warning, "the deployment status was not written: " + why, std::move(hint)}};
  };
  std::string body = deployment_status_body(deployment, verdict, link);
  if (!safe(body)) return warning("it would have held a secret", "the verdict stands as it is");
  const net::Response response =
      http.send(github_request(github, "POST", fmt::format("deployments/{}/statuses", deployment.id), std::move(body)));
  if (response.ok() && response.status == 201) return {};
  return warning(github_trouble(response),
                 "the verdict stands as it is; the token needs permission to write deployments");
}

}  // namespace launchgate::gate
