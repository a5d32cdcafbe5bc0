// Any bytes as a multi-pack-index: declined, or every object and its place can be asked for.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libscan/git/midx.hpp"

using namespace launchgate::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const ObjectFormat format : {ObjectFormat::sha1, ObjectFormat::sha256}) {
    const auto midx = MultiPackIndex::parse(bytes, format);
    if (!midx) continue;
    std::size_t placed = 0, listed = 0;
    for (std::uint32_t i = 0; i < midx->size(); ++i) {
      if (const auto place = midx->place_at(i)) {
        if (place->pack >= midx->packs().size()) std::abort();
        ++placed;
      }
      static_cast<void>(midx->find(midx->id_at(i)));
    }
    for (const std::string_view name : midx->packs())
      if (name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos) std::abort();
    for (const auto& objects : midx->objects_by_pack()) listed += objects.size();
    if (placed != listed) std::abort();
  }
  return 0;
}
