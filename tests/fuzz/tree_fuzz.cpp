// Any bytes as a tree and as older trees of the same folder. What is told as new must be in the tree, and a tree
// compared with itself has nothing new. The first byte says how long the new one is, the second whether ids are
// SHA-256.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "libscan/git/tree_diff.hpp"

using namespace launchgate::git;

namespace {

SharedBytes shared(std::string_view bytes) {
  SharedBytes out = SharedBytes::make(bytes.size());
  std::memcpy(out.data.get(), bytes.data(), bytes.size());
  return out;
}

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ObjectFormat format = data[1] % 2 == 0 ? ObjectFormat::sha1 : ObjectFormat::sha256;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string_view first = bytes.substr(0, std::size_t{16} * data[0]);
  const SharedBytes tree = shared(first), rest = shared(bytes.substr(first.size()));

  std::size_t entries = 0;
  TreeCursor cursor(tree.view(), format);
  while (cursor.next()) ++entries;

  TreeDiff diff(format);
  const auto count = [&](const std::vector<SharedBytes>& older) {
    std::size_t told = 0;
    diff.run(tree, older, [&](const TreeCursor& entry, std::span<const Oid> before) {
      ++told;
      check(!entry.name.empty() && before.size() <= older.size());
    });
    return told;
  };
  check(count({}) == entries);
  const std::size_t beside = count({rest}), beside_both = count({rest, tree}), beside_itself = count({tree});
  // Damage that an older tree has too is passed over with the rest of what both have, and met when that tree's own turn
  // comes; what stands behind it is told, and was not counted above.
  if (cursor.damaged()) return 0;
  check(beside <= entries && beside_both <= entries && beside_itself == 0);
  return 0;
}
