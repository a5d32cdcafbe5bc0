#include "libscan/git/pack_walk.hpp"

#include <algorithm>
#include <utility>

#include "libscan/git/delta.hpp"

namespace launchgate::git {
namespace {

bool is_delta(const PackEntry& entry) noexcept {
  return entry.kind == PackEntry::Kind::offset_delta || entry.kind == PackEntry::Kind::ref_delta;
}

constexpr std::uint32_t kNone = PackFamilies::kNone;

// Numbers by where an object lies: those that were there from the start, ascending, are searched for; others, which are
// few where all of a pack is wanted, are in an open hash table.
template <class Node>
class Places {
 public:
  explicit Places(std::vector<Node>& nodes) : nodes_(nodes), sorted_(static_cast<std::uint32_t>(nodes.size())) {}

  // Of what lies at `offset`, probably not far before number `near`; what has none becomes the next one.
  std::uint32_t number_of(std::uint64_t offset, std::uint32_t near) {
    const std::uint32_t at = find_sorted(offset, std::min(near, sorted_));
    if (at != sorted_ && nodes_[at].offset == offset) return at;
    if (2 * (nodes_.size() - sorted_ + 1) > table_.size()) grow();
    std::uint32_t* const slot = find_slot(offset);
    if (*slot == kNone) {
      *slot = static_cast<std::uint32_t>(nodes_.size());
      nodes_.push_back({offset, kNone, 0});
    }
    return *slot;
  }

 private:
  // The first that does not lie before `offset`: doubling steps back, then a search between the last two.
  std::uint32_t find_sorted(std::uint64_t offset, std::uint32_t near) const {
    std::uint32_t high = near, step = 1;
    if (high == sorted_ || nodes_[high].offset < offset) high = sorted_, step = sorted_;
    while (step < high && nodes_[high - step].offset >= offset) high -= step, step *= 2;
    const auto first = nodes_.begin() + (high - std::min(high, step));
    return static_cast<std::uint32_t>(
        std::lower_bound(first, nodes_.begin() + high, offset, [](const Node& n, auto o) { return n.offset < o; }) -
        nodes_.begin());
  }
  std::uint32_t* find_slot(std::uint64_t offset) {
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = (offset * 0x9e3779b97f4a7c15u >> 32) & mask;; at = (at + 1) & mask)
      if (table_[at] == kNone || nodes_[table_[at]].offset == offset) return &table_[at];
  }
  void grow() {
    table_.assign(std::max<std::size_t>(64, 2 * table_.size()), kNone);
    for (std::uint32_t i = sorted_; i < nodes_.size(); ++i) *find_slot(nodes_[i].offset) = i;
  }

  std::vector<Node>& nodes_;
  std::uint32_t sorted_;
  std::vector<std::uint32_t> table_;
};

}  // namespace

PackFamilies::PackFamilies(const Pack& pack, const Wanted& wanted, std::vector<bool>& taken) : pack_(&pack) {
  find_wanted(wanted, taken);
  link(climb());
  order();
}

// Both the index and `wanted` are sorted by name; the nodes are in order of where they lie.
void PackFamilies::find_wanted(const Wanted& wanted, std::vector<bool>& taken) {
  std::uint32_t position = 0;
  for (std::uint32_t w = 0; w < taken.size(); ++w) {
    if (taken[w]) continue;
    const Oid& oid = wanted(w);
    while (position < pack_->size() && pack_->id_at(position) < oid) ++position;
    if (position == pack_->size()) break;
    if (pack_->id_at(position) == oid) nodes_.push_back({pack_->offset_at(position), w, 0});
  }
  std::sort(nodes_.begin(), nodes_.end(), [](const Node& a, const Node& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.wanted < b.wanted;
  });
  const auto same = [](const Node& a, const Node& b) { return a.offset == b.offset; };  // an index that lies
  nodes_.erase(std::unique(nodes_.begin(), nodes_.end(), same), nodes_.end());
  for (const Node& node : nodes_) taken[node.wanted] = true;
}

// From every node towards its root; what is met on the way becomes a node. The bases of all, kNone where there is none.
std::vector<std::uint32_t> PackFamilies::climb() {
  Places places(nodes_);
  std::vector<std::uint32_t> bases;
  bases.reserve(nodes_.size());
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const auto entry = pack_->entry(nodes_[i].offset);
    bases.push_back(kNone);
    if (!entry) continue;
    if (is_delta(*entry))
      bases.back() = places.number_of(entry->base, i);
    else if (entry->kind == PackEntry::Kind::blob)
      roots_.push_back(i);
  }
  return bases;
}

// Turns "whose base am I" around.
void PackFamilies::link(const std::vector<std::uint32_t>& parents) {
  const std::size_t count = nodes_.size();
  nodes_.push_back({0, kNone, 0});
  for (const std::uint32_t parent : parents)
    if (parent != kNone) ++nodes_[parent + 1].first_child;
  for (std::size_t i = 1; i <= count; ++i) nodes_[i].first_child += nodes_[i - 1].first_child;
  children_.resize(nodes_[count].first_child);
  std::vector<std::uint32_t> filled(count, 0);
  for (std::uint32_t i = 0; i < count; ++i)
    if (parents[i] != kNone) children_[nodes_[parents[i]].first_child + filled[parents[i]]++] = i;
}

