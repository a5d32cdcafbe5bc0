#include "adapters/issues.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "libscan/core/fingerprint.hpp"
#include "libscan/core/sha256.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

constexpr std::size_t kGapExamples = 3;

std::string sentence(std::string s) {
  if (!s.empty() && std::string_view(".!?…").find(s.back()) == std::string_view::npos) s += '.';
  return s;
}

Finding of_check(const CheckResult& check) {
  Finding f;
  f.rule = check.id;
  f.severity = check.severity;
  f.confidence = Confidence::high;  // a failed check was seen to fail, twice
  f.where = check.where;
  f.message = sentence(check.title.empty() ? check.id : check.title);
  if (!check.reason.empty()) f.message = sentence(f.message.substr(0, f.message.size() - 1) + ": " + check.reason);
  f.fingerprint = fingerprint(check.id, "check");
  f.fix = check.fix;
  return f;
}

std::string grouped(std::uint64_t n) {
  std::string digits = fmt::format("{}", n);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, ",");
  return digits;
}

}  // namespace

Issues::Issues(const Report& report) {
  for (const CheckResult& check : report.checks)
    if (check.outcome == Outcome::fail) checks_.push_back(of_check(check));
  all_.reserve(report.findings.size() + checks_.size());
  for (const Finding& f : report.findings) all_.push_back(&f);
  for (const Finding& f : checks_) all_.push_back(&f);
}

std::vector<const Finding*> Issues::worst_first() const {
  std::vector<const Finding*> ranked = all_;
  std::stable_sort(ranked.begin(), ranked.end(), [](const Finding* a, const Finding* b) {
    return std::tie(a->severity, a->confidence) > std::tie(b->severity, b->confidence);
  });
  return ranked;
}

std::vector<Gap> gaps(const Report& report) {
  std::vector<Gap> out;
  for (const Skipped& s : report.coverage.skipped) {
    if (!s.undecided) continue;
    out.push_back({s.reason, fmt::format("Could not look at {}.", not_looked_at(s, kGapExamples)), "", nullptr});
  }
  for (const CheckResult& c : report.checks) {
    // A check that decides and was skipped holds the release: it is as open as one that could not be judged.
    const bool left_out = c.outcome == Outcome::skipped && c.severity >= report.fail_on;
    if (c.outcome != Outcome::inconclusive && !left_out) continue;
    std::string text = c.reason.empty() ? c.title : c.reason;
    if (left_out && !c.reason.empty()) text = c.title + ": " + c.reason;  // "skipped" alone does not say what
    out.push_back({c.id, sentence(text), c.fix, &c.where});
  }
  return out;
}

bool decided(const Report& report) { return gaps(report).empty(); }

Tally tally(const std::vector<const Finding*>& issues) noexcept {
  Tally t;
  for (const Finding* f : issues) {
    switch (f->severity) {
      case Severity::launch_blocker: ++t.blockers; break;
      case Severity::high_risk: ++t.high; break;
      case Severity::can_wait: ++t.wait; break;
    }
  }
  return t;
}

std::string in_words(const Tally& t) {
  std::string out;
  const auto add = [&](std::size_t n, std::string_view words) {
    if (n == 0) return;
    if (!out.empty()) out += ", ";
    out += grouped(n);
    out += ' ';
    out += words;
  };
  add(t.blockers, t.blockers == 1 ? "launch blocker" : "launch blockers");
  add(t.high, "high risk");
  add(t.wait, "can wait");
  return out.empty() ? "nothing" : out;
}

std::string_view in_words(Severity severity) noexcept {
  switch (severity) {
    case Severity::launch_blocker: return "launch blocker";
    case Severity::high_risk: return "high risk";
    case Severity::can_wait: return "can wait";
  }
  return "";
}

std::string_view in_words(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::pass: return "passed";
    case Outcome::flaky: return "flaky";
    case Outcome::fail: return "FAILED";
    case Outcome::inconclusive: return "undecided";
    case Outcome::skipped: return "skipped";
  }
  return "";
}

std::string count(std::uint64_t n, std::string_view thing) {
  return fmt::format("{} {}{}", grouped(n), thing, n == 1 ? "" : "s");
}

