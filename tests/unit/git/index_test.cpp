// The index reader against `git ls-files --stage`, over indexes git itself wrote, and over damaged ones.
#include "libscan/git/index.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;

namespace {

// One line an entry, in the form of `git ls-files --stage -z`.
std::string shown(const Index& index) {
  std::string text;
  for (std::uint32_t i = 0; i < index.size(); ++i) {
    const IndexEntry entry = index.entry(i);
    CHECK(entry.path == index.path(i));
    char mode[16];
    std::snprintf(mode, sizeof mode, "%06o ", entry.mode);
    text += mode + entry.oid.hex() + " " + std::to_string(entry.stage) + "\t" + std::string(entry.path) + '\0';
  }
  return text;
}

Index open_index(const TempDir& dir, ObjectFormat format = ObjectFormat::sha1) {
  auto index = Index::open(dir.path() + "/.git/index", format, dir.path() + "/.git");
  REQUIRE(index);
  return std::move(*index);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

void fill(const TempDir& dir) {
  for (const char* path : {"a", "a-b", "a/b", "a.c", "deep/er/and/deeper/x", "deep/er/y", "deep/z", "z"})
    if (!std::filesystem::exists(dir.path() + "/" + path) && std::string(path) != "a") dir.write(path, path);
  dir.write("long/" + std::string(200, 'l') + "/" + std::string(200, 'm'), "x");
  std::string very_long;
  for (int i = 0; i < 30; ++i) very_long += std::string(150, static_cast<char>('a' + i % 26)) + "/";
  run_git(dir.path(), {"add", "-A"});
  // A path longer than the length field: only the NUL tells its end.
  const std::string blob = run_git(dir.path(), {"hash-object", "-w", "z"}).substr(0, 40);
  run_git(dir.path(), {"update-index", "--add", "--index-info"}, {}, "100644 " + blob + "\t" + very_long + "x\n");
}

}  // namespace

TEST_CASE("versions 2, 3 and 4 list what git lists") {
  for (const char* version : {"2", "3", "4"}) {
    TempDir dir;
    run_git(dir.path(), {"init", "-q", "-b", "main"});
    fill(dir);
    run_git(dir.path(), {"update-index", "--index-version", version});
    if (*version != '2') {
      dir.write("soon", "x");
      run_git(dir.path(), {"add", "-N", "soon"});
      run_git(dir.path(), {"update-index", "--skip-worktree", "z"});
      run_git(dir.path(), {"update-index", "--assume-unchanged", "deep/z"});
    }
    INFO("version ", version);
    const Index index = open_index(dir);
    CHECK(shown(index) == run_git(dir.path(), {"ls-files", "--stage", "-z"}));
    for (std::uint32_t i = 0; i < index.size(); ++i) {
      const IndexEntry entry = index.entry(i);
      CHECK(entry.intent_to_add == (*version != '2' && entry.path == "soon"));
      CHECK(entry.skip_worktree == (*version != '2' && entry.path == "z"));
      CHECK(entry.assume_valid == (*version != '2' && entry.path == "deep/z"));
      const IndexRange found = index.find(entry.path, index.all());
      CHECK((found.begin == i && found.end == i + 1));
    }
    CHECK(index.skipped() == (*version != '2' ? 1 : 0));
    CHECK(index.below("deep/", index.all()).size() == 3);
    CHECK(index.below("deep/er/", index.below("deep/", index.all())).size() == 2);
    CHECK(index.below("nothing/", index.all()).empty());
    CHECK(index.find("deep", index.all()).empty());
  }
}

TEST_CASE("no index at all is an empty one") {
  auto index = Index::open("/nonexistent/index", ObjectFormat::sha1, "/nonexistent");
  REQUIRE(index);
  CHECK(index->size() == 0);
}

TEST_CASE("an unfinished merge shows its stages, a submodule its commit") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main"});
  dir.write("f", "base\n");
  run_git(dir.path(), {"add", "-A"});
  run_git(dir.path(), {"commit", "-q", "-m", "base"});
  run_git(dir.path(), {"checkout", "-q", "-b", "other"});
  dir.write("f", "theirs\n");
  run_git(dir.path(), {"commit", "-q", "-am", "theirs"});
  run_git(dir.path(), {"checkout", "-q", "main"});
  dir.write("f", "ours\n");
  run_git(dir.path(), {"commit", "-q", "-am", "ours"});
  testing::run({"git", "merge", "-q", "other"}, dir.path());
  const std::string head = run_git(dir.path(), {"rev-parse", "HEAD"}).substr(0, 40);
  run_git(dir.path(), {"update-index", "--add", "--cacheinfo", "160000," + head + ",sub"});
  const Index index = open_index(dir);
  CHECK(shown(index) == run_git(dir.path(), {"ls-files", "--stage", "-z"}));
  CHECK(index.find("f", index.all()).size() == 3);
  REQUIRE(index.submodules().size() == 1);
  CHECK(index.path(index.submodules()[0]) == "sub");
}

