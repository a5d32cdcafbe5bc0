// Every command and every flag of launchgate, in the order help shows them.
#include <array>

#include "cmd/options.hpp"
#include "cmd/run.hpp"

namespace launchgate::cmd {
namespace {

constexpr std::size_t kAnyNumber = 1 << 16;

constexpr std::array kCommon{
    Flag{"--config", "FILE", "configuration (default: launchgate.toml at the root)", &Options::config},
    Flag{"--format", "F", "what stdout gets: text json jsonl sarif github gitlab junit …", &Options::format},
    Flag{"--out", "F=FILE", "also write format F to FILE, whole or not at all; repeatable", &Options::out},
    Flag{"--no-color", "", "no colours (NO_COLOR is honoured too)", &Options::no_color},
    Flag{"--quiet", "", "nothing on stderr but errors", &Options::quiet},
    Flag{"--verbose", "", "say more: every skipped file, every rule file", &Options::verbose},
};

constexpr std::array kScan{
    Flag{"--staged", "", "the index of the commit being made", &Options::staged},
    Flag{"--range", "A..B|auto", "what a change brings in; auto asks the CI's environment", &Options::range},
    Flag{"--history", "", "every blob reachable from the revisions given (default: all refs)", &Options::history},
    Flag{"--unreachable", "", "with --history: the rest of the object database too", &Options::unreachable},
    Flag{"--since-last", "", "with --history: only what is new since the last run without findings",
         &Options::since_last},
    Flag{"--shard", "I/N", "with --history: the I-th of N equal parts (merge joins the reports)", &Options::shard},
    Flag{"--stdin", "", "one blob from standard input", &Options::stdin_blob},
    Flag{"--name", "FILE", "with --stdin: the name rules and reports see", &Options::name},
    Flag{"--url", "URL", "the deployed site: exposed files, source maps, HTML and bundles", &Options::url},
    Flag{"--env", "NAME", "with --url: the [env.NAME] it is of (default: the one that names its host)",
         &Options::environment},
    Flag{"--all-files", "", "ignored files too (never .git)", &Options::all_files},
    Flag{"--threads", "N", "how many threads (default: one a core)", &Options::threads},
    Flag{"--max-file-size", "SIZE", "skip larger files, e.g. 50M; they are counted (default: no limit)",
         &Options::max_file_size},
    Flag{"--fail-on", "SEVERITY", "can-wait, high-risk (default) or launch-blocker", &Options::fail_on},
    Flag{"--baseline", "FILE", "known findings (default: launchgate-baseline at the root)", &Options::baseline},
    Flag{"--no-ignores", "", "report what baseline, ignores and inline tags would hide", &Options::no_ignores},
    Flag{"--explain", "", "say what would be scanned, with which rules, and stop", &Options::explain},
    Flag{"--rules", "FILE...", "add rules in gitleaks' TOML format", &Options::rules},
    Flag{"--no-default-rules", "", "leave the built-in rules out", &Options::no_default_rules},
};

constexpr std::array kRules{
    Flag{"--rules", "FILE...", "add rules in gitleaks' TOML format", &Options::rules},
    Flag{"--no-default-rules", "", "leave the built-in rules out", &Options::no_default_rules},
};

constexpr std::array kRulesList{
    kRules[0],
    kRules[1],
    Flag{"--markdown", "", "as a Markdown table", &Options::markdown},
};

constexpr std::array kHelp{Flag{"--markdown", "", "every command, as one Markdown page", &Options::markdown}};

constexpr std::array kMerge{
    Flag{"--fail-on", "SEVERITY", "can-wait, high-risk or launch-blocker (default: what the reports say)",
         &Options::fail_on},
};

constexpr std::array kInit{
    Flag{"--url", "URL", "the site: its login form and health endpoint are looked for", &Options::url}};

constexpr std::array kCiInit{Flag{"--stdout", "", "print the recipe instead of writing it", &Options::stdout_only}};

constexpr std::array kVersion{Flag{"--json", "", "as one JSON object", &Options::json}};

constexpr std::array kGate{
    Flag{"--env", "NAME", "which environment: picks [env.NAME] of the configuration", &Options::environment},
    Flag{"--release", "SHA", "what was deployed (default: the commit the CI runs for)", &Options::release},
    Flag{"--verdict", "FILE", "write the verdict for promote-check; signed with $LAUNCHGATE_VERDICT_KEY",
         &Options::verdict},
    Flag{"--ledger", "WHERE", "file:PATH, git:refs/launchgate/NAME or status: (default: gate.ledger)",
         &Options::ledger},
    Flag{"--deployment", "ID", "tell this GitHub deployment the verdict (default: the event's), or none",
         &Options::deployment},
    Flag{"--fail-on", "SEVERITY", "can-wait, high-risk (default) or launch-blocker", &Options::fail_on},
    Flag{"--explain", "", "print the whole plan (scans, requests, thresholds), send nothing, and stop",
         &Options::explain},
    Flag{"--rules", "FILE...", "add rules in gitleaks' TOML format", &Options::rules},
    Flag{"--no-default-rules", "", "leave the built-in rules out", &Options::no_default_rules},
};

constexpr std::array kPromoteCheck{
    Flag{"--env", "NAME", "the environment the verdict must be for", &Options::environment},
    Flag{"--release", "SHA", "the release the verdict must be for (default: the CI's commit)", &Options::release},
    Flag{"--verdict", "FILE", "the verdict file (default: launchgate-verdict.json)", &Options::verdict},
    Flag{"--max-age", "TIME", "older verdicts do not count (default: 30m)", &Options::max_age},
    Flag{"--purpose", "WHAT", "rollback: never blocked, but recorded", &Options::purpose},
    Flag{"--ledger", "WHERE", "where a rollback is recorded (default: gate.ledger)", &Options::ledger},
};

constexpr std::array kCommands{
    Command{"scan", "[PATH] [REV...]", kAnyNumber, "Find secrets and exposed .env files", kScan, run_scan_command},
    Command{"baseline create", "[PATH]", kAnyNumber, "Accept what a scan finds today", kScan, run_baseline_create},
    Command{"baseline update", "[PATH]", kAnyNumber, "Accept what is new as well; takes nothing out", kScan,
            run_baseline_update},
    Command{"baseline show", "[PATH]", kAnyNumber, "List what is accepted, and mark what this scan does not find",
            kScan, run_baseline_show},
    Command{"merge", "REPORT...", kAnyNumber, "Join the json reports of shards into one report and one verdict", kMerge,
            run_merge},
    Command{"gate", "", 0, "Everything the configuration declares: scan, smoke tests, site; one verdict", kGate,
            run_gate_command},
    Command{"smoke", "", 0, "Run the smoke tests of launchgate.toml against the deployed site", kGate,
            run_gate_command},
    Command{"promote-check", "", 0, "May this release go out? Fails closed without a fresh verdict", kPromoteCheck,
            run_promote_check},
    Command{"rules list", "", 0, "List the rules a scan would use here", kRulesList, run_rules_list},
    Command{"rules show", "ID", 1, "Show one rule: what it finds, why it matters, how to mend it", kRules,
            run_rules_show},
    Command{"rules test", "FILE...", kAnyNumber, "Check rule files: syntax, cost, samples", {}, run_rules_test},
    Command{"init", "", 0, "Write a first launchgate.toml for a deployed site; never over an existing one", kInit,
            run_init},
    Command{"ci init", "[github|gitlab]", 1, "Write a first CI configuration", kCiInit, run_ci_init},
    Command{"hook install",
            "[pre-commit|pre-push|pre-receive]",
            1,
            "Run launchgate in this repository's git hooks",
            {},
            run_hook_install},
    Command{"version", "", 0, "Print the version", kVersion, run_version},
    Command{"help", "[COMMAND]", 2, "Explain a command", kHelp, run_help},
};

}  // namespace

std::span<const Command> commands() noexcept { return kCommands; }
std::span<const Flag> common_flags() noexcept { return kCommon; }

const Command* find_command(std::string_view name) noexcept {
  for (const Command& c : kCommands)
    if (c.name == name) return &c;
  return nullptr;
}

}  // namespace launchgate::cmd
