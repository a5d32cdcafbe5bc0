// Three steps, each seeing less than the one before.
//
//   keys      Every anchor has a key, four bytes that stand in it, or three. Step one finds all places of a block where
//             a key may stand (key_finder.hpp).
//   anchors   The few places left are compared with the anchors of that key: the whole literal and what follows it
//             (tail_check.hpp).
//   surroundings  Each anchor found covers the bytes a match through it can have; ranges that touch become one.
#include "libscan/secrets/sieve.hpp"

#include <algorithm>
#include <cstring>

#include "libscan/secrets/flat_bytes.hpp"

namespace launchgate::secrets {
namespace {

using regex::kUnlimited;

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

// Numbers things, each once.
template <class T>
class Numbered {
 public:
  std::size_t operator()(const T& one) {
    const auto at = std::find(all_.begin(), all_.end(), one) - all_.begin();
    if (static_cast<std::size_t>(at) == all_.size()) all_.push_back(one);
    return static_cast<std::size_t>(at);
  }
  const std::vector<T>& all() const noexcept { return all_; }

 private:
  std::vector<T> all_;
};

}  // namespace

Sieve::Sieve(std::vector<Anchor> anchors, KeyFinder::Form form, std::uint32_t patience) {
  if (anchors.size() >= kNone) anchors.clear();  // slots count in 16 bits: such a rule set goes without
  const auto slot = [](const Anchor& a) { return KeyFinder::hash(key_of(a)) >> (32 - kSlotBits); };
  std::stable_sort(anchors.begin(), anchors.end(), [&](const Anchor& a, const Anchor& b) { return slot(a) < slot(b); });
  own(flatten(anchors));
  view(bytes_, form, patience);
}

std::string Sieve::flatten(const std::vector<Anchor>& sorted) {
  std::vector<Slot> slots(std::size_t{1} << kSlotBits);
  std::vector<Head> heads;
  std::vector<Rest> rests;
  Numbered<regex::ByteSet> follows, musts;
  Numbered<std::string> tails;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Anchor& a = sorted[i];
    Slot& slot = slots[KeyFinder::hash(key_of(a)) >> (32 - kSlotBits)];
    if (slot.count++ == 0) slot.first = static_cast<std::uint16_t>(i);
    Head head{word_at(a.value.data(), Anchor::kMaxSize), word_at(a.mask.data(), Anchor::kMaxSize), a.gram, a.size};
    Rest rest{word_at(a.value.data() + 8, 8), word_at(a.mask.data() + 8, 8), a.before, a.after};
    head.follow_count = a.follow_count;
    if (a.follow_count > 0) head.follow = static_cast<std::uint16_t>(follows(a.follow));
    if (a.must.any()) head.must = static_cast<std::uint16_t>(musts(a.must));
    if (!a.tail.empty()) rest.tail = static_cast<std::uint32_t>(tails(a.tail));
    heads.push_back(head);
    rests.push_back(rest);
  }
  std::vector<Set> follow_sets;
  for (const regex::ByteSet& set : follows.all()) {
    Set& out = follow_sets.emplace_back();
    for (unsigned c = 0; c < 256; ++c) out.words[c >> 6] |= std::uint64_t{set[c]} << (c & 63);
  }
  std::vector<ByteFinder::Rows> must_rows;
  for (const regex::ByteSet& set : musts.all()) must_rows.push_back(ByteFinder::rows_of(set));
  std::vector<KeyTables> keys;
  if (!sorted.empty()) keys.push_back(KeyTables::of(sorted));
  FlatWriter out;
  out.array(std::span<const KeyTables>(keys));
  out.array(std::span<const Slot>(slots));
  out.array(std::span<const Head>(heads));
  out.array(std::span<const Rest>(rests));
  out.array(std::span<const Set>(follow_sets));
  out.array(std::span<const ByteFinder::Rows>(must_rows));
  write_tails(tails.all(), out);
  return out.take();
}

