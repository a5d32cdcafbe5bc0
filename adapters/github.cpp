// GitHub Actions: annotations as workflow commands on standard output, and the two files a step may append to.
// Grammar and escapes as the runner (ActionCommand.cs) and @actions/core have them; limits as documented: ten
// annotations of each level a step, a message of 4,096 characters.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/escape.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

constexpr std::size_t kPerLevel = 10;
constexpr std::size_t kMaxMessage = 4000;
constexpr std::size_t kMaxTitle = 200;

enum class Level { error, warning, notice };
constexpr std::array<std::string_view, 3> kLevelNames{"error", "warning", "notice"};

Level level_of(Severity s) {
  switch (s) {
    case Severity::launch_blocker: return Level::error;
    case Severity::high_risk: return Level::warning;
    case Severity::can_wait: return Level::notice;
  }
  return Level::warning;
}

// Writes at most ten annotations of each level and counts the rest.
class Annotations {
 public:
  void add(Level level, const Location* where, std::string_view title, std::string_view message) {
    if (++given_[static_cast<std::size_t>(level)] > kPerLevel) {
      ++left_out_;
      return;
    }
    out_ += fmt::format("::{} ", kLevelNames[static_cast<std::size_t>(level)]);
    if (where != nullptr && !where->path.empty()) place(*where);
    property("title", ellipsize(title, kMaxTitle));
    out_.back() = ':';  // the last property's comma
    out_ += ":" + github_message(ellipsize(message, kMaxMessage)) + "\n";
  }

  // A line that is no command.
  void plain(std::string_view text) { out_ += ci_inert(printable(text)) + "\n"; }

  std::size_t left_out() const { return left_out_; }
  std::string take() { return std::move(out_); }

 private:
  void property(std::string_view name, std::string_view value) {
    if (!value.empty()) out_ += fmt::format("{}={},", name, github_property(value));
  }

  void place(const Location& where) {
    property("file", where.path);
    const Span& s = where.span;
    if (s.line == 0) return;
    // The runner drops columns when there is more than one line, and everything that runs backwards.
    out_ += fmt::format("line={},", s.line);
    if (s.end_line >= s.line) out_ += fmt::format("endLine={},", s.end_line);
    if (s.end_line != s.line || s.column == 0) return;
    out_ += fmt::format("col={},", s.column);
    if (s.end_column >= s.column) out_ += fmt::format("endColumn={},", s.end_column);
  }

  std::string out_;
  std::array<std::size_t, 3> given_{};
  std::size_t left_out_ = 0;
};

std::string capitalised(std::string_view words) {
  std::string out(words);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace

std::string render_github(const Report& report, const Verdict* verdict, const RenderOptions&) {
  Annotations annotations;
  // First what makes the rest less than the whole: it must not be the one that no longer fits.
  for (const Gap& gap : gaps(report))
    annotations.add(Level::error, gap.where, "Undecided: " + gap.id, gap.text + (gap.fix.empty() ? "" : " " + gap.fix));
  const Issues issues(report);
  for (const Finding* f : issues.worst_first()) {
    const std::string from = origin(f->where);
    annotations.add(level_of(f->severity), &f->where,
                    fmt::format("{}: {}", capitalised(in_words(f->severity)), f->rule),
                    message_and_fix(*f) + (from.empty() ? "" : " (" + from + ")"));
  }
  for (const Note& n : report.notes)
    if (n.level != Note::Level::info)
      annotations.add(Level::warning, nullptr, "launchgate", n.text + (n.hint.empty() ? "" : " " + n.hint));
  if (annotations.left_out() > 0)
    annotations.plain(fmt::format("launchgate: {} more are not annotated, for GitHub shows {} of each level per step.",
                                  annotations.left_out(), kPerLevel));
  annotations.plain(
      fmt::format("launchgate: found {}; looked at {}.", in_words(tally(issues.all())), looked_at(report.coverage)));
  if (verdict != nullptr) {
    std::string line = "launchgate: " + std::string(to_string(verdict->decision)) + ".";
    for (const std::string& reason : verdict->reasons) line += " " + reason;
    annotations.plain(line);
  }
  return annotations.take();
}

// Names and words of ours and numbers, nothing foreign: so no delimiter needs guessing.
std::string render_github_output(const Report& report, const Verdict* verdict, const RenderOptions&) {
  const Issues issues(report);
  const Tally t = tally(issues.all());
  return fmt::format("findings={}\nlaunch-blockers={}\nhigh-risk={}\ncan-wait={}\ndecided={}\nverdict={}\n", t.total(),
                     t.blockers, t.high, t.wait, decided(report),
                     verdict == nullptr ? "" : to_string(verdict->decision));
}

}  // namespace launchgate::adapters
