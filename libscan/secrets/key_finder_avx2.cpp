// Two places are looked up at once, in a table of pairs.
//
// Of the bytes a b c d e at an even place, the keys a-b-c-d and b-c-d-e share the pair b-c. The pair's hash chooses one
// of 4,096 cells, which says of four neighbours which of eight classes of bytes they may have:
//
//   byte 0   a, where a key a-b-c.. is looked for      byte 2   d, where a key b-c-d.. is
//   byte 1   d, in the same key                        byte 3   e, in the same key
//
// (of a key of three bytes: anything). Each class is one bit, so a cell and the classes of the four bytes in the text
// are compared by one AND. Cells are fetched one by one: AVX2's own gather is slower on most processors, and very slow
// where it has been mended against data sampling. Of source text some 3 % of all places pass, of which a quarter are
// keys.
#include "libscan/secrets/key_finder.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define LG_AVX2 __attribute__((target("avx2,bmi,popcnt")))
#endif

namespace launchgate::secrets {
namespace {

constexpr std::uint16_t kFactor = 0x9e35;  // arbitrary, odd
constexpr unsigned kCellBits = KeyTables::kPairBits;
constexpr std::uint32_t kAnything = 0xff;

constexpr std::size_t cell_of(std::uint32_t first, std::uint32_t second) noexcept {
  return static_cast<std::uint16_t>((first | second << 8) * kFactor) >> (16 - kCellBits);
}

// The class of a byte, of the low four bits alone: those that tell letters apart, of either case.
constexpr std::uint32_t class_of(std::uint32_t byte) noexcept { return 1U << (byte & 7); }

}  // namespace

void KeyTables::fill_for_avx2(const std::vector<Anchor>& anchors) {
  for (const Anchor& a : anchors) {
    const std::uint32_t key = key_of(a);
    const std::uint32_t first = key & 0xff, second = key >> 8 & 0xff, third = key >> 16 & 0xff;
    const std::uint32_t fourth = a.size == 3 ? kAnything : class_of(key >> 24);
    pairs[cell_of(second, third)] |= class_of(first) | fourth << 8;
    pairs[cell_of(first, second)] |= class_of(third) << 16 | fourth << 24;
  }
}

#if defined(LG_AVX2)
namespace {

// The sixteen cells of the places at..at+31.
struct Cells {
  __m256i first, second;
};

LG_AVX2 inline __m128i four_cells(const std::uint32_t* pairs, const std::uint16_t* cells) {
  const auto cell = [&](int i) { return static_cast<int>(pairs[cells[i]]); };
  __m128i four = _mm_cvtsi32_si128(cell(0));
  four = _mm_insert_epi32(four, cell(1), 1);
  four = _mm_insert_epi32(four, cell(2), 2);
  return _mm_insert_epi32(four, cell(3), 3);
}

LG_AVX2 inline Cells cells_at(const std::uint32_t* pairs, const char* at) {
  const auto bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 1));
  const __m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
  alignas(32) std::uint16_t cells[16];
  _mm256_store_si256(
      reinterpret_cast<__m256i*>(cells),
      _mm256_srli_epi16(_mm256_mullo_epi16(folded, _mm256_set1_epi16(static_cast<short>(kFactor))), 16 - kCellBits));
  return {_mm256_set_m128i(four_cells(pairs, cells + 4), four_cells(pairs, cells)),
          _mm256_set_m128i(four_cells(pairs, cells + 12), four_cells(pairs, cells + 8))};
}

// All ones where a key may stand, for each of the places at..at+15.
LG_AVX2 inline __m256i sixteen(__m256i cells, const char* at) {
  const __m256i neighbours =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 3, 3, 4, 2, 5, 5, 6, 4, 7, 7, 8, 6, 9, 9, 10));
  const __m256i classes =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128));
  const __m256i zero = _mm256_setzero_si256();
  const __m256i text = _mm256_set_m128i(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 8)),
                                        _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
  const __m256i low = _mm256_and_si256(_mm256_shuffle_epi8(text, neighbours), _mm256_set1_epi8(0x0f));
  const __m256i wrong = _mm256_cmpeq_epi8(_mm256_and_si256(cells, _mm256_shuffle_epi8(classes, low)), zero);
  return _mm256_cmpeq_epi16(wrong, zero);  // two bytes a place, both right
}

LG_AVX2 inline std::uint16_t next_place(std::size_t from, std::uint32_t& mask) {
  const auto place = static_cast<std::uint16_t>(from + _tzcnt_u32(mask));
  mask &= mask - 1;
  return place;
}

}  // namespace

LG_AVX2 std::size_t KeyFinder::find_by_avx2(std::string_view text, std::size_t size, Places& places) const {
  constexpr std::size_t kStep = 32;
  constexpr std::size_t kReach = 40;  // of one step into the text
  const std::uint32_t* const pairs = tables_->pairs;
  char last[kStep + kReach] = {};  // the end of the text, and nothing behind it
  std::size_t found = 0;
  for (std::size_t i = 0; i < size; i += kStep) {
    const char* at = text.data() + i;
    if (text.size() - i < kReach) {
      std::memset(last, 0, sizeof last);
      std::memcpy(last, at, text.size() - i);
      at = last;
    }
    const Cells cells = cells_at(pairs, at);
    const __m256i both = _mm256_packs_epi16(sixteen(cells.first, at), sixteen(cells.second, at + 16));
    auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(both, 0xd8)));
    const auto count = static_cast<std::size_t>(_mm_popcnt_u32(mask));
    std::uint16_t* const to = places.data() + found;
    // Three whether there are as many or not: seldom there are more, and no branch is mispredicted.
    for (std::size_t k = 0; k < 3; ++k) to[k] = next_place(i, mask);
    for (std::size_t k = 3; k < count; ++k) to[k] = next_place(i, mask);
    found += count;
  }
  return found;
}
#else
std::size_t KeyFinder::find_by_avx2(std::string_view text, std::size_t size, Places& places) const {
  return find_byte_wise(text, size, places);
}
#endif

}  // namespace launchgate::secrets
