#include "libscan/config/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "libscan/core/text.hpp"

namespace launchgate::config {
namespace {

constexpr std::string_view kHeader =
    "# Findings that are accepted as they are: fingerprint, rule, masked value. Written by `launchgate baseline`.\n";

bool is_fingerprint(std::string_view s) {
  return s.size() == 36 && s.starts_with("lg1:") &&
         s.find_first_not_of("0123456789abcdef", 4) == std::string_view::npos;
}

bool is_merge_mark(std::string_view line) {
  return line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") ||
         line.starts_with("|||||||");
}

// The next word; `line` keeps what is behind it.
std::string_view take_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

std::string one_word(std::string_view rule) {
  std::string out = printable(rule);
  std::replace(out.begin(), out.end(), ' ', '-');
  return out;
}

}  // namespace

Result<std::vector<BaselineEntry>> parse_baseline(std::string_view text, std::string_view file) {
  std::vector<BaselineEntry> out;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto refuse = [&](std::string_view what, std::string hint) {
      return fail(ErrorCode::config, fmt::format("{}:{}: {}", printable(file), number, what), std::move(hint));
    };
    if (is_merge_mark(line))
      return refuse("a merge left a conflict here", "keep the lines of both sides, remove the three marks");
    BaselineEntry e;
    e.fingerprint = take_word(line);
    if (!is_fingerprint(e.fingerprint))
      return refuse("no fingerprint at the start of the line", "`launchgate baseline update` writes the file anew");
    e.rule = take_word(line);
    e.hint = line;
    e.line = number;
    out.push_back(std::move(e));
  }
  return out;
}

std::vector<BaselineEntry> baseline_of(const std::vector<Finding>& findings) {
  std::vector<BaselineEntry> out;
  out.reserve(findings.size());
  for (const Finding& f : findings)
    out.push_back({f.fingerprint, f.rule, f.masked.empty() ? printable(f.where.path) : printable(f.masked), 0});
  return out;
}

std::string format_baseline(std::vector<BaselineEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const BaselineEntry& a, const BaselineEntry& b) {
    return std::tie(a.fingerprint, a.rule, a.hint) < std::tie(b.fingerprint, b.rule, b.hint);
  });
  std::string out(kHeader);
  const std::string* last = nullptr;
  for (const BaselineEntry& e : entries) {
    if (last != nullptr && *last == e.fingerprint) continue;
    last = &e.fingerprint;
    out += fmt::format("{} {} {}\n", e.fingerprint, one_word(e.rule), e.hint);
  }
  return out;
}

}  // namespace launchgate::config