void Sieve::write_tails(const std::vector<std::string>& patterns, FlatWriter& out) {
  std::vector<Tail> tails;
  std::vector<std::uint8_t> steps;
  Numbered<TailAutomaton::Classes> classes;
  std::string text;
  for (const std::string& pattern : patterns) {
    Tail tail{static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(pattern.size())};
    text += pattern;
    if (const auto automaton = make_tail_automaton(pattern)) {
      tail.classes = static_cast<std::uint32_t>(classes(automaton->classes));
      tail.steps = static_cast<std::uint32_t>(steps.size());
      tail.width = automaton->width;
      tail.accepting = automaton->accepting;
      steps.insert(steps.end(), automaton->steps.begin(), automaton->steps.end());
    }
    tails.push_back(tail);
  }
  out.array(std::span<const Tail>(tails));
  out.array(std::span<const TailAutomaton::Classes>(classes.all()));
  out.array(std::span<const std::uint8_t>(steps));
  out.bytes(text);
}

void Sieve::own(std::string_view bytes) {
  owned_ = std::make_unique<std::uint64_t[]>((bytes.size() + 7) / 8);
  if (!bytes.empty()) std::memcpy(owned_.get(), bytes.data(), bytes.size());
  bytes_ = {reinterpret_cast<const char*>(owned_.get()), bytes.size()};
}

bool Sieve::view(std::string_view bytes, KeyFinder::Form form, std::uint32_t patience) {
  FlatReader in(bytes);
  bytes_ = bytes;
  const auto keys = in.array<KeyTables>();
  slots_ = in.array<Slot>();
  heads_ = in.array<Head>();
  rests_ = in.array<Rest>();
  follows_ = in.array<Set>();
  const auto must_rows = in.array<ByteFinder::Rows>();
  tails_ = in.array<Tail>();
  tail_classes_ = in.array<TailAutomaton::Classes>();
  tail_steps_ = in.array<std::uint8_t>();
  tail_text_ = in.bytes();
  patience_ = patience;
  if (!in.at_end()) return false;
  for (const ByteFinder::Rows& rows : must_rows) musts_.emplace_back(rows);
  checks_ = std::make_unique<TailCheck[]>(tails_.size());
  if (!keys.empty()) keys_ = KeyFinder(keys.front(), form);
  return true;
}

bool Sieve::sound() const noexcept {
  const auto in = [](std::uint32_t number, std::size_t count) { return number == kNone || number < count; };
  if (slots_.size() != std::size_t{1} << kSlotBits || heads_.size() != rests_.size()) return false;
  return std::all_of(slots_.begin(), slots_.end(),
                     [&](const Slot& s) { return std::size_t{s.first} + s.count <= heads_.size(); }) &&
         std::all_of(heads_.begin(), heads_.end(),
                     [&](const Head& h) {
                       return h.size <= Anchor::kMaxSize && (h.follow_count == 0 || h.follow < follows_.size()) &&
                              in(h.must, musts_.size());
                     }) &&
         std::all_of(rests_.begin(), rests_.end(), [&](const Rest& r) { return in(r.tail, tails_.size()); }) &&
         std::all_of(tails_.begin(), tails_.end(), [&](const Tail& t) { return sound(t); });
}

bool Sieve::sound(const Tail& t) const noexcept {
  if (t.begin > tail_text_.size() || t.size > tail_text_.size() - t.begin) return false;
  if (t.width == 0) return true;
  if (t.width > 256 || t.classes >= tail_classes_.size() || t.steps > tail_steps_.size()) return false;
  const auto& classes = tail_classes_[t.classes];
  if (*std::max_element(classes.begin(), classes.end()) >= t.width) return false;
  // Every state that is named has its steps.
  std::size_t states = 1;
  for (std::size_t i = 0; i < states * t.width; ++i) {
    if (t.steps + i >= tail_steps_.size()) return false;
    const std::uint8_t next = tail_steps_[t.steps + i];
    if (next >= TailAutomaton::kFurther) continue;
    if (next >= TailAutomaton::kStates) return false;
    states = std::max<std::size_t>(states, next + 1U);
  }
  return true;
}

Sieve Sieve::over_lasting(std::string_view bytes) {
  Sieve sieve;
  return sieve.view(bytes, KeyFinder::fastest(), kPatience) ? std::move(sieve) : Sieve();
}

