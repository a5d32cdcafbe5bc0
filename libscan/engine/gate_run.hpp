// One run of the gate: everything the configuration declares becomes one Report, and that one Verdict.
//
//   launchgate gate    repository scan + smoke tests + site scan
//   launchgate smoke   the smoke tests alone
//
// Order: the configuration is read whole before anything is sent; then the parts run; the judge decides once; what
// comes after (ledger, verdict file, alerts) cannot make a verdict better. Thread-safety: one thread per call.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "libscan/engine/run_identity.hpp"
#include "libscan/engine/scan_run.hpp"
#include "libscan/net/mail.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::engine {

struct GateRequest {
  bool repository = true, smoke = true, site = true;  // which parts
  std::string config_file = "launchgate.toml";
  std::string environment, release;  // --env, --release
  std::string ledger;                // wins over gate.ledger
  std::string verdict_file;          // where to write it; empty = nowhere
  std::string verdict_key;           // signs it; empty = not signed
  ScanRequest scan;
  Variables variables;  // the environment
};

Result<ScanOutcome> run_gate(const GateRequest& request, const git::Environment& env, net::Services services,
                             net::Mail& mail);

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
