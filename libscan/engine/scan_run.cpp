#include "libscan/engine/scan_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>

#include "libscan/core/story.hpp"
#include "libscan/core/text.hpp"
#include "libscan/engine/last_run.hpp"
#include "libscan/engine/source.hpp"
#include "libscan/engine/source_change.hpp"
#include "libscan/engine/source_history.hpp"
#include "libscan/engine/suppression.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/repository.hpp"
#include "libscan/secrets/front_database.hpp"
#include "libscan/secrets/rule_codec.hpp"

namespace launchgate::engine {
namespace {

using Source = ScanRequest::Source;

constexpr std::string_view mode_name(Source source) {
  switch (source) {
    case Source::tree: return "tree";
    case Source::staged: return "staged";
    case Source::range: return "range";
    case Source::history: return "history";
    case Source::stdin_blob: return "stdin";
  }
  return "tree";
}

// A scan in progress: what the request means here, on this machine, in this repository.
struct Scan {
  ScanRequest request;
  git::Target target;  // empty for standard input

  std::string shown_target() const { return request.source == Source::stdin_blob ? request.name : request.path; }
};

Result<Scan> prepare(ScanRequest request, const git::Environment& env) {
  Scan scan{std::move(request), {}};
  if (scan.request.source == Source::stdin_blob) return scan;
  auto target = git::find_target(scan.request.path, env);
  if (!target) return Unexpected{target.error()};
  scan.target = std::move(*target);
  const bool bare = scan.target.repository && scan.target.repository->bare();
  if (bare && scan.request.source == Source::tree)
    return fail(ErrorCode::usage, printable(scan.request.path) + ": a bare repository has no tree to scan",
                "its whole history can be scanned: add --history");
  if (bare && scan.request.source == Source::staged && !git::path_exists(scan.target.repository->index_file))
    return fail(ErrorCode::usage,
                printable(scan.request.path) + ": a bare repository has no index, so nothing is staged",
                "its whole history can be scanned: --history");
  if (!scan.target.repository && scan.request.source != Source::tree)
    return fail(
        ErrorCode::usage,
        fmt::format("{}: --{} needs a git repository", printable(scan.request.path), mode_name(scan.request.source)),
        "name a repository, or leave the option out to scan the files");
  if ((scan.request.unreachable || scan.request.since_last) && !scan.target.path.empty())
    return fail(ErrorCode::usage,
                fmt::format("{}: {} is about the whole repository", printable(scan.request.path),
                            scan.request.unreachable ? "--unreachable" : "--since-last"),
                "name the repository, not a folder of it");
  scan.request.rules.root = scan.target.root;
  return scan;
}

unsigned thread_count(unsigned asked) {
  constexpr unsigned kMost = 256;
  const unsigned threads = asked == 0 ? std::thread::hardware_concurrency() : asked;
  return std::clamp(threads, 1u, kMost);
}

Result<ScanPart> scan_source(const Scan& scan, const ScanContext& context, const HistoryRequest& history) {
  switch (scan.request.source) {
    case Source::stdin_blob: return scan_stream(context, STDIN_FILENO, scan.request.name);
    case Source::staged: return scan_staged(context, scan.target);
    case Source::range: return scan_range(context, scan.target, scan.request.range);
    case Source::tree: return scan_tree(context, scan.target, scan.request.all_files);
    case Source::history: return scan_history(context, scan.target, history);
  }
  return fail(ErrorCode::internal, "no such source");
}

// What the command line does not say, launchgate.toml may.
void fill_in(ScanRequest& request, const config::Settings& settings) {
  if (!request.fail_on) request.fail_on = settings.fail_on;
  if (request.threads == 0) request.threads = settings.threads.value_or(0);
  if (request.max_file_size == 0) request.max_file_size = settings.max_file_size.value_or(0);
  request.rules.configured = settings.rules;
  if (request.baseline_file.empty()) request.baseline_file = settings.baseline;
}

// What --since-last goes by. Everything that could make an earlier clean run say something else today is part of what
// the run is remembered under: rules, our version and the matcher's, what is excused, how large files may be.
std::optional<LastRun> last_run(const Scan& scan, const secrets::Matcher& matcher, const Suppression& suppression) {
  const ScanRequest& r = scan.request;
  if (!r.since_last) return std::nullopt;
  std::string identity;
  const std::vector<std::string> parts = {
      secrets::encode_rules(matcher.rules()),    LG_VERSION,
      secrets::FrontDatabase::library_version(), suppression.digest(),
      scan.target.repository->common_dir,        fmt::format("{}", r.max_file_size)};
  for (const std::string& part : parts) identity += fmt::format("{} ", part.size()) + part;
  return LastRun(r.rules.cache_dir, identity, r.id_key);
}

Note last_run_note(std::size_t heads) {
  if (heads == 0)
    return {Note::Level::info, "no earlier run without findings is remembered: the whole history was looked at", ""};
  return {Note::Level::info, "only what is new since the last run without findings was looked at", ""};
}

// Nothing that is there was left out, so that what an ignore never hid can be told.
bool looked_at_all(const ScanRequest& r, const Report& report) {
  return (r.source == Source::tree || r.source == Source::history) && r.revisions.empty() && r.shard.empty() &&
         !r.since_last && report.coverage.complete();
}

}  // namespace

Verdict judge_scan(const Report& report, Severity fail_on) {
  const auto count = static_cast<std::size_t>(std::count_if(report.findings.begin(), report.findings.end(),
                                                            [&](const Finding& f) { return f.severity >= fail_on; }));
  if (count > 0)
    return {Decision::block,
            {fmt::format("{} finding{} at or over {}", count, count == 1 ? "" : "s", to_string(fail_on))}};
  Verdict verdict{Decision::promote, {}};
  for (const Skipped& s : report.coverage.skipped) {
    if (!s.undecided) continue;
    verdict.decision = Decision::hold;
    verdict.reasons.push_back(fmt::format("{} not looked at: {}", s.count, s.reason));
  }
  if (verdict.reasons.empty()) verdict.reasons.push_back(fmt::format("no finding at or over {}", to_string(fail_on)));
  return verdict;
}

Result<ScanOutcome> run_scan(ScanRequest request, const git::Environment& env) {
  auto scan = prepare(std::move(request), env);
  if (!scan) return Unexpected{scan.error()};
  auto settings = load_settings(scan->target.root, scan->request.config_file);
  if (!settings) return Unexpected{settings.error()};
  fill_in(scan->request, *settings);
  auto rules = choose_rules(scan->request.rules);
  if (!rules) return Unexpected{rules.error()};
  const auto matcher = std::make_shared<const secrets::Matcher>(std::move(rules->matcher));
  auto suppression = Suppression::load(
      *settings, {scan->target.root, scan->request.baseline_file, "", scan->request.ignores}, knows_rule(matcher));
  if (!suppression) return Unexpected{suppression.error()};
  const secrets::BlobOptions blob{scan->request.id_key, suppression->known()};
  const ScanContext context{
      *matcher, blob, env, thread_count(scan->request.threads), scan->request.max_file_size, suppression->exclude()};
  const std::optional<LastRun> last = last_run(*scan, *matcher, *suppression);
  std::vector<git::Oid> heads;
  HistoryRequest history{scan->request.revisions, scan->request.shard, scan->request.unreachable, {}, &heads};
  if (last) history.known = last->heads();
  auto part = scan_source(*scan, context, history);
  if (!part) return Unexpected{part.error()};

  Report report;
  report.version = LG_VERSION;
  report.mode = mode_name(scan->request.source);
  report.shard = scan->request.shard;
  report.target = scan->shown_target();
  report.notes = std::move(rules->notes);
  report.notes.insert(report.notes.end(), part->notes.begin(), part->notes.end());
  report.findings = std::move(part->findings);
  report.coverage = std::move(part->coverage);
  std::sort(report.findings.begin(), report.findings.end(), report_order);
  suppression->apply(report, looked_at_all(scan->request, report));
  // To decode the catalogue takes longer than all a clean hook does.
  if (scan->request.list_rules || !report.findings.empty()) report.rules = rule_infos(matcher->rules());
  if (scan->request.source == Source::history) keep_first_path(report.findings, part->contents);
  if (report.shard.empty()) {  // of a shard's findings the merge of all knows more
    tell_secrets(report.findings);
    keep_first_of_each(report.findings);
  }
  report.fail_on = scan->request.fail_on.value_or(Severity::high_risk);
  Verdict verdict = judge_scan(report, report.fail_on);
  if (last) {
    report.notes.push_back(last_run_note(history.known.size()));
    if (report.findings.empty() && report.coverage.complete()) last->remember(heads);
  }
  OutputCheck check = output_check(report, matcher, scan->request.id_key);
  return ScanOutcome{std::move(report), std::move(verdict), std::move(check)};
}

Result<std::string> explain_scan(ScanRequest request, const git::Environment& env) {
  auto scan = prepare(std::move(request), env);
  if (!scan) return Unexpected{scan.error()};
  auto settings = load_settings(scan->target.root, scan->request.config_file);
  if (!settings) return Unexpected{settings.error()};
  fill_in(scan->request, *settings);
  const ScanRequest& r = scan->request;
  std::vector<Note> notes;
  auto rules = choose_rule_set(r.rules, notes);
  if (!rules) return Unexpected{rules.error()};
  std::string out = fmt::format("what      {} of {}\n", mode_name(r.source), printable(scan->shown_target()));
  const auto line = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) out += fmt::format("{:<9} {}\n", label, printable(text));
  };
  line("root", scan->target.root);
  if (scan->target.repository) line("git dir", scan->target.repository->git_dir);
  line("below", scan->target.path);
  line("range", r.range);
  line("revisions", fmt::format("{}", fmt::join(r.revisions, " ")));
  line("rules", fmt::format("{}", rules->rules.size()));
  for (const Note& n : notes) line("note", n.text);
  line("threads", fmt::format("{}", thread_count(r.threads)));
  line("size cap", r.max_file_size == 0 ? "none" : fmt::format("{} bytes", r.max_file_size));
  line("fails on", std::string(to_string(r.fail_on.value_or(Severity::high_risk))) + " and worse");
  return out;
}

}  // namespace launchgate::engine
