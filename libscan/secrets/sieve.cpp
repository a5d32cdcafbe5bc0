// Three steps, each seeing less than the one before.
//
//   grams     Every anchor has a gram, three bytes that stand in it, and a key, the gram with a fourth byte. Step one
//             finds all places of a block where a key may stand, by a bitmap: place by place, or of sixty-four places
//             at once first those where a gram may stand (below).
//   anchors   The few places left are compared with the anchors of that key: the whole literal and what follows it
//             (tail_check.hpp).
//   surroundings  Each anchor found covers the bytes a match through it can have; ranges that touch become one.
//
// The vector form needs AVX-512 VBMI and GFNI (Ice Lake, Zen 4 and later): one instruction then looks up 64 bytes in a
// table of 128. It is a Bloom filter: a gram sets one bit, chosen by `select`, in one cell of each table, chosen by
// that table's hash; text passes where all tables agree on the bit. Six tables, because the catalogue's 600 grams fill
// 45 % of each: four would let 4 % of all places by for nothing, six 1 %. The hashes are linear over GF(2), sums of one
// 8x8 bit matrix for each of the three bytes, which is one instruction a byte (GF2P8AFFINEQB), and they ignore bit
// 0x20, which folds case at no cost.
#include "libscan/secrets/sieve.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define LG_SIEVE_VECTORS 1
#define LG_SIEVE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,gfni")))
#else
#define LG_SIEVE_VECTORS 0
#endif

namespace launchgate::secrets {
namespace {

using regex::kUnlimited;

constexpr std::size_t kGram = 3;

// What stands at `at` as a key of four bytes; of three at the very end of the text.
std::uint32_t key_at(std::string_view text, std::size_t at) noexcept {
  if (text.size() - at < sizeof(std::uint32_t)) return gram_at(text.data() + at);
  std::uint32_t key = 0;
  std::memcpy(&key, text.data() + at, sizeof key);
  return key | 0x20202020;
}

template <class Byte>
std::uint64_t word_at(const Byte* bytes, std::size_t size) noexcept {
  std::uint64_t word = 0;
  if (size >= sizeof word)
    std::memcpy(&word, bytes, sizeof word);
  else
    std::memcpy(&word, bytes, size);
  return word;
}

// --- Hashes ---

// Bit i of the product is the parity of row 7 - i (bits 8*(7-i) and up) and the byte, as GF2P8AFFINEQB has it.
constexpr unsigned product(std::uint64_t matrix, unsigned byte) noexcept {
  unsigned out = 0;
  for (unsigned i = 0; i < 8; ++i)
    out |= static_cast<unsigned>(__builtin_parity(static_cast<unsigned>(matrix >> (8 * (7 - i)) & 0xff) & byte)) << i;
  return out;
}

// Arbitrary matrices (digits of pi) without the column of bit 0x20.
constexpr std::uint64_t kIgnoreCase = ~std::uint64_t{0x2020202020202020};
constexpr std::uint64_t kMatrix[2][kGram] = {
    {0x243f6a8885a308d3 & kIgnoreCase, 0x13198a2e03707344 & kIgnoreCase, 0xa4093822299f31d0 & kIgnoreCase},
    {0x082efa98ec4e6c89 & kIgnoreCase, 0x452821e638d01377 & kIgnoreCase, 0xbe5466cf34e90c6c & kIgnoreCase}};

// What each byte adds to each hash.
using Products = std::array<std::array<std::array<std::uint8_t, 256>, kGram>, 2>;
constexpr Products all_products() noexcept {
  Products all{};
  for (std::size_t which = 0; which < 2; ++which)
    for (std::size_t i = 0; i < kGram; ++i)
      for (unsigned byte = 0; byte < 256; ++byte)
        all[which][i][byte] = static_cast<std::uint8_t>(product(kMatrix[which][i], byte));
  return all;
}
constexpr Products kProducts = all_products();

constexpr unsigned linear(std::size_t which, std::uint32_t gram) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < kGram; ++i) sum ^= kProducts[which][i][gram >> (8 * i) & 0xff];
  return sum;
}

// The cells and the bit of a gram, from the two linear hashes.
struct Cells {
  unsigned cell[6];
  unsigned bit;
};

constexpr Cells cells_of(std::uint32_t gram) noexcept {
  const unsigned p = linear(0, gram), q = linear(1, gram);
  const auto low = [](unsigned x) { return x & 127; };
  return {{low(p), low(q), low(p + q), low(p - q), low(p + 2 * q), low(2 * p + q)},
          (p >> 7 & 1) | (q >> 7 & 1) << 1 | ((p ^ (q >> 3)) & 1) << 2};
}

