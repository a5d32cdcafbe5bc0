#include "libscan/core/severity.hpp"

#include <array>

namespace launchgate {
namespace {

constexpr std::array<std::string_view, 3> kSeverities{"can-wait", "high-risk", "launch-blocker"};
constexpr std::array<std::string_view, 3> kConfidences{"low", "medium", "high"};
constexpr std::array<std::string_view, 5> kOutcomes{"pass", "flaky", "fail", "inconclusive", "skipped"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view name) noexcept {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Severity s) noexcept { return kSeverities[static_cast<std::size_t>(s)]; }
std::string_view to_string(Confidence c) noexcept { return kConfidences[static_cast<std::size_t>(c)]; }
std::string_view to_string(Outcome o) noexcept { return kOutcomes[static_cast<std::size_t>(o)]; }

std::optional<Severity> parse_severity(std::string_view s) noexcept { return find<Severity>(kSeverities, s); }
std::optional<Confidence> parse_confidence(std::string_view s) noexcept { return find<Confidence>(kConfidences, s); }

}  // namespace launchgate
