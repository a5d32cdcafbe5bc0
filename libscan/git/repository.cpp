#include "libscan/git/repository.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "libscan/core/text.hpp"
#include "libscan/git/config.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kSmallFile = 64 * 1024;  // HEAD, commondir, gitdir files

Unexpected cannot(std::string_view place, std::string_view what, std::string hint = {}) {
  return fail(ErrorCode::undecided, printable(place) + ": " + std::string(what), std::move(hint));
}

std::string first_line(const std::string& path) {
  auto text = read_small_file(path, kSmallFile);
  if (!text || !*text) return {};
  return std::string(trim(std::string_view(**text).substr(0, (*text)->find('\n'))));
}

std::string common_dir_of(const std::string& git_dir) {
  const std::string relative = first_line(git_dir + "/commondir");
  if (relative.empty()) return git_dir;
  const std::string joined = join_path(git_dir, relative);
  return real_path(joined).value_or(joined);
}

bool plausible_head(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return false;
  if (S_ISLNK(info.st_mode)) return true;  // git once made HEAD a symbolic link into refs/
  const std::string line = first_line(path);
  return line.rfind("ref:", 0) == 0 || Oid::from_hex(line).has_value();
}

// The three things git wants to see in a repository directory.
bool looks_like_git_dir(const std::string& dir, const std::string& common_dir, bool own_objects) {
  return plausible_head(dir + "/HEAD") && is_directory(common_dir + "/refs") &&
         (!own_objects || is_directory(common_dir + "/objects"));
}
bool looks_like_git_dir(const std::string& dir) { return looks_like_git_dir(dir, common_dir_of(dir), true); }

// Where a `.git` file points: "gitdir: <path>", relative to the file.
Result<std::string> follow_gitfile(const std::string& file) {
  constexpr std::string_view kTag = "gitdir:";
  constexpr const char* kHint =
      "the folder was perhaps copied without the repository it belongs to; scan the original, or remove the .git file";
  const std::string line = first_line(file);
  if (line.rfind(kTag, 0) != 0) return cannot(file, "not a file that leads to a repository", kHint);
  const std::string joined = join_path(parent_path(file), trim(std::string_view(line).substr(kTag.size())));
  std::optional<std::string> target = real_path(joined);
  if (!target || !looks_like_git_dir(*target)) return cannot(file, "leads to no repository", kHint);
  return std::move(*target);
}

// --- Ownership: a repository of another user is read only when the user vouches for it, as in git. ---

bool owned(const std::string& path, uid_t& owner) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return true;  // not there: nothing to mistrust
  owner = info.st_uid;
  if (owner == ::geteuid()) return true;
  if (::geteuid() != 0) return false;
  // Under sudo the folder usually belongs to who called it.
  const char* sudo = ::secure_getenv("SUDO_UID");
  return sudo != nullptr && *sudo != '\0' && std::strtoul(sudo, nullptr, 10) == owner;
}

bool vouched_for(const std::string& dir, const Config& config) {
  bool safe = false;
  for (const Config::Entry& entry : config.entries()) {
    if (entry.name != "safe.directory" || entry.scope == Config::Scope::local) continue;
    std::string value = entry.value;
    if (value.empty()) {
      safe = false;  // an empty value clears the list
    } else if (value == "*") {
      safe = true;
    } else if (value.size() > 2 && value.substr(value.size() - 2) == "/*") {
      value.pop_back();
      safe |= dir.rfind(value, 0) == 0;
    } else {
      safe |= value == dir || real_path(value) == dir;
    }
  }
  return safe;
}

Result<void> check_owner(const Repository& repository, const std::string& gitfile, const Config& config,
                         const Environment& environment) {
  uid_t owner = 0;
  const std::string& top = repository.bare() ? repository.git_dir : repository.work_tree;
  if (environment.get("GIT_TEST_ASSUME_DIFFERENT_OWNER").empty() && owned(top, owner) &&
      owned(repository.git_dir, owner) && (gitfile.empty() || owned(gitfile, owner)))
    return {};
  if (vouched_for(top, config)) return {};
  return cannot(top,
                "the repository belongs to another user (uid " + std::to_string(owner) + "), git would refuse it too",
                "git config --global --add safe.directory " + printable(top));
}

// --- From a git directory to everything we need to know of it. ---

