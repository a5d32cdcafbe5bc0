// Confirm: from candidates to the exact matches RE2 would find alone, leftmost and non-overlapping per rule.
//
// Why looking at windows is exact. Let m be a match of a bounded rule, beginning at b. One of its anchors ends at some
// e with b < e <= b + lead, and the sieve finds every one of them; where Hyperscan does the work instead, m's front
// form ends at such an e. So b is in the window [e - lead, e) of a candidate. The places of all windows are tried from
// left to right, from the end of the last match on: the first that has a match has the leftmost one, which is what a
// plain search finds.
//
// A place is tried by backtracking (backtracker.hpp). That is over after a few steps, or else the text is made to be
// slow; then RE2 takes its place, still one anchored match at each place: searching the window with the whole
// expression would make an automaton of tens of thousands of states. The anchored match is made with the relaxed
// expression first (relaxed_regex.hpp).
#include <algorithm>
#include <tuple>

#include "libscan/secrets/matcher_impl.hpp"

namespace launchgate::secrets {
namespace {

ByteRange range_of(std::string_view text, const re2::StringPiece& p) noexcept {
  const auto begin = static_cast<std::size_t>(p.data() - text.data());
  return {begin, begin + p.size()};
}

bool line_break(char c) noexcept { return c == '\n' || c == '\r'; }

// One rule's search through one text.
class WindowSearch {
 public:
  WindowSearch(std::string_view text, const RuleFront& front, const CompiledRule& rule, const std::string& regex,
               Matcher::Scratch& scratch)
      : text_(text),
        front_(front),
        rule_(rule),
        regex_(regex),
        program_(rule.program.get(regex)),
        backtracking_(scratch.backtracking),
        groups_(scratch.groups),
        relaxed_groups_(scratch.relaxed_groups),
        budget_(scratch.effort.a_rule),
        a_candidate_(scratch.effort.a_candidate) {}

  // Steps for one candidate more.
  void allow_candidate() { budget_ += a_candidate_; }

  // The first place in [from, to) where a match begins; `to` when there is none.
  std::size_t next_match(std::size_t from, std::size_t to) {
    for (; (from = next_start(from, to)) < to; ++from) {
      const auto outcome =
          program_ == nullptr ? Backtracker::Outcome::gave_up : program_->match_at(text_, from, budget_, backtracking_);
      if (outcome == Backtracker::Outcome::none) continue;
      if (outcome == Backtracker::Outcome::gave_up) {
        if (matches_by_re2(from)) return from;
        continue;
      }
      take_groups();
      settled_ = from;
      if (!groups_[0].empty()) return from;
    }
    return to;
  }

  // The match that begins at `begin`, with its groups.
  void match_at(std::size_t begin) {
    if (settled_ == begin) return;
    const re2::RE2& regex = rule_.regex.get();
    match(regex, begin, std::min(text_.size(), begin + front_.span), groups_,
          static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
  }

 private:
  static constexpr std::size_t kNone = std::string_view::npos;

  void take_groups() {
    const auto& places = backtracking_.groups();
    groups_.resize(program_->group_count() + std::size_t{1});
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const std::size_t begin = places[2 * g], end = places[2 * g + 1];
      groups_[g] = end == Backtracker::kUnset ? re2::StringPiece() : piece(text_.substr(begin, end - begin));
    }
  }

  const LazyRelaxed::Relaxed* relaxed() const { return rule_.relaxed.get(regex_); }

  std::size_t next_start(std::size_t from, std::size_t to) const {
    return program_ == nullptr ? from : program_->next_start(text_, from, to);
  }

  // Is there a match that begins at `begin`?
  bool matches_by_re2(std::size_t begin) {
    const std::size_t to = std::min(text_.size(), begin + front_.span);
    settled_ = kNone;
    if (const LazyRelaxed::Relaxed* const relaxed = this->relaxed()) {
      const auto groups = static_cast<std::size_t>(relaxed->regex.NumberOfCapturingGroups()) + 1;
      if (!match(relaxed->regex, begin, to, relaxed_groups_, groups)) return false;
      if (take_relaxed(relaxed->form)) return settle(begin);
    }
    // Without the groups, which cost several times as much.
    return match(rule_.regex.get(), begin, to, groups_, 1) && !groups_[0].empty();
  }

  bool match(const re2::RE2& regex, std::size_t begin, std::size_t end, std::vector<re2::StringPiece>& groups,
             std::size_t count) const {
    groups.assign(count, {});
    return regex.Match(piece(text_), begin, end, re2::RE2::ANCHOR_START, groups.data(), static_cast<int>(count));
  }

  // The relaxed match is the match if it keeps all counts.
  bool take_relaxed(const RelaxedRegex& form) {
    for (const RelaxedRegex::Limit& limit : form.limits)
      if (relaxed_groups_[limit.group].size() > limit.most) return false;
    groups_.clear();
    for (const std::size_t group : form.groups) groups_.push_back(relaxed_groups_[group]);
    return true;
  }

  bool settle(std::size_t begin) {
    settled_ = begin;
    return !groups_[0].empty();
  }

