// `scan --url`: one look at the deployed site, from request to Report.
// Thread-safety: independent calls with ports of their own may run at once.
#pragma once

#include <memory>

#include "libscan/checks/site/site_scan.hpp"
#include "libscan/engine/scan_run.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::engine {

struct SiteRequest {
  checks::site::SiteOptions site;
  RuleOptions rules;
  Severity fail_on = Severity::high_risk;
};

Result<ScanOutcome> run_site_scan(const SiteRequest& request, net::Services services);

// The part of it that gate_run joins with others.
Result<void> add_site_scan(const checks::site::SiteOptions& options, const secrets::Matcher& matcher, net::Http& http,
                           Report& report);

}  // namespace launchgate::engine
