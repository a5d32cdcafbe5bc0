// Ancestors by steps; `git rev-parse` is the truth.
#include "libscan/git/ancestor.hpp"

#include <doctest/doctest.h>

#include <string>

#include "libscan/git/range.hpp"
#include "libscan/git/refs.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

// main: one - two - three - merge (of two branches at once) - five
void make_merge(const TempDir& dir, const char* format) {
  const auto git = [&](std::vector<std::string> words) { run_git(dir.path(), std::move(words)); };
  git({"init", "-q", "-b", "main", std::string("--object-format=") + format});
  const auto commit = [&](const char* name) { git({"commit", "-q", "--allow-empty", "-m", name}); };
  commit("one"), commit("two");
  git({"branch", "left"}), git({"branch", "right"});
  commit("three");
  for (const char* side : {"left", "right"}) {
    git({"checkout", "-q", side});
    dir.write(side, side);
    git({"add", "-A"});
    commit(side);
  }
  git({"checkout", "-q", "main"});
  git({"merge", "-q", "-m", "merge", "left", "right"});
  commit("five");
  git({"tag", "-a", "-m", "t", "v1"});
}

}  // namespace

TEST_CASE("steps to ancestors lead where git says") {
  for (const char* format : {"sha1", "sha256"}) {
    TempDir dir;
    make_merge(dir, format);
    const auto repository = find_repository(dir.path(), test_environment());
    ObjectReader objects(**repository);
    for (const char* text : {"HEAD~", "HEAD^", "HEAD~1", "HEAD~2", "HEAD~4", "HEAD~0", "HEAD^0", "HEAD~^2", "main~1^3",
                             "main^^2~1", "left~2", "refs/heads/right^", "HEAD~1^3~2", "HEAD~1^2^"}) {
      INFO(format << " " << text);
      const auto path = parse_ancestor(text);
      REQUIRE(path);
      const auto start = resolve_name(**repository, path->start);
      REQUIRE(start);
      REQUIRE(*start);
      const auto found = find_ancestor(objects, **start, path->parent);
      REQUIRE(found);
      REQUIRE(*found);
      CHECK((*found)->hex() + "\n" == run_git(dir.path(), {"rev-parse", text}));
    }
    for (const char* text : {"HEAD~9", "HEAD^2", "HEAD~1^4"}) {
      const auto path = parse_ancestor(text);
      REQUIRE(path);
      const auto found = find_ancestor(objects, **resolve_name(**repository, path->start), path->parent);
      REQUIRE(found);
      CHECK_FALSE(*found);
    }
    // A tag leads to its commit first. In a SHA-256 repository libgit2 could not help.
    const auto range = resolve_range(*parse_range("v1~2..v1"), **repository, objects);
    REQUIRE(range);
    CHECK(range->found.commits.size() == 4);
  }
}

TEST_CASE("what is written in another way is no path of steps") {
  for (const char* text : {"HEAD", "", "~1", "^HEAD", "HEAD^{tree}", "HEAD^{/two}", "HEAD~x", "HEAD~-1", "HEAD^+1",
                           "HEAD~99999999999999999999", "HEAD~4000000000", "HEAD~60000~60000", "HEAD@{1}~x"})
    CHECK_FALSE(parse_ancestor(text));
  CHECK(parse_ancestor("HEAD~50000~50000")->parent.size() == 100'000);
  CHECK(parse_ancestor("HEAD@{1}~2")->start == "HEAD@{1}");  // no ref has that name: libgit2 is asked for all of it
}
