// Each commit's tree is compared with its parents' trees; a folder that one of the parents has unchanged is passed over
// unread. That is a question about one commit, so commits can be asked in any order and by several threads; which of
// two commits that brought the same content to the same path is the older one is settled at the end.
//
// The order that is fast is newest first: git writes packs so that the newest tree is whole and older ones are deltas
// to it. The other way round every tree is at the far end of its chain, and reading git's own history takes 15 times as
// long.
#include "libscan/git/new_files.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numeric>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "libscan/git/index.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/path_table.hpp"
#include "libscan/git/tree_diff.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kMaxPath = 64 * 1024;
// Of one commit. A handful of tree objects that name each other many times can make billions of paths.
constexpr std::size_t kMaxFolders = 2'000'000;
constexpr std::size_t kMaxFiles = 10'000'000;
// Of all threads together, for trees that are still needed.
constexpr std::size_t kCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kLeastCache = std::size_t{4} << 20;
// Commits that a thread takes at once. At the start of each the trees it needs are not at hand.
constexpr std::size_t kBlock = 1024;

// Some commits, by their trees.
struct Block {
  std::uint32_t first = 0;  // number of the first commit
  std::vector<Oid> trees;
  std::vector<Oid> parent_trees;           // of the first commit, then of the second, ...
  std::vector<std::uint32_t> parents_end;  // where those of each commit end

  std::size_t size() const noexcept { return trees.size(); }
  std::span<const Oid> parents_of(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : parents_end[i - 1];
    return std::span(parent_trees).subspan(begin, parents_end[i] - begin);
  }
};

// Is `path` what was asked for, within it, or (a folder) on the way to it?
bool concerns(std::string_view path, bool folder, std::string_view below) {
  if (below.empty() || path.starts_with(below))
    return path.size() <= below.size() || below.empty() || path[below.size()] == '/';
  return folder && below.size() > path.size() && below[path.size()] == '/' && below.starts_with(path);
}

// A path and content that a commit brought in. Its commit is the number as it was met, and in the end its place in the
// range, where a greater one is older.
using Record = FileList::Entry;
using Kind = FileList::Kind;

// One thread's share.
class Lister {
 public:
  Lister(const Repository& repository, const ListOptions& options, std::size_t cache)
      : objects_(std::in_place, repository), diff_(repository.format), options_(&options) {
    objects_->expect_many(cache);
  }

  Result<void> add_block(const Block& block) {
    for (std::size_t i = 0; i < block.size(); ++i)
      if (auto added = add_commit(static_cast<std::uint32_t>(block.first + i), block.trees[i], block.parents_of(i));
          !added)
        return added;
    return {};
  }

  // Nothing more is to be read: gives back the memory that reading took.
  void forget_objects() {
    objects_.reset();
    waiting_ = {};
    older_ = {};
  }

  std::vector<Record> records;
  std::vector<Oid> before;
  PathTable paths;
  LostObjects lost;

 private:
  struct Folder {
    std::string prefix;  // "" or ends in '/'
    Oid tree;
    std::vector<Oid> before;  // the parents' trees at this path, where they have one
  };

  Result<void> add_commit(std::uint32_t number, const Oid& tree, std::span<const Oid> parents);
  void compare(const Folder& folder);
  void add(const Folder& folder, const TreeCursor& entry, std::span<const Oid> there);

  std::optional<ObjectReader> objects_;
  TreeDiff diff_;
  const ListOptions* options_;
  std::uint32_t commit_ = 0;
  std::vector<Folder> waiting_;
  std::string path_;
  std::vector<SharedBytes> older_;
};

Result<void> Lister::add_commit(std::uint32_t number, const Oid& tree, std::span<const Oid> parents) {
  commit_ = number;
  const std::size_t first = records.size();
  waiting_.clear();
  waiting_.push_back({"", tree, {parents.begin(), parents.end()}});
  for (std::size_t folders = 0; !waiting_.empty(); ++folders) {
    if (folders == kMaxFolders || records.size() - first > kMaxFiles)
      return fail(ErrorCode::undecided, "tree " + tree.hex() + ": more files than anybody keeps in one tree");
    const Folder folder = std::move(waiting_.back());
    waiting_.pop_back();
    compare(folder);
  }
  return {};
}

void Lister::compare(const Folder& folder) {
  if (std::find(folder.before.begin(), folder.before.end(), folder.tree) != folder.before.end()) return;
  auto bytes = objects_->read_tree(folder.tree);
  if (!bytes) return lost.add(folder.tree, std::move(bytes).error());
  older_.clear();
  for (const Oid& oid : folder.before) {
    auto old = objects_->read_tree(oid);
    if (old)
      older_.push_back(std::move(*old));
    else  // told, and then all that stands beside it is taken for new
      lost.add(oid, std::move(old).error());
  }
  const bool whole = diff_.run(*bytes, older_,
                               [&](const TreeCursor& entry, std::span<const Oid> there) { add(folder, entry, there); });
  if (!whole)
    lost.add(folder.tree, {ErrorCode::undecided, "tree " + folder.tree.hex() + ": damaged", "git fsck tells more"});
}

