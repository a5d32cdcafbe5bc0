// What each command of the table does. Every function returns the process's exit code and prints through Console.
#pragma once

#include "cmd/console.hpp"
#include "cmd/options.hpp"
#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/core/verdict.hpp"
#include "libscan/engine/scan_run.hpp"

namespace launchgate::cmd {

int run_scan_command(const Options&, Console&);
int run_url_scan(const Options&, Console&);
int run_gate_command(const Options&, Console&);  // gate and smoke
int run_promote_check(const Options&, Console&);
int run_rules_list(const Options&, Console&);
int run_rules_show(const Options&, Console&);
int run_rules_test(const Options&, Console&);
int run_merge(const Options&, Console&);
int run_baseline_create(const Options&, Console&);
int run_baseline_update(const Options&, Console&);
int run_baseline_show(const Options&, Console&);
int run_hook_install(const Options&, Console&);
int run_init(const Options&, Console&);
int run_ci_init(const Options&, Console&);
int run_version(const Options&, Console&);
int run_help(const Options&, Console&);

// What the options of scan (and gate) ask for.
Result<engine::ScanRequest> scan_request(const Options&, const Console&);
void read_gitleaks_environment(engine::RuleOptions&, const Console&);
Result<Severity> parse_fail_on(const std::string& text);

// Prints on stdout what is no report, without a line that a CI system would obey; returns the exit code.
int print_out(std::string_view, Console&);
Error stdout_lost();  // a closed pipe, a full disk

// Prints "launchgate: WHAT" and its hint on stderr; returns the exit code of its kind.
int report_error(const Error&, Console&);

// Is every --format and --out of a known format? Asked before any work, so that a typing error costs nothing.
Result<void> check_outputs(const Options&);

// Does one of them list every rule that ran?
bool any_lists_rules(const Options&);

// Renders the report as --format asks to stdout and as every --out asks to files, each of them checked first.
// Returns the exit code: the verdict's; where an output could not be written, at least "could not decide".
int write_report(const Report&, const Verdict&, const engine::OutputCheck&, const Options&, Console&);

}  // namespace launchgate::cmd
