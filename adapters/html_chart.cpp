#include "adapters/html_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "libscan/core/units.hpp"

namespace launchgate::adapters {
namespace {

constexpr double kWidth = 640, kHeight = 150, kLeft = 70, kRight = 12, kTop = 14, kBottom = 18;
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
  double y(double ms) const {
    const double share = std::clamp(ms / top, 0.0, 1.0);
    return kTop + (kHeight - kTop - kBottom) * (1 - share);
  }
};

std::string label(double x, double y, std::string_view anchor, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>", x, y, anchor, text);
}

std::string rule(double y, std::string_view kind) {
  return fmt::format("<line class=\"{}\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", kind, kLeft,
                     kWidth - kRight, y, y);
}

std::string dot(const Sample& s, double x, const Scale& scale, double budget) {
  if (!answered(s)) {
    const double y = kTop, r = 4;
    return fmt::format("<path class=\"over\" d=\"M{:.1f} {:.1f}l{} {}m0 -{}l-{} {}\"><title>no answer</title></path>",
                       x - r, y - r, 2 * r, 2 * r, 2 * r, 2 * r, 2 * r);
  }
  const std::string_view kind = s.cold ? "cold" : budget > 0 && s.ms > budget ? "over" : "good";
  return fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"><title>{}{}</title></circle>", kind, x,
                     scale.y(s.ms), show_duration(s.ms), s.cold ? ", first of a new connection: not judged" : "");
}

}  // namespace

std::string samples_svg(const CheckResult& check) {
  const std::vector<const Sample*> samples = drawn(check.samples);
  if (samples.empty()) return "";
  const double budget = std::isfinite(check.budget_ms) ? check.budget_ms : 0;
  double highest = budget;
  for (const Sample* s : samples)
    if (answered(*s)) highest = std::max(highest, s->ms);
  const Scale scale{highest > 0 ? highest * 1.15 : 1};

  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{} samples\">", kWidth, kHeight,
                                check.samples.size());
  const double floor = kHeight - kBottom;
  svg += rule(floor, "axis") + label(kLeft - 6, floor + 4, "end", "0");
  if (budget > 0) {
    svg += rule(scale.y(budget), "budget") + label(kLeft - 6, scale.y(budget) + 4, "end", show_duration(budget));
  } else {
    svg += label(kLeft - 6, scale.y(highest) + 4, "end", show_duration(highest));
  }
  const double step = (kWidth - kLeft - kRight) / static_cast<double>(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i)
    svg += dot(*samples[i], kLeft + step * (static_cast<double>(i) + 0.5), scale, budget);
  svg += label(kLeft, kHeight - 4, "start",
               fmt::format("{} sample{}", check.samples.size(), check.samples.size() == 1 ? "" : "s"));
  return svg + "</svg>";
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
  std::string svg =
      fmt::format("<svg viewBox=\"0 0 {} 34\" role=\"img\" aria-label=\"phases of the median sample\">", kWidth);
  double x = 0, legend = 0;
  for (const Part& part : parts) {
    const double width = std::max(part.ms, 0.0) / p.total() * kWidth;
    svg += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"0\" width=\"{:.1f}\" height=\"12\"/>", part.kind, x, width);
    svg += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"21\" width=\"9\" height=\"9\"/>", part.kind, legend);
    svg += label(legend + 13, 30, "start", fmt::format("{} {}", part.name, show_duration(part.ms)));
    x += width;
    legend += kWidth / parts.size();
  }
  return svg + "</svg>";
}

}  // namespace launchgate::adapters
