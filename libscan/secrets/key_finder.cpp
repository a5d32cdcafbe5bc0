#include "libscan/secrets/key_finder.hpp"

namespace launchgate::secrets {

bool KeyFinder::supported(Form form) noexcept {
#if defined(__x86_64__)
  if (form == Form::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
  if (form == Form::avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni");
#endif
  return form == Form::none || form == Form::byte_wise;
}

KeyFinder::Form KeyFinder::fastest() noexcept {
  if (supported(Form::avx512)) return Form::avx512;
  return supported(Form::avx2) ? Form::avx2 : Form::none;
}

KeyTables KeyTables::of(const std::vector<Anchor>& anchors) {
  KeyTables tables;
  for (const Anchor& a : anchors) {
    const std::uint32_t gram = KeyFinder::hash(key_of(a) & 0xffffff) >> (32 - kGramBits);
    const unsigned fourth = a.size == 3 ? 0xff : 1U << (key_of(a) >> 24 & 7);
    tables.grams[gram] = static_cast<std::uint8_t>(tables.grams[gram] | fourth);
  }
  tables.fill_for_avx2(anchors);
  tables.fill_for_avx512(anchors);
  return tables;
}

std::size_t KeyFinder::find_byte_wise(std::string_view text, std::size_t size, Places& places) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < size; ++i) {
    places[found] = static_cast<std::uint16_t>(i);
    found += maybe(key_at(text, i)) ? 1 : 0;
  }
  return found;
}

std::size_t KeyFinder::find(std::string_view text, std::size_t size, Places& places) const {
  if (form_ == Form::byte_wise || form_ == Form::none) return find_byte_wise(text, size, places);
  if (form_ == Form::avx2) return find_by_avx2(text, size, places);
  const std::size_t found = find_by_avx512(text, size, places);
  // Once more by three bytes and a fourth, which lets less by; and without what was found behind the end.
  std::size_t kept = 0, k = 0;
  const auto keep = [&](std::size_t at, std::uint32_t key) {
    places[kept] = static_cast<std::uint16_t>(at);
    kept += maybe(key) ? 1 : 0;
  };
  for (; k < found && std::size_t{places[k]} + sizeof(std::uint32_t) <= text.size(); ++k) {
    const std::size_t at = places[k];
    if (at >= size) return kept;
    keep(at, four_bytes_at(text.data() + at));
  }
  for (; k < found && places[k] < size; ++k) keep(places[k], key_at(text, places[k]));
  return kept;
}

}  // namespace launchgate::secrets
