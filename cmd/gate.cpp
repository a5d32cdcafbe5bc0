// launchgate gate, smoke and promote-check: from options to requests, and their outcomes to the outputs.
#include <fmt/format.h>

#include "cmd/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/engine/gate_run.hpp"
#include "libscan/engine/site_run.hpp"

extern char** environ;

namespace launchgate::cmd {
namespace {

constexpr std::string_view kKeyVariable = "LAUNCHGATE_VERDICT_KEY";

engine::Variables variables_of(const Console& console) {
  return [&console](std::string_view name) { return console.env(name); };
}

std::string config_of(const Options& options) { return options.config.empty() ? "launchgate.toml" : options.config; }

Result<engine::GateRequest> gate_request(const Options& options, const Console& console) {
  auto scan = scan_request(options, console);
  if (!scan) return Unexpected{scan.error()};
  engine::GateRequest r;
  r.repository = r.site = options.command == "gate";
  r.config_file = config_of(options);
  r.environment = options.environment;
  r.release = options.release;
  r.ledger = options.ledger;
  r.deployment = options.deployment;
  r.verdict_file = options.verdict;
  r.verdict_key = console.env(kKeyVariable).value_or("");
  r.scan = std::move(*scan);
  r.variables = variables_of(console);
  return r;
}

void write_warnings(const std::vector<Note>& notes, Console& console) {
  for (const Note& note : notes) {
    console.write_error("launchgate: warning: " + printable(note.text) + "\n");
    if (!note.hint.empty()) console.write_error("  " + printable(note.hint) + "\n");
  }
}

}  // namespace

int run_gate_command(const Options& options, Console& console) {
  auto request = gate_request(options, console);
  if (!request) return report_error(request.error(), console);
  if (auto good = check_outputs(options); !good) return report_error(good.error(), console);
  if (options.explain) {
    auto text = engine::explain_gate(*request, git::Environment::from(environ));
    if (!text) return report_error(text.error(), console);
    return print_out(*text, console);
  }
  net::RealServices real;
  net::CurlMail mail;
  auto outcome = engine::run_gate(*request, git::Environment::from(environ), real.services(), mail);
  if (!outcome) return report_error(outcome.error(), console);
  const engine::ScanOutcome& scan = outcome->scan;
  const int reported = write_report(scan.report, scan.verdict, scan.check, options, console);
  const engine::Published published = engine::publish_verdict(*request, *outcome, reported, real.services());
  write_warnings(published.notes, console);
  return published.exit_code;
}

int run_promote_check(const Options& options, Console& console) {
  engine::PromoteRequest r;
  r.config_file = config_of(options);
  r.environment = options.environment;
  r.release = options.release;
  r.verdict_file = options.verdict.empty() ? "launchgate-verdict.json" : options.verdict;
  r.verdict_key = console.env(kKeyVariable).value_or("");
  r.ledger = options.ledger;
  r.variables = variables_of(console);
  if (!options.max_age.empty()) {
    const auto age = parse_duration_ms(options.max_age);
    if (!age)
      return report_error(
          {ErrorCode::usage, "--max-age: '" + printable(options.max_age) + "' is no duration", "write 90s, 30m or 2h"},
          console);
    r.max_age_ms = *age;
  }
  if (!options.purpose.empty() && options.purpose != "rollback" && options.purpose != "promote")
    return report_error({ErrorCode::usage, "--purpose: '" + printable(options.purpose) + "' is none",
                         "promote (the default) or rollback"},
                        console);
  r.rollback = options.purpose == "rollback";
  net::RealServices real;
  auto answer = engine::run_promote_check(r, real.services());
  if (!answer) return report_error(answer.error(), console);
  std::string text = std::string(to_string(answer->verdict.decision)) + "\n";
  for (const std::string& reason : answer->verdict.reasons) text += "  " + printable(reason) + "\n";
  write_warnings(answer->notes, console);
  const int printed = print_out(text, console);
  const int verdict = exit_code_of(answer->verdict);
  return verdict == exit_code::clean ? printed : verdict;
}

int run_url_scan(const Options& options, Console& console) {
  auto scan = scan_request(options, console);
  if (!scan) return report_error(scan.error(), console);
  engine::SiteRequest request;
  request.url = options.url;
  request.id_key = scan->id_key;
  request.config_file = options.config;
  request.environment = options.environment;
  request.variables = variables_of(console);
  request.rules = std::move(scan->rules);
  request.rules.root = ".";
  request.fail_on = scan->fail_on;
  request.baseline_file = scan->baseline_file;
  request.ignores = scan->ignores;
  if (options.explain) {
    auto text = engine::explain_site_scan(request);
    if (!text) return report_error(text.error(), console);
    return print_out(*text, console);
  }
  net::RealServices real;
  auto outcome = engine::run_site_scan(request, real.services());
  if (!outcome) return report_error(outcome.error(), console);
  return write_report(outcome->report, outcome->verdict, outcome->check, options, console);
}

}  // namespace launchgate::cmd
