// The ledger: where runs leave their events for later runs.
//
// Append-only JSON lines, merged by set union; nothing is ever counted in it, counters are derived when it is read
// (judge.hpp). So two writers at once, a write that is repeated, and a run that is late cannot lose or double anything.
//
//   file:PATH                 a file on a persistent runner, under a lock
//   git:refs/launchgate/NAME  a ref of `origin`, pushed with the expected old id: compare-and-swap, no server needed
//   status:                   GitHub commit statuses of the release's commit. A projection: visible in the pull
//                             request, one line an event, no compare-and-swap (and none needed: each event is its own)
//
// A ledger that cannot be read is never an error of the run: History::State says so and the judge knows what it means.
// Thread-safety: one thread per object; any number of objects and processes on one ledger.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/gate/github.hpp"
#include "libscan/gate/judge.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::gate {

class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual History load(const Run& run) = 0;
  // Adds the events; those already there stay as they are. Tries again while others write, for a bounded time.
  virtual Result<void> append(const std::vector<Event>& events) = 0;
};

struct LedgerPlace {
  std::string folder = ".";  // relative paths and git start here
  // Environment variables: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL for status:
  std::function<std::optional<std::string>(std::string_view)> env;
};

// `where` as above. Errors: config, for what is none of these; nothing is opened yet.
Result<std::unique_ptr<Ledger>> open_ledger(std::string_view where, const LedgerPlace& place, net::Services services);

// The backends; open_ledger() chooses.
std::unique_ptr<Ledger> open_file_ledger(std::string path, net::Clock& clock);
std::unique_ptr<Ledger> open_git_ledger(std::string folder, std::string ref, net::Clock& clock);
std::unique_ptr<Ledger> open_status_ledger(GitHub github, net::Http& http);

}  // namespace launchgate::gate
