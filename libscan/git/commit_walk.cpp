// Commits are taken newest first from one queue. A commit reached from a base is marked known, and the mark goes to its
// parents; one that was taken before it was known to be known is marked late, with all that were taken through it. The
// walk ends some steps after only known commits are left: with clocks that were right at once, with others it may miss
// a mark, and then a commit counts as new that is not.
//
// The queue's order trusts the clocks and serves only to end early. What is given back is put in order by ancestry.
#include "libscan/git/commit_walk.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <queue>
#include <utility>

namespace launchgate::git {
namespace {

// Steps to go on after only known commits are left, for clocks that were somewhat wrong.
constexpr int kSlop = 64;
constexpr std::uint32_t kNone = UINT32_MAX;

using Index = std::uint32_t;

struct Node {
  enum class State : std::uint8_t { named, waiting, taken };  // named: some child's parent, not read yet
  std::int64_t date = 0;
  Index parents_begin = 0, parents_count = 0;
  State state = State::named;
  bool known = false;  // an ancestor of a base, or a base
};

// Ids without the room that an Oid has for the longer kind: there are two for each commit.
class Ids {
 public:
  void push_back(const Oid& oid) {
    if (bytes_.empty()) format_ = oid.format();
    bytes_.insert(bytes_.end(), oid.bytes.begin(), oid.bytes.begin() + id_size(format_));
  }
  void set(std::size_t i, const Oid& oid) { std::memcpy(&bytes_[i * id_size(format_)], &oid.bytes, id_size(format_)); }
  Oid operator[](std::size_t i) const { return Oid::from_raw(&bytes_[i * id_size(format_)], format_); }

 private:
  ObjectFormat format_ = ObjectFormat::sha1;
  std::vector<std::uint8_t> bytes_;
};

struct Waiting {
  std::int64_t date;
  Oid oid;
  Index index;
  bool operator<(const Waiting& other) const noexcept {
    return date != other.date ? date < other.date : oid < other.oid;
  }
  bool operator>(const Waiting& other) const noexcept { return other < *this; }
};

// Every commit seen so far, by id: an open hash table of indices (ids are digests, so a prefix is a good hash).
class Nodes {
 public:
  Node& operator[](Index index) noexcept { return nodes_[index]; }
  std::size_t size() const noexcept { return nodes_.size(); }
  Oid id(Index index) const { return ids_[index]; }
  Oid tree(Index index) const { return trees_[index]; }
  void set_tree(Index index, const Oid& tree) { trees_.set(index, tree); }

  Index index_of(const Oid& oid) {
    if (2 * (nodes_.size() + 1) > table_.size()) grow();
    Index* slot = find_slot(oid);
    if (*slot == kNone) {
      *slot = static_cast<Index>(nodes_.size());
      nodes_.emplace_back();
      ids_.push_back(oid);
      trees_.push_back(oid);  // something of the right size
    }
    return *slot;
  }
  // Nothing will be looked up any more.
  void drop_table() { table_ = {}; }

 private:
  Index* find_slot(const Oid& oid) noexcept {
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = oid.prefix() & mask;; at = (at + 1) & mask)
      if (table_[at] == kNone || ids_[table_[at]] == oid) return &table_[at];
  }
  void grow() {
    table_.assign(std::max<std::size_t>(64, 2 * table_.size()), kNone);
    for (Index i = 0; i < nodes_.size(); ++i) *find_slot(ids_[i]) = i;
  }

  std::deque<Node> nodes_;  // grows without a copy of all
  Ids ids_, trees_;
  std::vector<Index> table_;
};

class Walk {
 public:
  Walk(ObjectReader& objects, const std::vector<Oid>& boundary, CommitSink* sink = nullptr)
      : objects_(objects), boundary_(boundary), sink_(sink) {}

  Result<void> add(const Oid& oid, bool known) { return visit(nodes_.index_of(oid), known); }

  Result<CommitRange> run() {
    for (int slop = kSlop; !queue_.empty() && (unknown_waiting_ > 0 || slop-- > 0);) {
      const Index next = queue_.top().index;
      queue_.pop();
      nodes_[next].state = Node::State::taken;
      const bool known = nodes_[next].known;
      if (!known) {
        --unknown_waiting_;
        taken_.push_back(next);
      }
      for (Index i = 0; i < nodes_[next].parents_count; ++i) {
        auto visited = visit(parents_[nodes_[next].parents_begin + i], known);
        // What cannot be read behind a base would only have narrowed the answer.
        if (visited || known) continue;
        if (sink_ == nullptr) return Unexpected{std::move(visited).error()};
        lose(next, i--, std::move(visited).error());
      }
      if (sink_ != nullptr) tell(next);
    }
    std::erase_if(taken_, [&](Index i) { return nodes_[i].known; });  // marked late
    auto range = put_in_order();
    if (range) range->lost = std::move(lost_);
    return range;
  }

