#include "libscan/engine/gate_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "libscan/checks/smoke/config.hpp"
#include "libscan/checks/smoke/runner.hpp"
#include "libscan/core/atomic_file.hpp"
#include "libscan/core/sha256.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/engine/ci_event.hpp"
#include "libscan/engine/settings_check.hpp"
#include "libscan/engine/site_run.hpp"
#include "libscan/gate/alert.hpp"
#include "libscan/gate/event_lines.hpp"
#include "libscan/gate/judge.hpp"
#include "libscan/gate/ledger.hpp"
#include "libscan/gate/promote_check.hpp"
#include "libscan/gate/verdict_file.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::engine {
namespace {

using checks::smoke::Config;

constexpr std::size_t kMaxVerdictFile = std::size_t{1} << 20;

Result<std::string> read_config_text(const std::string& file) {
  auto text = git::read_small_file(file, config::kMaxTomlBytes);
  if (!text) return Unexpected{text.error()};
  if (!*text)
    return fail(ErrorCode::config, printable(file) + ": there is no such file",
                "write one with: launchgate init --url URL, or name it with --config");
  return std::move(**text);
}

Result<Config> read_gate_config(const GateRequest& request, bool resolve_variables) {
  auto text = read_config_text(request.config_file);
  if (!text) return Unexpected{text.error()};
  checks::smoke::ConfigRequest how{request.environment, request.release, {}};
  if (resolve_variables) how.env = request.variables;
  auto config = checks::smoke::read_config(*text, request.config_file, how);
  if (!config) return config;
  if (auto clean = refuse_literal_secrets(*text, request.config_file); !clean) return Unexpected{clean.error()};
  return config;
}

Result<gate::Policy> policy_of(const GateRequest& request, const Config& config) {
  gate::Policy policy;
  policy.consecutive = config.gate.consecutive;
  policy.max_gap_ms = config.gate.max_gap_ms;
  policy.strict = config.gate.strict;
  policy.state_required = config.gate.ledger_required;
  policy.fail_on = request.scan.fail_on.value_or(config.gate.fail_on);
  for (const gate::Scope scope : {gate::Scope::run, gate::Scope::release, gate::Scope::probe})
    if (gate::to_string(scope) == config.gate.scope) policy.scope = scope;
  for (const checks::smoke::CheckSpec& c : config.checks)
    if (request.smoke && c.severity >= policy.fail_on) policy.required.push_back(c.id);
  if (policy.scope != gate::Scope::run && request.ledger.empty() && config.gate.ledger.empty())
    return fail(ErrorCode::config,
                fmt::format("{}: gate.scope = \"{}\" counts over several runs and needs gate.ledger",
                            printable(config.file), config.gate.scope),
                "for example: ledger = \"git:refs/launchgate/production\"");
  return policy;
}

Result<std::unique_ptr<gate::Ledger>> ledger_of(const std::string& asked, const std::string& configured,
                                                const Variables& variables, net::Services services) {
  const std::string& where = asked.empty() ? configured : asked;
  if (where.empty()) return std::unique_ptr<gate::Ledger>();
  return gate::open_ledger(where, {".", variables}, services);
}

struct Told {
  std::optional<gate::GitHub> github;
  std::optional<gate::Deployment> deployment;
};

// Whom to tell at GitHub. One named by hand must be told; one that only the event names is told when there is a token.
Result<Told> deployment_of(const GateRequest& request, const git::Environment& env, std::vector<Note>& notes) {
  Told told;
  if (request.deployment == "none") return told;
  if (!request.deployment.empty()) {
    if (!gate::is_deployment_id(request.deployment))
      return fail(ErrorCode::usage, "--deployment: '" + printable(request.deployment) + "' is no deployment's number",
                  "the event's is ${{ github.event.deployment.id }}; none tells no one");
    auto github = gate::github_from(request.variables, "--deployment", "deployments: write");
    if (!github) return Unexpected{github.error()};
    return Told{std::move(*github), gate::Deployment{request.deployment, ""}};
  }
  auto github = gate::github_from(request.variables, "", "");
  if (!github) return told;
  auto deployment = detect_deployment(env);
  if (!deployment)
    notes.push_back(
        {Note::Level::warning, "no deployment status is written: " + deployment.error().what, deployment.error().hint});
  else if (*deployment)
    told = {std::move(*github), std::move(*deployment)};
  return told;
}

std::string explain_policy(const gate::Policy& policy) {
  std::string out = fmt::format("blocks    on a finding at or over {}", to_string(policy.fail_on));
  if (!policy.required.empty()) out += ", or when a required check fails";
  out += fmt::format("\nrequired  {}\n", policy.required.empty()
                                             ? "no check: without proof this is HOLD"
                                             : printable(fmt::format("{}", fmt::join(policy.required, ", "))));
  out += fmt::format("counts    {} failure{} in a row, per {}", policy.consecutive, policy.consecutive == 1 ? "" : "s",
                     gate::to_string(policy.scope));
  if (policy.scope == gate::Scope::probe) out += ", no farther apart than " + show_duration(policy.max_gap_ms);
  if (policy.strict) out += "\nstrict    a check that passed only when repeated holds";
  if (policy.state_required) out += "\nrequires  a ledger that can be read";
  return out + "\n";
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// What the run was given for others than the site. Shorter values may be words, and would stop every report.
SecretSet all_secrets(const GateRequest& request, const Config& config) {
  constexpr std::size_t kLeast = 12;
  SecretSet all = config.secrets;
  const auto add = [&](std::string_view variable, std::string value) {
    if (value.size() >= kLeast) all.add("$" + std::string(variable), std::move(value));
  };
  add("LAUNCHGATE_VERDICT_KEY", request.verdict_key);
  for (const std::string_view variable : {"GITHUB_TOKEN", "LAUNCHGATE_ALERT_SLACK", "LAUNCHGATE_ALERT_TEAMS",
                                          "LAUNCHGATE_ALERT_WEBHOOK", "LAUNCHGATE_ALERT_SMTP_PASSWORD"})
    add(variable, request.variables(variable).value_or(""));
  return all;
}

// The parts of one gate run, each adding to the one report.
class GateRun {
 public:
  GateRun(const GateRequest& request, const Config& config, net::Services services)
      : request_(request), config_(config), services_(services) {
    report_.version = LG_VERSION;
    report_.mode = request.repository || request.site ? "gate" : "smoke";
    report_.target = config.environment.empty() ? config.base : config.environment + " at " + config.base;
  }

  Result<void> scan_repository(const git::Environment& env) {
    auto outcome = run_scan(request_.scan, env);
    if (!outcome && exit_code_of(outcome.error()) == exit_code::usage) return Unexpected{outcome.error()};
    if (!outcome) {  // the smoke tests are worth running all the same
      report_.coverage.skip("repository", printable(outcome.error().what), true);
      return {};
    }
    scan_check_ = std::move(outcome->check);
    append(report_.findings, std::move(outcome->report.findings));
    append(report_.rules, std::move(outcome->report.rules));
    append(report_.notes, std::move(outcome->report.notes));
    report_.coverage.merge(outcome->report.coverage);
    return {};
  }

  void smoke() {
    checks::smoke::RunResult result = checks::smoke::run_checks(config_, services_, gate::outcome_of);
    append(report_.checks, std::move(result.checks));
    append(report_.notes, std::move(result.notes));
  }

  Result<void> scan_site() {
    const std::string& root = request_.scan.path;  // the same rules and the same excuses as in the repository
    auto settings = load_settings(root, request_.config_file);
    if (!settings) return Unexpected{settings.error()};
    RuleOptions options = request_.scan.rules;
    options.root = root;
    options.configured = settings->rules;
    auto rules = choose_rules(options);
    if (!rules) return Unexpected{rules.error()};
    const std::string& baseline = request_.scan.baseline_file;
    const auto matcher = std::make_shared<const secrets::Matcher>(std::move(rules->matcher));
    auto suppression = Suppression::load(
        *settings, {root, baseline.empty() ? settings->baseline : baseline, "", request_.scan.ignores},
        knows_rule(matcher));
    if (!suppression) return Unexpected{suppression.error()};
    if (report_.rules.empty()) report_.rules = rule_infos(matcher->rules());
    auto added = add_site_scan(site_options(config_, config_.base + "/", request_.scan.id_key), *matcher, *suppression,
                               services_.http, report_);
    site_check_ = output_check(report_, matcher, request_.scan.id_key);
    return added;
  }

  // Every text that leaves the run goes through this.
  OutputCheck check() const {
    return [scan = scan_check_, site = site_check_,
            secrets = all_secrets(request_, config_)](std::string_view text) -> Result<void> {
      if (secrets.leaks(text))
        return fail(ErrorCode::internal, "the output would hold a secret of the configuration; it was not written",
                    "please report this, with the format, never with the value");
      for (const OutputCheck* c : {&scan, &site})
        if (*c)
          if (auto good = (*c)(text); !good) return good;
      return {};
    };
  }

  Report& report() { return report_; }

 private:
  const GateRequest& request_;
  const Config& config_;
  net::Services services_;
  Report report_;
  OutputCheck scan_check_, site_check_;
};

void worsen_to_hold(Verdict& verdict, std::string reason) {
  if (verdict.decision == Decision::promote) verdict.decision = Decision::hold;
  verdict.reasons.push_back(std::move(reason));
}

// Errors: internal, when a line of it would hold a secret; then nothing of it is written.
Result<void> record(gate::Ledger& ledger, std::vector<gate::Event> events, const gate::Run& run,
                    const gate::Policy& policy, const OutputCheck& check, Report& report, Verdict& verdict) {
  events.push_back(gate::verdict_event(run, verdict));
  if (auto clean = check(gate::event_lines(events)); !clean) return clean;
  const auto written = ledger.append(events);
  if (written) return {};
  const std::string& mend = written.error().hint;
  report.notes.push_back({Note::Level::warning, "the ledger was not written: " + written.error().what,
                          (mend.empty() ? "" : mend + "; ") + "later runs will not know of this one"});
  if (policy.state_required) worsen_to_hold(verdict, "the ledger is required and could not be written");
  return {};
}

// Errors: internal, when it would hold a secret; config, for a key that signs nothing.
Result<std::string> verdict_text(const GateRequest& request, const std::string& config_sha256, const gate::Run& run,
                                 const Report& report, const Verdict& verdict, const OutputCheck& check) {
  gate::VerdictFile file;
  file.tool = std::string("launchgate ") + LG_VERSION;
  file.run = run;
  file.config_sha256 = config_sha256;
  file.verdict = verdict;
  for (const CheckResult& c : report.checks) file.checks.emplace_back(c.id, c.outcome);
  auto text = gate::write_verdict_file(file, request.verdict_key);
  if (text && check)
    if (auto clean = check(*text); !clean) return Unexpected{clean.error()};
  return text;
}

// Whatever happens from here on, the verdict of an earlier run is not this run's. Names neither environment nor
// release: what in them is secret is not known yet.
Result<void> reset_verdict_file(const GateRequest& request, gate::Run run) {
  if (request.verdict_file.empty()) return {};
  run.env.clear();
  run.release.clear();
  auto text = verdict_text(request, "", run, {}, {Decision::hold, {"the gate did not finish"}}, {});
  if (!text) return Unexpected{text.error()};
  return write_file_atomically(request.verdict_file, *text);
}

}  // namespace

Result<GateOutcome> run_gate(const GateRequest& request, const git::Environment& env, net::Services services,
                             net::Mail& mail) {
  gate::Run run_id = identify_run(request.environment, request.release, request.variables, services.clock);
  if (auto reset = reset_verdict_file(request, run_id); !reset) return Unexpected{reset.error()};
  auto config = read_gate_config(request, true);
  if (!config) return Unexpected{config.error()};
  auto policy = policy_of(request, *config);
  if (!policy) return Unexpected{policy.error()};
  auto ledger = ledger_of(request.ledger, config->gate.ledger, request.variables, services);
  if (!ledger) return Unexpected{ledger.error()};
  auto channels = gate::alert_channels(request.variables);
  if (!channels) return Unexpected{channels.error()};
  std::vector<Note> notes;
  auto told = deployment_of(request, env, notes);
  if (!told) return Unexpected{told.error()};

  gate::History history;
  history.run = run_id;
  if (*ledger) history = (*ledger)->load(history.run);

  GateRun run(request, *config, services);
  if (request.repository)
    if (auto done = run.scan_repository(env); !done) return Unexpected{done.error()};
  if (request.smoke) run.smoke();
  if (request.site)
    if (auto done = run.scan_site(); !done) return Unexpected{done.error()};

  Report& report = run.report();
  report.fail_on = policy->fail_on;
  append(report.notes, std::move(notes));
  gate::Judgement judged = gate::judge(report, history, *policy);
  report.checks = std::move(judged.checks);
  append(report.notes, std::move(judged.notes));
  Verdict verdict = std::move(judged.verdict);

  const OutputCheck check = run.check();
  if (*ledger)
    if (auto clean = record(**ledger, std::move(judged.events), history.run, *policy, check, report, verdict); !clean)
      return Unexpected{clean.error()};
  // Of the verdict as it is now: one that became HOLD because the ledger could not be written is no recovery.
  const gate::AlertEvent news = gate::alert_event(history, verdict.decision);
  const auto safe = [&](std::string_view text) { return check(text).has_value(); };
  append(report.notes, gate::send_alert({news, history.run, verdict, run_link(request.variables),
                                         history.state == gate::History::State::lost},
                                        *channels, safe, services.http, mail));
  run_id.unix_ms = services.clock.unix_ms();  // fresh is what was judged now, not what began then
  std::string file;
  if (!request.verdict_file.empty()) {
    auto text = verdict_text(request, config->sha256, run_id, report, verdict, check);
    if (!text) return Unexpected{text.error()};
    file = std::move(*text);
  }
  return GateOutcome{{std::move(report), std::move(verdict), check},
                     std::move(file),
                     std::move(told->github),
                     std::move(told->deployment)};
}

Published publish_verdict(const GateRequest& request, const GateOutcome& outcome, int code, net::Services services) {
  Published published{code, {}};
  Verdict verdict = outcome.scan.verdict;
  if (code != exit_code_of(verdict)) verdict = {Decision::hold, {"a report could not be written"}};
  if (!request.verdict_file.empty()) {
    const Result<void> written = code == exit_code_of(outcome.scan.verdict)
                                     ? write_file_atomically(request.verdict_file, outcome.verdict_text)
                                     : fail(ErrorCode::undecided, "a report is missing");
    if (!written) {
      published.notes.push_back({Note::Level::warning, "the verdict file was not written: " + written.error().what,
                                 "it promotes nothing: promote-check will say no"});
      worsen_to_hold(verdict, "the verdict file could not be written");
      if (code == exit_code::clean) published.exit_code = exit_code::undecided;
    }
  }
  if (outcome.deployment) {
    const auto safe = [&](std::string_view text) { return outcome.scan.check(text).has_value(); };
    append(published.notes, gate::post_deployment_status(*outcome.github, *outcome.deployment, verdict,
                                                         run_link(request.variables), safe, services.http));
  }
  return published;
}

Result<std::string> explain_gate(const GateRequest& request, const git::Environment& env) {
  auto config = read_gate_config(request, false);
  if (!config) return Unexpected{config.error()};
  auto policy = policy_of(request, *config);
  if (!policy) return Unexpected{policy.error()};
  std::string out;
  if (request.repository) {
    auto scan = explain_scan(request.scan, env);
    if (!scan) return Unexpected{scan.error()};
    out += "== repository scan\n" + *scan + "\n";
  }
  if (request.smoke) out += "== smoke tests\n" + checks::smoke::explain(*config) + "\n";
  if (request.site)
    out += "== site scan\n" + checks::site::explain(site_options(*config, config->base + "/", "")) + "\n";
  out += "== verdict\n" + explain_policy(*policy);
  const std::string& ledger = request.ledger.empty() ? config->gate.ledger : request.ledger;
  out += fmt::format("ledger    {}\n", ledger.empty() ? "none: only this run counts" : printable(ledger));
  std::vector<Note> notes;
  auto told = deployment_of(request, env, notes);
  if (!told) return Unexpected{told.error()};
  if (told->deployment) out += fmt::format("tells     GitHub deployment {}\n", told->deployment->id);
  if (!request.verdict_file.empty())
    out += fmt::format("written   {}, {}\n", printable(request.verdict_file),
                       request.verdict_key.empty() ? "not signed" : "signed");
  return out + "Nothing was sent.\n";
}

Result<PromoteAnswer> run_promote_check(const PromoteRequest& request, net::Services services) {
  auto file = git::read_small_file(request.verdict_file, kMaxVerdictFile);
  if (!file && !request.rollback) return Unexpected{file.error()};
  gate::PromoteQuestion question;
  if (file) question.file = std::move(*file);  // a rollback does not wait for a file that can be read
  const gate::Run run = identify_run(request.environment, request.release, request.variables, services.clock);
  question.env = run.env;
  question.release = run.release;
  std::string ledger_place;
  if (auto config = read_config_text(request.config_file)) {
    question.config_sha256 = hex(sha256(*config));
    checks::smoke::ConfigRequest how{request.environment, request.release, {}};
    if (auto read = checks::smoke::read_config(*config, request.config_file, how)) ledger_place = read->gate.ledger;
  }
  question.max_age_ms = request.max_age_ms;
  question.now_unix_ms = services.clock.unix_ms();
  question.key = request.verdict_key;
  question.rollback = request.rollback;
  PromoteAnswer answer{gate::promote_check(question), {}};
  if (!request.rollback) return answer;

  // Recorded, but never blocked: not by a ledger that is missing either.
  gate::Event event;
  event.run = run;
  event.check = "(rollback)";
  event.outcome = Outcome::skipped;
  event.reason = answer.verdict.reasons.empty() ? "" : answer.verdict.reasons.back();
  auto ledger = ledger_of(request.ledger, ledger_place, request.variables, services);
  std::string problem = "no ledger is configured";
  if (!ledger) problem = ledger.error().what;
  if (ledger && *ledger) {
    const auto written = (*ledger)->append({event});
    problem = written ? "" : written.error().what;
  }
  if (!problem.empty()) answer.notes.push_back({Note::Level::warning, "the rollback was not recorded: " + problem, ""});
  return answer;
}

}  // namespace launchgate::engine