void Lister::add(const Folder& folder, const TreeCursor& entry, std::span<const Oid> there) {
  path_.assign(folder.prefix).append(entry.name);
  const std::uint32_t type = entry.mode & kModeType;
  if (!concerns(path_, type == kModeTree, options_->below)) return;
  Record record{entry.oid, Kind::special, 0, commit_, FileList::kNone};
  switch (type) {
    case kModeTree:
      if (path_.size() <= kMaxPath) {
        waiting_.push_back({path_ + '/', entry.oid, {there.begin(), there.end()}});
        return;
      }
      record.kind = Kind::too_long;
      path_.resize(200);
      break;
    case kModeFile:
      record.kind = Kind::file;
      if (!options_->before || there.empty()) break;
      record.before = static_cast<std::uint32_t>(before.size());
      before.insert(before.end(), there.begin(), there.end());
      before.emplace_back();
      break;
    case kModeLink: record.kind = Kind::link; break;
    case kModeSubmodule: record.kind = Kind::submodule; break;
    default: break;
  }
  record.path = paths.id_of(path_);
  records.push_back(record);
}

void count(Kind kind, std::string_view path, Coverage& coverage) {
  switch (kind) {
    case Kind::file: return;
    case Kind::link: return coverage.skip("symlink", path);
    case Kind::submodule: return coverage.skip("submodule", path);
    case Kind::special: return coverage.skip("special-file", path);
    case Kind::too_long: return coverage.skip("path-too-long", path, true);
  }
}

// The threads and their work. Blocks are put in line while the caller goes on; when the line is long he does one
// himself, and in the end what is left. Threads start when there is enough for a second one.
class Listing : public CommitSink {
 public:
  using Each = std::function<void(const Oid&, std::string_view)>;

  Listing(const Repository& repository, const ListOptions& options, Each each = {})
      : repository_(repository), options_(options), each_(std::move(each)), threads_(std::max(1U, options.threads)) {
    listers_.reserve(threads_);
  }
  ~Listing() override { stop(); }

  void read(const Oid& commit, std::string_view bytes) override {
    if (each_) each_(commit, bytes);
  }
  void met(const Oid& tree, std::span<const Oid> parent_trees) override {
    if (filling_.size() == kBlock) {
      put_in_line();
      shorten_line();
    }
    filling_.trees.push_back(tree);
    filling_.parent_trees.insert(filling_.parent_trees.end(), parent_trees.begin(), parent_trees.end());
    filling_.parents_end.push_back(static_cast<std::uint32_t>(filling_.parent_trees.size()));
  }

  // Does the rest of the work. `place_of`: where each commit, by the order of met(), is in the range.
  Result<NewFiles> finish(std::span<const std::uint32_t> place_of);

 private:
  Lister& new_lister() {
    return listers_.emplace_back(repository_, options_, std::max(kLeastCache, kCacheBytes / threads_));
  }
  Lister& own_lister() { return own_ == nullptr ? *(own_ = &new_lister()) : *own_; }
  void put_in_line();
  void shorten_line();
  void do_first(Lister& lister, std::unique_lock<std::mutex>& lock);
  void work(Lister& lister);
  void stop();
  std::vector<Record> take_records(std::span<const std::uint32_t> place_of);

  const Repository& repository_;
  const ListOptions& options_;
  const Each each_;
  std::size_t threads_;
  std::vector<Lister> listers_;  // never more than reserved
  Lister* own_ = nullptr;        // the caller's
  std::vector<std::thread> running_;
  Block filling_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Block> line_;
  bool ended_ = false;
  std::optional<Error> failure_;  // of the first commit in order that failed, whoever met it
  std::uint32_t failed_block_ = 0;
};

void Listing::put_in_line() {
  if (filling_.size() == 0) return;
  Block block = std::exchange(filling_, {});
  filling_.first = block.first + static_cast<std::uint32_t>(block.size());
  {
    const std::lock_guard lock(mutex_);
    line_.push_back(std::move(block));
  }
  changed_.notify_one();
  if (running_.size() + 1 >= threads_) return;
  try {
    running_.emplace_back([this, &lister = new_lister()] { work(lister); });
  } catch (const std::system_error&) {  // no more threads to be had: fewer do it too
    threads_ = running_.size() + 1;
  }
}

// So that commits do not wait in memory, as fast as they may be read.
void Listing::shorten_line() {
  std::unique_lock lock(mutex_);
  if (line_.size() >= threads_) do_first(own_lister(), lock);
}

