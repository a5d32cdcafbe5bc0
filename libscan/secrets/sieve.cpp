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

}  // namespace

Sieve::Sieve(std::vector<Anchor> anchors, KeyFinder::Form form, std::uint32_t patience) {
  own(flatten(std::move(anchors), nullptr));
  view(bytes_, form, patience);
}

Sieve Sieve::joined(const Sieve& base, std::vector<Anchor> more) {
  std::vector<Anchor> all = base.anchors();
  all.insert(all.end(), more.begin(), more.end());
  Sieve sieve;
  sieve.own(flatten(std::move(all), &base));
  sieve.view(sieve.bytes_, KeyFinder::fastest(), kPatience);
  return sieve;
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
