// JUnit XML in the strict Ant dialect, which every reader takes (GitLab, Jenkins, Azure, Bitbucket, TeamCity).
//
// Two suites: "launchgate.findings", a test case for each issue, and "launchgate.checks", one for each check with
// every attempt listed. Red means what the exit code means: issues under the gate level are skipped cases, gaps are
// errors. Names hold no line numbers, so that a reader's history of a case survives edits.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "adapters/escape.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"

namespace launchgate::adapters {
namespace {

std::string attempts_text(const CheckResult& c) {
  std::string out;
  for (std::size_t i = 0; i < c.attempts.size(); ++i) {
    const Attempt& a = c.attempts[i];
    out += fmt::format("attempt {} at {:.1f} s, {:.0f} ms: {}{}{}\n", i + 1, a.started_ms / 1000, a.duration_ms,
                       to_string(a.outcome), a.detail.empty() ? "" : ", ", xml(a.detail));
  }
  return out;
}

double seconds(const CheckResult& c) {
  double ms = 0;
  for (const Attempt& a : c.attempts) ms += a.duration_ms;
  return ms >= 0 && ms < 1e12 ? ms / 1000 : 0;
}

class Suite {
 public:
  explicit Suite(std::string_view name) : name_(name) {}

  // `body` is finished XML; `element` is "", "failure", "error" or "skipped".
  void add(std::string_view name, std::string_view element, std::string_view type, std::string_view message,
           std::string_view body, double time = 0) {
    ++tests_;
    time_ += time;
    const std::size_t nth = ++names_[std::string(name)];
    cases_ += fmt::format("    <testcase name=\"{}{}\" classname=\"{}\" time=\"{:.3f}\"", xml(name),
                          nth > 1 ? fmt::format(" ({})", nth) : "", name_, time);
    if (element.empty()) {
      cases_ += "/>\n";
      return;
    }
    failures_ += element == "failure" ? 1 : 0;
    errors_ += element == "error" ? 1 : 0;
    skipped_ += element == "skipped" ? 1 : 0;
    cases_ += fmt::format(">\n      <{} message=\"{}\"", element, xml(message));
    if (element != "skipped") cases_ += fmt::format(" type=\"{}\"", type);
    cases_ += fmt::format(">{}</{}>\n    </testcase>\n", body, element);
  }

  void print(std::string_view text) { printed_ += text; }  // finished XML, for system-out

  std::string xml_text(int id, const RenderOptions& options) const {
    const std::string_view started =
        options.started.empty() ? "1970-01-01T00:00:00" : std::string_view(options.started);
    return fmt::format(
        "  <testsuite name=\"{0}\" package=\"launchgate\" id=\"{1}\" hostname=\"localhost\" timestamp=\"{2}\" "
        "tests=\"{3}\" failures=\"{4}\" errors=\"{5}\" skipped=\"{6}\" time=\"{7:.3f}\">\n"
        "    <properties/>\n{8}    <system-out>{9}</system-out>\n    <system-err/>\n  </testsuite>\n",
        name_, id, xml(started), tests_, failures_, errors_, skipped_, time_, cases_, printed_);
  }

 private:
  std::string_view name_;
  std::string cases_;
  std::string printed_;
  std::unordered_map<std::string, std::size_t> names_;
  std::size_t tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
  double time_ = 0;
};

Suite findings_suite(const Report& report) {
  Suite suite("launchgate.findings");
  for (const Finding& f : report.findings) {
    const std::string& where = f.where.path.empty() ? f.where.url : f.where.path;
    const bool fails = f.severity >= report.fail_on;
    const std::string from = origin(f.where);
    const std::string body = fmt::format("{}{}{}\n{}\nFix: {}\n", xml(place(f.where)), from.empty() ? "" : "\n",
                                         xml(from), xml(f.message), xml(f.fix));
    suite.add(fmt::format("{} in {}", f.rule, where), fails ? "failure" : "skipped", to_string(f.severity),
              fmt::format("{}: {}", in_words(f.severity), f.message), body);
  }
  for (const Skipped& s : report.coverage.skipped)
    if (s.undecided)
      suite.add("everything asked for was looked at: " + s.reason, "error", "undecided",
                "Could not look at " + not_looked_at(s, Skipped::kMaxExamples) + ".", "");
  if (report.findings.empty() && report.coverage.complete()) suite.add("nothing found", "", "", "", "");
  suite.print("Looked at " + looked_at(report.coverage) + ".\n");
  for (const Skipped& s : report.coverage.skipped)
    if (!s.undecided) suite.print("Left out " + xml(not_looked_at(s, 3)) + ".\n");
  for (const Note& n : report.notes) suite.print(xml(n.text + (n.hint.empty() ? "" : " " + n.hint)) + "\n");
  return suite;
}

std::string_view element_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
    case Outcome::flaky: return "";
    case Outcome::fail: return "failure";
    case Outcome::inconclusive: return "error";
    case Outcome::skipped: return "skipped";
  }
  return "error";
}

Suite checks_suite(const Report& report) {
  Suite suite("launchgate.checks");
  for (const CheckResult& c : report.checks) {
    const std::string attempts = attempts_text(c);
    const std::string fix = c.fix.empty() ? "" : "Fix: " + xml(c.fix) + "\n";
    suite.add(c.id, element_of(c.outcome), to_string(c.outcome), c.reason.empty() ? c.title : c.reason, attempts + fix,
              seconds(c));
    suite.print(fmt::format("{}: {}, {}\n{}", xml(c.id), to_string(c.outcome), xml(c.reason), attempts));
  }
  return suite;
}

}  // namespace

std::string render_junit(const Report& report, const Verdict* verdict, const RenderOptions& options) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  Suite findings = findings_suite(report);
  if (verdict != nullptr) {
    findings.print(std::string(to_string(verdict->decision)) + "\n");
    for (const std::string& reason : verdict->reasons) findings.print(xml(reason) + "\n");
  }
  out += findings.xml_text(0, options);
  if (!report.checks.empty()) out += checks_suite(report).xml_text(1, options);
  return out + "</testsuites>\n";
}

}  // namespace launchgate::adapters
