#include "libscan/core/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace launchgate {
namespace {

// The number at the front of `text`, which is cut off it.
std::optional<double> take_number(std::string_view& text) noexcept {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || value < 0 || std::signbit(value)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// Minutes and more: the two largest units, and of the second none when it is zero.
std::string show_long(double seconds) {
  constexpr std::array<std::pair<double, char>, 4> kUnits{{{86'400, 'd'}, {3'600, 'h'}, {60, 'm'}, {1, 's'}}};
  std::size_t i = 0;
  while (i + 2 < kUnits.size() && seconds < kUnits[i].first) ++i;
  const double first = std::floor(seconds / kUnits[i].first), rest = seconds - first * kUnits[i].first;
  const double second = std::floor(rest / kUnits[i + 1].first);
  std::string out = fmt::format("{:.0f} {}", first, kUnits[i].second);
  if (second > 0) out += fmt::format(" {:.0f} {}", second, kUnits[i + 1].second);
  return out;
}

}  // namespace

std::optional<double> parse_duration_ms(std::string_view text) noexcept {
  static constexpr std::array<std::pair<std::string_view, double>, 5> kUnits = {
      {{"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}}};
  constexpr double kMost = 3650 * 8.64e7;
  const auto value = take_number(text);
  if (!value) return std::nullopt;
  for (const auto& [unit, factor] : kUnits)
    if (text == unit) return *value * factor <= kMost ? std::optional(*value * factor) : std::nullopt;
  return std::nullopt;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty()) return value;
  const std::size_t power = std::string_view("KMGkmg").find(unit[0]);
  const std::string_view rest = unit.substr(1);
  if (power == std::string_view::npos || (!rest.empty() && rest != "B" && rest != "iB")) return std::nullopt;
  const unsigned shift = static_cast<unsigned>(power % 3 + 1) * 10;
  if (value > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return value << shift;
}

std::string show_utc(std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(seconds)};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string show_duration(double ms) {
  if (!std::isfinite(ms)) return "no answer";
  if (ms >= 6e4 && std::fmod(ms, 6e4) == 0 && ms < 7.2e6) return fmt::format("{:.0f} m", ms / 6e4);
  if (ms >= 1e5) return show_long(std::round(ms / 1e3));
  if (ms >= 1e4) return fmt::format("{:.3g} s", ms / 1e3);
  if (ms >= 1e3) return fmt::format("{:.2f} s", ms / 1e3);
  if (ms >= 10) return fmt::format("{:.0f} ms", ms);
  return fmt::format("{:.1f} ms", ms);
}

}  // namespace launchgate
