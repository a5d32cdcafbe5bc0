// Discovery in real repositories made by git.
#include "libscan/git/repository.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "libscan/git/refs.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

// git's own answer, without the line end.
std::string told(const std::string& dir, const char* question) {
  std::string out = run_git(dir, {"rev-parse", "--path-format=absolute", question});
  out.pop_back();
  return out;
}

void commit(const std::string& dir, const char* message) {
  run_git(dir, {"add", "-A"});
  run_git(dir, {"commit", "-q", "-m", message});
}

struct ChangedDirectory {
  explicit ChangedDirectory(const std::string& to) : before(std::filesystem::current_path()) {
    std::filesystem::current_path(to);
  }
  ~ChangedDirectory() { std::filesystem::current_path(before); }
  std::filesystem::path before;
};

}  // namespace

TEST_CASE("an ordinary work tree is found from any folder in it") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main"});
  dir.write("src/deep/a.txt", "x");
  commit(dir.path(), "first");
  for (const char* below : {"", "/src", "/src/deep", "/src/deep/a.txt"}) {
    auto found = find_repository(dir.path() + below, test_environment());
    REQUIRE(found);
    REQUIRE(*found);
    const Repository& repository = **found;
    CHECK(repository.work_tree == dir.path());
    CHECK(repository.git_dir == dir.path() + "/.git");
    CHECK(repository.common_dir == repository.git_dir);
    CHECK(repository.index_file == dir.path() + "/.git/index");
    CHECK(repository.object_dir == dir.path() + "/.git/objects");
    CHECK(repository.format == ObjectFormat::sha1);
  }
  auto target = find_target(dir.path() + "/src/deep", test_environment());
  REQUIRE(target);
  CHECK(target->root == dir.path());
  CHECK(target->path == "src/deep");
  CHECK_FALSE(target->file);
  target = find_target(dir.path() + "/src/deep/a.txt", test_environment());
  REQUIRE(target);
  CHECK(target->path == "src/deep/a.txt");
  CHECK(target->file);
}

TEST_CASE("a folder without repository is no error, a path that is not there is") {
  TempDir dir;
  dir.write("a", "x");
  auto target = find_target(dir.path(), test_environment());
  REQUIRE(target);
  CHECK_FALSE(target->repository);
  CHECK(target->root == dir.path());
  auto missing = find_target(dir.path() + "/nothing", test_environment());
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::usage);
}

TEST_CASE("linked work trees, submodules and bare repositories agree with git rev-parse") {
  TempDir dir;
  const std::string main = dir.path() + "/main";
  dir.write("main/a", "x");
  run_git(dir.path(), {"init", "-q", "-b", "main", "main"});
  commit(main, "first");
  run_git(main, {"worktree", "add", "-q", "../linked", "-b", "side"});
  dir.write("linked/b", "y");
  commit(dir.path() + "/linked", "on the side");
  run_git(dir.path(), {"clone", "-q", "--bare", "main", "bare.git"});
  run_git(main, {"-c", "protocol.file.allow=always", "submodule", "add", "-q", dir.path() + "/bare.git", "mods/sub"});
  run_git(dir.path(), {"init", "-q", "--separate-git-dir", "apart.git", "apart"});

  for (const char* place : {"/main", "/linked", "/main/mods/sub", "/apart"}) {
    CAPTURE(place);
    const std::string at = dir.path() + place;
    auto found = find_repository(at, test_environment());
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->git_dir == told(at, "--absolute-git-dir"));
    CHECK((*found)->common_dir == told(at, "--git-common-dir"));
    CHECK((*found)->work_tree == told(at, "--show-toplevel"));
  }
  auto linked = find_repository(dir.path() + "/linked", test_environment());
  CHECK(head_target(**linked).value() == std::optional<std::string>("refs/heads/side"));
  CHECK(resolve_ref(**linked, "HEAD").value()->hex() + "\n" == run_git(dir.path() + "/linked", {"rev-parse", "HEAD"}));
  CHECK(resolve_ref(**linked, "refs/heads/main").value()->hex() + "\n" == run_git(main, {"rev-parse", "HEAD"}));

  auto bare = find_repository(dir.path() + "/bare.git", test_environment());
  REQUIRE(bare);
  REQUIRE(*bare);
  CHECK((*bare)->bare());
  CHECK((*bare)->git_dir == dir.path() + "/bare.git");
  CHECK(open_nested(main + "/mods/sub", test_environment()).has_value());
}