bool has_vectors() noexcept {
#if LG_SIEVE_VECTORS
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
         __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni");
#else
  return false;
#endif
}

}  // namespace

Sieve::Sieve(std::vector<Anchor> anchors, Form form, std::uint32_t patience) : anchors_(std::move(anchors)) {
  if (anchors_.size() > 0xffff) anchors_.clear();  // slots count in 16 bits: such a rule set goes without
  const auto slot = [](const Anchor& a) { return hash(key_of(a)) >> (32 - kSlotBits); };
  const auto earlier = [&](const Anchor& a, const Anchor& b) { return slot(a) < slot(b); };
  if (!std::is_sorted(anchors_.begin(), anchors_.end(), earlier))  // those read back are
    std::stable_sort(anchors_.begin(), anchors_.end(), earlier);
  slots_.resize(std::size_t{1} << kSlotBits);
  for (std::size_t i = 0; i < anchors_.size(); ++i) {
    Slot& s = slots_[slot(anchors_[i])];
    if (s.count++ == 0) s.first = static_cast<std::uint16_t>(i);
    const std::uint32_t at = hash(key_of(anchors_[i])) >> (32 - kBitmapBits);
    bitmap_[at >> 6] |= std::uint64_t{1} << (at & 63);
  }
  fill_heads(patience);
  vectors_ = form == Form::fast && has_vectors();
  active_ = !anchors_.empty() && (vectors_ || form == Form::byte_wise);
  if (vectors_) fill_tables();
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

void Sieve::fill_tables() {
  for (const Anchor& a : anchors_) {
    const Cells c = cells_of(gram_of(a));
    for (std::size_t t = 0; t < Tables::kCount; ++t)
      tables_.cell[t][c.cell[t]] |= static_cast<std::uint8_t>(1U << c.bit);
  }
}

std::size_t Sieve::find_keys(std::string_view text, std::size_t size, std::uint16_t* places) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < size; ++i) {
    places[found] = static_cast<std::uint16_t>(i);
    found += maybe(key_at(text, i)) ? 1 : 0;
  }
  return found;
}