std::string short_branch(const std::string& git_dir) {
  constexpr std::string_view kPrefix = "ref: refs/heads/";
  const std::string line = first_line(git_dir + "/HEAD");
  return line.rfind(kPrefix, 0) == 0 ? line.substr(kPrefix.size()) : std::string();
}

Result<Config> read_config(const Repository& repository, const Environment& environment) {
  const Config::Context context{repository.git_dir, short_branch(repository.git_dir)};
  Config config;
  config.add_system_and_global(environment, context);
  if (auto added = config.add_file(repository.common_dir + "/config", Config::Scope::local, environment, context);
      !added)
    return cannot(repository.common_dir + "/config", added.error().what);
  if (config.get_bool("extensions.worktreeconfig", false))
    if (auto added =
            config.add_file(repository.git_dir + "/config.worktree", Config::Scope::local, environment, context);
        !added)
      return cannot(repository.git_dir + "/config.worktree", added.error().what);
  config.add_command(environment);
  return config;
}

// Refuses what this program does not understand rather than guess: gitrepository-layout(5), "repository-version".
Result<void> check_format(const Config& config, Repository& repository) {
  const std::string_view version = config.get("core.repositoryformatversion").value_or("0");
  if (version != "0" && version != "1" && !version.empty())
    return cannot(repository.git_dir, "repository format " + printable(version) + " is newer than launchgate knows");
  constexpr std::string_view kKnown[] = {"noop",         "noop-v1",           "preciousobjects",
                                         "partialclone", "worktreeconfig",    "objectformat",
                                         "refstorage",   "relativeworktrees", "compatobjectformat"};
  for (const Config::Entry& entry : config.entries()) {
    constexpr std::string_view kPrefix = "extensions.";
    const std::string_view name = entry.name;
    if (name.substr(0, kPrefix.size()) != kPrefix || version != "1" || entry.scope != Config::Scope::local) continue;
    if (std::find(std::begin(kKnown), std::end(kKnown), name.substr(kPrefix.size())) == std::end(kKnown))
      return cannot(repository.git_dir,
                    "uses the repository extension '" + printable(name) + "', unknown to launchgate");
  }
  const std::string_view format = config.get("extensions.objectformat").value_or("sha1");
  if (format != "sha1" && format != "sha256")
    return cannot(repository.git_dir, "object format '" + printable(format) + "' is unknown to launchgate");
  repository.format = format == "sha256" ? ObjectFormat::sha256 : ObjectFormat::sha1;
  repository.reftable = config.get("extensions.refstorage").value_or("files") != "files";
  return {};
}

void add_objects(Repository& repository, const Environment& environment, const std::string& base) {
  const std::string_view dir = environment.get("GIT_OBJECT_DIRECTORY");
  repository.object_dir = dir.empty() ? repository.common_dir + "/objects" : join_path(base, dir);
  // ':'-separated; git quotes an entry that holds a ':' like a C string, which no quarantine needs.
  std::string_view rest = environment.get("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    if (const std::string_view one = rest.substr(0, colon); !one.empty())
      repository.alternate_dirs.push_back(join_path(base, one));
    rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
  }
}

void apply_config(const Config& config, const Environment& environment, Repository& repository) {
  repository.ignore_case = config.get_bool("core.ignorecase", false);
  for (const Config::Entry& entry : config.entries()) {
    const std::string_view name = entry.name;
    repository.partial_clone |=
        name == "extensions.partialclone" ||
        (name.rfind("remote.", 0) == 0 && name.size() > 9 && (name.substr(name.size() - 9) == ".promisor"));
  }
  const std::string_view home = environment.get("HOME"), xdg = environment.get("XDG_CONFIG_HOME");
  if (const auto file = config.get("core.excludesfile"))
    repository.excludes_file = file->empty() ? "" : join_path(repository.work_tree, expand_home(*file, environment));
  else if (!xdg.empty())
    repository.excludes_file = join_path(xdg, "git/ignore");
  else if (!home.empty())
    repository.excludes_file = join_path(home, ".config/git/ignore");
}

struct Found {
  std::string git_dir;
  std::string work_tree;  // "" = bare unless core.worktree says otherwise
  std::string gitfile;    // the .git file that led here, if any
};

