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

}  // namespace

Sieve::Sieve(std::vector<Anchor> anchors, KeyFinder::Form form, std::uint32_t patience) : anchors_(std::move(anchors)) {
  if (anchors_.size() > 0xffff) anchors_.clear();  // slots count in 16 bits: such a rule set goes without
  const auto slot = [](const Anchor& a) { return KeyFinder::hash(key_of(a)) >> (32 - kSlotBits); };
  const auto earlier = [&](const Anchor& a, const Anchor& b) { return slot(a) < slot(b); };
  if (!std::is_sorted(anchors_.begin(), anchors_.end(), earlier))  // those read back are
    std::stable_sort(anchors_.begin(), anchors_.end(), earlier);
  slots_.resize(std::size_t{1} << kSlotBits);
  for (std::size_t i = 0; i < anchors_.size(); ++i) {
    Slot& s = slots_[slot(anchors_[i])];
    if (s.count++ == 0) s.first = static_cast<std::uint16_t>(i);
  }
  fill_heads(patience);
  if (!anchors_.empty()) keys_ = KeyFinder(anchors_, form);
}

void Sieve::fill_heads(std::uint32_t patience) {
  std::vector<regex::ByteSet> sets;
  for (const Anchor& a : anchors_) {
    Head head{word_at(a.value.data(), Anchor::kMaxSize), word_at(a.mask.data(), Anchor::kMaxSize), a.gram};
    if (a.must.any()) {
      const auto at = std::find(sets.begin(), sets.end(), a.must) - sets.begin();
      head.must = static_cast<std::uint16_t>(at);
      if (head.must == sets.size()) {
        sets.push_back(a.must);
        musts_.emplace_back(a.must);
      }
    }
    if (!a.tail.empty()) {
      const auto known = [&](const auto& tail) { return tail->pattern() == a.tail; };
      const auto at = std::find_if(tails_.begin(), tails_.end(), known);
      head.tail = static_cast<std::uint16_t>(at - tails_.begin());
      if (at == tails_.end()) tails_.push_back(std::make_unique<TailCheck>(a.tail, patience));
    }
    heads_.push_back(head);
  }
}

bool Sieve::stands(const Anchor& a, std::string_view text) noexcept {
  if (text.size() < std::size_t{a.size} + a.follow_count) return false;
  for (std::size_t i = 0; i < a.size; ++i)
    if ((static_cast<unsigned char>(text[i]) & a.mask[i]) != a.value[i]) return false;
  for (std::size_t i = 0; i < a.follow_count; ++i)
    if (!a.follow[static_cast<unsigned char>(text[a.size + i])]) return false;
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
    const std::size_t gram = heads_[i].gram;
    if (at < gram) continue;
    const std::size_t begin = at - gram;
    if ((word_at(text.data() + begin, text.size() - begin) & heads_[i].mask) != heads_[i].value) continue;
    const Anchor& a = anchors_[i];
    if (!stands(a, text.substr(begin))) continue;
    const std::size_t end = begin + a.size;
    ByteRange part{begin - std::min<std::size_t>(begin, a.before), std::min<std::size_t>(text.size(), end + a.after)};
    if (a.before == kUnlimited) part.begin = 0;
    if (a.after == kUnlimited) part.end = text.size();
    const std::string_view behind = text.substr(end, part.end - end);
    if (heads_[i].must != kNoMust && !musts_[heads_[i].must].any_in(behind)) continue;
    if (heads_[i].tail != kNoTail) {
      const std::size_t size = tails_[heads_[i].tail]->longest(behind);
      if (size == TailCheck::kNone) continue;
      part.end = end + size;
    }
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
    if (!text.empty()) parts.push_back({0, text.size()});
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

// Byte sets and tails are few and written once; the case of letters is one bit each.
void Sieve::write(ByteWriter& out) const {
  std::vector<regex::ByteSet> sets;
  const auto number_of = [&](const regex::ByteSet& set) {
    const auto at = std::find(sets.begin(), sets.end(), set);
    if (at == sets.end()) sets.push_back(set);
    return static_cast<std::uint64_t>(std::find(sets.begin(), sets.end(), set) - sets.begin());
  };
  for (const Anchor& a : anchors_) number_of(a.follow), number_of(a.must);
  out.number(sets.size());
  for (const regex::ByteSet& set : sets) {
    std::string bytes(32, '\0');
    for (unsigned c = 0; c < 256; ++c)
      if (set[c]) bytes[c / 8] = static_cast<char>(bytes[c / 8] | 1 << c % 8);
    out.string(bytes);
  }
  out.number(tails_.size());
  for (const auto& tail : tails_) out.string(tail->pattern());
  out.number(anchors_.size());
  for (std::size_t n = 0; n < anchors_.size(); ++n) {
    const Anchor& a = anchors_[n];
    unsigned folded = 0;
    for (unsigned i = 0; i < a.size; ++i) folded |= (a.mask[i] == 0xffU ? 0U : 1U) << i;
    out.string({reinterpret_cast<const char*>(a.value.data()), a.size});
    out.number(folded, 2);
    out.number(a.gram, 1);
    out.number(a.follow_count, 1);
    out.number(number_of(a.follow), 2);
    out.number(number_of(a.must), 2);
    out.number(heads_[n].tail, 2);
    out.number(a.before);
    out.number(a.after);
  }
}

Sieve Sieve::read(ByteReader& in) {
  std::vector<regex::ByteSet> sets(in.count(36));
  for (regex::ByteSet& set : sets) {
    const std::string_view bytes = in.string();
    for (unsigned c = 0; c < 8 * std::min<std::size_t>(bytes.size(), 32); ++c)
      set[c] = (bytes[c / 8] >> c % 8 & 1) != 0;
  }
  const auto set_at = [&](std::uint64_t number) { return number < sets.size() ? sets[number] : regex::ByteSet(); };
  std::vector<std::string> tails(in.count(4));
  for (std::string& tail : tails) tail = in.string();
  std::vector<Anchor> anchors(in.count(22));
  for (Anchor& a : anchors) {
    const std::string_view text = in.string();
    const std::uint64_t folded = in.number(2);
    a.size = static_cast<std::uint8_t>(std::min(text.size(), Anchor::kMaxSize));
    for (unsigned i = 0; i < a.size; ++i) {
      a.value[i] = static_cast<std::uint8_t>(text[i]);
      a.mask[i] = (folded >> i & 1) != 0 ? 0xdf : 0xff;
    }
    a.gram = static_cast<std::uint8_t>(in.number(1));
    a.follow_count = static_cast<std::uint8_t>(in.number(1));
    a.follow = set_at(in.number(2));
    a.must = set_at(in.number(2));
    if (const std::uint64_t tail = in.number(2); tail < tails.size()) a.tail = tails[tail];
    a.before = static_cast<std::uint32_t>(in.number());
    a.after = static_cast<std::uint32_t>(in.number());
  }
  return Sieve(std::move(anchors));
}

}  // namespace launchgate::secrets
