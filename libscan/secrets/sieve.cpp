// Two steps, the second seeing a hundredth of what the first sees.
//
//   keys      Every anchor has a key, four bytes that stand in it, or three. Step one finds all places of a block where
//             a key may stand (key_finder.hpp).
//   anchors   The few places left are compared with the anchors whose keys begin with the same three bytes: the whole
//             literal, and what follows it: `key` is everywhere in source text, and what makes it the key of something
//             stands right behind it. That is looked at in a table (tail_automaton.hpp); where the table ends, the
//             expression itself is tried.
#include "libscan/secrets/sieve.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "libscan/secrets/flat_bytes.hpp"
#include "libscan/secrets/key_choice.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kGram = 3;

template <class Byte>
std::uint64_t word_at(const Byte* bytes, std::size_t size) noexcept {
  std::uint64_t word = 0;
  if (size >= sizeof word)
    std::memcpy(&word, bytes, sizeof word);
  else
    std::memcpy(&word, bytes, size);
  return word;
}

}  // namespace

Sieve::Sieve(std::vector<Anchor> anchors, KeyFinder::Form form) {
  choose_keys(anchors);
  own(flatten(std::move(anchors), nullptr));
  view(bytes_, form);
}

Sieve Sieve::joined(const Sieve& base, std::span<const std::uint32_t> new_ids, std::vector<Anchor> more) {
  std::vector<Anchor> all = base.anchors();
  for (Anchor& a : all) {
    for (Anchor::Use& use : a.uses) use.id = new_ids[use.id];
    std::erase_if(a.uses, [](const Anchor::Use& use) { return use.id == kNoId; });
  }
  std::erase_if(all, [](const Anchor& a) { return a.uses.empty(); });
  const std::size_t settled = all.size();
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  choose_keys(all, settled);
  Sieve sieve;
  sieve.own(flatten(std::move(all), &base));
  sieve.view(sieve.bytes_, KeyFinder::fastest());
  return sieve;
}

void Sieve::own(std::string_view bytes) {
  owned_ = std::make_unique<std::uint64_t[]>((bytes.size() + 7) / 8);
  if (!bytes.empty()) std::memcpy(owned_.get(), bytes.data(), bytes.size());
  bytes_ = {reinterpret_cast<const char*>(owned_.get()), bytes.size()};
}

bool Sieve::view(std::string_view bytes, KeyFinder::Form form) {
  FlatReader in(bytes);
  bytes_ = bytes;
  const auto keys = in.array<KeyTables>();
  slots_ = in.array<Slot>();
  heads_ = in.array<Head>();
  rests_ = in.array<Rest>();
  follows_ = in.array<ByteTable>();
  const auto must_rows = in.array<ByteFinder::Rows>();
  tails_ = in.array<Tail>();
  tail_classes_ = in.array<TailAutomaton::Classes>();
  tail_steps_ = in.array<std::uint8_t>();
  tail_text_ = in.bytes();
  uses_ = in.array<Use>();
  if (!in.at_end()) return false;
  for (const ByteFinder::Rows& rows : must_rows) musts_.emplace_back(rows);
  if (!keys.empty()) keys_ = KeyFinder(keys.front(), form);
  return true;
}

Sieve Sieve::over_lasting(std::string_view bytes) {
  Sieve sieve;
  return sieve.view(bytes, KeyFinder::fastest()) ? std::move(sieve) : Sieve();
}

std::optional<Sieve> Sieve::copy_of(std::string_view bytes) {
  Sieve sieve;
  if (bytes.empty()) return sieve;
  sieve.own(bytes);
  if (!sieve.view(sieve.bytes_, KeyFinder::fastest()) || !sieve.sound()) return std::nullopt;
  return sieve;
}

TailSteps::Answer Sieve::look_at_tail(std::uint32_t number, std::string_view behind) const {
  if (number == kNone || tails_[number].width == 0) return TailSteps::Answer::unknown;
  const Tail& t = tails_[number];
  return TailSteps{tail_classes_[t.classes].data(), tail_steps_.data() + t.steps, t.width}.look_at(behind);
}

// May a match go on with what stands behind an anchor?
bool Sieve::may_follow(const Head& head, const Rest& rest, std::string_view behind) const {
  const TailSteps::Answer answer = look_at_tail(rest.tail, behind);
  if (answer != TailSteps::Answer::unknown) return answer == TailSteps::Answer::match;
  return head.must == kNone || musts_[head.must].any_in(behind);
}

bool Sieve::stands(const Head& head, const Rest& rest, const ByteTable* follow, std::string_view text) noexcept {
  if (text.size() < std::size_t{head.size} + head.follow_count) return false;
  if (head.size > 8 && (word_at(text.data() + 8, text.size() - 8) & rest.mask) != rest.value) return false;
  for (std::size_t i = 0; i < head.follow_count; ++i)
    if (!follow->holds(static_cast<unsigned char>(text[head.size + i]))) return false;
  return true;
}

void Sieve::look_behind(std::size_t anchor, std::string_view text, std::size_t begin,
                        std::vector<AnchorHit>& hits) const {
  const Head& head = heads_[anchor];
  const Rest& rest = rests_[anchor];
  if (!stands(head, rest, follows_.data() + head.follow, text.substr(begin))) return;
  const std::size_t end = begin + head.size;
  const std::string_view behind = text.substr(end, rest.after);
  if (!may_follow(head, rest, behind)) return;
  for (const Use& use : uses_.subspan(rest.first_use, rest.use_count))
    if (look_at_tail(use.tail, behind) != TailSteps::Answer::none) hits.push_back({use.id, use.lead, end});
}

void Sieve::find(std::string_view text, std::vector<AnchorHit>& hits) const {
  if (!works() || text.size() < kGram) return;
  const std::size_t count = text.size() - (kGram - 1);  // places a gram can stand at
  KeyFinder::Places places;                             // NOLINT: filled before it is read
  for (std::size_t from = 0; from < count; from += KeyFinder::kBlock) {
    const std::size_t size = std::min(KeyFinder::kBlock, count - from);
    const std::size_t found = keys_.find(text.substr(from), size, places);
    for (std::size_t k = 0; k < found; k += kTogether)
      check(text, from, {places.data() + k, std::min(kTogether, found - k)}, hits);
  }
}

// The tables are read for all places together: step one has pushed them out of the first cache, and where each place
// waited for its own, that would take most of the time.
void Sieve::check(std::string_view text, std::size_t from, std::span<const std::uint16_t> places,
                  std::vector<AnchorHit>& hits) const {
  Slot slots[kTogether];
  for (std::size_t k = 0; k < places.size(); ++k) {
    slots[k] = slots_[slot_of(gram_at(text.data() + from + places[k]))];
    __builtin_prefetch(heads_.data() + slots[k].first);
  }
  for (std::size_t k = 0; k < places.size(); ++k) {
    const std::size_t at = from + places[k];
    for (std::size_t i = slots[k].first; i < std::size_t{slots[k].first} + slots[k].count; ++i) {
      const Head& head = heads_[i];
      if (at < head.gram) continue;
      const std::size_t begin = at - head.gram;
      if ((word_at(text.data() + begin, text.size() - begin) & head.mask) == head.value)
        look_behind(i, text, begin, hits);
    }
  }
}

bool Sieve::any_in(std::string_view text) const {
  if (!works()) return true;
  std::vector<AnchorHit> hits;
  find(text, hits);
  return !hits.empty();
}

}  // namespace launchgate::secrets