// `explicit_dir`: GIT_DIR named it, so ownership is not in question and the variables apply.
Result<Repository> open_found(Found found, const Environment& environment, bool explicit_dir, const std::string& cwd) {
  Repository repository;
  repository.git_dir = std::move(found.git_dir);
  repository.work_tree = std::move(found.work_tree);
  const std::string_view common = environment.get("GIT_COMMON_DIR");
  repository.common_dir = explicit_dir && !common.empty() ? join_path(cwd, common) : common_dir_of(repository.git_dir);
  auto config = read_config(repository, environment);
  if (!config) return Unexpected{std::move(config).error()};
  if (auto known = check_format(*config, repository); !known) return Unexpected{std::move(known).error()};

  if (const std::string_view tree = environment.get("GIT_WORK_TREE"); explicit_dir && !tree.empty()) {
    const std::string joined = join_path(cwd, tree);
    repository.work_tree = real_path(joined).value_or(joined);
  } else if (const auto configured = config->get("core.worktree")) {
    const std::string joined = join_path(repository.git_dir, *configured);
    repository.work_tree = real_path(joined).value_or(joined);
  } else if (config->get_bool("core.bare", false) && repository.git_dir == repository.common_dir) {
    repository.work_tree.clear();
  }
  apply_config(*config, environment, repository);
  if (!explicit_dir)
    if (auto own = check_owner(repository, found.gitfile, *config, environment); !own)
      return Unexpected{std::move(own).error()};
  return repository;
}

// The environment's index and objects; git reads relative names from the top of the work tree.
void apply_environment(Repository& repository, const Environment& environment, const std::string& cwd) {
  const std::string& base = repository.bare() ? cwd : repository.work_tree;
  const std::string_view index = environment.get("GIT_INDEX_FILE");
  repository.index_file = index.empty() ? repository.git_dir + "/index" : join_path(base, index);
  add_objects(repository, environment, base);
}

bool inside(std::string_view path, std::string_view dir) noexcept {
  return path.substr(0, dir.size()) == dir && (path.size() == dir.size() || dir == "/" || path[dir.size()] == '/');
}

std::string working_directory() { return real_path(".").value_or("."); }

// GIT_DIR given: no search. No value when `start` lies outside the work tree it describes.
Result<std::optional<Repository>> from_environment(const std::string& start, const Environment& environment) {
  const std::string cwd = working_directory();
  const std::string named = join_path(cwd, environment.get("GIT_DIR"));
  std::optional<std::string> git_dir = real_path(named);
  if (git_dir && !is_directory(*git_dir)) {
    auto followed = follow_gitfile(*git_dir);
    if (!followed) return Unexpected{std::move(followed).error()};
    git_dir = *followed;
  }
  const std::string_view common = environment.get("GIT_COMMON_DIR");
  if (!git_dir || !looks_like_git_dir(*git_dir, common.empty() ? common_dir_of(*git_dir) : join_path(cwd, common),
                                      environment.get("GIT_OBJECT_DIRECTORY").empty()))
    return cannot(named, "GIT_DIR names no repository", "unset GIT_DIR, or let it name the repository's .git folder");
  auto repository = open_found({*git_dir, cwd, ""}, environment, true, cwd);
  if (!repository) return Unexpected{std::move(repository).error()};
  const bool meant = repository->bare() ? start == cwd : inside(start, repository->work_tree);
  if (!meant && !inside(start, repository->git_dir)) return std::optional<Repository>();
  apply_environment(*repository, environment, cwd);
  return std::optional<Repository>(std::move(*repository));
}

bool is_ceiling(const std::string& dir, const Environment& environment) {
  std::string_view rest = environment.get("GIT_CEILING_DIRECTORIES");
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    if (rest.substr(0, colon) == dir) return true;
    rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
  }
  return false;
}

