// Index and HEAD's tree are walked side by side, folder by folder, both in the order git keeps them in: bytes of the
// name, a folder's name ending in '/'. In an index a folder is the stretch of entries that share its prefix.
#include "libscan/git/staged.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/git/index.hpp"
#include "libscan/git/refs.hpp"
#include "libscan/git/tree_cursor.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kMaxPath = 64 * 1024;
constexpr std::size_t kMaxFolders = 4'000'000;  // a few trees that name each other can make billions of paths
constexpr std::uint32_t kNoNode = UINT32_MAX;

class Comparison {
 public:
  Comparison(const Repository& repository, const Index& index, ObjectReader& objects)
      : format_(repository.format), index_(index), objects_(objects) {}

  Result<Staged> run(const std::optional<Oid>& head_tree);

 private:
  // One folder to compare. Its new side is a stretch of the index or, in a sparse index, a tree.
  struct Folder {
    std::string prefix;  // "" or ends in '/'
    IndexRange entries;
    std::uint32_t node = kNoNode;  // of the cached trees
    std::optional<Oid> new_tree;
    std::optional<Oid> old_tree;
  };
  using Children = std::vector<std::pair<std::string_view, std::uint32_t>>;
  // One name in a folder's new side.
  struct Name {
    std::string_view text;
    bool folder = false;
    IndexRange entries;           // several for a folder, and for a file in an unfinished merge
    std::optional<Oid> tree_oid;  // a folder given as a tree
    std::uint32_t tree_mode = 0;  // set for names that come out of a tree object
  };

  Result<void> compare(const Folder& folder);
  void names_of_index(const Folder& folder, std::vector<Name>& names) const;
  Children children_of(std::uint32_t node) const;
  Result<std::string> tree(const Oid& oid);
  void add(const Folder& folder, const Children& children, const Name& name, const Oid* old_oid,
           std::uint32_t old_mode);
  void add_file(std::string path, const Oid& oid, std::uint32_t mode, const Oid* before);

  ObjectFormat format_;
  const Index& index_;
  ObjectReader& objects_;
  std::vector<Folder> waiting_;
  Staged staged_;
};

bool is_folder(std::uint32_t mode) noexcept { return (mode & kModeType) == kModeTree; }

Result<Staged> Comparison::run(const std::optional<Oid>& head_tree) {
  waiting_.push_back({"", index_.all(), index_.cached_trees().empty() ? kNoNode : 0, std::nullopt, head_tree});
  for (std::size_t folders = 0; !waiting_.empty(); ++folders) {
    if (folders == kMaxFolders) return fail(ErrorCode::undecided, "the index holds more folders than anybody keeps");
    const Folder folder = std::move(waiting_.back());
    waiting_.pop_back();
    if (auto done = compare(folder); !done) return Unexpected{std::move(done).error()};
  }
  std::sort(staged_.files.begin(), staged_.files.end(), [](const ChangedFile& a, const ChangedFile& b) {
    return a.path != b.path ? a.path < b.path : a.oid < b.oid;
  });
  return std::move(staged_);
}

Result<std::string> Comparison::tree(const Oid& oid) {
  auto object = objects_.read(oid, ObjectType::tree);
  if (!object) return Unexpected{std::move(object).error()};
  return std::string(object->bytes);
}

Result<void> Comparison::compare(const Folder& folder) {
  if (folder.old_tree) {
    if (folder.new_tree == folder.old_tree) return {};
    if (folder.node != kNoNode) {
      const CachedTree& cached = index_.cached_trees()[folder.node];
      if (cached.entries >= 0 && cached.oid == *folder.old_tree) return {};
    }
  }
  std::string old_bytes, new_bytes;
  if (folder.old_tree) {
    auto bytes = tree(*folder.old_tree);
    if (!bytes) return Unexpected{std::move(bytes).error()};
    old_bytes = std::move(*bytes);
  }
  std::vector<Name> names;
  if (folder.new_tree) {
    auto bytes = tree(*folder.new_tree);
    if (!bytes) return Unexpected{std::move(bytes).error()};
    new_bytes = std::move(*bytes);
    TreeCursor cursor(new_bytes, format_);
    while (cursor.next()) names.push_back({cursor.name, is_folder(cursor.mode), {}, cursor.oid, cursor.mode});
    if (cursor.damaged()) return fail(ErrorCode::undecided, "tree " + folder.new_tree->hex() + ": damaged");
  } else {
    names_of_index(folder, names);
  }

  const Children children = children_of(folder.node);
  TreeCursor old(old_bytes, format_);
  bool more = old.next();
  for (const Name& name : names) {
    int order = 1;
    while (more && (order = compare_tree_names(name.text, name.folder, old.name, is_folder(old.mode))) > 0)
      more = old.next();  // no longer there
    const bool same_name = more && order == 0;
    add(folder, children, name, same_name ? &old.oid : nullptr, old.mode);
  }
  if (old.damaged()) return fail(ErrorCode::undecided, "tree " + folder.old_tree->hex() + ": damaged");
  return {};
}

