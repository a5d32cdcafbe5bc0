// The tables of a sieve: from anchors to bytes and back, and whether bytes from elsewhere are sound.
#include <algorithm>
#include <cstring>

#include "libscan/secrets/flat_bytes.hpp"
#include "libscan/secrets/sieve.hpp"

namespace launchgate::secrets {
namespace {

std::uint64_t word_of(const std::uint8_t* bytes) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
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

std::string Sieve::flatten(std::vector<Anchor> anchors, const Sieve* base) {
  if (anchors.size() >= kNone) anchors.clear();  // slots count in 16 bits: such a rule set goes without
  const auto slot_of = [](const Anchor& a) { return KeyFinder::hash(gram_of(a)) >> (32 - kSlotBits); };
  std::stable_sort(anchors.begin(), anchors.end(),
                   [&](const Anchor& a, const Anchor& b) { return slot_of(a) < slot_of(b); });
  std::vector<Slot> slots(std::size_t{1} << kSlotBits);
  std::vector<Head> heads;
  std::vector<Rest> rests;
  std::vector<Use> uses;
  Numbered<regex::ByteSet> follows, musts;
  Numbered<std::string> tails;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const Anchor& a = anchors[i];
    Slot& slot = slots[slot_of(a)];
    if (slot.count++ == 0) slot.first = static_cast<std::uint16_t>(i);
    Head head{word_of(a.value.data()), word_of(a.mask.data()), a.gram, a.size};
    Rest rest{word_of(a.value.data() + 8), word_of(a.mask.data() + 8), a.after};
    head.follow_count = a.follow_count;
    if (a.follow_count > 0) head.follow = static_cast<std::uint16_t>(follows(a.follow));
    if (a.must.any()) head.must = static_cast<std::uint16_t>(musts(a.must));
    if (!a.tail.empty()) rest.tail = static_cast<std::uint32_t>(tails(a.tail));
    rest.first_use = static_cast<std::uint32_t>(uses.size());
    rest.use_count = static_cast<std::uint32_t>(a.uses.size());
    for (const Anchor::Use& use : a.uses) {
      const bool same = use.tail.empty() || use.tail == a.tail;
      uses.push_back({use.id, same ? std::uint32_t{kNone} : static_cast<std::uint32_t>(tails(use.tail)), use.lead});
    }
    heads.push_back(head);
    rests.push_back(rest);
  }
  std::vector<ByteTable> follow_sets;
  for (const regex::ByteSet& set : follows.all()) follow_sets.push_back(ByteTable::of(set));
  std::vector<ByteFinder::Rows> must_rows;
  for (const regex::ByteSet& set : musts.all()) must_rows.push_back(ByteFinder::rows_of(set));
  std::vector<KeyTables> keys;
  if (!anchors.empty()) keys.push_back(KeyTables::of(anchors));
  FlatWriter out;
  out.array(std::span<const KeyTables>(keys));
  out.array(std::span<const Slot>(slots));
  out.array(std::span<const Head>(heads));
  out.array(std::span<const Rest>(rests));
  out.array(std::span<const ByteTable>(follow_sets));
  out.array(std::span<const ByteFinder::Rows>(must_rows));
  write_tails(tails.all(), base, out);
  out.array(std::span<const Use>(uses));
  return out.take();
}

void Sieve::write_tails(const std::vector<std::string>& patterns, const Sieve* base, FlatWriter& out) {
  std::vector<Tail> tails;
  std::vector<std::uint8_t> steps;
  Numbered<TailAutomaton::Classes> classes;
  std::string text;
  for (const std::string& pattern : patterns) {
    Tail tail{static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(pattern.size())};
    text += pattern;
    auto automaton = base != nullptr ? base->automaton_of(pattern) : std::nullopt;
    if (!automaton) automaton = make_tail_automaton(pattern);
    if (automaton) {
      tail.classes = static_cast<std::uint32_t>(classes(automaton->classes));
      tail.steps = static_cast<std::uint32_t>(steps.size());
      tail.width = automaton->width;
      steps.insert(steps.end(), automaton->steps.begin(), automaton->steps.end());
    }
    tails.push_back(tail);
  }
  out.array(std::span<const Tail>(tails));
  out.array(std::span<const TailAutomaton::Classes>(classes.all()));
  out.array(std::span<const std::uint8_t>(steps));
  out.bytes(text);
}

// What was made of a pattern that this sieve has as well: making it anew takes a millisecond.
std::optional<TailAutomaton> Sieve::automaton_of(std::string_view pattern) const {
  for (const Tail& t : tails_) {
    if (t.width == 0 || tail_text_.substr(t.begin, t.size) != pattern) continue;
    TailAutomaton out;
    out.classes = tail_classes_[t.classes];
    out.width = t.width;
    std::size_t states = 1;
    for (std::size_t i = 0; i < states * t.width; ++i) {
      out.steps.push_back(tail_steps_[t.steps + i]);
      if (out.steps.back() < TailAutomaton::kMatch) states = std::max<std::size_t>(states, out.steps.back() + 1U);
    }
    return out;
  }
  return std::nullopt;
}

// Without what only the choice of anchors asks about: `before`.
std::vector<Anchor> Sieve::anchors() const {
  const auto text_of_tail = [&](std::uint32_t number) {
    return std::string(tail_text_.substr(tails_[number].begin, tails_[number].size));
  };
  std::vector<Anchor> all;
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    const Head& head = heads_[i];
    const Rest& rest = rests_[i];
    Anchor& a = all.emplace_back();
    std::memcpy(a.value.data(), &head.value, sizeof head.value);
    std::memcpy(a.value.data() + sizeof head.value, &rest.value, sizeof rest.value);
    std::memcpy(a.mask.data(), &head.mask, sizeof head.mask);
    std::memcpy(a.mask.data() + sizeof head.mask, &rest.mask, sizeof rest.mask);
    a.size = head.size;
    a.gram = head.gram;
    a.follow_count = head.follow_count;
    a.after = rest.after;
    for (const Use& use : uses_.subspan(rest.first_use, rest.use_count))
      a.uses.push_back({use.id, use.lead, use.tail == kNone ? a.tail : text_of_tail(use.tail)});
    if (rest.tail != kNone) a.tail = text_of_tail(rest.tail);
    for (unsigned c = 0; c < 256; ++c) {
      const auto byte = static_cast<unsigned char>(c);
      if (head.follow_count > 0) a.follow[c] = follows_[head.follow].holds(byte);
      if (head.must != kNone) a.must[c] = musts_[head.must].holds(byte);
    }
  }
  return all;
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
         std::all_of(rests_.begin(), rests_.end(),
                     [&](const Rest& r) {
                       return in(r.tail, tails_.size()) && r.first_use <= uses_.size() &&
                              r.use_count <= uses_.size() - r.first_use;
                     }) &&
         std::all_of(uses_.begin(), uses_.end(), [&](const Use& u) { return in(u.tail, tails_.size()); }) &&
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
    if (next >= TailAutomaton::kMatch) continue;
    if (next >= TailAutomaton::kStates) return false;
    states = std::max<std::size_t>(states, next + 1U);
  }
  return true;
}

}  // namespace launchgate::secrets