std::optional<Sieve> Sieve::copy_of(std::string_view bytes) {
  Sieve sieve;
  if (bytes.empty()) return sieve;
  sieve.own(bytes);
  if (!sieve.view(sieve.bytes_, KeyFinder::fastest(), kPatience) || !sieve.sound()) return std::nullopt;
  return sieve;
}

// How many of the bytes behind an anchor a match through it can have; TailCheck::kNone: there is no match.
std::size_t Sieve::longest_tail(std::size_t number, const Head& head, std::string_view behind) const {
  if (number != kNone && tails_[number].width != 0) {
    const Tail& t = tails_[number];
    const TailSteps automaton{tail_classes_[t.classes].data(), tail_steps_.data() + t.steps, t.width, t.accepting};
    std::size_t longest = 0;
    if (automaton.decide(behind, longest)) return longest;
  }
  if (head.must != kNone && !musts_[head.must].any_in(behind)) return TailCheck::kNone;
  if (number == kNone) return behind.size();
  return checks_[number].longest(tail_text_.substr(tails_[number].begin, tails_[number].size), patience_, behind);
}

bool Sieve::stands(const Head& head, const Rest& rest, const Set* follow, std::string_view text) noexcept {
  if (text.size() < std::size_t{head.size} + head.follow_count) return false;
  if (head.size > 8 && (word_at(text.data() + 8, text.size() - 8) & rest.mask) != rest.value) return false;
  for (std::size_t i = 0; i < head.follow_count; ++i)
    if (!follow->holds(static_cast<unsigned char>(text[head.size + i]))) return false;
  return true;
}

void Sieve::check(std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const {
  const std::uint32_t key = KeyFinder::key_at(text, at);
  const auto slot = [](std::uint32_t k) { return KeyFinder::hash(k) >> (32 - kSlotBits); };
  // What brought us here was one of the two, seldom both: the bitmap tells them better apart than the slots do.
  if (keys_.marked(key) != 0) check_slot(slot(key), text, at, parts);
  const std::uint32_t gram = key & 0xffffff;
  if (gram != key && keys_.marked(gram) != 0) check_slot(slot(gram), text, at, parts);
}

void Sieve::check_slot(std::size_t number, std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const {
  const Slot slot = slots_[number];
  for (std::size_t i = slot.first; i < std::size_t{slot.first} + slot.count; ++i) {
    const Head& head = heads_[i];
    if (at < head.gram) continue;
    const std::size_t begin = at - head.gram;
    if ((word_at(text.data() + begin, text.size() - begin) & head.mask) != head.value) continue;
    const Rest& a = rests_[i];
    if (!stands(head, a, follows_.data() + head.follow, text.substr(begin))) continue;
    const std::size_t end = begin + head.size;
    ByteRange part{begin - std::min<std::size_t>(begin, a.before), std::min<std::size_t>(text.size(), end + a.after)};
    if (a.before == kUnlimited) part.begin = 0;
    if (a.after == kUnlimited) part.end = text.size();
    const std::string_view behind = text.substr(end, part.end - end);
    const std::size_t size = longest_tail(a.tail, head, behind);
    if (size == TailCheck::kNone) continue;
    part.end = end + size;
    while (!parts.empty() && parts.back().end >= part.begin) {
      part.begin = std::min(part.begin, parts.back().begin);
      part.end = std::max(part.end, parts.back().end);
      parts.pop_back();
    }
    parts.push_back(part);
  }
}

void Sieve::sift(std::string_view text, std::vector<ByteRange>& parts) const {
  parts.clear();
  if (keys_.form() == KeyFinder::Form::none) {
    parts.push_back({0, text.size()});
    return;
  }
  if (text.size() < kGram) return;
  const std::size_t count = text.size() - (kGram - 1);  // places a gram can stand at
  KeyFinder::Places places;                             // NOLINT: filled before it is read
  for (std::size_t from = 0; from < count; from += KeyFinder::kBlock) {
    const std::size_t size = std::min(KeyFinder::kBlock, count - from);
    const std::size_t found = keys_.find(text.substr(from), size, places);
    for (std::size_t k = 0; k < found; ++k) check(text, from + places[k], parts);
  }
}

}  // namespace launchgate::secrets
