#include "libscan/gate/ledger.hpp"

#include "libscan/core/text.hpp"

namespace launchgate::gate {

Result<std::unique_ptr<Ledger>> open_ledger(std::string_view where, const LedgerPlace& place, net::Services services) {
  const auto after = [&](std::string_view prefix) { return std::string(where.substr(prefix.size())); };
  if (where.starts_with("file:") && where.size() > 5) {
    std::string path = after("file:");
    if (path.front() != '/') path = place.folder + "/" + path;
    return open_file_ledger(std::move(path), services.clock);
  }
  if (where.starts_with("git:refs/") && where.size() > 9)
    return open_git_ledger(place.folder, after("git:"), services.clock);
  if (where == "status:") {
    const auto variable = [&](std::string_view name) { return place.env ? place.env(name).value_or("") : ""; };
    StatusTarget target{variable("GITHUB_API_URL"), variable("GITHUB_REPOSITORY"), variable("GITHUB_TOKEN")};
    if (target.api.empty()) target.api = "https://api.github.com";
    if (target.repository.empty() || target.token.empty())
      return fail(ErrorCode::config, "the ledger 'status:' needs GITHUB_REPOSITORY and GITHUB_TOKEN",
                  "in a workflow: env: GITHUB_TOKEN: ${{ github.token }}, with permissions: statuses: write");
    return open_status_ledger(std::move(target), services.http);
  }
  return fail(ErrorCode::config, "'" + printable(where) + "' is no ledger",
              "one of file:PATH, git:refs/launchgate/NAME, status:");
}

}  // namespace launchgate::gate
