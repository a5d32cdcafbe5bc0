// For people. Each issue: where (clickable), how bad, what, the line with the secret masked, what to do. Then the
// checks, then a summary that says what was looked at, what was not, and what it comes to.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adapters/escape.hpp"
#include "adapters/formats.hpp"
#include "adapters/hot_spots.hpp"
#include "adapters/issues.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

constexpr std::size_t kSkippedExamples = 3;
constexpr std::size_t kAlsoShown = 4;
constexpr std::size_t kHotSpots = 5;

enum class Style { none, bold, dim, red, yellow, green, cyan };

std::string_view ansi(Style style) {
  switch (style) {
    case Style::none: return "";
    case Style::bold: return "\x1b[1m";
    case Style::dim: return "\x1b[2m";
    case Style::red: return "\x1b[1;31m";
    case Style::yellow: return "\x1b[33m";
    case Style::green: return "\x1b[32m";
    case Style::cyan: return "\x1b[36m";
  }
  return "";
}

Style style_of(Severity s) {
  switch (s) {
    case Severity::launch_blocker: return Style::red;
    case Severity::high_risk: return Style::yellow;
    case Severity::can_wait: return Style::cyan;
  }
  return Style::none;
}

Style style_of(Outcome o) {
  switch (o) {
    case Outcome::pass: return Style::green;
    case Outcome::fail: return Style::red;
    case Outcome::flaky:
    case Outcome::inconclusive: return Style::yellow;
    case Outcome::skipped: return Style::dim;
  }
  return Style::none;
}

std::string padded(std::string_view s, std::size_t width) {
  const std::size_t size = count_characters(s);
  return std::string(s) + std::string(size < width ? width - size : 0, ' ');
}

class Page {
 public:
  Page(const Report& report, const Verdict* verdict, const RenderOptions& options)
      : report_(report), verdict_(verdict), options_(options), issues_(report) {}

  std::string render() {
    for (const Finding& f : report_.findings) finding(f);
    checks();
    notes();
    summary();
    return std::move(out_);
  }

 private:
  // Every line goes through here: foreign text in it is made printable, and inert for CI systems.
  void line(std::string_view text, Style style = Style::none) {
    out_ += paint(ci_inert(printable(text)), style);
    out_ += '\n';
  }

  std::string paint(std::string_view text, Style style) const {
    if (!options_.color || style == Style::none) return std::string(text);
    return fmt::format("{}{}\x1b[0m", ansi(style), text);
  }

  // "  Label: text", wrapped with its continuation lines under the text.
  void prose(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    const std::string first = "  " + std::string(label);
    const std::string later(count_characters(first), ' ');
    std::string current = first;
    bool empty = true;
    const std::string shown = printable(text);
    for (std::string_view rest = shown; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view word = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const bool fits = options_.width == 0 || count_characters(current) + 1 + count_characters(word) <= options_.width;
      if (!empty && !fits) {
        line(current);
        current = later;
        empty = true;
      }
      if (!empty) current += ' ';
      current += word;
      empty = false;
    }
    line(current);
  }

  void finding(const Finding& f) {
    out_ += paint(ci_inert(printable(place(f.where))), Style::bold);
    out_ += "  " + paint(in_words(f.severity), style_of(f.severity));
    line("  " + f.rule +
             (f.confidence == Confidence::high ? "" : fmt::format(" ({} confidence)", to_string(f.confidence))),
         Style::dim);
    prose("", f.message);
    frame(f.excerpt);
    if (!f.where.commit.empty()) prose("In:   ", origin(f.where));
    const std::vector<std::string> story = story_in_words(f);
    prose("Now:  ", joined(story, story.size(), "; "));
    if (!f.where.path.empty() && !f.where.url.empty()) prose("At:   ", f.where.url);
    prose("Why:  ", joined(f.reasons, f.reasons.size(), "; "));
    prose("Fix:  ", f.fix);
    prose("Also: ", joined(f.also, options_.verbose ? f.also.size() : kAlsoShown, ", "));
    if (options_.verbose) prose("Id:   ", f.fingerprint);
    out_ += '\n';
  }

