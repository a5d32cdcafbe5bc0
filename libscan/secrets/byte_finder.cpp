#include "libscan/secrets/byte_finder.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define LG_FINDER_VECTORS 1
#else
#define LG_FINDER_VECTORS 0
#endif

namespace launchgate::secrets {
namespace {

using Vectors = ByteFinder::Vectors;

Vectors best_vectors() noexcept {
#if LG_FINDER_VECTORS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) return Vectors::avx512;
  if (__builtin_cpu_supports("avx2")) return Vectors::avx2;
#endif
  return Vectors::none;
}

using Rows = ByteFinder::Rows;

#if LG_FINDER_VECTORS
__attribute__((target("avx512f,avx512bw"))) bool any_by_avx512(const Rows& rows, std::string_view text) noexcept {
  const auto* const tables = reinterpret_cast<const __m128i*>(rows.data());
  const __m512i first = _mm512_maskz_broadcast_i32x4(0xffff, _mm_loadu_si128(tables));
  const __m512i second = _mm512_maskz_broadcast_i32x4(0xffff, _mm_loadu_si128(tables + 1));
  const __m512i bit = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));
  const __m512i low = _mm512_set1_epi8(15), seven = _mm512_set1_epi8(7);
  for (std::size_t i = 0; i < text.size(); i += 64) {
    const std::size_t left = text.size() - i;
    const __mmask64 there = left >= 64 ? ~0ULL : ~0ULL >> (64 - left);  // no byte behind the text is touched
    const __m512i bytes = _mm512_maskz_loadu_epi8(there, text.data() + i);
    const __m512i at = _mm512_and_si512(bytes, low);
    const __m512i row =
        _mm512_mask_shuffle_epi8(_mm512_shuffle_epi8(first, at), _mm512_movepi8_mask(bytes), second, at);
    const __m512i place = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), seven);
    if (_mm512_mask_test_epi8_mask(there, row, _mm512_shuffle_epi8(bit, place)) != 0) return true;
  }
  return false;
}

// How many of the bytes can be looked at this way, 32 at a time; `any` says whether one of them is in the set.
__attribute__((target("avx2"))) std::size_t look_by_avx2(const Rows& rows, std::string_view text, bool& any) noexcept {
  const auto* const tables = reinterpret_cast<const __m128i*>(rows.data());
  const __m256i first = _mm256_broadcastsi128_si256(_mm_loadu_si128(tables));
  const __m256i second = _mm256_broadcastsi128_si256(_mm_loadu_si128(tables + 1));
  const __m256i bit = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201));
  const __m256i low = _mm256_set1_epi8(15), seven = _mm256_set1_epi8(7);
  std::size_t i = 0;
  for (; i + 32 <= text.size(); i += 32) {
    const auto bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + i));
    const __m256i at = _mm256_and_si256(bytes, low);
    const __m256i row = _mm256_blendv_epi8(_mm256_shuffle_epi8(first, at), _mm256_shuffle_epi8(second, at), bytes);
    const __m256i place = _mm256_shuffle_epi8(bit, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), seven));
    any = _mm256_testz_si256(row, place) == 0;
    if (any) break;
  }
  return i;
}
#else
bool any_by_avx512(const Rows&, std::string_view) noexcept { return false; }
std::size_t look_by_avx2(const Rows&, std::string_view, bool&) noexcept { return 0; }
#endif

}  // namespace

Rows ByteFinder::rows_of(const regex::ByteSet& set) noexcept {
  Rows rows{};
  for (unsigned byte = 0; byte < 256; ++byte)
    if (set[byte]) rows[byte >> 7][byte & 15] |= static_cast<std::uint8_t>(1U << (byte >> 4 & 7));
  return rows;
}

ByteFinder::ByteFinder(const Rows& rows) noexcept : rows_(rows), vectors_(best_vectors()) {}

bool ByteFinder::any_in_byte_wise(std::string_view text) const noexcept {
  for (const char c : text)
    if (holds(static_cast<unsigned char>(c))) return true;
  return false;
}

bool ByteFinder::any_in(std::string_view text) const noexcept {
  if (vectors_ == Vectors::avx512) return any_by_avx512(rows_, text);
  bool any = false;
  const std::size_t looked = vectors_ == Vectors::avx2 ? look_by_avx2(rows_, text, any) : 0;
  return any || any_in_byte_wise(text.substr(looked));
}

}  // namespace launchgate::secrets
