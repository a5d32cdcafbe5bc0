// Markdown for people who look at a pull request or a job: the verdict, the worst issues, the checks, what was not
// looked at. One body, two homes: a step summary (1 MiB, or GitHub drops it whole) and a comment (65,536 characters),
// whose hidden first line lets a bot find and replace its earlier comment.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/escape.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

constexpr std::size_t kMaxComment = 65536;        // characters; we count bytes, which are never fewer
constexpr std::size_t kMaxSummary = 1024 * 1024;  // bytes a step
constexpr std::size_t kRoomForEnd = 1024;         // kept for the sentence on what no longer fitted
constexpr std::size_t kInSight = 10;              // issues shown without unfolding anything
constexpr std::size_t kMaxCell = 300;             // characters

class MarkdownPage {
 public:
  MarkdownPage(const Report& report, const Verdict* verdict, std::size_t limit)
      : report_(report), verdict_(verdict), limit_(limit - kRoomForEnd), issues_(report) {}

  std::string render(std::string_view marker) {
    out_ = marker;
    head();
    for (const Gap& gap : gaps(report_)) add("- **Undecided:** " + prose(gap.text + " " + gap.fix) + "\n");
    for (const Note& n : report_.notes)
      if (n.level != Note::Level::info) add("- " + prose(n.text + " " + n.hint) + "\n");
    issues();
    checks();
    coverage();
    if (left_out_ > 0) out_ += fmt::format("\n{} not shown here: it would not fit.\n", count(left_out_, "row"));
    return ci_inert(out_);
  }

 private:
  static std::string prose(std::string_view s) { return markdown(ellipsize(s, kMaxCell)); }
  static std::string code(std::string_view s) { return markdown_code(ellipsize(s, kMaxCell)); }

  // Whole pieces only: half a table row or an open <details> would spoil what follows.
  void add(std::string_view piece) {
    if (out_.size() + piece.size() > limit_)
      ++left_out_;
    else
      out_ += piece;
  }

  void head() {
    const std::string words = in_words(tally(issues_.all()));
    const std::string found =
        words == "nothing" && !decided(report_) ? "nothing found, but not all could be judged" : words + " found";
    if (verdict_ == nullptr) {
      out_ += "### launchgate: " + found + "\n";
      return;
    }
    out_ += fmt::format("### launchgate: {} ({})\n", to_string(verdict_->decision), found);
    for (const std::string& reason : verdict_->reasons) add("- " + prose(reason) + "\n");
  }

  void issues() {
    const std::vector<const Finding*> ranked = issues_.worst_first();
    if (ranked.empty()) return;
    const auto sight = ranked.begin() + static_cast<long>(std::min(ranked.size(), kInSight));
    table(ranked.begin(), sight);
    if (sight == ranked.end()) return;
    // The closing tag is never left out: it is paid for before the rows.
    constexpr std::string_view kEnd = "\n</details>\n";
    limit_ -= kEnd.size();
    out_ += fmt::format("\n<details><summary>{} more</summary>\n", ranked.end() - sight);
    table(sight, ranked.end());
    limit_ += kEnd.size();
    out_ += kEnd;
  }

  template <class Iterator>
  void table(Iterator from, Iterator to) {
    add("\n| Severity | Where | What | What to do |\n|---|---|---|---|\n");
    for (; from != to; ++from) {
      const Finding& f = **from;
      const std::string origin_words = origin(f.where);  // with the author's name, which anyone chooses: no prose
      add(fmt::format("| {} | {}{} | {} | {} |\n", in_words(f.severity), code(place(f.where)),
                      origin_words.empty() ? "" : ", " + code(origin_words), prose(f.message), prose(f.fix)));
    }
  }

  void checks() {
    if (report_.checks.empty()) return;
    add("\n| Check | Outcome | Seen |\n|---|---|---|\n");
    for (const CheckResult& c : report_.checks)
      add(fmt::format("| {} | {} | {} |\n", code(c.id), in_words(c.outcome),
                      prose(c.reason.empty() ? c.title : c.reason)));
  }

  void coverage() {
    std::string line = "\nLooked at " + looked_at(report_.coverage) + ".";
    std::string left;
    for (const Skipped& s : report_.coverage.skipped)
      if (!s.undecided) left += (left.empty() ? " Left out " : ", ") + not_looked_at(s, 0);
    if (!left.empty()) line += prose(left) + ".";
    add(line + "\n");
  }

  const Report& report_;
  const Verdict* verdict_;
  std::size_t limit_;
  const Issues issues_;
  std::string out_;
  std::size_t left_out_ = 0;
};

}  // namespace

std::string render_markdown(const Report& report, const Verdict* verdict, const RenderOptions&) {
  return MarkdownPage(report, verdict, kMaxComment).render("<!-- launchgate -->\n");
}

std::string render_github_summary(const Report& report, const Verdict* verdict, const RenderOptions&) {
  return MarkdownPage(report, verdict, kMaxSummary).render("");
}

}  // namespace launchgate::adapters