  // Where the commits given to the sink are in the range.
  std::vector<std::uint32_t> places_of_met() const {
    std::vector<std::uint32_t> places;
    places.reserve(taken_.size());
    for (const Index i : taken_) places.push_back(place_[i]);
    return places;
  }

 private:
  // A parent that cannot be read is none.
  void lose(Index child, Index parent, Error why) {
    Node& node = nodes_[child];
    const auto first = parents_.begin() + node.parents_begin;
    lost_.add(nodes_.id(first[parent]), std::move(why));
    std::copy(first + parent + 1, first + node.parents_count, first + parent);
    --node.parents_count;
  }

  Result<void> visit(Index index, bool known) {
    if (nodes_[index].state != Node::State::named) {
      if (known) mark(index);
      return {};
    }
    const Oid oid = nodes_.id(index);
    auto object = objects_.read(oid, ObjectType::commit);
    if (!object) return Unexpected{std::move(object).error()};
    if (!parse_commit(object->bytes, header_))
      return fail(ErrorCode::undecided, "commit " + oid.hex() + ": damaged", "git fsck tells more");
    if (sink_ != nullptr) sink_->read(oid, object->bytes);
    const auto begin = static_cast<Index>(parents_.size());
    if (!at_boundary(oid))
      for (const Oid& parent : header_.parents) parents_.push_back(nodes_.index_of(parent));
    Node& node = nodes_[index];
    nodes_.set_tree(index, header_.tree);
    node.date = header_.date;
    node.parents_begin = begin;
    node.parents_count = static_cast<Index>(parents_.size()) - begin;
    node.state = Node::State::waiting;
    node.known = known;
    queue_.push({node.date, oid, index});
    if (!known) ++unknown_waiting_;
    return {};
  }

  void tell(Index commit) {
    const Node& node = nodes_[commit];
    parent_trees_.clear();
    for (Index i = 0; i < node.parents_count; ++i)
      parent_trees_.push_back(nodes_.tree(parents_[node.parents_begin + i]));
    sink_->met(nodes_.tree(commit), parent_trees_);
  }

  bool at_boundary(const Oid& oid) const { return std::binary_search(boundary_.begin(), boundary_.end(), oid); }

  // The mark goes through commits that were taken already; the others hand it on when their turn comes.
  void mark(Index start) {
    std::vector<Index> marking = {start};
    while (!marking.empty()) {
      Node& node = nodes_[marking.back()];
      marking.pop_back();
      if (node.known || node.state == Node::State::named) continue;
      node.known = true;
      if (node.state != Node::State::taken)
        --unknown_waiting_;
      else
        marking.insert(marking.end(), parents_.begin() + node.parents_begin,
                       parents_.begin() + node.parents_begin + node.parents_count);
    }
  }

  // From the oldest on: a commit's turn comes when all its parents have had theirs (Kahn's algorithm).
  Result<CommitRange> put_in_order() {
    nodes_.drop_table();
    // Children of each commit of the range, all in one array.
    std::vector<Index> waits_for(nodes_.size(), kNone);  // how many parents; kNone: not of the range
    std::vector<Index> begin(nodes_.size() + 1, 0);
    for (const Index i : taken_) waits_for[i] = 0;
    for_each_edge(waits_for, [&](Index child, Index parent) { ++waits_for[child], ++begin[parent + 1]; });
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    std::vector<Index> children(begin.back()), filled(begin.begin(), begin.end() - 1);
    for_each_edge(waits_for, [&](Index child, Index parent) { children[filled[parent]++] = child; });

    std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> ready;
    for (const Index i : taken_)
      if (waits_for[i] == 0) ready.push({nodes_[i].date, nodes_.id(i), i});
    std::vector<Index> order;
    order.reserve(taken_.size());
    while (!ready.empty()) {
      const Index next = ready.top().index;
      ready.pop();
      order.push_back(next);
      for (Index at = begin[next]; at < begin[next + 1]; ++at)
        if (const Index child = children[at]; --waits_for[child] == 0)
          ready.push({nodes_[child].date, nodes_.id(child), child});
    }
    if (order.size() != taken_.size())
      return fail(ErrorCode::undecided, "commits that are their own ancestors: the repository is damaged",
                  "git fsck tells more");
    std::reverse(order.begin(), order.end());
    return make_range(order);
  }