TEST_CASE("the variables of a hook decide, but only about the repository they belong to") {
  TempDir dir, other;
  run_git(dir.path(), {"init", "-q"});
  run_git(other.path(), {"init", "-q"});
  const ChangedDirectory here(dir.path());
  auto environment = test_environment({{"GIT_INDEX_FILE", ".git/next-index-7.lock"}});
  auto found = find_repository(".", environment);
  REQUIRE(found);
  CHECK((*found)->index_file == dir.path() + "/.git/next-index-7.lock");
  found = find_repository(other.path(), environment);
  CHECK((*found)->index_file == other.path() + "/.git/index");

  environment = test_environment({{"GIT_DIR", other.path() + "/.git"}, {"GIT_WORK_TREE", dir.path()}});
  found = find_repository(".", environment);
  CHECK((*found)->git_dir == other.path() + "/.git");
  CHECK((*found)->work_tree == dir.path());
  environment =
      test_environment({{"GIT_OBJECT_DIRECTORY", "/q/incoming"}, {"GIT_ALTERNATE_OBJECT_DIRECTORIES", "/a:/b"}});
  found = find_repository(".", environment);
  CHECK((*found)->object_dir == "/q/incoming");
  CHECK((*found)->alternate_dirs == std::vector<std::string>{"/a", "/b"});
  found = find_repository(".", test_environment({{"GIT_DIR", "/nowhere"}}));
  REQUIRE_FALSE(found);
  CHECK(found.error().code == ErrorCode::undecided);
}

TEST_CASE("what git would refuse is refused with the way out") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q"});
  auto stranger = find_repository(dir.path(), test_environment({{"GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"}}));
  REQUIRE_FALSE(stranger);
  CHECK(stranger.error().code == ErrorCode::undecided);
  CHECK(stranger.error().hint == "git config --global --add safe.directory " + dir.path());
  auto vouched = find_repository(dir.path(), test_environment({{"GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"},
                                                               {"GIT_CONFIG_COUNT", "1"},
                                                               {"GIT_CONFIG_KEY_0", "safe.directory"},
                                                               {"GIT_CONFIG_VALUE_0", dir.path()}}));
  CHECK(vouched);
  // The repository cannot vouch for itself.
  run_git(dir.path(), {"config", "safe.directory", "*"});
  CHECK_FALSE(find_repository(dir.path(), test_environment({{"GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"}})));

  run_git(dir.path(), {"config", "core.repositoryformatversion", "1"});
  run_git(dir.path(), {"config", "extensions.fromTheFuture", "true"});
  auto future = find_repository(dir.path(), test_environment());
  REQUIRE_FALSE(future);
  CHECK(future.error().what.find("fromthefuture") != std::string::npos);

  dir.write("lost/.git", "gitdir: /gone/away\n");
  auto lost = find_repository(dir.path() + "/lost", test_environment());
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == ErrorCode::undecided);
}

TEST_CASE("references: loose, packed, symbolic, detached, unborn") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main"});
  auto repository = **find_repository(dir.path(), test_environment());
  CHECK_FALSE(resolve_ref(repository, "HEAD").value());
  CHECK(list_refs(repository).value().empty());
  dir.write("a", "1");
  commit(dir.path(), "one");
  run_git(dir.path(), {"tag", "-a", "v1", "-m", "tag"});
  run_git(dir.path(), {"branch", "feature/x"});
  run_git(dir.path(), {"pack-refs", "--all"});
  dir.write("a", "2");
  commit(dir.path(), "two");
  run_git(dir.path(), {"update-ref", "refs/bisect/bad", "HEAD"});
  run_git(dir.path(), {"symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/main"});

  std::string listed;
  const auto refs = list_refs(repository);
  REQUIRE(refs);
  for (const Ref& ref : *refs) listed += ref.oid.hex() + " " + ref.name + "\n";
  std::string expected;
  for (const std::string& line : launchgate::testing::split(run_git(dir.path(), {"show-ref"}), '\n'))
    if (line.find("origin/HEAD") == std::string::npos) expected += line + "\n";
  CHECK(listed == expected);
  for (const char* name : {"HEAD", "main", "v1", "feature/x", "heads/main", "origin"}) {
    CAPTURE(name);
    auto oid = resolve_name(repository, name);
    REQUIRE(oid);
    REQUIRE(*oid);
    CHECK((*oid)->hex() + "\n" == run_git(dir.path(), {"rev-parse", name}));
  }
  CHECK_FALSE(resolve_name(repository, "HEAD~1").value());
  CHECK_FALSE(resolve_name(repository, "config").value());
  CHECK_FALSE(resolve_name(repository, "../HEAD").value());
  dir.write(".git/refs/heads/broken", "not an id\n");
  CHECK_FALSE(list_refs(repository));
  CHECK_FALSE(resolve_ref(repository, "refs/heads/broken"));
}
