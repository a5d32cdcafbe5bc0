#include "libscan/git/refs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kLooseCap = 64 * 1024;
constexpr std::size_t kPackedCap = std::size_t{1} << 30;
constexpr std::size_t kShallowCap = std::size_t{64} << 20;
constexpr int kMaxSymbolicDepth = 5;  // git's own limit
constexpr int kMaxFolderDepth = 100;  // of nested folders below refs/
constexpr std::size_t kMaxRefs = 10'000'000;

Unexpected broken(std::string_view name, std::string_view why) {
  return fail(ErrorCode::undecided, "reference " + printable(name) + ": " + std::string(why));
}

Result<void> decline_reftable(const Repository& repository) {
  if (!repository.reftable) return {};
  return fail(ErrorCode::undecided, "the repository keeps its references as reftable, which launchgate cannot read yet",
              "git refs migrate --ref-format=files");
}

// A name that stays below the directory it is looked up in.
bool safe_name(std::string_view name) noexcept {
  if (name.empty() || name.front() == '/' || name.find('\0') != std::string_view::npos) return false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view part = name.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return false;
    at = end + 1;
  }
  return true;
}

// HEAD and its kin, and three families below refs/, belong to one work tree; all others are shared.
const std::string& home_of(const Repository& repository, std::string_view name) noexcept {
  const bool own = name.rfind("refs/", 0) != 0 || name.rfind("refs/bisect/", 0) == 0 ||
                   name.rfind("refs/worktree/", 0) == 0 || name.rfind("refs/rewritten/", 0) == 0;
  return own ? repository.git_dir : repository.common_dir;
}

// packed-refs: "<oid> SP <name>" lines, "^<oid>" lines with what a tag peels to, '#' lines.
class PackedRefs {
 public:
  static Result<PackedRefs> open(const Repository& repository) {
    auto file = MappedFile::open(repository.common_dir + "/packed-refs", kPackedCap);
    if (!file) return fail(ErrorCode::undecided, std::move(file).error().what);
    PackedRefs packed;
    if (*file) packed.file_ = std::move(**file);
    return packed;
  }

  template <class Visit>  // visit(name, oid) -> true to go on
  void each(const Visit& visit) const {
    std::string_view rest = file_.bytes();
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      const std::size_t space = line.find(' ');
      if (space != 40 && space != 64) continue;
      const std::optional<Oid> oid = Oid::from_hex(line.substr(0, space));
      if (oid && !visit(line.substr(space + 1), *oid)) return;
    }
  }

  std::optional<Oid> find(std::string_view name) const {
    std::optional<Oid> found;
    each([&](std::string_view candidate, const Oid& oid) {
      if (candidate == name) found = oid;
      return !found;
    });
    return found;
  }

 private:
  MappedFile file_;
};

// A loose reference's text: an object, or the name of another reference.
struct Loose {
  std::optional<Oid> oid;
  std::string target;
};

Result<std::optional<Loose>> read_loose(int dir, const char* path, std::string_view name) {
  auto text = read_small_file(dir, path, kLooseCap);
  if (!text) {
    // A folder of that name, or a file that went into packed-refs meanwhile, is no failure.
    struct stat info {};
    if (::fstatat(dir, path, &info, 0) != 0 || S_ISDIR(info.st_mode)) return std::optional<Loose>();
    return broken(name, std::move(text).error().what);
  }
  if (!*text) return std::optional<Loose>();
  const std::string_view line = trim(**text);
  Loose loose;
  if (line.rfind("ref:", 0) == 0) {
    loose.target = trim(line.substr(4));
    if (!safe_name(loose.target)) return broken(name, "points to no valid name");
  } else if (loose.oid = Oid::from_hex(line.substr(0, line.find_first_of(" \t"))); !loose.oid) {
    return broken(name, "holds no object id");
  }
  return std::optional<Loose>(std::move(loose));
}

Result<std::optional<Loose>> read_loose(const Repository& repository, std::string_view name) {
  return read_loose(AT_FDCWD, join_path(home_of(repository, name), name).c_str(), name);
}

// Adds the loose references below `folder` (ending in no '/'), name by name.
Result<void> collect(const Repository& repository, const std::string& home, const std::string& folder, int depth,
                     std::vector<Ref>& out, std::vector<std::string>* unread) {
  const auto told = [&](const std::string& name) {
    if (unread != nullptr) unread->push_back(name);
    return unread != nullptr;
  };
  if (depth > kMaxFolderDepth) return told(folder) ? Result<void>() : broken(folder, "folders nested too deep");
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(join_path(home, folder).c_str()), ::closedir);
  if (!dir) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    const int error = errno;
    return told(folder) ? Result<void>() : broken(folder, errno_text(error));
  }
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string_view leaf = entry->d_name;
    if (leaf.front() == '.' || (leaf.size() > 5 && leaf.substr(leaf.size() - 5) == ".lock")) continue;
    std::string name = folder + "/" + std::string(leaf);
    if (home_of(repository, name + "/") != home) continue;
    struct stat info {};
    if (::fstatat(::dirfd(dir.get()), entry->d_name, &info, 0) != 0) continue;
    if (S_ISDIR(info.st_mode)) {
      if (auto below = collect(repository, home, name, depth + 1, out, unread); !below) return below;
      continue;
    }
    auto loose = read_loose(::dirfd(dir.get()), entry->d_name, name);
    if (!loose && told(name)) continue;
    if (!loose) return Unexpected{std::move(loose).error()};
    if (out.size() >= kMaxRefs) return broken(folder, "too many references");
    if (*loose && (*loose)->oid) out.push_back({std::move(name), *(*loose)->oid});
  }
  return {};
}

}  // namespace

