// launchgate scan: from options to a ScanRequest, and its outcome to the outputs.
#include <fmt/format.h>

#include "cmd/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/engine/scan_run.hpp"
#include "libscan/git/file.hpp"

extern char** environ;

namespace launchgate::cmd {
namespace {

using engine::ScanRequest;
using Source = ScanRequest::Source;

Unexpected usage(const std::string& what, std::string hint) {
  return fail(ErrorCode::usage, "scan: " + what, std::move(hint));
}

Result<Source> choose_source(const Options& o) {
  struct Choice {
    bool chosen;
    Source source;
    std::string_view flag;
  };
  const Choice choices[] = {{o.staged, Source::staged, "--staged"},
                            {!o.range.empty(), Source::range, "--range"},
                            {o.history, Source::history, "--history"},
                            {o.stdin_blob, Source::stdin_blob, "--stdin"},
                            {!o.url.empty(), Source::tree, "--url"}};
  const Choice* found = nullptr;
  for (const Choice& c : choices) {
    if (!c.chosen) continue;
    if (found != nullptr)
      return usage(fmt::format("{} and {} ask for different things", found->flag, c.flag),
                   "run launchgate once for each");
    found = &c;
  }
  const Source source = found == nullptr ? Source::tree : found->source;
  const auto needs = [&](bool given, std::string_view flag, Source wanted) {
    return given && source != wanted ? flag : "";
  };
  for (const std::string_view flag :
       {needs(o.unreachable, "--unreachable", Source::history), needs(o.since_last, "--since-last", Source::history),
        needs(!o.shard.empty(), "--shard", Source::history)})
    if (!flag.empty()) return usage(fmt::format("{} needs --history", flag), "add --history or leave it out");
  if (o.since_last && (o.unreachable || !o.shard.empty()))
    return usage(
        fmt::format("--since-last and {} ask for different things", o.unreachable ? "--unreachable" : "--shard"),
        "run launchgate once for each");
  if (o.command == "scan" && !o.environment.empty() && o.url.empty())
    return usage("--env needs --url", "the repository is the same in every environment");
  if (!o.name.empty() && source != Source::stdin_blob)
    return usage("--name needs --stdin", "add --stdin or leave it out");
  return source;
}

// The first word is PATH; with --history, words that name nothing in the file system are revisions.
Result<void> place_words(const Options& o, ScanRequest& request) {
  std::size_t next = 0;
  const bool history = request.source == Source::history;
  if (!o.words.empty() && (!history || git::path_exists(o.words[0]))) request.path = o.words[next++];
  if (!history && next < o.words.size())
    return usage(fmt::format("one PATH at a time; '{}' is too many", printable(o.words[next])),
                 "scan a common parent folder, or run launchgate once for each");
  request.revisions.assign(o.words.begin() + static_cast<std::ptrdiff_t>(next), o.words.end());
  if (o.since_last && !request.revisions.empty())
    return usage("--since-last goes by all references, not by given revisions", "leave one of them out");
  return {};
}

std::string cache_dir(const Console& console) {
  if (const auto dir = console.env("XDG_CACHE_HOME"); dir && dir->starts_with('/')) return *dir + "/launchgate";
  if (const auto home = console.env("HOME"); home && home->starts_with('/')) return *home + "/.cache/launchgate";
  return "";
}

}  // namespace

Result<Severity> parse_fail_on(const std::string& text) {
  if (const auto severity = parse_severity(text)) return *severity;
  return fail(ErrorCode::usage, fmt::format("--fail-on: '{}' is no severity", printable(text)),
              "one of can-wait, high-risk, launch-blocker");
}

// An empty variable is none, as for gitleaks: CI systems set what a workflow leaves out to "".
void read_gitleaks_environment(engine::RuleOptions& rules, const Console& console) {
  const auto given = [&](std::string_view name) {
    auto value = console.env(name);
    return value && value->empty() ? std::nullopt : value;
  };
  rules.gitleaks_config = given("GITLEAKS_CONFIG");
  rules.gitleaks_config_toml = given("GITLEAKS_CONFIG_TOML");
}

Result<ScanRequest> scan_request(const Options& o, const Console& console) {
  ScanRequest r;
  auto source = choose_source(o);
  if (!source) return Unexpected{source.error()};
  r.source = *source;
  if (auto placed = place_words(o, r); !placed) return Unexpected{placed.error()};
  r.range = o.range;
  if (!o.name.empty()) r.name = o.name;
  r.shard = o.shard;
  r.unreachable = o.unreachable;
  r.since_last = o.since_last;
  r.all_files = o.all_files;
  r.ignores = !o.no_ignores;
  r.config_file = o.config;
  r.baseline_file = o.baseline;
  r.threads = o.threads;
  if (!o.max_file_size.empty()) {
    const auto size = parse_bytes(o.max_file_size);
    if (!size)
      return usage(fmt::format("--max-file-size: '{}' is no size", printable(o.max_file_size)),
                   "write 500K, 50M or 2G");
    r.max_file_size = *size;
  }
  if (!o.fail_on.empty()) {
    auto severity = parse_fail_on(o.fail_on);
    if (!severity) return Unexpected{severity.error()};
    r.fail_on = *severity;
  }
  r.rules.files = o.rules;
  r.rules.builtin = !o.no_default_rules;
  read_gitleaks_environment(r.rules, console);
  r.rules.cache_dir = cache_dir(console);
  r.id_key = console.env("LAUNCHGATE_ID_KEY").value_or("");
  return r;
}

int run_scan_command(const Options& options, Console& console) {
  auto request = scan_request(options, console);
  if (!request) return report_error(request.error(), console);
  if (auto good = check_outputs(options); !good) return report_error(good.error(), console);
  if (!options.url.empty()) return run_url_scan(options, console);
  const git::Environment env = git::Environment::from(environ);
  if (options.explain) {
    auto text = engine::explain_scan(std::move(*request), env);
    if (!text) return report_error(text.error(), console);
    return print_out(*text, console);
  }
  request->list_rules = any_lists_rules(options);
  auto outcome = engine::run_scan(std::move(*request), env);
  if (!outcome) return report_error(outcome.error(), console);
  return write_report(outcome->report, outcome->verdict, outcome->check, options, console);
}

}  // namespace launchgate::cmd
