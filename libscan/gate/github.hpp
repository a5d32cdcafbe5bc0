// What the parts that write to GitHub share: whom to ask, how, and what went wrong. Thread-safety: plain functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "libscan/core/result.hpp"
#include "libscan/net/http.hpp"

namespace launchgate::gate {

struct GitHub {
  std::string api;         // "https://api.github.com"
  std::string repository;  // "owner/name"
  std::string token;
};

// From GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN. Error: config, when one of the last two is not set; `who`
// needs them, and `permission` is what the token must be allowed ("statuses: write").
Result<GitHub> github_from(const std::function<std::optional<std::string>(std::string_view)>& env, std::string_view who,
                           std::string_view permission);

// A request below /repos/OWNER/NAME/. Redirects are not followed: the token goes to `api` and nowhere else.
net::Request github_request(const GitHub& github, std::string method, std::string_view path, std::string body);

// Why this is not the answer wanted, fit to be shown; holds nothing of the request.
std::string github_trouble(const net::Response& response);

inline constexpr std::size_t kMaxGitHubDescription = 140;  // of a commit status and of a deployment status

}  // namespace launchgate::gate
