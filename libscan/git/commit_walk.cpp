// Commits are taken newest first from one queue. A commit reached from a base is marked known, and the mark goes to its
// parents; one that was taken before it was known to be known is marked late, with all that were taken through it. The
// walk ends some steps after only known commits are left: with clocks that were right at once, with others it may miss
// a mark, and then a commit counts as new that is not.
#include "libscan/git/commit_walk.hpp"

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <utility>

namespace launchgate::git {
namespace {

// Steps to go on after only known commits are left, for clocks that were somewhat wrong.
constexpr int kSlop = 64;

struct Node {
  CommitHeader header;
  bool known = false;  // an ancestor of a base, or a base
  bool taken = false;  // out of the queue
};

struct Waiting {
  std::int64_t date;
  Oid oid;
  bool operator<(const Waiting& other) const noexcept {
    return date != other.date ? date < other.date : oid < other.oid;
  }
};

class Walk {
 public:
  Walk(ObjectReader& objects, const std::vector<Oid>& boundary) : objects_(objects), boundary_(boundary) {}

  Result<void> add(const Oid& oid, bool known) {
    if (const auto seen = nodes_.find(oid); seen != nodes_.end()) {
      if (known) mark(oid);
      return {};
    }
    auto object = objects_.read(oid, ObjectType::commit);
    if (!object) return Unexpected{std::move(object).error()};
    auto header = parse_commit(object->bytes);
    if (!header) return fail(ErrorCode::undecided, "commit " + oid.hex() + ": damaged", "git fsck tells more");
    if (at_boundary(oid)) header->parents.clear();
    queue_.push({header->date, oid});
    nodes_.emplace(oid, Node{std::move(*header), known, false});
    if (!known) ++unknown_waiting_;
    return {};
  }

  Result<CommitRange> run() {
    std::vector<Waiting> taken;
    for (int slop = kSlop; !queue_.empty() && (unknown_waiting_ > 0 || slop-- > 0);) {
      const Waiting next = queue_.top();
      queue_.pop();
      Node& node = nodes_.at(next.oid);  // stays where it is when others are added
      node.taken = true;
      if (!node.known) {
        --unknown_waiting_;
        taken.push_back(next);
      }
      const bool known = node.known;
      for (const Oid& parent : node.header.parents) {
        auto added = add(parent, known);
        // What cannot be read behind a base would only have narrowed the answer.
        if (!added && !known) return Unexpected{std::move(added).error()};
      }
    }
    CommitRange range;
    for (const Waiting& commit : taken) {
      if (nodes_.at(commit.oid).known) continue;  // marked late
      range.commits.push_back(commit.oid);
      range.cut_short |= at_boundary(commit.oid);
    }
    return range;
  }

 private:
  bool at_boundary(const Oid& oid) const { return std::binary_search(boundary_.begin(), boundary_.end(), oid); }

  // The mark goes through commits that were taken already; the others hand it on when their turn comes.
  void mark(const Oid& start) {
    std::vector<Oid> marking = {start};
    while (!marking.empty()) {
      const Oid oid = marking.back();
      marking.pop_back();
      const auto found = nodes_.find(oid);
      if (found == nodes_.end() || found->second.known) continue;
      found->second.known = true;
      if (!found->second.taken)
        --unknown_waiting_;
      else
        marking.insert(marking.end(), found->second.header.parents.begin(), found->second.header.parents.end());
    }
  }

  ObjectReader& objects_;
  const std::vector<Oid>& boundary_;
  std::unordered_map<Oid, Node> nodes_;
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

std::optional<CommitHeader> parse_commit(std::string_view bytes) {
  CommitHeader header;
  const auto tree = take_line(bytes, "tree ");
  const auto tree_oid = tree ? Oid::from_hex(*tree) : std::nullopt;
  if (!tree_oid) return std::nullopt;
  header.tree = *tree_oid;
  while (const auto parent = take_line(bytes, "parent ")) {
    const auto oid = Oid::from_hex(*parent);
    if (!oid) return std::nullopt;
    header.parents.push_back(*oid);
  }
  if (!take_line(bytes, "author ")) return header;
  if (const auto committer = take_line(bytes, "committer ")) header.date = date_of(*committer);
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

}  // namespace launchgate::git