  template <class Use>
  void for_each_edge(const std::vector<Index>& waits_for, Use use) {
    for (const Index child : taken_)
      for (Index i = 0; i < nodes_[child].parents_count; ++i)
        if (const Index parent = parents_[nodes_[child].parents_begin + i]; waits_for[parent] != kNone)
          use(child, parent);
  }

  CommitRange make_range(const std::vector<Index>& order) {
    CommitRange range;
    range.commits.reserve(order.size());
    range.parents_begin.reserve(order.size() + 1);
    if (sink_ == nullptr) range.trees.reserve(order.size());
    place_.assign(nodes_.size(), kNone);
    Index places = 0;
    const auto place = [&](Index i) {
      place_[i] = places++;
      if (sink_ == nullptr) range.trees.push_back(nodes_.tree(i));  // the sink has been told of them
    };
    for (const Index i : order) {
      place(i);
      range.commits.push_back(nodes_.id(i));
      range.cut_short |= at_boundary(nodes_.id(i));
    }
    for (const Index i : order) {
      for (Index p = 0; p < nodes_[i].parents_count; ++p) {
        const Index parent = parents_[nodes_[i].parents_begin + p];
        if (place_[parent] == kNone) place(parent);
        range.parents.push_back(place_[parent]);
      }
      range.parents_begin.push_back(static_cast<Index>(range.parents.size()));
    }
    return range;
  }

  ObjectReader& objects_;
  const std::vector<Oid>& boundary_;
  Nodes nodes_;
  std::vector<Index> parents_;  // of all nodes, each node's together
  std::vector<Index> taken_;
  std::vector<Index> place_;  // of each node, by which CommitRange::parents names it
  CommitSink* sink_;
  LostObjects lost_;
  std::vector<Oid> parent_trees_;
  CommitHeader header_;
  std::priority_queue<Waiting> queue_;
  std::size_t unknown_waiting_ = 0;
};

// Takes "<word> <rest>\n" off the front of `text`.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view word) {
  if (text.substr(0, word.size()) != word) return std::nullopt;
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(word.size(), end - word.size());
  text.remove_prefix(end + 1);
  return rest;
}

// "Name <address> 1700000000 +0000"
std::int64_t date_of(std::string_view line) {
  const std::size_t zone = line.rfind(' ');
  const std::size_t blank = zone == std::string_view::npos || zone == 0 ? zone : line.rfind(' ', zone - 1);
  if (blank == std::string_view::npos) return 0;
  std::int64_t date = 0;
  for (const char c : line.substr(blank + 1, zone - blank - 1)) {
    if (c < '0' || c > '9' || date > INT64_MAX / 20) return 0;
    date = 10 * date + (c - '0');
  }
  return date;
}

}  // namespace

bool parse_commit(std::string_view bytes, CommitHeader& header) {
  header.parents.clear();
  header.date = 0;
  const auto tree = take_line(bytes, "tree ");
  const auto tree_oid = tree ? Oid::from_hex(*tree) : std::nullopt;
  if (!tree_oid) return false;
  header.tree = *tree_oid;
  while (const auto parent = take_line(bytes, "parent ")) {
    const auto oid = Oid::from_hex(*parent);
    if (!oid) return false;
    header.parents.push_back(*oid);
  }
  if (!take_line(bytes, "author ")) return true;
  if (const auto committer = take_line(bytes, "committer ")) header.date = date_of(*committer);
  return true;
}

std::optional<CommitHeader> parse_commit(std::string_view bytes) {
  std::optional<CommitHeader> header(std::in_place);
  if (!parse_commit(bytes, *header)) header.reset();
  return header;
}

Result<CommitRange> commits_between(ObjectReader& objects, const std::vector<Oid>& heads, const std::vector<Oid>& bases,
                                    const std::vector<Oid>& boundary) {
  Walk walk(objects, boundary);
  for (const Oid& base : bases)
    if (auto added = walk.add(base, true); !added) return Unexpected{std::move(added).error()};
  for (const Oid& head : heads)
    if (auto added = walk.add(head, false); !added) return Unexpected{std::move(added).error()};
  return walk.run();
}

Result<CommitRange> commits_of(ObjectReader& objects, const std::vector<Oid>& heads, const std::vector<Oid>& boundary,
                               CommitSink& sink, std::vector<std::uint32_t>& place_of_met) {
  Walk walk(objects, boundary, &sink);
  for (const Oid& head : heads)
    if (auto added = walk.add(head, false); !added) return Unexpected{std::move(added).error()};
  auto range = walk.run();
  if (range) place_of_met = walk.places_of_met();
  return range;
}

}  // namespace launchgate::git
