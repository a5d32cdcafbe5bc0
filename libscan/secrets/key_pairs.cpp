#include "libscan/secrets/key_pairs.hpp"

namespace launchgate::secrets {
namespace {

// Of the byte behind three of a literal.
std::uint32_t fourth_classes(const Anchor& anchor, std::size_t gram) {
  if (gram + 3 < anchor.size) return class_bit(anchor.value[gram + 3]);
  if (anchor.follow_count == 0) return 0xff;
  std::uint32_t classes = 0;
  for (std::uint32_t c = 0; c < 256; ++c)
    if (anchor.follow[c]) classes |= class_bit(c);
  return classes;
}

}  // namespace

std::array<PairMark, 2> pair_marks(const Anchor& anchor, std::size_t gram) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(anchor.value[gram + i]) | 0x20; };
  return {{{pair_cell(byte(1), byte(2)), class_bit(byte(0)) | fourth_classes(anchor, gram) << 8},
           {pair_cell(byte(0), byte(1)), class_bit(byte(2)) << 16 | fourth_classes(anchor, gram) << 24}}};
}

}  // namespace launchgate::secrets