  static std::string joined(const std::vector<std::string>& items, std::size_t most, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < std::min(most, items.size()); ++i) {
      if (i > 0) out += separator;
      out += items[i];
    }
    if (items.size() > most) out += fmt::format("{}{} more", separator, items.size() - most);
    return out;
  }

  void frame(const Excerpt& e) {
    if (e.first_line == 0) return;
    const std::size_t digits = fmt::formatted_size("{}", e.first_line + e.lines.size());
    for (std::size_t i = 0; i < e.lines.size(); ++i) {
      gutter(fmt::format("{}", e.first_line + i), digits);
      line(e.lines[i]);
      if (i > 0 || e.mark_column == 0 || e.mark_width == 0) continue;
      gutter("", digits);
      // Hostile numbers can come from a saved report: never more marks than there are characters.
      const std::size_t width = count_characters(e.lines[0]) + 1;
      const std::size_t column = std::min<std::size_t>(e.mark_column, width);
      out_.append(column - 1, ' ');
      line(std::string(std::min<std::size_t>(e.mark_width, width - column + 1), '^'), Style::red);
    }
  }

  void gutter(std::string_view number, std::size_t digits) {
    out_ += paint(fmt::format("  {:>{}} | ", number, digits + 1), Style::dim);
  }

  void checks() {
    if (report_.checks.empty()) return;
    line("Checks", Style::bold);
    std::size_t widest = 0;
    for (const CheckResult& c : report_.checks)
      widest = std::max(widest, std::min<std::size_t>(count_characters(c.id), 32));
    for (const CheckResult& c : report_.checks) check(c, widest);
    out_ += '\n';
  }

  void check(const CheckResult& c, std::size_t widest) {
    out_ += "  " + paint(padded(in_words(c.outcome), 9), style_of(c.outcome));
    line("  " + padded(printable(c.id), widest) + "  " + (c.reason.empty() ? c.title + timing(c) : c.reason));
    const bool bad = c.outcome != Outcome::pass && c.outcome != Outcome::skipped;
    if (bad || options_.verbose) {
      for (std::size_t i = 0; i < c.attempts.size(); ++i) {
        const Attempt& a = c.attempts[i];
        line(fmt::format("      attempt {} at {:.1f} s, {:.0f} ms: {}{}{}", i + 1, a.started_ms / 1000, a.duration_ms,
                         in_words(a.outcome), a.detail.empty() ? "" : ", ", a.detail));
      }
    }
    if (!bad) return;
    prose("    Fix:  ", c.fix);
    if (!c.where.path.empty()) prose("    Set:  ", place(c.where));
  }

  // For a check that gives no reason: where it gives one, that holds the statistics it was judged by.
  static std::string timing(const CheckResult& c) {
    std::size_t judged = 0;
    double slowest = 0;
    for (const Sample& s : c.samples) {
      if (s.cold) continue;
      ++judged;
      slowest = std::max(slowest, s.ms);
    }
    if (judged == 0 || c.budget_ms <= 0) return {};
    const std::string shown = std::isfinite(slowest) ? fmt::format("{:.0f} ms", slowest) : "never answered";
    return fmt::format(" (slowest of {}: {}, budget {:.0f} ms)", judged, shown, c.budget_ms);
  }

  void notes() {
    for (const Note& n : report_.notes) {
      const std::string_view label = n.level == Note::Level::info      ? "note: "
                                     : n.level == Note::Level::warning ? "warning: "
                                                                       : "error: ";
      line(std::string(label) + n.text, n.level == Note::Level::info ? Style::none : Style::yellow);
      prose("", n.hint);
    }
    if (!report_.notes.empty()) out_ += '\n';
  }

  void hot_spots() {
    const std::vector<HotSpot> spots = adapters::hot_spots(report_, kHotSpots);
    if (spots.empty()) return;
    line("Where most of them are:");
    std::size_t widest = 0;
    for (const HotSpot& spot : spots) widest = std::max(widest, count_characters(spot.rule));
    for (const HotSpot& spot : spots) {
      std::string where;
      if (!spot.place.empty())
        where = fmt::format("  {} in {}", spot.inside == spot.count ? "all" : std::to_string(spot.inside), spot.place);
      line(fmt::format("  {:>6}  ", spot.count) + (where.empty() ? spot.rule : padded(spot.rule, widest) + where));
    }
    prose(
        "",
        "A place of made-up values is left out by `[scan] exclude` in launchgate.toml; what is known and accepted, by "
        "`launchgate baseline create`.");
  }

  void summary() {
    const Tally t = tally(issues_.all());
    if (t.total() > 0)
      line(fmt::format("Found {}.", in_words(t)), t.blockers > 0 ? Style::red : Style::yellow);
    else if (decided(report_))
      line("Nothing found.", Style::green);
    else
      line("Nothing found, but not everything asked for could be judged.", Style::yellow);
    hot_spots();
    if (report_.coverage.files > 0 || report_.checks.empty()) line("Looked at " + looked_at(report_.coverage) + ".");
    if (!report_.shard.empty())
      line("This is part " + report_.shard + ": `launchgate merge` joins the JSON reports of all.");
    skipped();
    if (verdict_ != nullptr) verdict(*verdict_);
  }

  void skipped() {
    std::string harmless;
    for (const Skipped& s : report_.coverage.skipped) {
      const std::string words = not_looked_at(s, options_.verbose ? s.examples.size() : kSkippedExamples);
      if (s.undecided) {
        line("Could not look at " + words + ": asked for, so this run cannot pass.", Style::yellow);
      } else {
        harmless += (harmless.empty() ? "" : ", ") + words;
      }
    }
    if (!harmless.empty()) line("Left out " + harmless + ".", Style::dim);
  }

  void verdict(const Verdict& v) {
    const Style style = v.decision == Decision::promote ? Style::green
                        : v.decision == Decision::hold  ? Style::yellow
                                                        : Style::red;
    line(to_string(v.decision), style);
    for (const std::string& reason : v.reasons) prose("- ", reason);
  }

  const Report& report_;
  const Verdict* verdict_;
  const RenderOptions& options_;
  const Issues issues_;
  std::string out_;
};

}  // namespace

std::string render_text(const Report& report, const Verdict* verdict, const RenderOptions& options) {
  return Page(report, verdict, options).render();
}

}  // namespace launchgate::adapters
