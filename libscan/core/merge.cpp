#include "libscan/core/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <set>
#include <tuple>

#include "libscan/core/story.hpp"
#include "libscan/core/text.hpp"

namespace launchgate {
namespace {

constexpr std::uint32_t kMaxShards = 100000;  // each missing one is named

struct Shard {
  std::uint32_t index = 0;  // 1-based
  std::uint32_t of = 0;
};

std::optional<Shard> parse_shard(std::string_view text) {
  const auto number = [](std::string_view s, std::uint32_t& to) {
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), to);
    return error == std::errc() && end == s.data() + s.size();
  };
  const std::size_t slash = text.find('/');
  Shard shard;
  if (slash == std::string_view::npos || !number(text.substr(0, slash), shard.index) ||
      !number(text.substr(slash + 1), shard.of))
    return std::nullopt;
  if (shard.index == 0 || shard.index > shard.of || shard.of > kMaxShards) return std::nullopt;
  return shard;
}

// Two findings are one when they say the same of the same place.
auto identity(const Finding& f) {
  const Span& s = f.where.span;
  return std::tie(f.where.path, s.line, s.column, f.rule, f.where.url, f.where.commit, f.fingerprint, s.end_line,
                  s.end_column);
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

// "a" of a and a, "a, b" of a and b.
void join_name(std::string& to, const std::string& from) {
  if (to == from || from.empty()) return;
  to += to.empty() ? from : ", " + from;
}

// Marks what of a division did not come. Fails when the parts are of different divisions.
Result<void> account_for_shards(const std::vector<Report>& parts, Coverage& coverage) {
  std::vector<bool> present;
  const Report* first = nullptr;
  for (const Report& part : parts) {
    if (part.shard.empty()) continue;
    const auto shard = parse_shard(part.shard);
    if (!shard) return fail(ErrorCode::usage, fmt::format("merge: '{}' is no shard", printable(part.shard)), "");
    if (present.empty()) present.resize(shard->of);
    if (present.size() != shard->of)
      return fail(ErrorCode::usage, fmt::format("merge: shards of {} and of {}", present.size(), shard->of),
                  "merge the reports of one division at a time");
    present[shard->index - 1] = true;
    // All parts of a division see all commits: with others in between, contents may have fallen to no part at all.
    if (first == nullptr) first = &part;
    if (part.coverage.commits != first->coverage.commits)
      return fail(
          ErrorCode::undecided,
          fmt::format("merge: part {} saw {} commits and part {} {}: they are not of one history",
                      printable(first->shard), first->coverage.commits, printable(part.shard), part.coverage.commits),
          "run all parts on one clone, or on clones made at the same commit with the same references");
  }
  for (std::size_t i = 0; i < present.size(); ++i)
    if (!present[i]) coverage.skip("shard", fmt::format("{}/{}", i + 1, present.size()), /*undecided=*/true);
  return {};
}

}  // namespace

Result<Report> merge_reports(std::vector<Report> parts) {
  if (parts.empty()) return fail(ErrorCode::usage, "merge: no reports", "name the JSON reports of all parts");
  Report whole;
  whole.version = parts.front().version;
  whole.fail_on = parts.front().fail_on;
  if (auto accounted = account_for_shards(parts, whole.coverage); !accounted) return Unexpected{accounted.error()};
  std::set<std::pair<Note::Level, std::string>> said;
  for (Report& part : parts) {
    if (part.version != whole.version)
      return fail(
          ErrorCode::usage,
          fmt::format("merge: reports of launchgate {} and {}", printable(whole.version), printable(part.version)),
          "use one version for all parts: another one may have other rules");
    whole.fail_on = std::min(whole.fail_on, part.fail_on);
    join_name(whole.mode, part.mode);
    join_name(whole.target, part.target);
    // Shards divide blobs, not commits: each has seen the same ones.
    const std::uint64_t commits = std::max(whole.coverage.commits, part.coverage.commits);
    whole.coverage.merge(part.coverage);
    whole.coverage.commits = commits;
    append(whole.findings, part.findings);
    append(whole.checks, part.checks);
    append(whole.rules, part.rules);
    for (Note& n : part.notes)
      if (said.emplace(n.level, n.text).second) whole.notes.push_back(std::move(n));
  }
  std::sort(whole.findings.begin(), whole.findings.end(), report_order);
  const auto same = [](const Finding& a, const Finding& b) { return identity(a) == identity(b); };
  whole.findings.erase(std::unique(whole.findings.begin(), whole.findings.end(), same), whole.findings.end());
  // Of a secret each shard knew only a part.
  const bool divided = std::any_of(parts.begin(), parts.end(), [](const Report& part) { return !part.shard.empty(); });
  if (divided) {
    tell_secrets(whole.findings);
    keep_first_of_each(whole.findings);
  }
  const auto by_id = [](const RuleInfo& a, const RuleInfo& b) { return a.id < b.id; };
  std::stable_sort(whole.rules.begin(), whole.rules.end(), by_id);
  const auto same_id = [](const RuleInfo& a, const RuleInfo& b) { return a.id == b.id; };
  whole.rules.erase(std::unique(whole.rules.begin(), whole.rules.end(), same_id), whole.rules.end());
  return whole;
}

}  // namespace launchgate
