// The blobs of one pack, each delta applied once: the way to read many.
//
// A pack stores most contents as a delta to another one, so its blobs form families: trees whose root is stored whole.
// Asking for them one by one rebuilds the same bases again and again. Here a family is walked from its root, with the
// base in memory; of each blob the visitor is told which bytes were copied from the base, so that what it knows of them
// can move along.
//
// What is odd or damaged is not walked but listed: whoever asks has another way to read it (ObjectReader), which also
// finds the words for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "libscan/core/copied_range.hpp"
#include "libscan/git/inflate.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/pack.hpp"
#include "libscan/git/spare_buffers.hpp"

namespace launchgate::git {

// What is wanted of a pack, as trees of deltas. Immutable after construction: any number of threads may walk it, each
// with a FamilyWalker of its own. Refers to the Pack. Memory: 20 bytes for each blob on the way to a wanted one, and 20
// more while it is made.
class PackFamilies {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // The ids that are wanted, by position: ascending, without doubles.
  using Wanted = std::function<const Oid&(std::size_t)>;
  // `taken` is as long as there are wanted ones: what is true already is left out, what is found here becomes true.
  PackFamilies(const Pack& pack, const Wanted& wanted, std::vector<bool>& taken);

  std::size_t size() const noexcept { return roots_.size(); }
  // Wanted and in this pack, but no blob or not to be reached from one: positions in `wanted`.
  const std::vector<std::uint32_t>& unreached() const noexcept { return unreached_; }

 private:
  friend class FamilyWalker;
  struct Node {
    std::uint64_t offset;
    std::uint32_t wanted;       // position, or kNone for what is only a base
    std::uint32_t first_child;  // in children_; they end where the next node's begin
  };
  std::span<const std::uint32_t> children(std::uint32_t node) const noexcept {
    return {children_.data() + nodes_[node].first_child, nodes_[node + 1].first_child - nodes_[node].first_child};
  }
  void find_wanted(const Wanted& wanted, std::vector<bool>& taken);
  std::vector<std::uint32_t> climb();
  void link(const std::vector<std::uint32_t>& parents);
  void order();

  const Pack* pack_;
  std::vector<Node> nodes_;              // one more than there are
  std::vector<std::uint32_t> children_;  // of each node, the one with most below it last
  std::vector<std::uint32_t> roots_;
  std::vector<std::uint32_t> unreached_;
};

struct WalkedBlob {
  static constexpr std::size_t kNoBase = static_cast<std::size_t>(-1);
  std::uint32_t wanted = PackFamilies::kNone;  // position, or kNone for what is only a base
  std::string_view bytes;                      // valid during the visit
  // A small number under which the visitor may keep what it knows of this blob; until the last blob that is made from
  // it has been visited no other one has the same.
  std::size_t slot = 0;
  std::size_t base_slot = kNoBase;
  std::size_t base_size = 0;
  std::span<const CopiedRange> copies;  // from the base, in order of `to`
};

class BlobVisitor {
 public:
  virtual ~BlobVisitor() = default;
  virtual void visit(const WalkedBlob& blob) = 0;
};

// One thread's way through families. At most log2(family) contents are in memory at a time: of what is made from one
// blob the largest branch comes last, and takes its room.
class FamilyWalker {
 public:
  // Larger blobs are left to whoever can read them in another way.
  static constexpr std::size_t kMaxBlob = std::size_t{64} << 20;

  // Visits every blob of the family, bases before what is made from them. Appends to `failed` what could not be made.
  void walk(const PackFamilies& families, std::size_t family, BlobVisitor& visitor, std::vector<std::uint32_t>& failed);

 private:
  struct Content {
    Buffer room;
    std::size_t size = 0;
  };
  struct Step {
    std::uint32_t node;
    std::size_t slot;
    std::size_t next = 0;  // of its children
  };
  std::size_t take_slot();
  void give_back(std::size_t slot);
  char* room_for(std::size_t size, Content& out);
  bool make_root(const Pack& pack, std::uint64_t offset, Content& out);
  bool make_delta(const Pack& pack, std::uint64_t offset, const Content& base, Content& out);
  static void fail_below(const PackFamilies& families, std::uint32_t node, std::vector<std::uint32_t>& failed);

  std::vector<Content> contents_;
  std::vector<std::size_t> free_slots_;
  std::vector<Step> steps_;
  std::vector<CopiedRange> copies_;
  Buffer delta_;
  Inflater inflater_;
  SpareBuffers spare_;
};

}  // namespace launchgate::git
