// The order of commits, and what a history's listing makes of it, in histories that git itself made.
#include "libscan/git/commit_walk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "libscan/git/new_files.hpp"
#include "libscan/git/refs.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

class Project {
 public:
  Project() { git({"init", "-q", "-b", "main"}); }
  std::string git(std::vector<std::string> words) const { return run_git(dir.path(), std::move(words)); }
  // A commit of all that is there, dated `date`.
  Oid commit(int date) const {
    git({"add", "-A"});
    run_git(dir.path(), {"commit", "-q", "--allow-empty", "-m", "c"},
            {{"GIT_COMMITTER_DATE", std::to_string(date) + " +0000"}});
    return oid("HEAD");
  }
  Oid oid(const std::string& name) const { return *Oid::from_hex(git({"rev-parse", name}).substr(0, 40)); }
  Repository repository() const { return **find_repository(dir.path(), test_environment()); }

  // Everything that `heads` have.
  History history(const std::vector<Oid>& heads, unsigned threads = 1) const {
    const Repository here = repository();
    ObjectReader objects(here);
    auto found = list_history(here, objects, heads, {}, {"", false, threads});
    REQUIRE(found);
    return std::move(*found);
  }

  TempDir dir;
};

std::vector<ChangedFile> files_of(const History& history) { return history.found.files.all(history.commits.commits); }

// Every commit stands before its parents, and links and trees are those that git knows.
void check_order(const Project& p, const std::vector<Oid>& heads, const CommitRange& listed) {
  const Repository here = p.repository();
  ObjectReader objects(here);
  const auto found = commits_between(objects, heads, {}, {});
  REQUIRE(found);
  const CommitRange& range = *found;
  CHECK(range.commits == listed.commits);
  CHECK(range.parents == listed.parents);
  CHECK(range.parents_begin == listed.parents_begin);
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < range.commits.size(); ++i) place[range.commits[i].hex()] = i;
  for (std::size_t i = 0; i < range.commits.size(); ++i) {
    const auto words = split(split(p.git({"log", "-1", "--format=%T %P", range.commits[i].hex()}), '\n').front(), ' ');
    CHECK(range.trees[i].hex() == words[0]);
    const auto parents = range.parents_of(i);
    REQUIRE(parents.size() == words.size() - 1);
    for (std::size_t parent = 0; parent < parents.size(); ++parent) {
      CHECK(place.at(words[parent + 1]) == parents[parent]);
      CHECK(parents[parent] > i);
    }
  }
}

}  // namespace

TEST_CASE("a parent comes before its child, whatever the clocks say") {
  Project p;
  p.dir.write("a", "1");
  const Oid one = p.commit(1700000000);
  p.dir.write("b", "the same");
  const Oid two = p.commit(1600000000);  // by the clocks before its parent
  p.git({"rm", "-q", "b"});
  const Oid three = p.commit(1500000000);
  p.dir.write("b", "the same");
  const Oid four = p.commit(1400000000);
  const History history = p.history({four});
  CHECK(history.commits.commits == std::vector<Oid>{four, three, two, one});
  check_order(p, {four}, history.commits);
  REQUIRE(history.found.files.size() == 2);
  CHECK(files_of(history)[0].commit == one);
  CHECK(files_of(history)[1].commit == two);  // not the "oldest" by date, which is four
}

TEST_CASE("of commits that do not descend from each other the older by date comes first, then the lesser id") {
  Project p;
  p.dir.write("base", "1");
  const Oid base = p.commit(1700000000);
  std::vector<Oid> sides;
  for (const int date : {1700000300, 1700000100, 1700000200, 1700000200}) {
    p.git({"checkout", "-q", "--detach", base.hex()});
    p.dir.write("x", std::to_string(sides.size()));
    p.dir.write("same", "in all of them");
    sides.push_back(p.commit(date));
  }
  const auto [lesser, greater] = std::minmax(sides[2], sides[3]);
  const std::vector<Oid> expected = {sides[0], greater, lesser, sides[1], base};
  CHECK(p.history(sides).commits.commits == expected);
  std::reverse(sides.begin(), sides.end());
  const History history = p.history(sides);
  CHECK(history.commits.commits == expected);
  for (const ChangedFile& file : files_of(history))
    if (file.path == "same") CHECK(file.commit == expected[3]);
}

