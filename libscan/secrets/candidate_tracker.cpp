#include "libscan/secrets/candidate_tracker.hpp"

#include <algorithm>

namespace launchgate::secrets {
namespace {

// A copy shorter than this beyond its context is scanned again with its surroundings: two calls of the front end cost
// more than the bytes between them.
constexpr std::size_t kWorthSkipping = 128;

auto first_at(const std::vector<Candidate>& sorted, std::size_t end) {
  return std::lower_bound(sorted.begin(), sorted.end(), end,
                          [](const Candidate& c, std::size_t value) { return c.end < value; });
}

}  // namespace

void CandidateTracker::whole(std::string_view text, std::vector<Candidate>& out) {
  out.clear();
  scanned_ += text.size();
  matcher_->find_candidates(text, {0, text.size()}, *scratch_, out);
}

// The candidates that end in [first, last].
void CandidateTracker::scan_ends(std::string_view text, std::size_t first, std::size_t last,
                                 std::vector<Candidate>& out) {
  const ByteRange part{first - std::min(first, width_ + 1), std::min(text.size(), last + 1)};
  scanned_ += part.end - part.begin;
  const std::size_t kept = out.size();
  matcher_->find_candidates(text, part, *scratch_, out);
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(kept);
  out.erase(std::remove_if(begin, out.end(), [&](const Candidate& c) { return c.end < first || c.end > last; }),
            out.end());
}

void CandidateTracker::inherit(std::string_view text, std::size_t base_size, std::span<const CopiedRange> copies,
                               const std::vector<Candidate>& base, std::vector<Candidate>& out) {
  out.clear();
  if (width_ >= text.size()) return whole(text, out);
  std::size_t next = 0;  // every candidate that ends before this is in `out`
  for (const CopiedRange& copy : copies) {
    // The ends whose whole context was copied. At the very start and end of both contents the context is the edge.
    const bool at_start = copy.from == 0 && copy.to == 0;
    const bool at_end = copy.to + copy.length == text.size() && copy.from + copy.length == base_size;
    const std::size_t low = at_start ? 0 : copy.to + width_ + 1;
    const std::size_t high = at_end ? text.size() : copy.to + copy.length - 1;
    if (low > high || (!at_start && high - low < kWorthSkipping)) continue;
    if (next < low) scan_ends(text, next, low - 1, out);
    const std::size_t shift_from = copy.from + low - copy.to;
    for (auto at = first_at(base, shift_from); at != base.end() && at->end <= shift_from + (high - low); ++at)
      out.push_back({at->rule, at->end - shift_from + low});
    next = high + 1;
  }
  if (next <= text.size()) scan_ends(text, next, text.size(), out);
}

}  // namespace launchgate::secrets
