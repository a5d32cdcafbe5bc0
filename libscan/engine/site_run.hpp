// `scan --url`: one look at the deployed site, from request to Report.
// Thread-safety: independent calls with ports of their own may run at once.
#pragma once

#include <optional>
#include <string>

#include "libscan/checks/site/site_scan.hpp"
#include "libscan/checks/smoke/spec.hpp"
#include "libscan/engine/run_identity.hpp"
#include "libscan/engine/scan_run.hpp"
#include "libscan/engine/suppression.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::engine {

struct SiteRequest {
  std::string url;
  std::string id_key;
  std::string config_file;  // empty: ./launchgate.toml, if there is one
  std::string environment;  // --env; empty: the one of the file that names the URL's host
  Variables variables;
  RuleOptions rules;
  std::optional<Severity> fail_on;  // else [scan] fail_on, else high risk
  std::string baseline_file;        // as in ScanRequest
  bool ignores = true;
};

// What launchgate.toml says of the URL's host (allow_hosts, proxy, resolve, tls, timeout) holds, and [scan], [[ignore]]
// and the baseline as in a scan of the repository. A file that is about other hosts is not used, and a note says so.
Result<ScanOutcome> run_site_scan(const SiteRequest& request, net::Services services);

// The same in words: what would be asked for, and how. Sends nothing.
Result<std::string> explain_site_scan(const SiteRequest& request);

// ---- what gate_run joins with others

// How the site of a configuration is scanned.
checks::site::SiteOptions site_options(const checks::smoke::Config& config, std::string url, std::string id_key);

// Adds what the site gives away to `report`, less what is excused.
Result<void> add_site_scan(const checks::site::SiteOptions& options, const secrets::Matcher& matcher,
                           Suppression& suppression, net::Http& http, Report& report);

}  // namespace launchgate::engine