TEST_CASE("a split index is joined with its shared part") {
  for (const char* version : {"2", "4"}) {
    TempDir dir;
    run_git(dir.path(), {"init", "-q", "-b", "main"});
    run_git(dir.path(), {"config", "core.splitIndex", "true"});
    run_git(dir.path(), {"config", "splitIndex.maxPercentChange", "100"});
    for (int i = 0; i < 300; ++i) dir.write("d/" + std::to_string(i), std::to_string(i));
    run_git(dir.path(), {"add", "-A"});
    run_git(dir.path(), {"update-index", "--index-version", version, "--split-index"});
    CHECK(shown(open_index(dir)) == run_git(dir.path(), {"ls-files", "--stage", "-z"}));
    for (int i = 100; i < 250; ++i) run_git(dir.path(), {"rm", "-q", "--cached", "d/" + std::to_string(i++)});
    for (int i = 0; i < 40; i += 3) dir.write("d/" + std::to_string(i), "changed");
    for (int i = 0; i < 5; ++i) dir.write("a" + std::to_string(i), "new");
    run_git(dir.path(), {"add", "-A", "a0", "a1", "a2", "d/0", "d/3", "d/6", "d/39"});
    const std::string index_file = dir.path() + "/.git/index";
    REQUIRE(std::filesystem::file_size(index_file) < 20000);  // still split
    CHECK(bytes_of(index_file).find("link") != std::string::npos);
    CHECK(shown(open_index(dir)) == run_git(dir.path(), {"ls-files", "--stage", "-z"}));

    for (const auto& item : std::filesystem::directory_iterator(dir.path() + "/.git"))
      if (item.path().filename().string().rfind("sharedindex.", 0) == 0) std::filesystem::remove(item.path());
    auto without = Index::open(index_file, ObjectFormat::sha1, dir.path() + "/.git");
    REQUIRE_FALSE(without);
    CHECK(without.error().code == ErrorCode::undecided);
    CHECK(without.error().what.find("shared index") != std::string::npos);
  }
}

TEST_CASE("a sparse index holds folders") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main"});
  for (const char* path : {"in/a", "out/b", "out/deep/c", "top"}) dir.write(path, path);
  run_git(dir.path(), {"add", "-A"});
  run_git(dir.path(), {"commit", "-q", "-m", "all"});
  run_git(dir.path(), {"sparse-checkout", "set", "--cone", "--sparse-index", "in"});
  const Index index = open_index(dir);
  CHECK(shown(index) == run_git(dir.path(), {"ls-files", "--stage", "-z", "--sparse"}));
  const IndexRange out = index.find("out/", index.all());
  REQUIRE(out.size() == 1);
  CHECK((index.entry(out.begin).mode & kModeType) == kModeTree);
  CHECK(index.entry(out.begin).skip_worktree);
}

TEST_CASE("SHA-256 repositories") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main", "--object-format=sha256"});
  dir.write("a/b", "x");
  dir.write("c", "y");
  run_git(dir.path(), {"add", "-A"});
  run_git(dir.path(), {"write-tree"});
  CHECK(shown(open_index(dir, ObjectFormat::sha256)) == run_git(dir.path(), {"ls-files", "--stage", "-z"}));
}

TEST_CASE("cached trees are git's trees") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main"});
  for (const char* path : {"a/b/c", "a/d", "e/f", "g"}) dir.write(path, path);
  run_git(dir.path(), {"add", "-A"});
  const std::string tree = run_git(dir.path(), {"write-tree"}).substr(0, 40);
  Index index = open_index(dir);
  const auto& trees = index.cached_trees();
  REQUIRE(trees.size() == 4);
  CHECK(trees[0].oid.hex() == tree);
  CHECK(trees[0].entries == 4);
  CHECK(trees[0].children == 2);
  CHECK(trees[0].skip == 4);
  CHECK(trees[1].name == "a");
  CHECK(trees[1].skip == 2);
  CHECK(trees[1].oid.hex() == run_git(dir.path(), {"rev-parse", tree + ":a"}).substr(0, 40));
  CHECK(trees[2].name == "b");
  CHECK(trees[3].name == "e");
  dir.write("a/b/c", "changed");
  run_git(dir.path(), {"add", "a/b/c"});
  const Index later = open_index(dir);
  CHECK(later.cached_trees()[0].entries == -1);
  CHECK(later.cached_trees().back().entries == 1);
}

TEST_CASE("damaged indexes are refused, and never read past their end") {
  for (const char* version : {"2", "3", "4"}) {
    TempDir dir;
    run_git(dir.path(), {"init", "-q", "-b", "main"});
    fill(dir);
    run_git(dir.path(), {"update-index", "--index-version", version});
    run_git(dir.path(), {"write-tree"});
    const std::string whole = bytes_of(dir.path() + "/.git/index");
    REQUIRE(Index::parse(whole, ObjectFormat::sha1, ""));
    // Cut short anywhere: what is left either misses entries, and is refused, or only lost an extension.
    for (std::size_t size = 0; size < whole.size(); size += 1 + size / 97) {
      const std::string part(whole, 0, size);
      if (auto index = Index::parse(part, ObjectFormat::sha1, "")) CHECK(index->size() == 9);
    }
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
      std::string bytes = whole;
      for (int i = 0; i < 1 + round % 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
      auto index = Index::parse(bytes, ObjectFormat::sha1, "");
      if (!index) continue;
      for (std::uint32_t i = 0; i < index->size(); ++i) CHECK_FALSE(index->entry(i).path.empty());
    }
  }
  auto unknown = Index::parse("DIRC\0\0\0\5\0\0\0\0aaaaaaaaaaaaaaaaaaaa", ObjectFormat::sha1, "");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::undecided);
  using namespace std::string_literals;
  auto future = Index::parse("DIRC\0\0\0\2\0\0\0\0news\0\0\0\0aaaaaaaaaaaaaaaaaaaa"s, ObjectFormat::sha1, "");
  REQUIRE_FALSE(future);
  CHECK(future.error().what.find("'news'") != std::string::npos);
  CHECK(Index::parse("DIRC\0\0\0\2\0\0\0\0NEWS\0\0\0\0aaaaaaaaaaaaaaaaaaaa"s, ObjectFormat::sha1, ""));
}
