// One run of the gate: everything the configuration declares becomes one Report, and that one Verdict.
//
//   launchgate gate    repository scan + smoke tests + site scan
//   launchgate smoke   the smoke tests alone
//
// Order: the configuration is read whole before anything is sent; then the parts run; the judge decides once; what
// comes after (ledger, alerts, reports, verdict file) cannot make a verdict better. The caller writes the reports
// between run_gate() and publish_verdict(), so that no one acts on a verdict whose report was refused.
// Thread-safety: one thread per call.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libscan/engine/run_identity.hpp"
#include "libscan/engine/scan_run.hpp"
#include "libscan/gate/deployment_status.hpp"
#include "libscan/net/mail.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::engine {

struct GateRequest {
  bool repository = true, smoke = true, site = true;  // which parts
  std::string config_file = "launchgate.toml";
  std::string environment, release;  // --env, --release
  std::string ledger;                // wins over gate.ledger
  std::string deployment;            // the GitHub deployment to tell; empty = the event's, "none" = no one
  std::string verdict_file;          // where to write it; empty = nowhere
  std::string verdict_key;           // signs it; empty = not signed
  ScanRequest scan;
  Variables variables;  // the environment
};

struct GateOutcome {
  ScanOutcome scan;                    // what the reports are written from
  std::string verdict_text;            // the verdict file, which still says that the gate did not finish
  std::optional<gate::GitHub> github;  // both or none
  std::optional<gate::Deployment> deployment;
};

Result<GateOutcome> run_gate(const GateRequest& request, const git::Environment& env, net::Services services,
                             net::Mail& mail);

struct Published {
  int exit_code = 0;  // of the program; never better than `code`
  std::vector<Note> notes;
};

// Hands the verdict to those who act on it. `code` is what writing the reports came to; when that is not the verdict's
// own, a report could not be written or was refused, and the verdict file keeps saying that the gate did not finish.
// The GitHub deployment is told the same, and whether that worked changes nothing.
Published publish_verdict(const GateRequest& request, const GateOutcome& outcome, int code, net::Services services);

// The whole plan in words: what is scanned, requested and required, and what decides. Sends nothing, writes nothing.
Result<std::string> explain_gate(const GateRequest& request, const git::Environment& env);

struct PromoteRequest {
  std::string config_file = "launchgate.toml";
  std::string environment, release;
  std::string verdict_file;
  std::string verdict_key;
  double max_age_ms = 1'800'000;
  bool rollback = false;
  std::string ledger;  // where a rollback is recorded; empty = gate.ledger
  Variables variables;
};

struct PromoteAnswer {
  Verdict verdict;
  std::vector<Note> notes;
};

Result<PromoteAnswer> run_promote_check(const PromoteRequest& request, net::Services services);

}  // namespace launchgate::engine
