// Each commit's tree is compared with its parents' trees; a folder that one of the parents has unchanged is passed over
// unread. That is a question about one commit, so commits can be asked in any order and by several threads; which of
// two commits that brought the same content to the same path is the older one is settled at the end.
//
// The order that is fast is newest first: git writes packs so that the newest tree is whole and older ones are deltas
// to it. The other way round every tree is at the far end of its chain, and reading git's own history takes 15 times as
// long.
#include "libscan/git/new_files.hpp"

#include <algorithm>
#include <atomic>
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
constexpr std::size_t kCacheBytes = std::size_t{32} << 20;
constexpr std::size_t kLeastCache = std::size_t{4} << 20;
// Commits that a thread takes at once. At the start of each the trees it needs are not at hand.
constexpr std::size_t kBlock = 1024;

// Is `path` what was asked for, within it, or (a folder) on the way to it?
bool concerns(std::string_view path, bool folder, std::string_view below) {
  if (below.empty() || path.starts_with(below))
    return path.size() <= below.size() || below.empty() || path[below.size()] == '/';
  return folder && below.size() > path.size() && below[path.size()] == '/' && below.starts_with(path);
}

enum class Kind : std::uint8_t { file, link, submodule, special, too_long };

// A path and content that a commit brought in.
struct Record {
  Oid oid;
  Kind kind;
  std::uint32_t path;    // in a PathTable
  std::uint32_t commit;  // in the range; a greater one is older
  std::uint32_t before_begin, before_count;
};

// One thread's share.
class Lister {
 public:
  Lister(const Repository& repository, const CommitRange& range, const ListOptions& options, std::size_t cache)
      : objects_(repository), diff_(repository.format), range_(&range), options_(&options) {
    objects_.expect_many(cache);
  }

  Result<void> add_commit(std::size_t commit);

  std::vector<Record> records;
  std::vector<Oid> before;
  PathTable paths;

 private:
  struct Folder {
    std::string prefix;  // "" or ends in '/'
    Oid tree;
    std::vector<Oid> before;  // the parents' trees at this path, where they have one
  };

  Result<void> compare(const Folder& folder);
  void add(const Folder& folder, const TreeCursor& entry, std::span<const Oid> there);

  ObjectReader objects_;
  TreeDiff diff_;
  const CommitRange* range_;
  const ListOptions* options_;
  std::uint32_t commit_ = 0;
  std::vector<Folder> waiting_;
  std::string path_;
  std::vector<SharedBytes> older_;
};

Result<void> Lister::add_commit(std::size_t commit) {
  commit_ = static_cast<std::uint32_t>(commit);
  const std::size_t first = records.size();
  Folder root{"", range_->trees[commit], {}};
  for (const std::uint32_t parent : range_->parents_of(commit)) root.before.push_back(range_->trees[parent]);
  waiting_.push_back(std::move(root));
  for (std::size_t folders = 0; !waiting_.empty(); ++folders) {
    if (folders == kMaxFolders || records.size() - first > kMaxFiles)
      return fail(ErrorCode::undecided,
                  "commit " + range_->commits[commit].hex() + ": more files than anybody keeps in one tree");
    const Folder folder = std::move(waiting_.back());
    waiting_.pop_back();
    if (auto done = compare(folder); !done) return done;
  }
  return {};
}

Result<void> Lister::compare(const Folder& folder) {
  if (std::find(folder.before.begin(), folder.before.end(), folder.tree) != folder.before.end()) return {};
  auto bytes = objects_.read_tree(folder.tree);
  if (!bytes) return Unexpected{std::move(bytes).error()};
  older_.clear();
  for (const Oid& oid : folder.before) {
    auto old = objects_.read_tree(oid);
    if (!old) return Unexpected{std::move(old).error()};
    older_.push_back(std::move(*old));
  }
  const bool whole = diff_.run(*bytes, older_,
                               [&](const TreeCursor& entry, std::span<const Oid> there) { add(folder, entry, there); });
  if (!whole) return fail(ErrorCode::undecided, "tree " + folder.tree.hex() + ": damaged", "git fsck tells more");
  return {};
}

