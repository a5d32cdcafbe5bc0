#include "libscan/engine/site_run.hpp"

#include <algorithm>
#include <iterator>

#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::engine {

Result<void> add_site_scan(const checks::site::SiteOptions& options, const secrets::Matcher& matcher, net::Http& http,
                           Report& report) {
  auto scanned = checks::site::scan_site(options, matcher, http);
  if (!scanned) return Unexpected{scanned.error()};
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(report.findings, scanned->findings);
  append(report.notes, scanned->notes);
  std::stable_sort(report.findings.begin(), report.findings.end(), report_order);
  report.coverage.merge(scanned->coverage);
  for (RuleInfo& rule : checks::site::site_rules()) report.rules.push_back(std::move(rule));
  std::sort(report.rules.begin(), report.rules.end(), [](const RuleInfo& a, const RuleInfo& b) { return a.id < b.id; });
  return {};
}

Result<ScanOutcome> run_site_scan(const SiteRequest& request, net::Services services) {
  auto rules = choose_rules(request.rules);
  if (!rules) return Unexpected{rules.error()};
  const auto matcher = std::make_shared<const secrets::Matcher>(std::move(rules->matcher));
  Report report;
  report.version = LG_VERSION;
  report.mode = "url";
  report.target = printable(safe_url(request.site.url));
  report.rules = rule_infos(matcher->rules());
  report.notes = std::move(rules->notes);
  report.fail_on = request.fail_on;
  if (auto added = add_site_scan(request.site, *matcher, services.http, report); !added)
    return Unexpected{added.error()};
  Verdict verdict = judge_scan(report, request.fail_on);
  OutputCheck check = output_check(report, matcher, request.site.id_key);
  return ScanOutcome{std::move(report), std::move(verdict), std::move(check)};
}

}  // namespace launchgate::engine
