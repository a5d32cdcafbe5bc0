#include "adapters/html_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "libscan/core/units.hpp"

namespace launchgate::adapters {
namespace {

// Across, everything is in percent of the page's width and nothing is scaled, so that text and marks keep their size on
// a telephone; down, in pixels.
constexpr double kHeight = 140, kTop = 16, kFloor = 136, kInset = 1.5;
constexpr std::size_t kMaxDots = 400;  // more than one a pixel row tells nothing

bool answered(const Sample& s) { return std::isfinite(s.ms) && s.ms >= 0; }

// The samples drawn: all, or an even choice of them that keeps what never answered.
std::vector<const Sample*> drawn(const std::vector<Sample>& samples) {
  std::vector<const Sample*> result;
  const std::size_t step = samples.size() / kMaxDots + 1;
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (i % step == 0 || !answered(samples[i])) result.push_back(&samples[i]);
  if (result.size() > 2 * kMaxDots) result.resize(2 * kMaxDots);
  return result;
}

struct Scale {
  double top = 1;
  double y(double ms) const { return kFloor - (kFloor - kTop) * std::clamp(ms / top, 0.0, 1.0); }
};

std::string line_across(double y, std::string_view kind) {
  return fmt::format("<line class=\"{}\" x1=\"0\" x2=\"100%\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", kind, y, y);
}

std::string label_over(double y, std::string_view text) {
  return fmt::format("<text x=\"0\" y=\"{:.1f}\">{}</text>", y - 5, text);
}

std::string mark(const Sample& s, double x, const Scale& scale, double budget) {
  if (!answered(s))
    return fmt::format(
        "<svg x=\"{:.2f}%\" y=\"{}\"><path class=\"over\" d=\"M-4 -4l8 8m0 -8l-8 "
        "8\"><title>failed</title></path></svg>",
        x, kTop);
  const std::string_view kind = s.cold ? "cold" : budget > 0 && s.ms > budget ? "over" : "good";
  return fmt::format("<circle class=\"{}\" cx=\"{:.2f}%\" cy=\"{:.1f}\" r=\"3.5\"><title>{}{}</title></circle>", kind,
                     x, scale.y(s.ms), show_duration(s.ms), s.cold ? ", first of a new connection: not judged" : "");
}

// What the marks mean, as far as they are there.
std::string legend(const CheckResult& check) {
  const auto any = [&](auto wanted) { return std::any_of(check.samples.begin(), check.samples.end(), wanted); };
  std::string text = fmt::format("{} samples in their order", check.samples.size());
  if (any([](const Sample& s) { return s.cold; })) text += "; hollow: the first of a new connection, not judged";
  if (any([](const Sample& s) { return !answered(s); })) text += "; cross: failed";
  return "<p class=\"key\">" + text + "</p>";
}

}  // namespace

std::string samples_svg(const CheckResult& check) {
  const std::vector<const Sample*> samples = drawn(check.samples);
  const bool tells =
      samples.size() > 1 && std::any_of(samples.begin(), samples.end(), [](const Sample* s) { return answered(*s); });
  if (!tells) return "";  // one number, or none: the words beside it say as much
  const double budget = std::isfinite(check.budget_ms) ? check.budget_ms : 0;
  double highest = 0;
  for (const Sample* s : samples)
    if (answered(*s)) highest = std::max(highest, s->ms);
  const double top = std::max(highest, budget);
  const Scale scale{top > 0 ? top * 1.15 : 1};

  std::string svg =
      fmt::format("<svg height=\"{}\" role=\"img\" aria-label=\"{} samples\">", kHeight, check.samples.size());
  svg += line_across(kFloor, "axis");
  if (budget > 0) svg += line_across(scale.y(budget), "budget");
  if (budget <= 0 && highest > 0) svg += line_across(scale.y(highest), "axis");
  // Before the marks: a word may be crossed by a dot, a dot not hidden by a word.
  if (budget > 0) svg += label_over(scale.y(budget), "budget " + show_duration(budget));
  if (budget <= 0 && highest > 0) svg += label_over(scale.y(highest), show_duration(highest));
  const double step = (100 - 2 * kInset) / static_cast<double>(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i)
    svg += mark(*samples[i], kInset + step * (static_cast<double>(i) + 0.5), scale, budget);
  return svg + "</svg>\n" + legend(check);
}

std::string phases_svg(const CheckResult& check) {
  std::vector<const Sample*> samples;
  for (const Sample& s : check.samples)
    if (answered(s) && std::isfinite(s.phases.total()) && s.phases.total() > 0) samples.push_back(&s);
  if (samples.empty()) return "";
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>((samples.size() - 1) / 2);
  std::nth_element(samples.begin(), middle, samples.end(),
                   [](const Sample* a, const Sample* b) { return a->ms < b->ms; });
  const Phases& p = (*middle)->phases;
  struct Part {
    std::string_view name, kind;
    double ms;
  };
  const std::array parts{Part{"DNS", "p1", p.dns}, Part{"connect", "p2", p.connect}, Part{"TLS", "p3", p.tls},
                         Part{"wait", "p4", p.wait}, Part{"transfer", "p5", p.transfer}};
  const bool several = samples.size() > 1;
  std::string svg = fmt::format("<svg height=\"12\" role=\"img\" aria-label=\"where the time went\">");
  std::string key = fmt::format("<p class=\"key\">{}", several ? "The median sample:" : "Its time:");
  double x = 0;
  for (const Part& part : parts) {
    if (part.ms <= 0) continue;  // a connection that was open already, an address that needs no name
    const double width = part.ms / p.total() * 100;
    svg += fmt::format("<rect class=\"{}\" x=\"{:.2f}%\" width=\"{:.2f}%\" height=\"12\"/>", part.kind, x, width);
    key += fmt::format(" <span class=\"tag\"><span class=\"swatch {}\"></span>{} {}</span>", part.kind, part.name,
                       show_duration(part.ms));
    x += width;
  }
  return svg + "</svg>\n" + key + "</p>";
}

}  // namespace launchgate::adapters
