// rdjsonl, one Diagnostic a line: reviewdog turns it into review comments on GitHub, GitLab, Bitbucket and Gitea.
// Its columns count UTF-8 bytes and ours code points, and a report does not hold the line to convert them by (it holds
// the secret): so places are whole lines, which is what a review comment is put on anyway.
#include <algorithm>

#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "adapters/json_writer.hpp"

namespace launchgate::adapters {
namespace {

std::string_view rdjson_severity(Severity s) {
  switch (s) {
    case Severity::launch_blocker: return "ERROR";
    case Severity::high_risk: return "WARNING";
    case Severity::can_wait: return "INFO";
  }
  return "WARNING";
}

// `lines` 0..0 stands for the file as a whole.
void diagnostic(std::string& out, std::string_view message, std::string_view path, std::uint32_t line,
                std::uint32_t end_line, std::string_view severity, std::string_view code, std::string_view url) {
  JsonWriter json(out);
  json.object().member("message", message).key("location").object().member("path", path);
  if (line > 0) {
    json.key("range").object().key("start").object().member("line", line).end_object();
    if (end_line > line) json.key("end").object().member("line", end_line).end_object();
    json.end_object();
  }
  json.end_object().member("severity", severity);
  json.key("source").object().member("name", "launchgate").end_object();
  json.key("code").object().member("value", code);
  if (url.starts_with("https://")) json.member("url", url);
  json.end_object().end_object();
  out += '\n';
}

std::string_view url_of(const Report& report, std::string_view rule) {
  const auto at = std::lower_bound(report.rules.begin(), report.rules.end(), rule,
                                   [](const RuleInfo& r, std::string_view id) { return r.id < id; });
  return at == report.rules.end() || at->id != rule ? std::string_view() : std::string_view(at->url);
}

}  // namespace

std::string render_rdjsonl(const Report& report, const Verdict*, const RenderOptions& options) {
  std::string out;
  const Issues issues(report);
  for (const Finding* f : issues.all())
    diagnostic(out, message_and_fix(*f), file_of(*f, options), f->where.path.empty() ? 0 : f->where.span.line,
               f->where.span.end_line, rdjson_severity(f->severity), f->rule, url_of(report, f->rule));
  for (const Gap& gap : gaps(report)) {
    const bool placed = gap.where != nullptr && !gap.where->path.empty();
    diagnostic(out, "Undecided: " + gap.text, placed ? gap.where->path : options.config_path,
               placed ? gap.where->span.line : 0, 0, "WARNING", "undecided", "");
  }
  return out;
}

}  // namespace launchgate::adapters
