#include "libscan/gate/github.hpp"

#include <fmt/format.h>

#include "libscan/core/text.hpp"

namespace launchgate::gate {

Result<GitHub> github_from(const std::function<std::optional<std::string>(std::string_view)>& env, std::string_view who,
                           std::string_view permission) {
  const auto variable = [&](std::string_view name) { return env ? env(name).value_or("") : ""; };
  GitHub github{variable("GITHUB_API_URL"), variable("GITHUB_REPOSITORY"), variable("GITHUB_TOKEN")};
  if (github.api.empty()) github.api = "https://api.github.com";
  if (github.repository.empty() || github.token.empty())
    return fail(
        ErrorCode::config, fmt::format("{} needs GITHUB_REPOSITORY and GITHUB_TOKEN", who),
        fmt::format("in a workflow: env: GITHUB_TOKEN: ${{{{ github.token }}}}, with permissions: {}", permission));
  return github;
}

net::Request github_request(const GitHub& github, std::string method, std::string_view path, std::string body) {
  net::Request r;
  r.method = std::move(method);
  r.url = fmt::format("{}/repos/{}/{}", github.api, github.repository, path);
  r.headers = {{"Accept", "application/vnd.github+json"},
               {"Authorization", "Bearer " + github.token},
               {"User-Agent", "launchgate"},
               {"Content-Type", "application/json"}};
  r.body = std::move(body);
  r.max_redirects = 0;
  return r;
}

std::string github_trouble(const net::Response& response) {
  return response.ok() ? fmt::format("HTTP {}", response.status) : ellipsize(printable(response.error), 120);
}

}  // namespace launchgate::gate
