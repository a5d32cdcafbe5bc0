// launchgate merge: the json reports of shards, or of several runs, as one report with one verdict.
#include <fmt/format.h>

#include "adapters/report_json.hpp"
#include "cmd/run.hpp"
#include "libscan/core/merge.hpp"
#include "libscan/core/text.hpp"
#include "libscan/engine/scan_run.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::cmd {
namespace {

constexpr std::size_t kMaxReport = std::size_t{1} << 30;

Result<Report> read_report(const std::string& path) {
  auto text = git::read_small_file(path, kMaxReport);
  if (!text) return Unexpected{text.error()};
  if (!*text)
    return fail(ErrorCode::usage, fmt::format("merge: {}: no such report", printable(path)),
                "write it with `launchgate scan --out json=FILE`");
  auto saved = adapters::report_from_json(**text, path);
  if (!saved) return Unexpected{saved.error()};
  return std::move(saved->report);
}

Result<Report> merged(const Options& options) {
  if (options.words.empty())
    return fail(ErrorCode::usage, "merge: which reports?", "name the files that `--out json=FILE` wrote");
  std::vector<Report> parts;
  for (const std::string& path : options.words) {
    auto report = read_report(path);
    if (!report) return report;
    parts.push_back(std::move(*report));
  }
  return merge_reports(std::move(parts));
}

}  // namespace

int run_merge(const Options& options, Console& console) {
  if (auto good = check_outputs(options); !good) return report_error(good.error(), console);
  auto report = merged(options);
  if (!report) return report_error(report.error(), console);
  if (!options.fail_on.empty()) {
    auto severity = parse_fail_on(options.fail_on);
    if (!severity) return report_error(severity.error(), console);
    report->fail_on = *severity;
  }
  // Saved reports hold masked values only, each checked when it was written: there is nothing left to look for.
  const engine::OutputCheck nothing_raw = [](std::string_view) { return Result<void>(); };
  return write_report(*report, engine::judge_scan(*report, report->fail_on), nothing_raw, options, console);
}

}  // namespace launchgate::cmd
