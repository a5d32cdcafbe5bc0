// Any bytes as the index of a pack that has as many objects as the index says: declined, or every object can be asked
// for and lies within the pack when it is found.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libscan/git/pack.hpp"
#include "tests/fuzz/pack_files.hpp"

using namespace launchgate;
using namespace launchgate::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::PackFiles files;
  constexpr std::size_t kFanout = 1024, kCount = 4;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t header = bytes.starts_with("\377tOc") ? 8 : 0;
  if (bytes.size() < header + kFanout) return 0;
  std::string pack("PACK\0\0\0\2", 8);
  pack += bytes.substr(header + kFanout - kCount, kCount);
  pack += std::string(200, '\x31') + std::string(32, '\0');
  fuzz::PackFiles::write(files.index(), bytes);
  fuzz::PackFiles::write(files.pack(), pack);
  for (const ObjectFormat format : {ObjectFormat::sha1, ObjectFormat::sha256}) {
    const auto opened = Pack::open(files.index(), format);
    if (!opened) continue;
    for (std::uint32_t i = 0; i < opened->size(); ++i) {
      static_cast<void>(opened->offset_at(i));
      const auto offset = opened->find(opened->id_at(i));
      if (offset && *offset >= pack.size()) std::abort();
      if (offset) static_cast<void>(opened->entry(*offset));
    }
  }
  return 0;
}
