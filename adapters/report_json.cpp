#include "adapters/report_json.hpp"

#include "adapters/finding_json.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "adapters/json_writer.hpp"
#include "libscan/core/sha256.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(c));
  return out;
}

void write_path_bytes(JsonWriter& json, const Location& where) {
  if (valid_utf8(where.path) != where.path) json.member("path_hex", hex_of(where.path));
}

void write_excerpt(JsonWriter& json, const Excerpt& e) {
  json.object().member("first_line", e.first_line).member("lines", e.lines);
  json.member("mark_column", e.mark_column).member("mark_width", e.mark_width).end_object();
}

void write_finding(JsonWriter& json, const Finding& f) {
  json.object();
  write_finding_members(json, f);
  write_path_bytes(json, f.where);
  json.member_unless_empty("line_hash", f.line_hash);
  if (!f.also.empty()) json.member("also", f.also);
  if (f.excerpt.first_line != 0) write_excerpt(json.key("excerpt"), f.excerpt);
  json.end_object();
}

void write_location(JsonWriter& json, const Location& where) {
  json.object().member("path", where.path);
  json.member("line", where.span.line).member("column", where.span.column);
  json.member("end_line", where.span.end_line).member("end_column", where.span.end_column);
  json.member_unless_empty("commit", where.commit).member_unless_empty("author", where.author);
  json.member_unless_empty("date", where.date).member_unless_empty("url", where.url);
  write_path_bytes(json, where);
  json.end_object();
}

void write_attempt(JsonWriter& json, const Attempt& a) {
  json.object().member("outcome", to_string(a.outcome)).member("started_ms", a.started_ms);
  json.member("duration_ms", a.duration_ms).member("detail", a.detail).end_object();
}

void write_sample(JsonWriter& json, const Sample& s) {
  json.object().member("ms", s.ms).member("cold", s.cold);
  json.member("dns", s.phases.dns).member("connect", s.phases.connect).member("tls", s.phases.tls);
  json.member("wait", s.phases.wait).member("transfer", s.phases.transfer).end_object();
}

void write_check(JsonWriter& json, const CheckResult& c) {
  json.object().member("id", c.id).member("title", c.title).member("outcome", to_string(c.outcome));
  json.member("severity", to_string(c.severity)).member("reason", c.reason).member("fix", c.fix);
  write_location(json.key("where"), c.where);
  json.key("attempts").array();
  for (const Attempt& a : c.attempts) write_attempt(json, a);
  json.end_array().key("samples").array();
  for (const Sample& s : c.samples) write_sample(json, s);
  json.end_array().member("budget_ms", c.budget_ms).end_object();
}

void write_rule(JsonWriter& json, const RuleInfo& r) {
  json.object().member("id", r.id).member("title", r.title).member("why", r.why).member("fix", r.fix);
  json.member("url", r.url).member("severity", to_string(r.severity));
  json.member("confidence", to_string(r.confidence)).member("tags", r.tags).end_object();
}

void write_skipped(JsonWriter& json, const Skipped& s) {
  json.object().member("reason", s.reason).member("count", s.count).member("undecided", s.undecided);
  json.member("examples", s.examples).end_object();
}

std::string_view level_name(Note::Level level) {
  switch (level) {
    case Note::Level::info: return "info";
    case Note::Level::warning: return "warning";
    case Note::Level::error: return "error";
  }
  return "error";
}

void write_note(JsonWriter& json, const Note& n) {
  json.object().member("level", level_name(n.level)).member("text", n.text).member("hint", n.hint).end_object();
}

// An array member with one element a line: readable, and two reports differ line by line.
template <class T>
void write_lines(JsonWriter& json, int depth, std::string_view name, const std::vector<T>& elements,
                 void (*write)(JsonWriter&, const T&)) {
  json.line(depth).key(name).array();
  for (const T& e : elements) {
    json.line(depth + 1);
    write(json, e);
  }
  if (!elements.empty()) json.end_line(depth);
  json.end_array();
}

void write_summary(JsonWriter& json, const Report& report) {
  const Issues issues(report);
  const Tally t = tally(issues.all());
  json.line(1).key("summary").object().member("issues", t.total());
  json.member("launch-blocker", t.blockers).member("high-risk", t.high).member("can-wait", t.wait);
  json.member("decided", decided(report)).end_object();
}

void write_verdict(JsonWriter& json, const Verdict* verdict) {
  json.line(1).key("verdict");
  if (verdict == nullptr) {
    json.null();
    return;
  }
  json.object().member("decision", to_string(verdict->decision)).member("reasons", verdict->reasons).end_object();
}

}  // namespace

std::string report_to_json(const Report& report, const Verdict* verdict) {
  std::string out;
  JsonWriter json(out);
  json.object();
  json.line(1).member("format", kReportFormat).line(1).member("format_version", kReportFormatVersion);
  json.line(1).member("version", report.version).line(1).member("mode", report.mode);
  json.line(1).member("target", report.target);
  json.line(1).member("fail_on", to_string(report.fail_on));
  if (!report.shard.empty()) json.line(1).member("shard", report.shard);
  write_summary(json, report);
  write_verdict(json, verdict);
  json.line(1).key("coverage").object();
  json.line(2).member("files", report.coverage.files).line(2).member("bytes", report.coverage.bytes);
  json.line(2).member("commits", report.coverage.commits);
  write_lines(json, 2, "skipped", report.coverage.skipped, write_skipped);
  json.end_line(1).end_object();
  write_lines(json, 1, "findings", report.findings, write_finding);
  write_lines(json, 1, "checks", report.checks, write_check);
  write_lines(json, 1, "rules", report.rules, write_rule);
  write_lines(json, 1, "notes", report.notes, write_note);
  json.end_line(0).end_object();
  out += '\n';
  return out;
}

std::string render_json(const Report& report, const Verdict* verdict, const RenderOptions&) {
  return report_to_json(report, verdict);
}

}  // namespace launchgate::adapters
