#include "libscan/git/commit_author.hpp"

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::git {
namespace {

constexpr std::int64_t kLatest = 253402300799;  // 9999-12-31T23:59:59Z: RFC 3339 has four digits for the year

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Days since 1970-01-01 to a date of the Gregorian calendar, counting years from March so that the leap day is the
// last of its year (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
struct Day {
  int year, month, day;
};
Day day_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = days / 146097, of_era = days % 146097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100), march = (5 * of_year + 2) / 153;
  const std::int64_t month = march < 10 ? march + 3 : march - 9;
  return {static_cast<int>(year + era * 400 + (month <= 2 ? 1 : 0)), static_cast<int>(month),
          static_cast<int>(of_year - (153 * march + 2) / 5 + 1)};
}

// "1700000000 +0130"
std::string rfc3339(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return {};
  const auto seconds = number(text.substr(0, blank));
  const std::string_view zone = trim(text.substr(blank));
  if (!seconds || *seconds < 0 || *seconds > kLatest - 86400 || zone.size() != 5 || (zone[0] != '+' && zone[0] != '-'))
    return {};
  const auto digits = number(zone.substr(1));
  if (!digits || *digits < 0 || *digits / 100 > 23 || *digits % 100 > 59) return {};
  const std::int64_t offset = (*digits / 100 * 60 + *digits % 100) * 60;
  const std::int64_t local = *seconds + (zone[0] == '-' ? -offset : offset);
  if (local < 0) return {};
  const Day day = day_of(local / 86400);
  const int rest = static_cast<int>(local % 86400);
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", day.year, day.month, day.day, rest / 3600,
                rest / 60 % 60, rest % 60, zone[0], static_cast<int>(*digits / 100), static_cast<int>(*digits % 100));
  return out;
}

}  // namespace

CommitAuthor author_of(std::string_view bytes) {
  CommitAuthor author;
  constexpr std::string_view kField = "\nauthor ";
  const std::size_t header_end = bytes.find("\n\n");
  const std::string_view header = bytes.substr(0, header_end);
  const std::size_t at = header.find(kField);
  if (at == std::string_view::npos) return author;
  std::string_view line = header.substr(at + kField.size());
  line = line.substr(0, line.find('\n'));
  const std::size_t open = line.rfind('<'), close = line.rfind('>');
  author.name = valid_utf8(trim(line.substr(0, open)));
  if (close != std::string_view::npos) author.date = rfc3339(trim(line.substr(close + 1)));
  return author;
}

}  // namespace launchgate::git
