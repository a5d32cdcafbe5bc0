// baseline create | update | show: accept what is there today, so that only what is new fails.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "cmd/run.hpp"
#include "libscan/config/baseline.hpp"
#include "libscan/core/atomic_file.hpp"
#include "libscan/core/text.hpp"
#include "libscan/engine/scan_run.hpp"
#include "libscan/engine/suppression.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/repository.hpp"

extern char** environ;

namespace launchgate::cmd {
namespace {

using Entries = std::vector<config::BaselineEntry>;

constexpr std::size_t kMaxBaseline = std::size_t{256} << 20;

struct Baseline {
  std::string path;
  bool exists = false;
  Entries entries;
};

Result<Baseline> read_baseline(const Options& options, const git::Environment& env) {
  Baseline b;
  b.path = options.baseline;
  if (b.path.empty()) {
    auto target = git::find_target(options.words.empty() ? "." : options.words[0], env);
    if (!target) return Unexpected{target.error()};
    if (target->root.empty())
      return fail(ErrorCode::usage, "baseline: a bare repository has no place for one", "name a file: --baseline FILE");
    auto settings = engine::load_settings(target->root, options.config);
    if (!settings) return Unexpected{settings.error()};
    b.path = settings->baseline.empty() ? target->root + "/launchgate-baseline" : settings->baseline;
  }
  auto text = git::read_small_file(b.path, kMaxBaseline);
  if (!text) return Unexpected{text.error()};
  if (!*text) return b;
  b.exists = true;
  auto entries = config::parse_baseline(**text, b.path);
  if (!entries) return Unexpected{entries.error()};
  b.entries = std::move(*entries);
  return b;
}

// What a scan finds when there is no baseline; ignores and inline tags hold.
Result<engine::ScanOutcome> scan_without_baseline(const Options& options, const Console& console,
                                                  const git::Environment& env) {
  auto request = scan_request(options, console);
  if (!request) return Unexpected{request.error()};
  request->baseline_file = "/dev/null";
  return engine::run_scan(std::move(*request), env);
}

int say(Console& console, const std::string& text) { return print_out(text, console); }

std::set<std::string> fingerprints(const Entries& entries) {
  std::set<std::string> out;
  for (const config::BaselineEntry& e : entries) out.insert(e.fingerprint);
  return out;
}

// Adds what the scan found to `old`; a scan that could not look at everything still gives what it saw.
int write_baseline(const Options& options, Console& console, Baseline old, const git::Environment& env) {
  auto outcome = scan_without_baseline(options, console, env);
  if (!outcome) return report_error(outcome.error(), console);
  const std::set<std::string> before = fingerprints(old.entries);
  Entries found = config::baseline_of(outcome->report.findings);
  const std::set<std::string> now = fingerprints(found);
  const auto added = std::count_if(now.begin(), now.end(), [&](const std::string& f) { return before.count(f) == 0; });
  const auto unused =
      std::count_if(before.begin(), before.end(), [&](const std::string& f) { return now.count(f) == 0; });
  found.insert(found.end(), old.entries.begin(), old.entries.end());
  if (auto written = write_file_atomically(old.path, config::format_baseline(std::move(found))); !written)
    return report_error(written.error(), console);
  std::string text =
      fmt::format("{}: {} accepted, {} of them new\n", printable(old.path), before.size() + added, added);
  if (unused > 0)
    text += fmt::format("{} of the older ones this scan did not find; `launchgate baseline show` names them\n", unused);
  const int printed = say(console, text);
  return outcome->report.coverage.complete() ? printed : exit_code::undecided;
}

}  // namespace

int run_baseline_create(const Options& options, Console& console) {
  const git::Environment env = git::Environment::from(environ);
  auto baseline = read_baseline(options, env);
  if (!baseline) return report_error(baseline.error(), console);
  if (baseline->exists)
    return report_error({ErrorCode::usage, fmt::format("baseline create: {} exists", printable(baseline->path)),
                         "`launchgate baseline update` adds to it"},
                        console);
  return write_baseline(options, console, std::move(*baseline), env);
}

int run_baseline_update(const Options& options, Console& console) {
  const git::Environment env = git::Environment::from(environ);
  auto baseline = read_baseline(options, env);
  if (!baseline) return report_error(baseline.error(), console);
  return write_baseline(options, console, std::move(*baseline), env);
}

int run_baseline_show(const Options& options, Console& console) {
  const git::Environment env = git::Environment::from(environ);
  auto baseline = read_baseline(options, env);
  if (!baseline) return report_error(baseline.error(), console);
  if (!baseline->exists)
    return report_error({ErrorCode::usage, fmt::format("baseline show: there is no {}", printable(baseline->path)),
                         "`launchgate baseline create` makes one"},
                        console);
  auto outcome = scan_without_baseline(options, console, env);
  if (!outcome) return report_error(outcome.error(), console);
  const std::set<std::string> found = fingerprints(config::baseline_of(outcome->report.findings));
  std::string text;
  std::size_t unused = 0;
  for (const config::BaselineEntry& e : baseline->entries) {
    const bool used = found.count(e.fingerprint) == 1;
    unused += !used;
    text +=
        fmt::format("{}  {:<28} {}{}\n", e.fingerprint, printable(e.rule), printable(e.hint), used ? "" : "  (unused)");
  }
  return say(console,
             text + fmt::format("{} accepted, {} of them unused by this scan\n", baseline->entries.size(), unused));
}

}  // namespace launchgate::cmd
