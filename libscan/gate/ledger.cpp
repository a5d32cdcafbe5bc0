#include "libscan/gate/ledger.hpp"

#include <algorithm>

#include "libscan/core/text.hpp"

namespace launchgate::gate {

namespace {

// The rules of git-check-ref-format(1) that a typing error breaks.
bool is_ref_name(std::string_view name) {
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 127 ||
           std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
  };
  for (const std::string_view part : {"..", "//", "@{", "/."})
    if (name.find(part) != std::string_view::npos) return false;
  return name.starts_with("refs/") && name.size() > 5 && !name.ends_with('/') && !name.ends_with('.') &&
         !name.ends_with(".lock") && std::none_of(name.begin(), name.end(), bad);
}

}  // namespace

Result<std::unique_ptr<Ledger>> open_ledger(std::string_view where, const LedgerPlace& place, net::Services services) {
  const auto after = [&](std::string_view prefix) { return std::string(where.substr(prefix.size())); };
  if (where.starts_with("file:") && where.size() > 5) {
    std::string path = after("file:");
    if (path.front() != '/') path = place.folder + "/" + path;
    return open_file_ledger(std::move(path), services.clock);
  }
  if (where.starts_with("git:") && is_ref_name(where.substr(4)))
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
