// One static page for a person: no scripts, no requests, nothing from elsewhere; its own policy forbids them too.
// What matters comes first: the verdict and why, then each check with its picture, then the findings.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/escape.hpp"
#include "adapters/formats.hpp"
#include "adapters/html_chart.hpp"
#include "adapters/issues.hpp"
#include "libscan/core/units.hpp"

namespace launchgate::adapters {
namespace {

constexpr std::size_t kMaxFindings = 1000;  // a page of more helps nobody; the other formats have them all

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ink:#1c2024;--paper:#fcfcfd;--soft:#60646c;--line:#d9dbe0;--card:#fff;--red:#c62a2f;--green:#18794e;--amber:#946800;--blue:#0b68cb}
@media(prefers-color-scheme:dark){:root{--ink:#edeef0;--paper:#111113;--soft:#b0b4ba;--line:#363a3f;--card:#18191b;--red:#ff9592;--green:#3dd68c;--amber:#ffca16;--blue:#70b8ff}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.9rem 1.1rem;margin:.7rem 0}
.soft,small{color:var(--soft)}.bad{color:var(--red)}.ok{color:var(--green)}.mid{color:var(--amber)}
ul{margin:.4rem 0;padding-left:1.2rem}p{margin:.35rem 0}code,pre{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem}
.row{display:flex;justify-content:space-between;gap:1rem;align-items:baseline}.tag{font-weight:600;white-space:nowrap}
svg{display:block;width:100%;margin:.6rem 0 0;overflow:visible}svg svg{margin:0}
svg text{font:12px system-ui,sans-serif;fill:var(--soft)}
.axis{stroke:var(--line)}.budget{stroke:var(--amber);stroke-dasharray:5 4}.good{fill:var(--green)}circle.over{fill:var(--red)}path.over{stroke:var(--red);stroke-width:2;fill:none}
.cold{fill:none;stroke:var(--soft)}.p1{fill:#8e8c99;background:#8e8c99}.p2{fill:#ad7f58;background:#ad7f58}.p3{fill:#8e4ec6;background:#8e4ec6}.p4{fill:#0090ff;background:#0090ff}.p5{fill:#12a594;background:#12a594}
.key{font-size:12px;color:var(--soft)}.key .tag{font-weight:400}.swatch{display:inline-block;width:9px;height:9px;margin:0 .3rem 0 .5rem}
table{border-collapse:collapse;margin:.4rem 0}td,th{text-align:left;padding:.2rem 1.2rem .2rem 0;vertical-align:top}td:not(:last-child){white-space:nowrap}td:last-child{overflow-wrap:anywhere}
h3,li,p{overflow-wrap:anywhere}
@media(max-width:36rem){body{margin:1rem auto}table,tbody,tr{display:block}th{display:none}td{display:inline-block;padding:0 .6rem 0 0}td:last-child{display:block;padding:0 0 .4rem}pre{white-space:pre-wrap}.row{flex-direction:column-reverse;gap:0}td:first-child::before{content:"Attempt "}td:nth-child(2)::before{content:"at "}td:nth-child(3)::before{content:"took "}}
@media print{body{max-width:none;margin:0}svg,table,pre,p{break-inside:avoid}h2,.row{break-after:avoid}pre{white-space:pre-wrap}.swatch{print-color-adjust:exact}}
)css";

std::string_view css_class(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass: return "ok";
    case Outcome::fail: return "bad";
    case Outcome::skipped: return "soft";
    default: return "mid";
  }
}

std::string_view css_class(Severity severity) {
  return severity == Severity::launch_blocker ? "bad" : severity == Severity::high_risk ? "mid" : "soft";
}

std::string_view css_class(Decision decision) {
  return decision == Decision::promote ? "ok" : decision == Decision::block ? "bad" : "mid";
}

std::string paragraph(std::string_view text, std::string_view kind = "") {
  if (text.empty()) return "";
  return kind.empty() ? fmt::format("<p>{}</p>\n", xml(text))
                      : fmt::format("<p class=\"{}\">{}</p>\n", kind, xml(text));
}

// Reasons are clauses; alone in a paragraph one begins like a sentence. "p95" stays a term.
std::string capitalised(std::string text) {
  const auto small = [&](std::size_t i) { return i < text.size() && text[i] >= 'a' && text[i] <= 'z'; };
  if (small(0) && small(1)) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string head(const Report& report, const Verdict* verdict, const RenderOptions& options) {
  std::string out = "<header class=\"card\">\n";
  if (verdict != nullptr) {
    out += fmt::format("<h1 class=\"{}\">{}</h1>\n", css_class(verdict->decision), to_string(verdict->decision));
    if (!verdict->reasons.empty()) {
      out += "<ul>\n";
      for (const std::string& reason : verdict->reasons) out += fmt::format("<li>{}</li>\n", xml(reason));
      out += "</ul>\n";
    }
  } else {
    out += "<h1>launchgate</h1>\n";
  }
  out += fmt::format("<p class=\"soft\">{} of <code>{}</code>", xml(report.mode), xml(report.target));
  if (!options.commit.empty()) out += fmt::format(", commit <code>{}</code>", xml(options.commit));
  if (!options.finished.empty()) out += fmt::format(", {} UTC", xml(options.finished));
  return out + fmt::format(". launchgate {}.</p>\n</header>\n", xml(report.version));
}

std::string attempts_table(const CheckResult& check) {
  if (check.attempts.empty()) return "";
  std::string out = "<table><tr><th>Attempt</th><th>At</th><th>Took</th><th>Outcome</th><th>Seen</th></tr>\n";
  for (std::size_t i = 0; i < check.attempts.size(); ++i) {
    const Attempt& a = check.attempts[i];
    out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>\n", i + 1,
                       show_duration(a.started_ms), show_duration(a.duration_ms), css_class(a.outcome),
                       in_words(a.outcome), xml(a.detail));
  }
  return out + "</table>\n";
}

std::string check_card(const CheckResult& check) {
  std::string out = fmt::format(
      "<section class=\"card\"><div class=\"row\"><h3>{} <small>{}</small></h3><span class=\"tag "
      "{}\">{}</span></div>\n",
      xml(check.title.empty() ? check.id : check.title), xml(check.id), css_class(check.outcome),
      in_words(check.outcome));
  out += paragraph(capitalised(check.reason));
  if (check.outcome != Outcome::pass && check.outcome != Outcome::skipped) out += paragraph(check.fix, "soft");
  if (const std::string svg = samples_svg(check); !svg.empty()) out += svg + "\n";
  if (const std::string svg = phases_svg(check); !svg.empty()) out += svg + "\n";
  out += attempts_table(check);
  if (!check.where.path.empty())
    out += fmt::format("<p class=\"soft\">Declared at <code>{}</code></p>\n", xml(place(check.where)));
  return out + "</section>\n";
}

std::string excerpt(const Excerpt& e) {
  if (e.first_line == 0 || e.lines.empty()) return "";
  std::string out = "<pre>";
  for (std::size_t i = 0; i < e.lines.size(); ++i) out += fmt::format("{:>5} {}\n", e.first_line + i, xml(e.lines[i]));
  return out + "</pre>\n";
}

std::string finding_card(const Finding& f) {
  std::string out = fmt::format(
      "<section class=\"card\"><div class=\"row\"><h3>{} <small>{}</small></h3><span class=\"tag "
      "{}\">{}</span></div>\n",
      xml(f.message), xml(f.rule), css_class(f.severity), in_words(f.severity));
  out += fmt::format("<p><code>{}</code>", xml(place(f.where)));
  if (const std::string from = origin(f.where); !from.empty()) out += ", " + xml(from);
  if (!f.masked.empty()) out += fmt::format(": <code>{}</code>", xml(f.masked));
  out += "</p>\n";
  for (const std::string& clause : story_in_words(f)) out += fmt::format("<p class=\"soft\">{}</p>\n", xml(clause));
  out += excerpt(f.excerpt) + paragraph(f.fix);
  for (const std::string& also : f.also) out += fmt::format("<p class=\"soft\">also <code>{}</code></p>\n", xml(also));
  if (!f.reasons.empty()) {
    std::string why;
    for (const std::string& r : f.reasons) why += (why.empty() ? "" : "; ") + xml(r);
    out += fmt::format("<p class=\"soft\">Why: {}</p>\n", why);
  }
  return out + "</section>\n";
}

std::string findings(const Report& report) {
  if (report.findings.empty()) return "";
  std::vector<const Finding*> worst;
  for (const Finding& f : report.findings) worst.push_back(&f);
  std::stable_sort(worst.begin(), worst.end(),
                   [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
  std::string out = fmt::format("<h2>Findings: {}</h2>\n", xml(in_words(tally(worst))));
  for (std::size_t i = 0; i < worst.size() && i < kMaxFindings; ++i) out += finding_card(*worst[i]);
  if (worst.size() > kMaxFindings)
    out += fmt::format("<p>{} more are not shown here.</p>\n", worst.size() - kMaxFindings);
  return out;
}

std::string coverage(const Report& report) {
  std::string out = "<h2>Looked at</h2>\n<div class=\"card\">\n" + paragraph(looked_at(report.coverage));
  for (const Skipped& s : report.coverage.skipped)
    out += paragraph("Not looked at: " + not_looked_at(s, Skipped::kMaxExamples), s.undecided ? "mid" : "soft");
  for (const Note& n : report.notes)
    out += paragraph(n.hint.empty() ? n.text : n.text + " " + n.hint, n.level == Note::Level::info ? "soft" : "mid");
  return out + "</div>\n";
}

}  // namespace

std::string render_html(const Report& report, const Verdict* verdict, const RenderOptions& options) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n";
  out += fmt::format("<title>launchgate: {}</title>\n<style>{}</style>\n</head>\n<body>\n",
                     verdict != nullptr ? to_string(verdict->decision) : "report", kStyle);
  out += head(report, verdict, options);
  if (!report.checks.empty()) out += "<h2>Checks</h2>\n";
  for (const CheckResult& check : report.checks) out += check_card(check);
  out += findings(report) + coverage(report);
  return out + "</body>\n</html>\n";
}

}  // namespace launchgate::adapters
