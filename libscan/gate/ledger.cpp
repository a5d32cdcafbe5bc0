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
    auto github = github_from(place.env, "the ledger 'status:'", "statuses: write");
    if (!github) return Unexpected{github.error()};
    return open_status_ledger(std::move(*github), services.http);
  }
  return fail(ErrorCode::config, "'" + printable(where) + "' is no ledger",
              "one of file:PATH, git:refs/launchgate/NAME, status:");
}

}  // namespace launchgate::gate
