// Two places are looked up at once, in a table of pairs (key_pairs.hpp). The numbers of cells go through registers:
// written to memory and read back in parts they would wait for each other. Cells are fetched one by one: AVX2's own
// gather is slower on most processors, and very slow where it has been mended against data sampling. Of source text
// two or three in a hundred places pass, of which a quarter are keys.
#include "libscan/secrets/key_finder.hpp"
#include "libscan/secrets/key_pairs.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define LG_AVX2 __attribute__((target("avx2,bmi")))
#define LG_AVX2_INLINE __attribute__((target("avx2,bmi"), always_inline)) inline
#endif

namespace launchgate::secrets {
void KeyTables::fill_for_avx2(const std::vector<Anchor>& anchors) {
  for (const Anchor& a : anchors)
    for (const PairMark& mark : pair_marks(a, a.gram)) pairs[mark.cell] |= mark.bits;
}

#if defined(LG_AVX2)
namespace {

constexpr std::array<std::uint8_t, 16> kClassBits = [] {
  std::array<std::uint8_t, 16> bits{};
  for (std::uint32_t i = 0; i < 16; ++i) bits[i] = static_cast<std::uint8_t>(class_bit(i));
  return bits;
}();

LG_AVX2_INLINE __m256i everywhere(const std::uint32_t* pairs, std::uint64_t cell) {
  return _mm256_castps_si256(_mm256_broadcast_ss(reinterpret_cast<const float*>(pairs + (cell & 0xffff))));
}

// The cells that eight numbers of 16 bits name.
LG_AVX2_INLINE __m256i eight_cells(const std::uint32_t* pairs, std::uint64_t a, std::uint64_t b) {
  const __m256i first = _mm256_blend_epi32(everywhere(pairs, a), everywhere(pairs, a >> 16), 0x02);
  const __m256i second = _mm256_blend_epi32(everywhere(pairs, a >> 32), everywhere(pairs, a >> 48), 0x08);
  const __m256i third = _mm256_blend_epi32(everywhere(pairs, b), everywhere(pairs, b >> 16), 0x20);
  const __m256i fourth = _mm256_blend_epi32(everywhere(pairs, b >> 32), everywhere(pairs, b >> 48), 0x80);
  return _mm256_blend_epi32(_mm256_blend_epi32(first, second, 0x0c), _mm256_blend_epi32(third, fourth, 0xc0), 0xf0);
}

// All ones where a key may stand, for each of the places at..at+15.
LG_AVX2_INLINE __m256i sixteen(__m256i cells, const char* at) {
  const __m256i neighbours =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 3, 3, 4, 2, 5, 5, 6, 4, 7, 7, 8, 6, 9, 9, 10));
  const __m256i classes = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(&kClassBits)));
  const __m256i zero = _mm256_setzero_si256();
  const __m256i text = _mm256_set_m128i(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 8)),
                                        _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
  const __m256i low = _mm256_and_si256(_mm256_shuffle_epi8(text, neighbours), _mm256_set1_epi8(0x0f));
  const __m256i wrong = _mm256_cmpeq_epi8(_mm256_and_si256(cells, _mm256_shuffle_epi8(classes, low)), zero);
  return _mm256_cmpeq_epi16(wrong, zero);  // two bytes a place, both right
}

// A bit for each of the places at..at+31.
LG_AVX2_INLINE std::uint64_t thirty_two(const std::uint32_t* pairs, const char* at) {
  const auto bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 1));
  const __m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
  const __m256i cells = _mm256_srli_epi16(
      _mm256_mullo_epi16(folded, _mm256_set1_epi16(static_cast<short>(kPairFactor))), 16 - kPairCellBits);
  const __m128i low = _mm256_castsi256_si128(cells), high = _mm256_extracti128_si256(cells, 1);
  const auto word = [](long long w) { return static_cast<std::uint64_t>(w); };
  const __m256i first = eight_cells(pairs, word(_mm_cvtsi128_si64(low)), word(_mm_extract_epi64(low, 1)));
  const __m256i second = eight_cells(pairs, word(_mm_cvtsi128_si64(high)), word(_mm_extract_epi64(high, 1)));
  const __m256i both = _mm256_packs_epi16(sixteen(first, at), sixteen(second, at + 16));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(both, 0xd8)));
}

constexpr std::size_t kStep = 64;
constexpr std::size_t kReach = 72;  // of one step into the text

}  // namespace

// A bit for each place, and some behind `size`.
LG_AVX2 std::size_t KeyFinder::mark_by_avx2(std::string_view text, std::size_t size, Marks& marks) const {
  const std::uint32_t* const pairs = tables_->pairs;
  char last[kStep + kReach] = {};  // the end of the text, and nothing behind it
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; i += kStep) {
    const char* at = text.data() + i;
    if (text.size() - i < kReach) {
      std::memset(last, 0, sizeof last);
      std::memcpy(last, at, text.size() - i);
      at = last;
    }
    marks[count++] = thirty_two(pairs, at) | thirty_two(pairs, at + kStep / 2) << 32;
  }
  return count;
}

LG_AVX2 std::size_t KeyFinder::find_by_avx2(std::string_view text, std::size_t size, Places& places) const {
  Marks marks;  // NOLINT: filled before it is read
  const std::size_t count = mark_by_avx2(text, size, marks);
  std::size_t found = 0, step = 0;
  for (; step < count && (step + 1) * kStep <= size && step * kStep + kReach <= text.size(); ++step) {
    for (std::uint64_t mark = marks[step]; mark != 0; mark &= mark - 1) {
      const std::size_t at = step * kStep + _tzcnt_u64(mark);
      places[found] = static_cast<std::uint16_t>(at);
      found += maybe(four_bytes_at(text.data() + at)) ? 1 : 0;
    }
  }
  for (; step < count; ++step) {
    for (std::uint64_t mark = marks[step]; mark != 0; mark &= mark - 1) {
      const std::size_t at = step * kStep + _tzcnt_u64(mark);
      if (at >= size) return found;
      places[found] = static_cast<std::uint16_t>(at);
      found += maybe(key_at(text, at)) ? 1 : 0;
    }
  }
  return found;
}
#else
std::size_t KeyFinder::find_by_avx2(std::string_view text, std::size_t size, Places& places) const {
  return find_byte_wise(text, size, places);
}
#endif

}  // namespace launchgate::secrets
