// GitLab's secret detection report, major version 15. `raw_source_code_extract` is the place for the raw secret; it
// stays empty. A report must name a commit and two times: what is not known is written as zeros and as the epoch.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "adapters/json_writer.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

// The version whose constraints the output keeps to; servers accept several of one major version.
constexpr std::string_view kSchemaVersion = "15.0.7";
constexpr std::string_view kNoCommit = "0000000000000000000000000000000000000000";
constexpr std::string_view kNoTime = "1970-01-01T00:00:00";
constexpr std::size_t kMaxName = 250;       // schema: 255
constexpr std::size_t kMaxSolution = 6900;  // schema: 7,000

std::string_view severity_name(Severity s) {
  switch (s) {
    case Severity::launch_blocker: return "Critical";
    case Severity::high_risk: return "High";
    case Severity::can_wait: return "Low";
  }
  return "Unknown";
}

// GitLab advises UUIDs. Version 8 (RFC 9562) is the one for values of the maker's own choosing.
std::string uuid(std::string_view hex) {
  return fmt::format("{}-{}-8{}-8{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 3), hex.substr(15, 3),
                     hex.substr(18, 12));
}

std::string_view either(std::string_view first, std::string_view second) { return first.empty() ? second : first; }

void tool(JsonWriter& json, std::string_view key, const Report& report) {
  json.key(key).object().member("id", "launchgate").member("name", "launchgate");
  json.member("version", either(report.version, "0.0.0"));
  json.key("vendor").object().member("name", "launchgate").end_object().end_object();
}

void message(JsonWriter& json, std::string_view level, std::string_view text) {
  json.object().member("level", level).member("value", either(text, level)).end_object();
}

void scan(JsonWriter& json, const Report& report, const RenderOptions& options) {
  json.line(1).key("scan").object();
  tool(json, "analyzer", report);
  tool(json, "scanner", report);
  json.member("type", "secret_detection").member("start_time", either(options.started, kNoTime));
  json.member("end_time", either(options.finished, either(options.started, kNoTime)));
  json.member("status", decided(report) ? "success" : "failure").key("messages").array();
  for (const Gap& gap : gaps(report)) message(json, "fatal", "Undecided: " + gap.text);
  for (const Skipped& s : report.coverage.skipped)
    if (!s.undecided) message(json, "info", "Left out " + not_looked_at(s, 3) + ".");
  for (const Note& n : report.notes) message(json, n.level == Note::Level::info ? "info" : "warn", n.text);
  json.end_array().end_object();
}

void vulnerability(JsonWriter& json, const Finding& f, std::size_t nth, const RenderOptions& options) {
  const std::string_view rule = either(f.rule, "launchgate");
  json.line(2).object().member("id", uuid(unique_id(f, nth)));
  json.member("name", ellipsize(f.message, kMaxName)).member("description", message_and_fix(f));
  json.member("severity", severity_name(f.severity)).member("solution", ellipsize(f.fix, kMaxSolution));
  json.key("identifiers").array().object().member("type", "launchgate_rule");
  json.member("name", fmt::format("launchgate rule {}", rule)).member("value", rule).end_object().end_array();
  json.key("location").object().member("file", file_of(f, options)).member("start_line", line_of(f));
  json.member("end_line", std::max(line_of(f), f.where.path.empty() ? 1 : f.where.span.end_line));
  json.key("commit").object().member("sha", either(f.where.commit, either(options.commit, kNoCommit)));
  json.member_unless_empty("author", f.where.author).member_unless_empty("date", f.where.date);
  json.end_object().end_object().end_object();
}

}  // namespace

std::string render_gitlab_secret_detection(const Report& report, const Verdict*, const RenderOptions& options) {
  std::string out;
  JsonWriter json(out);
  json.object().line(1).member("version", kSchemaVersion);
  scan(json, report, options);
  json.line(1).key("vulnerabilities").array();
  Ordinals ordinals;
  for (const Finding& f : report.findings) vulnerability(json, f, ordinals.next(f), options);
  if (!report.findings.empty()) json.end_line(1);
  json.end_array().end_line(0).end_object();
  return out + "\n";
}

}  // namespace launchgate::adapters
