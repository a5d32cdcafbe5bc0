#include "libscan/git/pack_walk.hpp"

#include <algorithm>
#include <utility>

#include "libscan/git/delta.hpp"

namespace launchgate::git {
namespace {

// Buffers above this are freed after use: one large blob must not make every slot large.
constexpr std::size_t kKeptBuffer = std::size_t{2} << 20;

bool is_delta(const PackEntry& entry) noexcept {
  return entry.kind == PackEntry::Kind::offset_delta || entry.kind == PackEntry::Kind::ref_delta;
}

// Every object of the pack by where it lies.
std::vector<std::uint64_t> sorted_offsets(const Pack& pack) {
  std::vector<std::uint64_t> offsets(pack.size());
  for (std::uint32_t i = 0; i < pack.size(); ++i) offsets[i] = pack.offset_at(i);
  std::sort(offsets.begin(), offsets.end());
  return offsets;
}

std::uint32_t index_of(const std::vector<std::uint64_t>& offsets, std::uint64_t offset) {
  const auto at = std::lower_bound(offsets.begin(), offsets.end(), offset);
  return at != offsets.end() && *at == offset ? static_cast<std::uint32_t>(at - offsets.begin()) : PackFamilies::kNone;
}

// The same for what is expected a little before `near`: doubling steps back, then a search between the last two.
std::uint32_t index_before(const std::vector<std::uint64_t>& offsets, std::uint32_t near, std::uint64_t offset) {
  if (offset >= offsets[near]) return index_of(offsets, offset);
  std::size_t high = near, step = 1;
  while (step < high && offsets[high - step] > offset) high -= step, step *= 2;
  const auto low = offsets.begin() + static_cast<std::ptrdiff_t>(high - std::min(high, step));
  const auto at = std::lower_bound(low, offsets.begin() + static_cast<std::ptrdiff_t>(high), offset);
  return *at == offset ? static_cast<std::uint32_t>(at - offsets.begin()) : PackFamilies::kNone;
}

// For each object of the pack which of `wanted` it is. Both the index and `wanted` are sorted by name.
std::vector<std::uint32_t> find_wanted(const Pack& pack, const std::vector<std::uint64_t>& offsets,
                                       std::span<const Oid* const> wanted, std::vector<bool>& taken) {
  std::vector<std::uint32_t> found(offsets.size(), PackFamilies::kNone);
  std::uint32_t position = 0;
  for (std::uint32_t w = 0; w < wanted.size(); ++w) {
    if (taken[w]) continue;
    while (position < pack.size() && pack.id_at(position) < *wanted[w]) ++position;
    if (position == pack.size()) break;
    if (pack.id_at(position) != *wanted[w]) continue;
    const std::uint32_t at = index_of(offsets, pack.offset_at(position));
    if (at == PackFamilies::kNone || found[at] != PackFamilies::kNone) continue;
    found[at] = w;
    taken[w] = true;
  }
  return found;
}

}  // namespace

// Climbs from every wanted object towards its root; what is met on the way becomes a node.
PackFamilies::PackFamilies(const Pack& pack, std::span<const Oid* const> wanted, std::vector<bool>& taken)
    : pack_(&pack) {
  constexpr std::uint32_t kUnseen = kNone, kRoot = kNone - 1, kOdd = kNone - 2;
  const std::vector<std::uint64_t> offsets = sorted_offsets(pack);
  const std::vector<std::uint32_t> wanted_at = find_wanted(pack, offsets, wanted, taken);
  std::vector<std::uint32_t> base(offsets.size(), kUnseen);
  for (std::uint32_t start = 0; start < offsets.size(); ++start) {
    if (wanted_at[start] == kNone) continue;
    for (std::uint32_t at = start; at < kOdd && base[at] == kUnseen; at = base[at]) {
      const auto entry = pack.entry(offsets[at]);
      base[at] = kOdd;
      if (!entry) break;
      if (!is_delta(*entry)) {
        if (entry->kind == PackEntry::Kind::blob) base[at] = kRoot;
        break;
      }
      if (const std::uint32_t parent = index_before(offsets, at, entry->base); parent != kNone) base[at] = parent;
    }
  }
  // Numbers for the nodes, in order of offset, and their bases by the same numbers.
  std::vector<std::uint32_t> parents;
  std::vector<std::uint32_t> number(offsets.size(), kNone);
  for (std::uint32_t i = 0; i < offsets.size(); ++i) {
    if (base[i] == kUnseen) continue;
    number[i] = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({offsets[i], wanted_at[i], 0});
  }
  parents.reserve(nodes_.size());
  for (std::uint32_t i = 0; i < offsets.size(); ++i) {
    if (base[i] == kUnseen) continue;
    if (base[i] == kRoot) roots_.push_back(number[i]);
    parents.push_back(base[i] < kOdd ? number[base[i]] : kNone);
  }
  link(parents);
  order();
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
  if (contents_[slot].room.capacity() > kKeptBuffer) contents_[slot].room = Buffer();
  free_slots_.push_back(slot);
}

bool FamilyWalker::make_root(const Pack& pack, std::uint64_t offset, Content& out) {
  const auto entry = pack.entry(offset);
  if (!entry || entry->size > kMaxBlob) return false;
  out.size = static_cast<std::size_t>(entry->size);
  return inflater_.inflate_exactly(pack.bytes_from(entry->data), out.room.room(out.size + 1), out.size);
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
  out.size = static_cast<std::size_t>(sizes->result);
  copies_.clear();
  return apply_delta({base.room.data(), base.size}, delta, out.room.room(out.size + 1), out.size, copies_);
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