// Takes the first block of the line, which is not empty, and does it without the lock. Blocks that come after a failed
// one are not worth doing, those before it are: theirs may be the failure to tell.
void Listing::do_first(Lister& lister, std::unique_lock<std::mutex>& lock) {
  const Block block = std::move(line_.front());
  line_.pop_front();
  if (failure_ && failed_block_ < block.first) return;
  lock.unlock();
  auto done = lister.add_block(block);
  lock.lock();
  if (done || (failure_ && failed_block_ < block.first)) return;
  failure_ = std::move(done).error();
  failed_block_ = block.first;
}

void Listing::work(Lister& lister) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !line_.empty() || ended_; });
    if (line_.empty()) return;
    do_first(lister, lock);
  }
}

void Listing::stop() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : running_) thread.join();
  running_.clear();
}

// Of all threads' records each path and content once, at its oldest commit, in the order of NewFiles.
std::vector<Record> Listing::take_records(std::span<const std::uint32_t> place_of) {
  Lister& all = listers_.front();
  std::vector<Record> records = std::move(all.records);
  for (std::size_t i = 1; i < listers_.size(); ++i) {
    Lister& from = listers_[i];
    std::vector<std::uint32_t> renamed(from.paths.size());
    for (std::uint32_t id = 0; id < renamed.size(); ++id) renamed[id] = all.paths.id_of(from.paths[id]);
    for (Record& record : from.records) {
      record.path = renamed[record.path];
      if (record.before != FileList::kNone) record.before += static_cast<std::uint32_t>(all.before.size());
    }
    all.before.insert(all.before.end(), from.before.begin(), from.before.end());
    records.insert(records.end(), from.records.begin(), from.records.end());
    from.records = {};
    from.before = {};
  }
  for (Record& record : records) record.commit = place_of[record.commit];
  std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
    if (a.oid != b.oid) return a.oid < b.oid;
    return a.path != b.path ? a.path < b.path : a.commit > b.commit;
  });
  const auto same = [](const Record& a, const Record& b) { return a.path == b.path && a.oid == b.oid; };
  records.erase(std::unique(records.begin(), records.end(), same), records.end());
  std::sort(records.begin(), records.end(), [&](const Record& a, const Record& b) {
    return a.commit != b.commit ? a.commit > b.commit : all.paths[a.path] < all.paths[b.path];
  });
  return records;
}

Result<NewFiles> Listing::finish(std::span<const std::uint32_t> place_of) {
  put_in_line();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  work(own_lister());
  stop();
  if (failure_) return Unexpected{std::move(*failure_)};
  NewFiles found;
  LostObjects lost;
  for (Lister& lister : listers_) {
    lister.forget_objects();
    lost.merge(std::move(lister.lost));
  }
  for (const Oid& tree : lost.sorted()) found.coverage.skip("unreadable-tree", tree.hex(), /*undecided=*/true);
  found.lost_tree = std::move(lost.why);
#ifdef __GLIBC__
  // Trees of all sizes came and went; what comes next is large and would not fit between what they left.
  ::malloc_trim(0);
#endif
  std::vector<Record> records = take_records(place_of);
  Lister& all = listers_.front();
  std::erase_if(records, [&](const Record& record) {
    count(record.kind, all.paths[record.path], found.coverage);
    if (record.kind == Kind::link) found.links.push_back(record.oid);
    return record.kind != Kind::file;
  });
  found.files = FileList(std::move(records), std::move(all.paths), std::move(all.before));
  return found;
}

}  // namespace

Result<NewFiles> list_new_files(const Repository& repository, const CommitRange& range, const ListOptions& options) {
  Listing listing(repository, options);
  std::vector<std::uint32_t> same(range.commits.size());
  std::iota(same.begin(), same.end(), 0U);
  std::vector<Oid> parents;
  for (std::size_t i = 0; i < range.commits.size(); ++i) {
    parents.clear();
    for (const std::uint32_t parent : range.parents_of(i)) parents.push_back(range.trees[parent]);
    listing.met(range.trees[i], parents);
  }
  return listing.finish(same);
}

Result<History> list_history(const Repository& repository, ObjectReader& objects, const std::vector<Oid>& heads,
                             const std::vector<Oid>& boundary, const ListOptions& options,
                             const std::function<void(const Oid&, std::string_view)>& each) {
  Listing listing(repository, options, each);
  std::vector<std::uint32_t> place_of_met;
  auto range = commits_of(objects, heads, boundary, listing, place_of_met);
  if (!range) return Unexpected{std::move(range).error()};
  auto found = listing.finish(place_of_met);
  if (!found) return Unexpected{std::move(found).error()};
  return History{std::move(*range), std::move(*found)};
}

}  // namespace launchgate::git