Result<std::optional<Oid>> resolve_ref(const Repository& repository, std::string_view name) {
  if (auto readable = decline_reftable(repository); !readable) return Unexpected{std::move(readable).error()};
  std::string current(name);
  if (!safe_name(current)) return std::optional<Oid>();
  for (int depth = 0; depth <= kMaxSymbolicDepth; ++depth) {
    auto loose = read_loose(repository, current);
    if (!loose) return Unexpected{std::move(loose).error()};
    if (!*loose) {
      auto packed = PackedRefs::open(repository);
      if (!packed) return Unexpected{std::move(packed).error()};
      return packed->find(current);
    }
    if ((*loose)->oid) return (*loose)->oid;
    current = std::move((*loose)->target);
  }
  return broken(name, "symbolic references in a circle");
}

Result<std::optional<std::string>> head_target(const Repository& repository) {
  if (auto readable = decline_reftable(repository); !readable) return Unexpected{std::move(readable).error()};
  auto head = read_loose(repository, "HEAD");
  if (!head) return Unexpected{std::move(head).error()};
  if (!*head || (*head)->target.empty()) return std::optional<std::string>();
  return std::optional<std::string>(std::move((*head)->target));
}

Result<std::vector<Ref>> list_refs(const Repository& repository, std::vector<std::string>* broken) {
  if (auto readable = decline_reftable(repository); !readable) return Unexpected{std::move(readable).error()};
  // Loose before packed: a reference that is packed while we look is then seen at least once, and loose ones win.
  std::vector<Ref> refs;
  if (auto found = collect(repository, repository.common_dir, "refs", 0, refs, broken); !found)
    return Unexpected{std::move(found).error()};
  if (repository.git_dir != repository.common_dir)
    if (auto found = collect(repository, repository.git_dir, "refs", 0, refs, broken); !found)
      return Unexpected{std::move(found).error()};
  auto packed = PackedRefs::open(repository);
  if (!packed) return Unexpected{std::move(packed).error()};
  packed->each([&](std::string_view name, const Oid& oid) {
    refs.push_back({std::string(name), oid});
    return refs.size() < kMaxRefs;
  });
  const auto by_name = [](const Ref& a, const Ref& b) { return a.name < b.name; };
  const auto same_name = [](const Ref& a, const Ref& b) { return a.name == b.name; };
  std::stable_sort(refs.begin(), refs.end(), by_name);
  refs.erase(std::unique(refs.begin(), refs.end(), same_name), refs.end());
  return refs;
}

Result<std::optional<Oid>> resolve_name(const Repository& repository, std::string_view name) {
  if (const std::optional<Oid> oid = Oid::from_hex(name); oid && oid->size == id_size(repository.format))
    return std::optional<Oid>(oid);
  if (name == "@") name = "HEAD";
  for (std::string_view prefix : {"", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"}) {
    // Without a prefix only HEAD's kin count: "config" is a file of the repository, but no reference.
    const bool shouting = name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos;
    if (prefix.empty() && !shouting && name.rfind("refs/", 0) != 0) continue;
    auto oid = resolve_ref(repository, std::string(prefix) + std::string(name));
    if (!oid || *oid) return oid;
  }
  return resolve_ref(repository, "refs/remotes/" + std::string(name) + "/HEAD");
}

Result<std::vector<Oid>> shallow_boundary(const Repository& repository) {
  auto text = read_small_file(repository.common_dir + "/shallow", kShallowCap);
  if (!text) return fail(ErrorCode::undecided, std::move(text).error().what);
  std::vector<Oid> boundary;
  if (!*text) return boundary;
  std::string_view rest = **text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (const std::string_view line = trim(rest.substr(0, end)); !line.empty()) {
      const std::optional<Oid> oid = Oid::from_hex(line);
      if (!oid) return fail(ErrorCode::undecided, "the list of a shallow clone's cut-off commits is damaged");
      boundary.push_back(*oid);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::sort(boundary.begin(), boundary.end());
  return boundary;
}

bool has_rewritten_history(const Repository& repository) {
  if (path_exists(repository.common_dir + "/info/grafts")) return true;
  const auto refs = list_refs(repository);
  return refs && std::any_of(refs->begin(), refs->end(),
                             [](const Ref& ref) { return std::string_view(ref.name).starts_with("refs/replace/"); });
}

}  // namespace launchgate::git
