// Durations and sizes as configuration and command line write them. Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace launchgate {

// "800ms", "15s", "3m", "1.5h", "2d" -> milliseconds. A unit is required; negative and absurd (over ten years) values
// are none.
std::optional<double> parse_duration_ms(std::string_view text) noexcept;

// "500", "64K", "5M", "2G" -> bytes; K, M, G are powers of 1024, as in git and find(1). "5MB" and "5MiB" are the same.
std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept;

// "YYYY-MM-DDTHH:MM:SS" in UTC: RFC 3339 without the zone, as JUnit and GitLab want it. Seconds since 1970.
std::string show_utc(std::int64_t seconds);

// For people: "2 d 4 h", "31 m 5 s", "3 m", "1.5 s", "812 ms", "0.4 ms"; infinity is "no answer".
std::string show_duration(double ms);

}  // namespace launchgate