void Comparison::names_of_index(const Folder& folder, std::vector<Name>& names) const {
  for (std::uint32_t i = folder.entries.begin; i < folder.entries.end;) {
    const std::string_view path = index_.path(i);
    const std::size_t slash = path.find('/', folder.prefix.size());
    Name name;
    name.folder = slash != std::string_view::npos;
    name.text = path.substr(folder.prefix.size(), name.folder ? slash - folder.prefix.size() : std::string_view::npos);
    if (name.folder) {
      name.entries = index_.below(path.substr(0, slash + 1), {i, folder.entries.end});
      if (slash + 1 == path.size()) {  // a folder of a sparse index
        name.tree_oid = index_.entry(i).oid;
        name.entries.end = i + 1;  // git puts files beside it that were added below (update-index --cacheinfo)
      }
    } else {
      name.entries = index_.find(path, {i, folder.entries.end});
    }
    i = std::max(name.entries.end, i + 1);
    names.push_back(name);
  }
}

// The cached trees of a folder's sub-folders, by name.
Comparison::Children Comparison::children_of(std::uint32_t node) const {
  Children children;
  if (node == kNoNode) return children;
  const std::vector<CachedTree>& nodes = index_.cached_trees();
  std::uint32_t at = node + 1;
  for (std::uint32_t child = 0; child < nodes[node].children; ++child, at += nodes[at].skip)
    children.emplace_back(nodes[at].name, at);
  std::sort(children.begin(), children.end());
  return children;
}

// `old_oid`: what HEAD has under this very name, of the same sort (file or folder).
void Comparison::add(const Folder& folder, const Children& children, const Name& name, const Oid* old_oid,
                     std::uint32_t old_mode) {
  std::string path = folder.prefix;
  path += name.text;
  if (name.folder) {
    path += '/';
    if (path.size() > kMaxPath) return staged_.coverage.skip("path-too-long", path.substr(0, 200), true);
    Folder below;
    below.prefix = std::move(path);
    below.entries = name.entries;
    const auto child = std::lower_bound(children.begin(), children.end(), std::pair(name.text, std::uint32_t{0}));
    if (child != children.end() && child->first == name.text) below.node = child->second;
    below.new_tree = name.tree_oid;
    if (old_oid != nullptr) below.old_tree = *old_oid;
    waiting_.push_back(std::move(below));
    return;
  }
  const Oid* before = old_oid != nullptr && (old_mode & kModeType) == kModeFile ? old_oid : nullptr;
  const auto changed = [&](const Oid& oid, std::uint32_t mode) {
    return old_oid == nullptr || oid != *old_oid || (mode & kModeType) != (old_mode & kModeType);
  };
  if (name.tree_oid) {
    if (changed(*name.tree_oid, name.tree_mode)) add_file(std::move(path), *name.tree_oid, name.tree_mode, before);
    return;
  }
  for (std::uint32_t i = name.entries.begin; i < name.entries.end; ++i) {
    const IndexEntry entry = index_.entry(i);
    if (entry.stage == 1) continue;  // the common ancestor: it is in the history already
    if (entry.intent_to_add)
      staged_.coverage.skip("intent-to-add", path);
    else if (changed(entry.oid, entry.mode))
      add_file(path, entry.oid, entry.mode, before);
  }
}

void Comparison::add_file(std::string path, const Oid& oid, std::uint32_t mode, const Oid* before) {
  Coverage& coverage = staged_.coverage;
  switch (mode & kModeType) {
    case kModeFile:
      staged_.files.push_back({std::move(path), oid, before ? std::vector<Oid>{*before} : std::vector<Oid>{}, {}});
      return;
    case kModeLink: return coverage.skip("symlink", path);
    case kModeSubmodule: return coverage.skip("submodule", path);
    default: return coverage.skip("special-file", path);
  }
}

}  // namespace

Result<Staged> list_staged(const Repository& repository, ObjectReader& objects) {
  auto index = Index::open(repository.index_file, repository.format, repository.git_dir);
  if (!index) return Unexpected{std::move(index).error()};
  auto head = resolve_ref(repository, "HEAD");
  if (!head) return Unexpected{std::move(head).error()};
  std::optional<Oid> head_tree;
  if (*head) {
    auto tree = objects.tree_of(**head);
    if (!tree) return Unexpected{std::move(tree).error()};
    head_tree = *tree;
  }
  return Comparison(repository, *index, objects).run(head_tree);
}

}  // namespace launchgate::git
