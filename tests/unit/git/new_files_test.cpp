// New contents of a range, against `git diff-tree` commit by commit.
#include "libscan/git/new_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>
#include <set>

#include "libscan/git/commit_walk.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

Oid oid_of(const std::string& dir, const std::string& name) {
  return *Oid::from_hex(run_git(dir, {"rev-parse", name}).substr(0, 40));
}

// "path oid" of every regular file a commit of the range has and no parent of it.
std::set<std::string> by_git(const std::string& dir, const std::vector<Oid>& commits) {
  std::set<std::string> files;
  for (const Oid& commit : commits) {
    const std::string out =
        run_git(dir, {"diff-tree", "-r", "-c", "--root", "--no-renames", "--no-commit-id", commit.hex()});
    for (const std::string& line : split(out, '\n')) {
      // ":::<old modes> <new mode> <old ids> <new id> <letters>\t<path>", as many old ones as colons
      const std::size_t tab = line.find('\t');
      const auto words = split(line.substr(0, tab), ' ');
      const std::size_t parents = line.find_first_not_of(':');
      if (words[parents].rfind("100", 0) != 0 || words.back().find('D') != std::string::npos) continue;
      bool only_mode = false;
      for (std::size_t i = 0; i < parents; ++i) only_mode |= words[parents + 1 + i] == words[2 * parents + 1];
      if (!only_mode) files.insert(line.substr(tab + 1) + " " + words[2 * parents + 1]);
    }
  }
  return files;
}

}  // namespace

TEST_CASE("generated histories with merges: the same contents as git's") {
  std::mt19937 random(3);
  const auto pick = [&](unsigned below) { return random() % below; };
  for (int round = 0; round < 4; ++round) {
    TempDir dir;
    run_git(dir.path(), {"init", "-q", "-b", "main"});
    const char* const kPaths[] = {"a", "b/c", "b/d/e", "b.x", "b-1", "f/g", "f/h", "b/d.y"};
    int clock = 1700000000;
    const auto commit = [&] {
      for (unsigned i = 0; i < 1 + pick(3); ++i) {
        const std::string path = kPaths[pick(std::size(kPaths))];
        if (pick(5) == 0)
          dir.remove(path);
        else
          dir.write(path, std::to_string(pick(6)) + "\n");
      }
      run_git(dir.path(), {"add", "-A"});
      run_git(dir.path(), {"commit", "-q", "--allow-empty", "-m", "c"},
              {{"GIT_COMMITTER_DATE", std::to_string(clock += 60) + " +0000"}});
    };
    commit();
    const Oid first = oid_of(dir.path(), "HEAD");
    for (int i = 0; i < 20; ++i) {
      commit();
      if (pick(3) == 0)
        run_git(dir.path(), {"branch", "-f", "side" + std::to_string(pick(3)), "HEAD~" + std::to_string(pick(2))});
      if (pick(3) == 0) run_git(dir.path(), {"checkout", "-q", "-B", "work" + std::to_string(i)});
      if (pick(3) == 0) {
        run({"git", "merge", "-q", "-X", "ours", "-m", "m", "side" + std::to_string(pick(3))}, dir.path());
        run_git(dir.path(), {"reset", "-q", "--hard"});
      }
    }
    const auto repository = find_repository(dir.path(), test_environment());
    ObjectReader objects(**repository);
    for (const std::vector<Oid>& bases : {std::vector<Oid>{first}, std::vector<Oid>{}}) {
      auto between = commits_between(objects, {oid_of(dir.path(), "HEAD")}, bases, {});
      REQUIRE(between);
      auto found = list_new_files(**repository, *between, {});
      REQUIRE(found);
      std::set<std::string> files;
      for (const ChangedFile& file : found->files.all(between->commits)) {
        CHECK(files.insert(file.path + " " + file.oid.hex()).second);
        for (const Oid& before : file.before) CHECK(before != file.oid);
      }
      CHECK(files == by_git(dir.path(), between->commits));

      auto part = list_new_files(**repository, *between, {"b/d"});
      REQUIRE(part);
      std::set<std::string> below;
      for (const std::string& file : files)
        if (file.rfind("b/d/", 0) == 0) below.insert(file);
      CHECK(part->files.size() == below.size());
    }
  }
}

TEST_CASE("added and removed within the range; links and submodules are counted") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main"});
  dir.write("a", "1");
  run_git(dir.path(), {"add", "-A"});
  run_git(dir.path(), {"commit", "-q", "-m", "one"});
  const Oid base = oid_of(dir.path(), "HEAD");
  dir.write("gone", "short-lived");
  dir.write("a", "2");
  std::filesystem::create_symlink("a", dir.path() + "/link");
  run_git(dir.path(), {"add", "-A"});
  run_git(dir.path(), {"update-index", "--add", "--cacheinfo", "160000," + base.hex() + ",sub"});
  run_git(dir.path(), {"commit", "-q", "-m", "two"});
  const Oid two = oid_of(dir.path(), "HEAD");
  run_git(dir.path(), {"rm", "-q", "gone"});
  run_git(dir.path(), {"commit", "-q", "-m", "three"});
  const auto repository = find_repository(dir.path(), test_environment());
  ObjectReader objects(**repository);
  auto range = commits_between(objects, {oid_of(dir.path(), "HEAD")}, {base}, {});
  REQUIRE(range);
  auto found = list_new_files(**repository, *range, {});
  REQUIRE(found);
  const std::vector<ChangedFile> files = found->files.all(range->commits);
  REQUIRE(files.size() == 2);
  CHECK(files[0].path == "a");
  CHECK(files[0].before == std::vector<Oid>{oid_of(dir.path(), base.hex() + ":a")});
  CHECK(files[1].path == "gone");
  CHECK(files[1].before.empty());
  CHECK(files[1].commit == two);
  CHECK(found->coverage.skipped.size() == 2);
}
