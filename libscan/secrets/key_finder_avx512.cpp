// Sixty-four places at once. One instruction looks up 64 bytes in a table of 128. It is a Bloom filter: a gram, the
// first three bytes of a key, sets one bit, chosen by `select`, in one cell of each table, chosen by that table's hash;
// text passes where all tables agree on the bit. Six tables, because the catalogue's 600 grams fill 45 % of each: four
// would let 4 % of all places by for nothing, six 1 %. The hashes are linear over GF(2), sums of one 8x8 bit matrix for
// each of the three bytes, which is one instruction a byte (GF2P8AFFINEQB), and they ignore bit 0x20, which folds case
// at no cost.
#include <bit>

#include "libscan/secrets/key_finder.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define LG_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,gfni")))
#endif

namespace launchgate::secrets {
namespace {

constexpr std::size_t kGram = 3;

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

}  // namespace

void KeyTables::fill_for_avx512(const std::vector<Anchor>& anchors) {
  for (const Anchor& a : anchors) {
    const Cells c = cells_of(gram_of(a));
    for (std::size_t t = 0; t < kCells; ++t) cells[t][c.cell[t]] |= static_cast<std::uint8_t>(1U << c.bit);
  }
}

#if defined(LG_AVX512)
LG_AVX512 std::size_t KeyFinder::find_by_avx512(std::string_view text, std::size_t size, Places& places) const {
  std::uint16_t* const to = places.data();
  __m512i matrix[2][kGram], table[KeyTables::kCells][2];
  for (std::size_t h = 0; h < 2; ++h)
    for (std::size_t i = 0; i < kGram; ++i) matrix[h][i] = _mm512_set1_epi64(static_cast<long long>(kMatrix[h][i]));
  for (std::size_t t = 0; t < KeyTables::kCells; ++t)
    for (std::size_t half = 0; half < 2; ++half) table[t][half] = _mm512_loadu_si512(&tables_->cells[t][64 * half]);
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
    _mm512_storeu_si512(to + found, _mm512_maskz_compress_epi16(static_cast<__mmask32>(mask), low));
    found += static_cast<std::size_t>(std::popcount(static_cast<std::uint32_t>(mask)));
    _mm512_storeu_si512(to + found, _mm512_maskz_compress_epi16(static_cast<__mmask32>(mask >> 32), high));
    found += static_cast<std::size_t>(std::popcount(static_cast<std::uint32_t>(mask >> 32)));
    low = _mm512_add_epi16(low, step);
    high = _mm512_add_epi16(high, step);
  }
  return found;
}
#else
std::size_t KeyFinder::find_by_avx512(std::string_view text, std::size_t size, Places& places) const {
  return find_byte_wise(text, size, places);
}
#endif

}  // namespace launchgate::secrets