TEST_CASE("what an octopus merge makes up itself is its own; what it takes over is not") {
  Project p;
  p.dir.write("base", "1");
  p.commit(1700000000);
  for (const char* side : {"one", "two", "three"}) {
    p.git({"checkout", "-q", "-b", side, "main"});
    p.dir.write(std::string("folder/") + side, side);
    p.commit(1700000100);
  }
  p.git({"checkout", "-q", "main"});
  p.git({"merge", "-q", "--no-commit", "--no-ff", "one", "two", "three"});
  p.dir.write("folder/evil", "in no parent");
  const Oid merge = p.commit(1700000200);
  CHECK(split(p.git({"log", "-1", "--format=%P"}), ' ').size() == 4);
  const History history = p.history({merge});
  check_order(p, {merge}, history.commits);
  std::map<std::string, Oid> commits;
  for (const ChangedFile& file : files_of(history)) CHECK(commits.emplace(file.path, file.commit).second);
  CHECK(commits.size() == 5);
  CHECK(commits.at("folder/evil") == merge);
  CHECK(commits.at("folder/one") == p.oid("one"));
  CHECK(commits.at("folder/three") == p.oid("three"));
}

TEST_CASE("thousands of commits: the same for any number of threads, loose and packed") {
  // By fast-import: a commit of its own for each would take minutes. Folders above and below the size that gets marks.
  std::mt19937 random(11);
  std::string stream;
  for (int i = 0; i < 2600; ++i) {
    const int branch = static_cast<int>(random() % 3);
    stream += "commit refs/heads/b" + std::to_string(branch) + "\nmark :" + std::to_string(i + 1) +
              "\ncommitter A <a@example.org> " +
              std::to_string(1700000000 + i * 10 - static_cast<int>(random() % 400)) + " +0000\ndata 1\nc\n";
    if (i > 50 && random() % 8 == 0)
      stream += "merge :" + std::to_string(1 + random() % static_cast<unsigned>(i)) + "\n";
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const std::string path = (random() % 2 != 0 ? "large/" : "d" + std::to_string(random() % 9) + "/e/") +
                               std::string("file") + std::to_string(random() % 150);
      if (random() % 6 == 0) {
        stream += "D " + path + "\n";
        continue;
      }
      const std::string content = std::to_string(random() % 40);
      stream += "M 100644 inline " + path + "\ndata " + std::to_string(content.size()) + "\n" + content + "\n";
    }
  }
  Project p;
  run_git(p.dir.path(), {"fast-import", "--quiet"}, {}, stream);
  p.git({"repack", "-adfq", "--depth=20"});
  const std::vector<Oid> heads = {p.oid("b0"), p.oid("b1"), p.oid("b2")};
  const History one = p.history(heads);
  CHECK(one.commits.commits.size() == 2600);

  // Slow and obvious: the first commit, from the oldest on, whose whole tree has this content at this path.
  std::map<std::string, std::string> oldest;
  for (auto commit = one.commits.commits.rbegin(); commit != one.commits.commits.rend(); ++commit) {
    if ((one.commits.commits.rend() - commit) % 13 != 0) continue;  // one in thirteen: the test is to take seconds
    const auto parents = split(split(p.git({"log", "-1", "--format=%P", commit->hex()}), '\n').front(), ' ');
    if (parents.size() != 1) continue;
    for (const std::string& line : split(p.git({"diff-tree", "-r", "--no-renames", parents[0], commit->hex()}), '\n')) {
      const auto words = split(line.substr(0, line.find('\t')), ' ');
      if (words[4] != "D") oldest.emplace(line.substr(line.find('\t') + 1) + " " + words[3], commit->hex());
    }
  }
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < one.commits.commits.size(); ++i) place[one.commits.commits[i].hex()] = i;
  std::map<std::string, std::string> listed;
  for (const ChangedFile& file : files_of(one))
    CHECK(listed.emplace(file.path + " " + file.oid.hex(), file.commit.hex()).second);
  for (const auto& [key, commit] : oldest) {
    REQUIRE(listed.count(key) == 1);
    CHECK(place.at(listed.at(key)) >= place.at(commit));  // there already, or first there
  }

  const auto same = [&](const History& other) {
    CHECK(other.commits.commits == one.commits.commits);
    const auto expected = files_of(one), files = files_of(other);
    REQUIRE(files.size() == expected.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
      const ChangedFile &a = expected[i], &b = files[i];
      if (a.path != b.path || a.oid != b.oid || a.commit != b.commit) FAIL("differs at ", i);
    }
  };
  same(p.history(heads, 2));
  same(p.history(heads, 8));
  // The range, which is listed commit by commit in another order.
  const Repository here = p.repository();
  ObjectReader objects(here);
  const auto range = commits_between(objects, heads, {}, {});
  REQUIRE(range);
  auto found = list_new_files(here, *range, {"", true, 2});
  REQUIRE(found);
  same({*range, std::move(*found)});
}
