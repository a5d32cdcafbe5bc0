#include "libscan/engine/site_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "libscan/checks/smoke/config.hpp"
#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::engine {
namespace {

constexpr std::string_view kUsualFile = "launchgate.toml";

// What is to be done, once launchgate.toml was heard.
struct Plan {
  checks::site::SiteOptions site;
  config::Settings settings;
  RuleOptions rules;
  Severity fail_on = Severity::high_risk;
  SecretSet secrets;  // of the file, e.g. in a proxy's address
  std::vector<Note> notes;
};

Note not_about(const checks::smoke::Config& config, const std::string& url) {
  const std::string about = config.base.empty() ? "other hosts" : printable(safe_url(config.base));
  return {Note::Level::warning,
          fmt::format("{} is about {}, not about {}: its allow_hosts, proxy, resolve, tls and timeout are not used",
                      printable(config.file), about, printable(safe_url(url))),
          "add the host to allow_hosts if it is yours, pick its environment with --env, or name another file with "
          "--config"};
}

Result<Plan> make_plan(const SiteRequest& request) {
  Plan plan;
  auto settings = load_settings(".", request.config_file);
  if (!settings) return Unexpected{settings.error()};
  plan.settings = std::move(*settings);
  plan.rules = request.rules;
  plan.rules.configured = plan.settings.rules;
  plan.fail_on = request.fail_on.value_or(plan.settings.fail_on.value_or(Severity::high_risk));
  const std::string file = request.config_file.empty() ? std::string(kUsualFile) : request.config_file;
  checks::smoke::Reach reach;
  auto text = git::read_small_file(file, config::kMaxTomlBytes);
  if (!text) return Unexpected{text.error()};
  if (*text) {
    auto read = checks::smoke::read_reach(**text, file, {request.environment, "", request.variables}, request.url);
    if (!read) return Unexpected{read.error()};
    reach = std::move(*read);
    if (!reach.ours) plan.notes.push_back(not_about(reach.config, request.url));
  } else if (!request.environment.empty()) {
    return fail(ErrorCode::usage, "--env needs a launchgate.toml that has it",
                "leave it out, or name the file with --config");
  }
  plan.site = site_options(reach.ours ? reach.config : checks::smoke::Config{}, request.url, request.id_key);
  plan.secrets = std::move(reach.config.secrets);
  return plan;
}

}  // namespace

checks::site::SiteOptions site_options(const checks::smoke::Config& config, std::string url, std::string id_key) {
  checks::site::SiteOptions options;
  options.url = std::move(url);
  options.allow_hosts = config.allow_hosts;
  options.id_key = std::move(id_key);
  const auto& c = config.connection;
  options.request.timeout_ms = static_cast<int>(c.timeout_ms);
  options.request.family = c.ip;
  options.request.version = c.http;
  options.request.tls = c.tls;
  options.request.resolve = c.resolve;
  options.request.proxy = c.proxy;
  options.request.no_proxy = c.no_proxy;
  return options;
}

Result<void> add_site_scan(const checks::site::SiteOptions& options, const secrets::Matcher& matcher,
                           Suppression& suppression, net::Http& http, Report& report) {
  auto scanned = checks::site::scan_site(options, matcher, http);
  if (!scanned) return Unexpected{scanned.error()};
  Report site;
  site.findings = std::move(scanned->findings);
  site.notes = std::move(scanned->notes);
  suppression.apply(site, false);
  std::move(site.findings.begin(), site.findings.end(), std::back_inserter(report.findings));
  for (Note& note : site.notes)  // an ignore that expired is told once, though the repository's scan knows it too
    if (std::none_of(report.notes.begin(), report.notes.end(), [&](const Note& n) { return n.text == note.text; }))
      report.notes.push_back(std::move(note));
  std::stable_sort(report.findings.begin(), report.findings.end(), report_order);
  report.coverage.merge(scanned->coverage);
  for (RuleInfo& rule : checks::site::site_rules()) report.rules.push_back(std::move(rule));
  std::sort(report.rules.begin(), report.rules.end(), [](const RuleInfo& a, const RuleInfo& b) { return a.id < b.id; });
  return {};
}

Result<ScanOutcome> run_site_scan(const SiteRequest& request, net::Services services) {
  auto plan = make_plan(request);
  if (!plan) return Unexpected{plan.error()};
  auto rules = choose_rules(plan->rules);
  if (!rules) return Unexpected{rules.error()};
  const std::string& baseline = request.baseline_file.empty() ? plan->settings.baseline : request.baseline_file;
  const auto matcher = std::make_shared<const secrets::Matcher>(std::move(rules->matcher));
  auto suppression = Suppression::load(plan->settings, {".", baseline, "", request.ignores}, knows_rule(matcher));
  if (!suppression) return Unexpected{suppression.error()};
  Report report;
  report.version = LG_VERSION;
  report.mode = "url";
  report.target = printable(safe_url(request.url));
  report.rules = rule_infos(matcher->rules());
  report.notes = std::move(rules->notes);
  std::move(plan->notes.begin(), plan->notes.end(), std::back_inserter(report.notes));
  report.fail_on = plan->fail_on;
  if (auto added = add_site_scan(plan->site, *matcher, *suppression, services.http, report); !added)
    return Unexpected{added.error()};
  Verdict verdict = judge_scan(report, plan->fail_on);
  OutputCheck check = [scan = output_check(report, matcher, request.id_key),
                       secrets = std::move(plan->secrets)](std::string_view text) -> Result<void> {
    if (secrets.leaks(text))
      return fail(ErrorCode::internal, "the output would hold a secret of the configuration; it was not written",
                  "please report this, with the format, never with the value");
    return scan(text);
  };
  return ScanOutcome{std::move(report), std::move(verdict), std::move(check)};
}

Result<std::string> explain_site_scan(const SiteRequest& request) {
  auto plan = make_plan(request);
  if (!plan) return Unexpected{plan.error()};
  std::string out = checks::site::explain(plan->site);
  for (const Note& note : plan->notes) out += "note      " + printable(plan->secrets.mask(note.text)) + "\n";
  return out + fmt::format("fails on  {}\nNothing was sent.\n", to_string(plan->fail_on));
}

}  // namespace launchgate::engine
