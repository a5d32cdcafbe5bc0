// Any bytes as a git index: refused with a reason, or readable to the last entry. A split index looks for its shared
// part in a folder that does not exist.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libscan/git/index.hpp"

using namespace launchgate::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const ObjectFormat format : {ObjectFormat::sha1, ObjectFormat::sha256}) {
    const auto index = Index::parse(bytes, format, "/nonexistent");
    if (!index) continue;
    for (std::uint32_t i = 0; i < index->size(); ++i) {
      const IndexEntry entry = index->entry(i);
      const IndexRange found = index->find(entry.path, index->all());
      if (entry.path.empty() || i < found.begin || i >= found.end) std::abort();
    }
    std::uint64_t nodes = 0;
    for (std::size_t i = 0; i < index->cached_trees().size(); ++i) {
      const CachedTree& tree = index->cached_trees()[i];
      if (tree.skip == 0 || i + tree.skip > index->cached_trees().size()) std::abort();
      nodes += tree.children;
    }
    if (!index->cached_trees().empty() && nodes + 1 != index->cached_trees().size()) std::abort();
  }
  return 0;
}