// The heaviest child of each node last, the heaviest families first (so that no thread is left with one at the end);
// and what no root leads to, which a circle of references may hide.
void PackFamilies::order() {
  const auto count = static_cast<std::uint32_t>(nodes_.size() - 1);
  std::vector<std::uint32_t> sequence(roots_);
  sequence.reserve(count);
  for (std::size_t i = 0; i < sequence.size(); ++i)
    for (const std::uint32_t child : children(sequence[i])) sequence.push_back(child);
  std::vector<std::uint32_t> weight(count, 0);
  for (auto at = sequence.rbegin(); at != sequence.rend(); ++at) {
    const std::span<const std::uint32_t> below = children(*at);
    weight[*at] = 1;
    for (const std::uint32_t child : below) weight[*at] += weight[child];
    if (below.empty()) continue;
    auto* const first = children_.data() + nodes_[*at].first_child;
    auto* const last = first + below.size() - 1;
    std::iter_swap(std::max_element(first, last + 1, [&](auto a, auto b) { return weight[a] < weight[b]; }), last);
  }
  for (std::uint32_t i = 0; i < count; ++i)
    if (weight[i] == 0 && nodes_[i].wanted != kNone) unreached_.push_back(nodes_[i].wanted);
  constexpr std::uint32_t kHeavy = 512;
  std::stable_sort(roots_.begin(), roots_.end(),
                   [&](auto a, auto b) { return std::max(kHeavy, weight[a]) > std::max(kHeavy, weight[b]); });
}

std::size_t FamilyWalker::take_slot() {
  if (free_slots_.empty()) {
    contents_.emplace_back();
    return contents_.size() - 1;
  }
  const std::size_t slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

void FamilyWalker::give_back(std::size_t slot) {
  spare_.give(std::exchange(contents_[slot].room, {}));
  free_slots_.push_back(slot);
}

// One byte longer than the content: libdeflate then tells a stream that is too long.
char* FamilyWalker::room_for(std::size_t size, Content& out) {
  out.size = size;
  out.room = spare_.take(size + 1);
  return out.room.data();
}

bool FamilyWalker::make_root(const Pack& pack, std::uint64_t offset, Content& out) {
  const auto entry = pack.entry(offset);
  if (!entry || entry->size > kMaxBlob) return false;
  char* const room = room_for(static_cast<std::size_t>(entry->size), out);
  return inflater_.inflate_exactly(pack.bytes_from(entry->data), room, out.size);
}

bool FamilyWalker::make_delta(const Pack& pack, std::uint64_t offset, const Content& base, Content& out) {
  const auto entry = pack.entry(offset);
  if (!entry || entry->size > kMaxBlob) return false;
  const auto size = static_cast<std::size_t>(entry->size);
  char* const instructions = delta_.room(size + 1);
  if (!inflater_.inflate_exactly(pack.bytes_from(entry->data), instructions, size)) return false;
  std::string_view delta(instructions, size);
  const auto sizes = take_delta_sizes(delta);
  if (!sizes || sizes->base != base.size || sizes->result > kMaxBlob) return false;
  char* const room = room_for(static_cast<std::size_t>(sizes->result), out);
  copies_.clear();
  return apply_delta({base.room.data(), base.size}, delta, room, out.size, copies_);
}

void FamilyWalker::fail_below(const PackFamilies& families, std::uint32_t node, std::vector<std::uint32_t>& failed) {
  std::vector<std::uint32_t> waiting = {node};
  while (!waiting.empty()) {
    const std::uint32_t one = waiting.back();
    waiting.pop_back();
    if (families.nodes_[one].wanted != PackFamilies::kNone) failed.push_back(families.nodes_[one].wanted);
    for (const std::uint32_t child : families.children(one)) waiting.push_back(child);
  }
}

void FamilyWalker::walk(const PackFamilies& families, std::size_t family, BlobVisitor& visitor,
                        std::vector<std::uint32_t>& failed) {
  const Pack& pack = *families.pack_;
  const std::uint32_t root = families.roots_[family];
  const std::size_t first = take_slot();
  if (!make_root(pack, families.nodes_[root].offset, contents_[first])) {
    give_back(first);
    return fail_below(families, root, failed);
  }
  const Content& whole = contents_[first];
  visitor.visit({families.nodes_[root].wanted, {whole.room.data(), whole.size}, first, WalkedBlob::kNoBase, 0, {}});
  steps_.assign(1, {root, first});
  while (!steps_.empty()) {
    Step& step = steps_.back();
    const auto children = families.children(step.node);
    const std::size_t base = step.slot;
    if (step.next == children.size()) {
      give_back(base);
      steps_.pop_back();
      continue;
    }
    const std::uint32_t child = children[step.next++];
    const bool last = step.next == children.size();
    const std::size_t slot = take_slot();  // before contents_ is looked into: it may grow
    const PackFamilies::Node& node = families.nodes_[child];
    const bool made = make_delta(pack, node.offset, contents_[base], contents_[slot]);
    if (made)
      visitor.visit({node.wanted,
                     {contents_[slot].room.data(), contents_[slot].size},
                     slot,
                     base,
                     contents_[base].size,
                     copies_});
    else
      fail_below(families, child, failed);
    if (last) {
      give_back(base);
      steps_.pop_back();
    }
    if (made)
      steps_.push_back({child, slot});
    else
      give_back(slot);
  }
}

}  // namespace launchgate::git