  std::string_view text_;
  const RuleFront& front_;
  const CompiledRule& rule_;
  const std::string& regex_;
  const Backtracker* program_;
  Backtracker::Scratch& backtracking_;
  std::vector<re2::StringPiece>& groups_;
  std::vector<re2::StringPiece>& relaxed_groups_;
  std::int64_t budget_, a_candidate_;
  std::size_t settled_ = kNone;  // where the match begins whose groups groups_ holds
};

}  // namespace

const Backtracker* LazyBacktracker::get(const std::string& regex) const {
  std::call_once(once_, [&] { program_ = Backtracker::compile(regex); });
  return program_ ? &*program_ : nullptr;
}

const LazyRelaxed::Relaxed* LazyRelaxed::get(const std::string& regex) const {
  std::call_once(once_, [&] {
    auto form = relax_regex(regex);
    if (!form) return;
    std::string text = form->text;
    auto made = std::unique_ptr<Relaxed>(new Relaxed{std::move(*form), {text, regex_options()}});
    if (made->regex.ok()) relaxed_ = std::move(made);
  });
  return relaxed_.get();
}

// The secret is the group the rule names, else the first that took part and is not empty, else the match
// without the line breaks around it (gitleaks' reading).
Match CompiledRules::make_match(std::string_view text, std::uint32_t rule,
                                const std::vector<re2::StringPiece>& groups) const {
  Match m;
  m.rule = rule;
  m.whole = range_of(text, groups[0]);
  while (m.whole.begin < m.whole.end && line_break(text[m.whole.begin])) ++m.whole.begin;
  while (m.whole.end > m.whole.begin && line_break(text[m.whole.end - 1])) --m.whole.end;
  m.secret = m.whole;
  const std::uint32_t wanted = set.rules[rule].secret_group;
  for (std::size_t g = wanted > 0 ? wanted : 1; g < groups.size(); ++g) {
    if (groups[g].data() != nullptr && !groups[g].empty()) {
      m.secret = range_of(text, groups[g]);
      break;
    }
    if (wanted > 0) break;
  }
  return m;
}

void MatchList::add(const std::vector<re2::StringPiece>& groups) {
  const Match match = rules_.make_match(text_, rule_, groups);
  const Reader* const reader = rules_.each[rule_].reader;
  if (reader == nullptr) return out_.push_back(match);
  const ByteRange heading = range_of(text_, groups[0]);
  if (heading.end <= read_to_) return;
  held_.clear();
  read_to_ = std::max(read_to_, reader->read(text_, heading, match.secret, held_));
  for (const HeldValue& value : held_) {
    Match& m = out_.emplace_back();
    m.rule = rule_;
    m.whole = value.whole;
    m.secret = value.secret;
    m.named = value.named;
  }
}

// Where a reader stopped at its longest, the heading of a block inside finds some values once more.
void MatchList::finish() {
  if (rules_.each[rule_].reader == nullptr) return;
  const auto begin = out_.begin() + static_cast<std::ptrdiff_t>(first_);
  const auto place = [](const Match& m) { return std::tuple(m.whole.begin, m.secret.begin, m.secret.end); };
  std::stable_sort(begin, out_.end(), [&](const Match& a, const Match& b) { return place(a) < place(b); });
  const auto same = [](const Match& a, const Match& b) {
    return a.secret.begin == b.secret.begin && a.secret.end == b.secret.end;
  };
  out_.erase(std::unique(begin, out_.end(), same), out_.end());
}

void Matcher::Impl::confirm_windows(std::string_view text, std::uint32_t rule, const Candidate* begin,
                                    const Candidate* end, Scratch& scratch, std::vector<Match>& out) const {
  const CompiledRules& all = rules();
  WindowSearch search(text, fronts[rule], all.each[rule], all.rule(rule).regex, scratch);
  auto& windows = scratch.windows;
  windows.clear();
  for (; begin != end; ++begin)
    windows.push_back({begin->end - std::min<std::size_t>(begin->end, begin->lead), begin->end});
  std::sort(windows.begin(), windows.end(), [](ByteRange a, ByteRange b) { return a.begin < b.begin; });
  MatchList matches(all, rule, text, scratch.held, out);
  std::size_t done = 0;  // end of the last match
  for (const ByteRange window : windows) {
    search.allow_candidate();
    for (std::size_t at = std::max(window.begin, done);
         at < window.end && (at = search.next_match(at, window.end)) < window.end; at = done) {
      search.match_at(at);
      matches.add(scratch.groups);
      done = range_of(text, scratch.groups[0]).end;
    }
    done = std::max(done, window.end);  // no place is tried twice
  }
  matches.finish();
}

void Matcher::Impl::confirm_whole(std::string_view text, std::uint32_t rule, Scratch& scratch,
                                  std::vector<Match>& out) const {
  const CompiledRules& all = rules();
  const re2::RE2& re = all.each[rule].regex.get();
  auto& groups = scratch.groups;
  groups.assign(static_cast<std::size_t>(re.NumberOfCapturingGroups()) + 1, {});
  MatchList matches(all, rule, text, scratch.held, out);
  for (std::size_t at = 0; at <= text.size();) {
    if (!re.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
      break;
    const ByteRange whole = range_of(text, groups[0]);
    if (whole.begin != whole.end) matches.add(groups);
    at = std::max(whole.end, whole.begin + 1);
  }
  matches.finish();
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

}  // namespace launchgate::secrets
