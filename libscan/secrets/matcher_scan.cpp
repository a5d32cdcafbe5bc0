// Front and confirm: from bytes to the exact matches RE2 would find alone.
//
// Why looking at windows is exact. Let m be a match of a bounded rule, beginning at b. Its front form ends at some
// e with b < e <= b + reach, and Hyperscan reports every such e. We take candidates in rising order and, for each,
// ask RE2 for a match at each place of [max(last end, e - reach), e), with the whole text as context for anchors
// and word boundaries, and e + span as its end. Whatever begins before e ends before that, so nothing is cut; a match
// that begins at or behind e is left to its own candidate. Hence the first match accepted after `last end` is the
// leftmost of all, which is what a plain left-to-right search finds.
//
// Place by place, not as one unanchored search: an anchored attempt dies at its first wrong byte, while RE2 finds
// where an unanchored match begins by running the expression backwards from its end, and a long bounded repeat
// (the body of a private key) read backwards keeps thousands of states alive.
#include <algorithm>

#include "libscan/secrets/matcher_impl.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kMaxPiece = std::size_t{1} << 31;  // hs_scan takes a 32-bit length

bool by_place(const Match& a, const Match& b) noexcept {
  return std::tie(a.rule, a.whole.begin, a.whole.end) < std::tie(b.rule, b.whole.begin, b.whole.end);
}

ByteRange range_of(std::string_view text, const re2::StringPiece& p) noexcept {
  const auto begin = static_cast<std::size_t>(p.data() - text.data());
  return {begin, begin + p.size()};
}

bool line_break(char c) noexcept { return c == '\n' || c == '\r'; }

}  // namespace

// The secret is the group the rule names, else the first that took part and is not empty, else the match
// without the line breaks around it (gitleaks' reading).
Match Matcher::Impl::make_match(std::string_view text, std::uint32_t rule,
                                const std::vector<re2::StringPiece>& groups) const {
  Match m;
  m.rule = rule;
  m.whole = range_of(text, groups[0]);
  while (m.whole.begin < m.whole.end && line_break(text[m.whole.begin])) ++m.whole.begin;
  while (m.whole.end > m.whole.begin && line_break(text[m.whole.end - 1])) --m.whole.end;
  m.secret = m.whole;
  const std::uint32_t wanted = rules.rules[rule].secret_group;
  for (std::size_t g = wanted > 0 ? wanted : 1; g < groups.size(); ++g) {
    if (groups[g].data() != nullptr && !groups[g].empty()) {
      m.secret = range_of(text, groups[g]);
      break;
    }
    if (wanted > 0) break;
  }
  return m;
}

void Matcher::Impl::confirm_windows(std::string_view text, std::uint32_t rule, const Candidate* begin,
                                    const Candidate* end, Scratch& scratch, std::vector<Match>& out) const {
  const CompiledRule& c = compiled[rule];
  const re2::RE2& re = c.regex.get();
  const regex::ByteSet& first = c.regex.first_bytes();
  auto& groups = scratch.groups;
  groups.assign(static_cast<std::size_t>(re.NumberOfCapturingGroups()) + 1, {});
  std::size_t done = 0;  // end of the last match
  for (; begin != end; ++begin) {
    if (begin->end <= done) continue;
    const std::size_t from = std::max(done, begin->end - std::min<std::size_t>(begin->end, c.reach));
    const std::size_t to = std::min(text.size(), begin->end + c.span);
    for (std::size_t at = from; at < begin->end; ++at) {
      if (!first[static_cast<unsigned char>(text[at])]) continue;
      if (!re.Match(piece(text), at, to, re2::RE2::ANCHOR_START, groups.data(), static_cast<int>(groups.size())))
        continue;
      const ByteRange whole = range_of(text, groups[0]);
      if (whole.begin == whole.end) continue;
      out.push_back(make_match(text, rule, groups));
      done = whole.end;
      break;
    }
  }
}

void Matcher::Impl::confirm_whole(std::string_view text, std::uint32_t rule, Scratch& scratch,
                                  std::vector<Match>& out) const {
  const re2::RE2& re = compiled[rule].regex.get();
  auto& groups = scratch.groups;
  groups.assign(static_cast<std::size_t>(re.NumberOfCapturingGroups()) + 1, {});
  for (std::size_t at = 0; at <= text.size();) {
    if (!re.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
      return;
    const ByteRange whole = range_of(text, groups[0]);
    if (whole.begin != whole.end) out.push_back(make_match(text, rule, groups));
    at = std::max(whole.end, whole.begin + 1);
  }
}

void Matcher::find_candidates(std::string_view text, ByteRange part, Scratch& scratch,
                              std::vector<Candidate>& out) const {
  part.end = std::min(part.end, text.size());
  const std::size_t first = out.size();
  for (std::size_t at = part.begin; at < part.end;) {
    const std::size_t size = std::min(part.end - at, kMaxPiece);
    scratch.hits.clear();
    impl_->front.scan(text.substr(at, size), scratch.front, scratch.hits);
    for (const std::uint64_t hit : scratch.hits)
      out.push_back({static_cast<std::uint32_t>(hit), at + static_cast<std::size_t>(hit >> 32)});
    // Pieces overlap by what a front form may span; a candidate seen twice is dropped below.
    at += at + size < part.end ? size - std::min(size / 2, impl_->widest) : size;
  }
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, out.end(), [](auto& a, auto& b) { return std::tie(a.end, a.rule) < std::tie(b.end, b.rule); });
  out.erase(std::unique(begin, out.end()), out.end());
}

void Matcher::confirm(std::string_view text, const std::vector<Candidate>& candidates, Scratch& scratch,
                      std::vector<Match>& out) const {
  auto& sorted = scratch.by_rule;
  sorted = candidates;
  std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.rule < b.rule; });
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t next = i;
    while (next < sorted.size() && sorted[next].rule == sorted[i].rule) ++next;
    if (unbounded(sorted[i].rule))
      impl_->confirm_whole(text, sorted[i].rule, scratch, out);
    else
      impl_->confirm_windows(text, sorted[i].rule, sorted.data() + i, sorted.data() + next, scratch, out);
    i = next;
  }
}

void Matcher::scan(std::string_view text, const BlobName& name, Scratch& scratch, std::vector<Match>& out) const {
  out.clear();
  scratch.candidates.clear();
  find_candidates(text, {0, text.size()}, scratch, scratch.candidates);
  if (scratch.candidates.empty()) return;
  confirm(text, scratch.candidates, scratch, out);
  if (!out.empty()) filter(text, name, scratch, out);
}

void Matcher::match_path(std::string_view path, Scratch& scratch, std::vector<std::uint32_t>& rules) const {
  if (impl_->path_set == nullptr) return;
  scratch.set_hits.clear();
  if (!impl_->path_set->Match(piece(path), &scratch.set_hits)) return;
  for (const int hit : scratch.set_hits) rules.push_back(impl_->path_rules[static_cast<std::size_t>(hit)]);
  std::sort(rules.begin(), rules.end());
}

void Matcher::confirm_by_re2_alone(std::string_view text, std::vector<Match>& out) const {
  Scratch scratch;
  for (std::uint32_t i = 0; i < impl_->rules.rules.size(); ++i)
    if (impl_->compiled[i].mode != CompiledRule::Mode::path_only) impl_->confirm_whole(text, i, scratch, out);
  std::sort(out.begin(), out.end(), by_place);
}

}  // namespace launchgate::secrets
