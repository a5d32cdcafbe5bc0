// Each commit's tree is walked beside its parents' trees, all in git's order of names; a folder that one of the parents
// has unchanged is passed over unread.
#include "libscan/git/new_files.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "libscan/git/commit_walk.hpp"
#include "libscan/git/index.hpp"
#include "libscan/git/tree_cursor.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kMaxPath = 64 * 1024;
// Of one commit. A handful of tree objects that name each other many times can make billions of paths.
constexpr std::size_t kMaxFolders = 2'000'000;
constexpr std::size_t kMaxFiles = 10'000'000;

bool is_folder(std::uint32_t mode) noexcept { return (mode & kModeType) == kModeTree; }

// Is `path` what was asked for, within it, or (a folder) on the way to it?
bool concerns(const std::string& path, bool folder, const std::string& below) {
  if (below.empty() || path.compare(0, below.size(), below) == 0)
    return path.size() <= below.size() || below.empty() || path[below.size()] == '/';
  return folder && below.size() > path.size() && below[path.size()] == '/' && below.compare(0, path.size(), path) == 0;
}

class Listing {
 public:
  Listing(ObjectReader& objects, ObjectFormat format, const std::string& below)
      : objects_(objects), format_(format), below_(below) {}

  // `cut_off`: its parents are not here; all it has counts as new.
  Result<void> add_commit(const Oid& commit, bool cut_off);
  NewFiles take() { return std::move(found_); }

 private:
  struct Folder {
    std::string prefix;  // "" or ends in '/'
    Oid tree;
    std::vector<Oid> before;  // the parents' trees at this path, where they have one
  };
  // One parent's side of a folder, and how far it has been read.
  struct Side {
    std::string bytes;
    TreeCursor cursor;
    bool more;
  };

  Result<void> compare(const Folder& folder);
  Result<std::string> tree(const Oid& oid);
  void add(const Folder& folder, const TreeCursor& entry, std::vector<Oid> before);

  ObjectReader& objects_;
  ObjectFormat format_;
  const std::string& below_;
  Oid commit_;
  std::vector<Folder> waiting_;
  std::unordered_set<std::string> seen_;  // raw object id, then path
  NewFiles found_;
};

Result<std::string> Listing::tree(const Oid& oid) {
  auto object = objects_.read(oid, ObjectType::tree);
  if (!object) return Unexpected{std::move(object).error()};
  return std::string(object->bytes);
}

Result<void> Listing::add_commit(const Oid& commit, bool cut_off) {
  commit_ = commit;
  const std::size_t first = found_.files.size();
  auto object = objects_.read(commit, ObjectType::commit);
  if (!object) return Unexpected{std::move(object).error()};
  const auto header = parse_commit(object->bytes);
  if (!header) return fail(ErrorCode::undecided, "commit " + commit.hex() + ": damaged", "git fsck tells more");
  Folder root{"", header->tree, {}};
  for (const Oid& parent : header->parents) {
    if (cut_off) break;
    auto before = objects_.tree_of(parent);
    if (!before) return Unexpected{std::move(before).error()};
    root.before.push_back(*before);
  }
  waiting_.push_back(std::move(root));
  for (std::size_t folders = 0; !waiting_.empty(); ++folders) {
    if (folders == kMaxFolders || found_.files.size() - first > kMaxFiles)
      return fail(ErrorCode::undecided, "commit " + commit.hex() + ": more files than anybody keeps in one tree");
    const Folder folder = std::move(waiting_.back());
    waiting_.pop_back();
    if (auto done = compare(folder); !done) return done;
  }
  std::sort(found_.files.begin() + static_cast<std::ptrdiff_t>(first), found_.files.end(),
            [](const ChangedFile& a, const ChangedFile& b) { return a.path < b.path; });
  return {};
}

Result<void> Listing::compare(const Folder& folder) {
  if (std::find(folder.before.begin(), folder.before.end(), folder.tree) != folder.before.end()) return {};
  auto bytes = tree(folder.tree);
  if (!bytes) return Unexpected{std::move(bytes).error()};
  std::vector<Side> sides;
  sides.reserve(folder.before.size());  // cursors point into their neighbours' bytes
  for (const Oid& oid : folder.before) {
    auto old = tree(oid);
    if (!old) return Unexpected{std::move(old).error()};
    Side& side = sides.emplace_back(Side{std::move(*old), TreeCursor({}, format_), false});
    side.cursor = TreeCursor(side.bytes, format_);
    side.more = side.cursor.next();
  }
  TreeCursor entry(*bytes, format_);
  while (entry.next()) {
    bool unchanged = false;
    std::vector<Oid> before;
    for (Side& side : sides) {
      int order = 1;
      while (side.more && (order = compare_tree_names(entry.name, is_folder(entry.mode), side.cursor.name,
                                                      is_folder(side.cursor.mode))) > 0)
        side.more = side.cursor.next();
      if (!side.more || order != 0 || (side.cursor.mode & kModeType) != (entry.mode & kModeType)) continue;
      unchanged |= side.cursor.oid == entry.oid;
      before.push_back(side.cursor.oid);
    }
    if (!unchanged) add(folder, entry, std::move(before));
  }
  bool damaged = entry.damaged();
  for (const Side& side : sides) damaged |= side.cursor.damaged();
  if (damaged) return fail(ErrorCode::undecided, "tree " + folder.tree.hex() + ": damaged", "git fsck tells more");
  return {};
}

void Listing::add(const Folder& folder, const TreeCursor& entry, std::vector<Oid> before) {
  std::string path = folder.prefix;
  path += entry.name;
  if (!concerns(path, is_folder(entry.mode), below_)) return;
  switch (entry.mode & kModeType) {
    case kModeTree:
      if (path.size() > kMaxPath) return found_.coverage.skip("path-too-long", path.substr(0, 200), true);
      path += '/';
      waiting_.push_back({std::move(path), entry.oid, std::move(before)});
      return;
    case kModeFile: {
      std::string key(reinterpret_cast<const char*>(entry.oid.bytes.data()), entry.oid.size);
      key += path;
      if (seen_.insert(std::move(key)).second)
        found_.files.push_back({std::move(path), entry.oid, std::move(before), commit_});
      return;
    }
    case kModeLink: return found_.coverage.skip("symlink", path);
    case kModeSubmodule: return found_.coverage.skip("submodule", path);
    default: return found_.coverage.skip("special-file", path);
  }
}

}  // namespace

Result<NewFiles> list_new_files(ObjectReader& objects, ObjectFormat format, const std::vector<Oid>& commits,
                                const std::string& below, const std::vector<Oid>& boundary) {
  Listing listing(objects, format, below);
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit)
    if (auto added = listing.add_commit(*commit, std::binary_search(boundary.begin(), boundary.end(), *commit)); !added)
      return Unexpected{std::move(added).error()};
  return listing.take();
}

}  // namespace launchgate::git