void Lister::add(const Folder& folder, const TreeCursor& entry, std::span<const Oid> there) {
  path_.assign(folder.prefix).append(entry.name);
  const std::uint32_t type = entry.mode & kModeType;
  if (!concerns(path_, type == kModeTree, options_->below)) return;
  Record record{entry.oid, Kind::special, 0, commit_, 0, 0};
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
      if (!options_->before) break;
      record.before_begin = static_cast<std::uint32_t>(before.size());
      record.before_count = static_cast<std::uint32_t>(there.size());
      before.insert(before.end(), there.begin(), there.end());
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

// Of all threads' records each path and content once, at its oldest commit.
NewFiles join(std::vector<Lister>& listers, const CommitRange& range) {
  Lister& all = listers.front();
  for (std::size_t i = 1; i < listers.size(); ++i) {
    Lister& from = listers[i];
    std::vector<std::uint32_t> renamed(from.paths.size());
    for (std::uint32_t id = 0; id < renamed.size(); ++id) renamed[id] = all.paths.id_of(from.paths[id]);
    for (Record& record : from.records) {
      record.path = renamed[record.path];
      record.before_begin += static_cast<std::uint32_t>(all.before.size());
    }
    all.before.insert(all.before.end(), from.before.begin(), from.before.end());
    all.records.insert(all.records.end(), from.records.begin(), from.records.end());
    from.records = {};
    from.before = {};
  }
  std::vector<Record>& records = all.records;
  std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
    if (const auto order = a.oid <=> b.oid; order != 0) return order < 0;
    return a.path != b.path ? a.path < b.path : a.commit > b.commit;
  });
  records.erase(std::unique(records.begin(), records.end(),
                            [](const Record& a, const Record& b) { return a.path == b.path && a.oid == b.oid; }),
                records.end());
  std::sort(records.begin(), records.end(), [&](const Record& a, const Record& b) {
    return a.commit != b.commit ? a.commit > b.commit : all.paths[a.path] < all.paths[b.path];
  });
  NewFiles found;
  for (const Record& record : records) {
    const std::string_view path = all.paths[record.path];
    count(record.kind, path, found.coverage);
    if (record.kind != Kind::file) continue;
    const auto first = all.before.begin() + record.before_begin;
    found.files.push_back(
        {std::string(path), record.oid, {first, first + record.before_count}, range.commits[record.commit]});
  }
  return found;
}

}  // namespace

Result<NewFiles> list_new_files(const Repository& repository, const CommitRange& range, const ListOptions& options) {
  const std::size_t blocks = (range.commits.size() + kBlock - 1) / kBlock;
  const std::size_t threads = std::clamp<std::size_t>(blocks, 1, std::max(1U, options.threads));
  std::vector<Lister> listers;
  for (std::size_t i = 0; i < threads; ++i)
    listers.emplace_back(repository, range, options, std::max(kLeastCache, kCacheBytes / threads));
  std::atomic<std::size_t> next{0};
  std::vector<std::optional<Error>> failed(blocks);  // the first in order is told, whoever met it
  const auto work = [&](Lister& lister) {
    for (std::size_t block; (block = next.fetch_add(1, std::memory_order_relaxed)) < blocks;) {
      const std::size_t end = std::min(range.commits.size(), (block + 1) * kBlock);
      for (std::size_t commit = block * kBlock; commit < end && !failed[block]; ++commit)
        if (auto added = lister.add_commit(commit); !added) failed[block] = std::move(added).error();
    }
  };
  std::vector<std::thread> running;
  for (std::size_t i = 1; i < listers.size(); ++i) {
    try {
      running.emplace_back([&, i] { work(listers[i]); });
    } catch (const std::system_error&) {  // no more threads to be had: fewer do it too
      break;
    }
  }
  work(listers.front());
  for (std::thread& thread : running) thread.join();
  for (std::optional<Error>& error : failed)
    if (error) return Unexpected{std::move(*error)};
  return join(listers, range);
}

}  // namespace launchgate::git
