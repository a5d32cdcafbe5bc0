// Any bytes as a pack in which an object may begin anywhere: each header can be read, and what is walked copies from
// where there is something.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "libscan/git/pack_walk.hpp"
#include "tests/fuzz/pack_files.hpp"

using namespace launchgate;
using namespace launchgate::git;

namespace {

class Checker : public BlobVisitor {
 public:
  void visit(const WalkedBlob& blob) override {
    for (const CopiedRange& copy : blob.copies)
      if (copy.to + copy.length > blob.bytes.size() || copy.from + copy.length > blob.base_size) std::abort();
  }
};

// At most so many objects: a byte of noise often looks like a header.
constexpr std::size_t kMaxObjects = 512;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::PackFiles files;
  fuzz::PackFiles::write(files.pack(), {reinterpret_cast<const char*>(data), size});
  const auto headers = Pack::open_listed(files.pack(), {}, ObjectFormat::sha1);
  if (!headers) return 0;
  std::vector<PackedObject> objects;
  std::vector<Oid> wanted;
  for (std::uint64_t offset = 0; offset < size + 2 && objects.size() < kMaxObjects; ++offset) {
    const auto entry = headers->entry(offset);
    // Large sizes are honoured up to a cap; here they would only cost time.
    if (!entry || entry->size > (1U << 16)) continue;
    if (entry->data >= size || entry->base >= size) std::abort();
    PackedObject object{{}, offset};
    object.oid.bytes[0] = static_cast<std::uint8_t>(objects.size() >> 8);
    object.oid.bytes[1] = static_cast<std::uint8_t>(objects.size());
    objects.push_back(object);
    wanted.push_back(object.oid);
  }
  const auto pack = Pack::open_listed(files.pack(), objects, ObjectFormat::sha1);
  if (!pack) std::abort();
  std::vector<bool> taken(wanted.size(), false);
  const PackFamilies families(
      *pack, [&](std::size_t i) -> const Oid& { return wanted[i]; }, taken);
  FamilyWalker walker;
  Checker checker;
  std::vector<std::uint32_t> failed;
  for (std::size_t i = 0; i < families.size(); ++i) walker.walk(families, i, checker, failed);
  if (failed.size() + families.unreached().size() > wanted.size()) std::abort();
  return 0;
}
