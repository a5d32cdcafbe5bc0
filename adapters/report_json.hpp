// The json format: the whole Report, written so that it reads back as the same Report. `launchgate merge` joins the
// reports of shards, and any later stage can be run from a saved file.
//
// The round trip is exact, with one exception: malformed UTF-8 in strings other than a finding's path reads back as
// U+FFFD. (A path's bytes are kept in "path_hex" where "path" cannot show them.)
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/core/verdict.hpp"

namespace launchgate::adapters {

inline constexpr std::string_view kReportFormat = "launchgate-report";
inline constexpr int kReportFormatVersion = 1;  // rises when an older reader would misread a newer report

struct SavedReport {
  Report report;
  std::optional<Verdict> verdict;
};

std::string report_to_json(const Report& report, const Verdict* verdict);

// Unknown members are ignored; a missing or mistyped one is an Error (config) that names its place, as is a report of
// another format version. `name` is the file's name for messages. The text may be hostile; the caller caps its size.
Result<SavedReport> report_from_json(std::string_view text, std::string_view name);

}  // namespace launchgate::adapters