std::string bytes_in_words(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double shown = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; shown >= 999.95 && unit + 1 < kUnits.size(); ++unit) shown /= 1000;
  return fmt::format("{:.1f} {}", shown, kUnits[unit]);
}

std::string looked_at(const Coverage& coverage) {
  std::string out = fmt::format("{} ({})", count(coverage.files, "file"), bytes_in_words(coverage.bytes));
  if (coverage.commits > 0) out += " in " + count(coverage.commits, "commit");
  return out;
}

std::string not_looked_at(const Skipped& skipped, std::size_t examples) {
  std::string out = fmt::format("{} {}", grouped(skipped.count), skipped.reason);
  examples = std::min(examples, skipped.examples.size());
  if (examples == 0) return out;
  out += " (";
  for (std::size_t i = 0; i < examples; ++i) {
    if (i > 0) out += ", ";
    out += skipped.examples[i];
  }
  return out + (examples < skipped.count ? ", …)" : ")");
}

std::string place(const Location& where) {
  const std::string& name = where.path.empty() ? where.url : where.path;
  if (where.span.line == 0) return name;
  if (where.span.column == 0) return fmt::format("{}:{}", name, where.span.line);
  return fmt::format("{}:{}:{}", name, where.span.line, where.span.column);
}

std::string origin(const Location& where) {
  if (where.commit.empty()) return {};
  std::string out = "commit " + where.commit.substr(0, 10);
  if (!where.author.empty()) out += " by " + where.author;
  if (!where.date.empty()) out += ", " + where.date.substr(0, 10);
  return out;
}

std::vector<std::string> story_in_words(const Finding& f) {
  std::vector<std::string> out;
  if (!f.story) return out;
  const Story& s = *f.story;
  const bool secret_in_head = s.secret && s.secret->in_head.value_or(false);
  if (s.in_head && *s.in_head)
    out.push_back(s.head_path.empty() ? "still in HEAD" : "still in HEAD, as " + s.head_path);
  else if (secret_in_head)
    out.push_back("the same secret is still in HEAD");
  else if (s.in_head)
    out.push_back("not in HEAD");
  if (s.ref_count != 0) {
    std::string on = "on ";
    for (std::size_t i = 0; i < s.refs.size(); ++i) on += (i == 0 ? "" : ", ") + s.refs[i];
    if (s.ref_count > s.refs.size()) on += fmt::format(" and {} more", grouped(s.ref_count - s.refs.size()));
    out.push_back(std::move(on));
  }
  if (s.secret && s.secret->commits > 1) {
    std::string came = "the secret came with " + count(s.secret->commits, "commit");
    if (!s.secret->first_date.empty() && !s.secret->last_date.empty())
      came += fmt::format(", {} to {}", s.secret->first_date.substr(0, 10), s.secret->last_date.substr(0, 10));
    out.push_back(std::move(came));
  }
  return out;
}

std::string_view file_of(const Finding& finding, const RenderOptions& options) noexcept {
  return finding.where.path.empty() ? std::string_view(options.config_path) : std::string_view(finding.where.path);
}

std::uint32_t line_of(const Finding& finding) noexcept {
  // The line of a page of the site says nothing about the configuration file it is shown at.
  return finding.where.path.empty() ? 1 : std::max<std::uint32_t>(1, finding.where.span.line);
}

std::string message_and_fix(const Finding& finding) {
  std::string out = sentence(finding.message);
  if (finding.where.path.empty() && !finding.where.url.empty()) out += " At " + place(finding.where) + ".";
  if (!finding.fix.empty()) out += " " + sentence(finding.fix);
  return out;
}

std::string unique_id(const Finding& finding, std::size_t nth) {
  std::string subject = finding.rule;
  for (const std::string* part : {&finding.fingerprint, &finding.where.path, &finding.where.url}) {
    subject += '\0';
    subject += *part;
  }
  return hex(sha256(fmt::format("{}{}{}", subject, '\0', nth)), 32);
}

std::size_t Ordinals::next(const Finding& finding) {
  return ++seen_[finding.rule + '\0' + finding.fingerprint + '\0' + finding.where.path + '\0' + finding.where.url];
}

}  // namespace launchgate::adapters
