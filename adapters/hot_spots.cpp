#include "adapters/hot_spots.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace launchgate::adapters {
namespace {

constexpr std::size_t kMany = 12;  // findings that a screen or two still show

// The file or the deepest folder that holds three of four; the whole tree is none.
void find_place(const std::vector<std::string_view>& paths, HotSpot& spot) {
  std::map<std::string_view, std::size_t> inside;
  for (const std::string_view path : paths) {
    for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
      ++inside[path.substr(0, slash + 1)];
    ++inside[path];
  }
  for (const auto& [place, count] : inside) {
    if (4 * count < 3 * paths.size() || place.size() <= spot.place.size()) continue;
    spot.place = place;
    spot.inside = count;
  }
}

}  // namespace

std::vector<HotSpot> hot_spots(const Report& report, std::size_t most) {
  std::map<std::string_view, std::vector<std::string_view>> paths;  // by rule
  std::size_t total = 0;
  for (const Finding& f : report.findings) {
    if (f.severity == Severity::can_wait || f.where.path.empty()) continue;
    paths[f.rule].push_back(f.where.path);
    ++total;
  }
  std::vector<HotSpot> spots;
  if (total < kMany) return spots;
  for (const auto& [rule, those] : paths) {
    HotSpot& spot = spots.emplace_back(HotSpot{std::string(rule), those.size(), {}, 0});
    if (those.size() > 1) find_place(those, spot);
  }
  std::stable_sort(spots.begin(), spots.end(), [](const HotSpot& a, const HotSpot& b) { return a.count > b.count; });
  if (spots.size() > most) spots.resize(most);
  return spots;
}

}  // namespace launchgate::adapters
