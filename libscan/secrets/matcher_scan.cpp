// The front stage, the whole of scan(), and the oracle. Confirming is in matcher_confirm.cpp.
#include <algorithm>

#include "libscan/secrets/matcher_impl.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kMaxPiece = std::size_t{1} << 31;  // hs_scan takes a 32-bit length

bool by_place(const Match& a, const Match& b) noexcept {
  return std::tie(a.rule, a.whole.begin, a.whole.end) < std::tie(b.rule, b.whole.begin, b.whole.end);
}

}  // namespace

// A piece of text that begins at `offset` in the whole.
void Matcher::Impl::scan_piece(std::string_view text, std::size_t offset, Scratch& scratch,
                               std::vector<Candidate>& out) const {
  scratch.anchors.clear();
  sieve.find(text, scratch.anchors);
  for (const AnchorHit& hit : scratch.anchors)
    out.push_back({hit.id, std::min(hit.lead, leads[hit.id]), offset + hit.end});
  scratch.fronts.resize(layers.size());
  for (std::size_t n = 0; n < layers.size(); ++n) {
    const Layer& layer = layers[n];
    if (by_anchors(layer)) continue;
    scratch.hits.clear();
    layer.database.scan(text, scratch.fronts[n], scratch.hits);
    for (const std::uint64_t hit : scratch.hits) {
      const auto id = static_cast<std::uint32_t>(hit);
      const std::uint32_t rule = layer.rules.empty() ? id : layer.rules[id];
      if (rule != kNoRule) out.push_back({rule, leads[rule], offset + static_cast<std::size_t>(hit >> 32)});
    }
  }
}

void Matcher::find_candidates(std::string_view text, ByteRange part, Scratch& scratch,
                              std::vector<Candidate>& out) const {
  part.end = std::min(part.end, text.size());
  const std::size_t first = out.size();
  for (std::size_t at = part.begin; at < part.end;) {
    const std::size_t size = std::min(part.end - at, kMaxPiece);
    impl_->scan_piece(text.substr(at, size), at, scratch, out);
    // Pieces overlap by what a front form may span; a candidate seen twice is dropped below.
    at += at + size < part.end ? size - std::min(size / 2, impl_->widest) : size;
  }
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, out.end(),
            [](auto& a, auto& b) { return std::tie(a.end, a.rule, b.lead) < std::tie(b.end, b.rule, a.lead); });
  const auto same = [](auto& a, auto& b) { return a.end == b.end && a.rule == b.rule; };
  out.erase(std::unique(begin, out.end(), same), out.end());
}

// A rule for files of some names is asked about those alone: a comma behind "token" is the heading of a CSV file in few
// of them. The filter would drop its matches all the same.
void Matcher::Impl::drop_elsewhere(const BlobName& name, Scratch& scratch, std::vector<Candidate>& candidates) const {
  const CompiledRules& all = rules();
  auto& asked = scratch.path_answers;
  asked.assign(fronts.size(), PathAnswer::unknown);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    const LazyRegex& path = all.each[candidate.rule].path;
    if (path.empty()) return false;
    PathAnswer& answer = asked[candidate.rule];
    if (answer == PathAnswer::unknown) answer = path.found_in(name.path) ? PathAnswer::here : PathAnswer::elsewhere;
    return answer == PathAnswer::elsewhere;
  });
}

void Matcher::scan(std::string_view text, const BlobName& name, Scratch& scratch, std::vector<Match>& out) const {
  out.clear();
  scratch.candidates.clear();
  find_candidates(text, {0, text.size()}, scratch, scratch.candidates);
  if (scratch.candidates.empty()) return;
  impl_->drop_elsewhere(name, scratch, scratch.candidates);
  confirm(text, scratch.candidates, scratch, out);
  if (!out.empty()) filter(text, name, scratch, out);
}

void Matcher::match_path(const BlobName& name, Scratch& scratch, std::vector<std::uint32_t>& rules) const {
  if (!impl_->path_sieve.any_in(name.path)) return;
  const CompiledRules& all = impl_->rules();
  if (all.path_set == nullptr) return;
  scratch.set_hits.clear();
  if (!all.path_set->Match(piece(name.path), &scratch.set_hits)) return;
  for (const int hit : scratch.set_hits)
    if (const std::uint32_t rule = all.path_rules[static_cast<std::size_t>(hit)]; !all.path_allowed(rule, name))
      rules.push_back(rule);
  std::sort(rules.begin(), rules.end());
}

void Matcher::confirm_by_re2_alone(std::string_view text, std::vector<Match>& out) const {
  Scratch scratch;
  for (std::uint32_t i = 0; i < impl_->fronts.size(); ++i)
    if (impl_->fronts[i].mode != RuleFront::Mode::path_only) impl_->confirm_whole(text, i, scratch, out);
  std::sort(out.begin(), out.end(), by_place);
}

}  // namespace launchgate::secrets
