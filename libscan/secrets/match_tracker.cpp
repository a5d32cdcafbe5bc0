#include "libscan/secrets/match_tracker.hpp"

#include <algorithm>
#include <tuple>

namespace launchgate::secrets {
namespace {

// A copy shorter than this beyond its context is scanned again with its surroundings: two calls of the front end cost
// more than the bytes between them.
constexpr std::size_t kWorthSkipping = 128;

}  // namespace

void MatchTracker::whole(std::string_view text, TrackedMatches& out) { inherit(text, {}, TrackedMatches(), out); }

void MatchTracker::inherit(std::string_view text, std::span<const CopiedRange> copies, const TrackedMatches& base,
                           TrackedMatches& out) {
  out.candidates_.clear();
  out.clusters_.clear();
  out.matches_.clear();
  out.size_ = text.size();
  moved_.clear();
  std::size_t next = 0;  // every candidate that ends before this has been seen to
  for (const CopiedRange& copy : copies) {
    // The ends whose whole context was copied. At the very start and end of both contents the context is the edge.
    const bool at_start = copy.from == 0 && copy.to == 0;
    const bool at_end = copy.to + copy.length == text.size() && copy.from + copy.length == base.size_;
    const std::size_t low = at_start ? 0 : copy.to + context_.before;
    if (!at_end && copy.length < context_.behind) continue;
    const std::size_t high = at_end ? text.size() : copy.to + copy.length - context_.behind;
    if (low > high || (!at_start && high - low < kWorthSkipping)) continue;
    if (next < low) scan_ends(text, next, low - 1, out);
    move_candidates(copy, low, high, at_start, at_end, base, out);
    next = high + 1;
  }
  if (next <= text.size()) scan_ends(text, next, text.size(), out);
  if (!out.candidates_.empty()) find_matches(text, base, out);
}

// The candidates that end in [first, last], afresh.
void MatchTracker::scan_ends(std::string_view text, std::size_t first, std::size_t last, TrackedMatches& out) {
  const ByteRange part{first - std::min(first, context_.before), std::min(text.size(), last + context_.behind)};
  scanned_ += part.end - part.begin;
  fresh_.clear();
  matcher_->find_candidates(text, part, *scratch_, fresh_);
  for (const Candidate& candidate : fresh_) {
    if (candidate.end < first || candidate.end > last) continue;
    moved_.push_back({static_cast<std::uint32_t>(out.candidates_.size())});
    out.candidates_.push_back({candidate});
  }
}

// The base's candidates that end in [low, high] of this content.
void MatchTracker::move_candidates(const CopiedRange& copy, std::size_t low, std::size_t high, bool at_start,
                                   bool at_end, const TrackedMatches& base, TrackedMatches& out) {
  const std::size_t shift = copy.to - copy.from;  // modulo 2^64, as all unsigned arithmetic
  auto at = std::lower_bound(base.candidates_.begin(), base.candidates_.end(), low - shift,
                             [](const TrackedMatches::Tracked& c, std::size_t end) { return c.at.end < end; });
  for (; at != base.candidates_.end() && at->at.end <= high - shift; ++at) {
    const Candidate here{at->at.rule, at->at.lead, at->at.end + shift};
    const std::size_t reach = matcher_->influence(here.rule);
    const bool same_before = at_start || here.end - copy.to >= reach;
    const bool same_behind = at_end || copy.to + copy.length - here.end >= reach;
    moved_.push_back({static_cast<std::uint32_t>(out.candidates_.size()),
                      same_before && same_behind ? at->cluster : TrackedMatches::kNone, shift});
    out.candidates_.push_back({here});
  }
}

// Cluster by cluster.
void MatchTracker::find_matches(std::string_view text, const TrackedMatches& base, TrackedMatches& out) {
  const auto candidate = [&](const Moved& m) -> const Candidate& { return out.candidates_[m.index].at; };
  std::sort(moved_.begin(), moved_.end(), [&](const Moved& a, const Moved& b) {
    return std::tuple(candidate(a).rule, candidate(a).end) < std::tuple(candidate(b).rule, candidate(b).end);
  });
  for (std::size_t begin = 0, end; begin < moved_.size(); begin = end) {
    const std::uint32_t rule = candidate(moved_[begin]).rule;
    const std::size_t influence = matcher_->influence(rule);
    for (end = begin + 1; end < moved_.size() && candidate(moved_[end]).rule == rule &&
                          candidate(moved_[end]).end - candidate(moved_[end - 1]).end <= influence;)
      ++end;
    settle(text, std::span(moved_).subspan(begin, end - begin), base, out);
  }
}

void MatchTracker::settle(std::string_view text, std::span<const Moved> cluster, const TrackedMatches& base,
                          TrackedMatches& out) {
  const auto number = static_cast<std::uint32_t>(out.clusters_.size());
  const std::size_t first_match = out.matches_.size();
  for (const Moved& m : cluster) out.candidates_[m.index].cluster = number;
  const std::uint32_t origin = cluster.front().cluster;
  const bool unchanged = origin != TrackedMatches::kNone && base.clusters_[origin].candidates == cluster.size() &&
                         std::all_of(cluster.begin(), cluster.end(), [&](const Moved& m) {
                           return m.cluster == origin && m.shift == cluster.front().shift;
                         });
  if (unchanged) {
    const TrackedMatches::Cluster& old = base.clusters_[origin];
    const std::size_t shift = cluster.front().shift;
    for (std::uint32_t i = 0; i < old.matches; ++i) {
      Match& m = out.matches_.emplace_back(base.matches_[old.first_match + i]);
      m.whole = {m.whole.begin + shift, m.whole.end + shift};
      m.secret = {m.secret.begin + shift, m.secret.end + shift};
      m.named = {m.named.begin + shift, m.named.end + shift};
    }
  } else {
    fresh_.clear();
    for (const Moved& m : cluster) fresh_.push_back(out.candidates_[m.index].at);
    matcher_->confirm(text, fresh_, *scratch_, out.matches_);
  }
  out.clusters_.push_back({static_cast<std::uint32_t>(cluster.size()), static_cast<std::uint32_t>(first_match),
                           static_cast<std::uint32_t>(out.matches_.size() - first_match)});
}

}  // namespace launchgate::secrets