#if LG_SIEVE_VECTORS
LG_SIEVE_TARGET std::size_t Sieve::find_keys_by_vectors(std::string_view text, std::size_t size,
                                                        std::uint16_t* places) const {
  __m512i matrix[2][kGram], table[Tables::kCount][2];
  for (std::size_t h = 0; h < 2; ++h)
    for (std::size_t i = 0; i < kGram; ++i) matrix[h][i] = _mm512_set1_epi64(static_cast<long long>(kMatrix[h][i]));
  for (std::size_t t = 0; t < Tables::kCount; ++t)
    for (std::size_t half = 0; half < 2; ++half) table[t][half] = _mm512_load_si512(&tables_.cell[t][64 * half]);
  // (p >> 7 & 1) and ((p ^ q >> 3) & 1), (q >> 7 & 1) as bits 0..2: again linear, so again matrices.
  const __m512i select_p = _mm512_set1_epi64(static_cast<long long>(0x8000010000000000));
  const __m512i select_q = _mm512_set1_epi64(static_cast<long long>(0x0080080000000000));
  const __m512i bit = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));
  const __m512i step = _mm512_set1_epi16(64);
  __m512i low = _mm512_set_epi16(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10,
                                 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  __m512i high = _mm512_add_epi16(low, _mm512_set1_epi16(32));
  const char* bytes = text.data();
  std::size_t found = 0;
  for (std::size_t i = 0; i < size; i += 64) {
    _mm_prefetch(bytes + i + 512, _MM_HINT_T0);
    __m512i a, b, c;
    if (size - i >= 64) {
      a = _mm512_loadu_si512(bytes + i), b = _mm512_loadu_si512(bytes + i + 1), c = _mm512_loadu_si512(bytes + i + 2);
    } else {
      const __mmask64 left = ~0ULL >> (64 - (size - i));  // no byte behind the text is touched
      a = _mm512_maskz_loadu_epi8(left, bytes + i), b = _mm512_maskz_loadu_epi8(left, bytes + i + 1),
      c = _mm512_maskz_loadu_epi8(left, bytes + i + 2);
    }
    const __m512i p = _mm512_ternarylogic_epi64(_mm512_gf2p8affine_epi64_epi8(a, matrix[0][0], 0),
                                                _mm512_gf2p8affine_epi64_epi8(b, matrix[0][1], 0),
                                                _mm512_gf2p8affine_epi64_epi8(c, matrix[0][2], 0), 0x96);
    const __m512i q = _mm512_ternarylogic_epi64(_mm512_gf2p8affine_epi64_epi8(a, matrix[1][0], 0),
                                                _mm512_gf2p8affine_epi64_epi8(b, matrix[1][1], 0),
                                                _mm512_gf2p8affine_epi64_epi8(c, matrix[1][2], 0), 0x96);
    const __m512i selected = _mm512_shuffle_epi8(bit, _mm512_xor_si512(_mm512_gf2p8affine_epi64_epi8(p, select_p, 0),
                                                                       _mm512_gf2p8affine_epi64_epi8(q, select_q, 0)));
    const __m512i first = _mm512_and_si512(_mm512_permutex2var_epi8(table[0][0], p, table[0][1]),
                                           _mm512_permutex2var_epi8(table[1][0], q, table[1][1]));
    const __m512i sum = _mm512_add_epi8(p, q);
    const __m512i second =
        _mm512_ternarylogic_epi64(first, _mm512_permutex2var_epi8(table[2][0], sum, table[2][1]),
                                  _mm512_permutex2var_epi8(table[3][0], _mm512_sub_epi8(p, q), table[3][1]), 0x80);
    const __m512i hit =
        _mm512_ternarylogic_epi64(second, _mm512_permutex2var_epi8(table[4][0], _mm512_add_epi8(sum, q), table[4][1]),
                                  _mm512_permutex2var_epi8(table[5][0], _mm512_add_epi8(sum, p), table[5][1]), 0x80);
    const __mmask64 mask = _mm512_test_epi8_mask(hit, selected);
    _mm512_storeu_si512(places + found, _mm512_maskz_compress_epi16(static_cast<__mmask32>(mask), low));
    found += static_cast<std::size_t>(std::popcount(static_cast<std::uint32_t>(mask)));
    _mm512_storeu_si512(places + found, _mm512_maskz_compress_epi16(static_cast<__mmask32>(mask >> 32), high));
    found += static_cast<std::size_t>(std::popcount(static_cast<std::uint32_t>(mask >> 32)));
    low = _mm512_add_epi16(low, step);
    high = _mm512_add_epi16(high, step);
  }
  // Once more by the bitmap, which lets less by; and without what was found behind the end.
  std::size_t kept = 0;
  for (std::size_t k = 0; k < found; ++k) {
    const std::uint16_t at = places[k];
    if (at >= size) break;
    places[kept] = at;
    kept += maybe(key_at(text, at)) ? 1 : 0;
  }
  return kept;
}
#else
std::size_t Sieve::find_keys_by_vectors(std::string_view text, std::size_t size, std::uint16_t* places) const {
  return find_keys(text, size, places);
}
#endif

bool Sieve::stands(const Anchor& a, std::string_view text) noexcept {
  if (text.size() < std::size_t{a.size} + a.follow_count) return false;
  for (std::size_t i = 0; i < a.size; ++i)
    if ((static_cast<unsigned char>(text[i]) & a.mask[i]) != a.value[i]) return false;
  for (std::size_t i = 0; i < a.follow_count; ++i)
    if (!a.follow[static_cast<unsigned char>(text[a.size + i])]) return false;
  return true;
}

void Sieve::check(std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const {
  const std::uint32_t key = key_at(text, at);
  // What brought us here was one of the two, seldom both: the bitmap tells them better apart than the slots do.
  if (marked(key) != 0) check_slot(hash(key) >> (32 - kSlotBits), text, at, parts);
  const std::uint32_t gram = key & 0xffffff;
  if (gram != key && marked(gram) != 0) check_slot(hash(gram) >> (32 - kSlotBits), text, at, parts);
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
  if (!active_) {
    if (!text.empty()) parts.push_back({0, text.size()});
    return;
  }
  if (text.size() < kGram) return;
  const std::size_t count = text.size() - (kGram - 1);  // places a gram can stand at
  std::array<std::uint16_t, kBlock + 64> places;        // NOLINT: filled before it is read
  for (std::size_t from = 0; from < count; from += kBlock) {
    const std::size_t size = std::min(kBlock, count - from);
    const std::string_view rest = text.substr(from);
    const std::size_t found =
        vectors_ ? find_keys_by_vectors(rest, size, places.data()) : find_keys(rest, size, places.data());
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
