#include "libscan/secrets/byte_finder.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define LG_FINDER_VECTORS 1
#else
#define LG_FINDER_VECTORS 0
#endif

namespace launchgate::secrets {
namespace {

bool has_vectors() noexcept {
#if LG_FINDER_VECTORS
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

using Rows = std::array<std::array<std::uint8_t, 16>, 2>;

#if LG_FINDER_VECTORS
__attribute__((target("avx512f,avx512bw"))) bool any_by_vectors(const Rows& rows, std::string_view text) noexcept {
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
#else
bool any_by_vectors(const Rows&, std::string_view) noexcept { return false; }
#endif

}  // namespace

ByteFinder::ByteFinder(const regex::ByteSet& set) : vectors_(has_vectors()) {
  for (unsigned byte = 0; byte < 256; ++byte)
    if (set[byte]) rows_[byte >> 7][byte & 15] |= static_cast<std::uint8_t>(1U << (byte >> 4 & 7));
}

bool ByteFinder::any_in_byte_wise(std::string_view text) const noexcept {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((rows_[byte >> 7][byte & 15] >> (byte >> 4 & 7) & 1) != 0) return true;
  }
  return false;
}

bool ByteFinder::any_in(std::string_view text) const noexcept {
  return vectors_ ? any_by_vectors(rows_, text) : any_in_byte_wise(text);
}

}  // namespace launchgate::secrets