// Upwards from `dir` to the first repository, the root, a mount point or a ceiling.
Result<std::optional<Found>> search_upwards(std::string dir, const Environment& environment) {
  struct stat first {};
  if (::stat(dir.c_str(), &first) != 0) return cannot(dir, errno_text(errno));
  const bool across = environment.get("GIT_DISCOVERY_ACROSS_FILESYSTEM") == "true" ||
                      environment.get("GIT_DISCOVERY_ACROSS_FILESYSTEM") == "1";
  for (;;) {
    const std::string dot_git = dir == "/" ? "/.git" : dir + "/.git";
    struct stat info {};
    if (::stat(dot_git.c_str(), &info) == 0) {
      if (S_ISDIR(info.st_mode) && looks_like_git_dir(dot_git))
        return std::optional<Found>(Found{real_path(dot_git).value_or(dot_git), dir, ""});
      if (S_ISREG(info.st_mode)) {
        auto target = follow_gitfile(dot_git);
        if (!target) return Unexpected{std::move(target).error()};
        return std::optional<Found>(Found{std::move(*target), dir, dot_git});
      }
    }
    if (looks_like_git_dir(dir)) return std::optional<Found>(Found{dir, "", ""});
    if (dir == "/") return std::optional<Found>();
    dir = parent_path(dir);
    if (is_ceiling(dir, environment)) return std::optional<Found>();
    if (::stat(dir.c_str(), &info) != 0 || (info.st_dev != first.st_dev && !across)) return std::optional<Found>();
  }
}

}  // namespace

Result<std::optional<Repository>> find_repository(const std::string& from, const Environment& environment) {
  const std::string& asked = from.empty() ? std::string(".") : from;
  std::optional<std::string> start = real_path(asked);
  if (!start) return fail(ErrorCode::usage, printable(asked) + ": " + errno_text(errno));
  if (!is_directory(*start)) start = parent_path(*start);

  if (!environment.get("GIT_DIR").empty()) {
    auto repository = from_environment(*start, environment);
    if (!repository || *repository) return repository;
  }
  auto found = search_upwards(*start, environment);
  if (!found) return Unexpected{std::move(found).error()};
  if (!*found) return std::optional<Repository>();
  auto repository = open_found(std::move(**found), environment, false, *start);
  if (!repository) return Unexpected{std::move(repository).error()};
  // An index or object directory of the environment belongs to the repository of the working directory.
  const bool ours = inside(working_directory(), repository->bare() ? repository->git_dir : repository->work_tree);
  apply_environment(*repository, ours ? environment : Environment(), *start);
  return std::optional<Repository>(std::move(*repository));
}

std::optional<Repository> open_nested(const std::string& root, const Environment& environment) {
  const std::string dot_git = root + "/.git";
  Found found{dot_git, root, ""};
  if (!is_directory(dot_git)) {
    auto target = follow_gitfile(dot_git);
    if (!target) return std::nullopt;
    found.git_dir = std::move(*target);
  } else if (!looks_like_git_dir(dot_git)) {
    return std::nullopt;
  }
  Environment quiet;
  for (std::string_view name :
       {"HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"})
    if (environment.has(name)) quiet.set(std::string(name), std::string(environment.get(name)));
  auto repository = open_found(std::move(found), quiet, true, root);
  if (!repository) return std::nullopt;
  repository->work_tree = root;  // whatever core.worktree says: this is where it was found
  apply_environment(*repository, quiet, root);
  return std::move(*repository);
}

Result<Target> find_target(const std::string& path, const Environment& environment) {
  const std::string& asked = path.empty() ? std::string(".") : path;
  std::optional<std::string> absolute = real_path(asked);
  struct stat info {};
  if (!absolute || ::stat(absolute->c_str(), &info) != 0) {
    // What is not there was mistyped; what may not be read is there, and was not looked at.
    const ErrorCode code = errno == EACCES || errno == EIO ? ErrorCode::undecided : ErrorCode::usage;
    return fail(code, printable(asked) + ": " + errno_text(errno));
  }
  if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
    return fail(ErrorCode::usage, printable(asked) + ": neither a file nor a folder",
                "use --stdin for a pipe or device");
  auto repository = find_repository(*absolute, environment);
  if (!repository) return Unexpected{std::move(repository).error()};

  Target target;
  target.repository = std::move(*repository);
  target.file = S_ISREG(info.st_mode);
  if (!target.repository) {
    target.root = target.file ? parent_path(*absolute) : *absolute;
  } else if (target.repository->bare()) {
    return target;
  } else {
    target.root = target.repository->work_tree;
  }
  if (!inside(*absolute, target.root)) {  // inside the git directory of a separate work tree
    target.repository.reset();
    target.root = target.file ? parent_path(*absolute) : *absolute;
  }
  const std::size_t skip = target.root == "/" ? 1 : target.root.size() + 1;
  if (absolute->size() > skip) target.path = absolute->substr(skip);
  return target;
}

}  // namespace launchgate::git
