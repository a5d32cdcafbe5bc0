// Ranges in real repositories; `git rev-list` is the truth.
#include "libscan/git/range.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "libscan/git/commit_walk.hpp"
#include "libscan/git/refs.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

struct Project {
  TempDir dir;
  int count = 0;
  int clock = 1700000000;

  Project() { run_git(path(), {"init", "-q", "-b", "main"}); }
  const std::string& path() const { return dir.path(); }

  std::string git(std::vector<std::string> arguments) const {
    std::string out = run_git(path(), std::move(arguments));
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }
  std::string commit(int step = 60) {
    clock += step;
    dir.write("f" + std::to_string(count), std::to_string(count));
    ++count;
    git({"add", "-A"});
    const std::string date = std::to_string(clock) + " +0000";
    run_git(path(), {"commit", "-q", "-m", "c"}, {{"GIT_COMMITTER_DATE", date}, {"GIT_AUTHOR_DATE", date}});
    return git({"rev-parse", "HEAD"});
  }
};

Result<Range> resolve(const std::string& dir, const Change& change) {
  auto repository = find_repository(dir, test_environment());
  REQUIRE(repository);
  REQUIRE(*repository);
  ObjectReader objects(**repository);
  return resolve_range(change, **repository, objects);
}

Result<Range> given(const std::string& dir, std::string_view text) {
  auto change = parse_range(text);
  REQUIRE(change);
  return resolve(dir, *change);
}

std::vector<std::string> sorted_hex(const std::vector<Oid>& oids) {
  std::vector<std::string> out;
  for (const Oid& oid : oids) out.push_back(oid.hex());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> rev_list(const std::string& dir, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "rev-list");
  auto out = split(run_git(dir, arguments), '\n');
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("what B has and A has not, in every way to write it") {
  Project p;
  const std::string first = p.commit();
  p.git({"tag", "-a", "-m", "t", "v1"});
  p.commit();
  p.git({"checkout", "-q", "-b", "topic"});
  p.commit();
  const std::string tip = p.commit();
  p.git({"checkout", "-q", "main"});
  p.commit();
  for (const char* text : {"main..topic", "main...topic", "HEAD..topic", "..topic", "v1..topic", "HEAD~1..topic",
                           "topic..", "refs/heads/main..refs/heads/topic", "topic~2..topic"}) {
    INFO(text);
    auto range = given(p.path(), text);
    REQUIRE(range);
    std::string two_dots = text;
    if (const auto dots = two_dots.find("..."); dots != std::string::npos) two_dots.erase(dots, 1);
    CHECK(sorted_hex(range->found.commits) == rev_list(p.path(), {two_dots}));
    CHECK_FALSE(range->whole);
  }
  auto range = given(p.path(), first + ".." + tip);
  REQUIRE(range);
  CHECK(range->found.commits.size() == 3);
  CHECK(range->found.commits.front().hex() == tip);
  CHECK(range->sentence ==
        "range " + first + ".." + tip + ": 3 commits, " + first.substr(0, 10) + ".." + tip.substr(0, 10));
  CHECK(given(p.path(), "topic..topic")->found.commits.empty());
}

TEST_CASE("names that mean nothing") {
  Project p;
  p.commit();
  for (const char* text : {"", "..", "...", "main", "a..b..c"}) CHECK_FALSE(parse_range(text));
  auto unknown = given(p.path(), "nothing..main");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::usage);
  auto absent = given(p.path(), std::string(40, 'a') + "..main");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().code == ErrorCode::undecided);
  auto tree = given(p.path(), p.git({"rev-parse", "HEAD^{tree}"}) + "..main");
  REQUIRE_FALSE(tree);
  CHECK(tree.error().what.find("not a commit") != std::string::npos);
}

TEST_CASE("shallow clones: a base that is missing or a change that is cut off is never a pass") {
  Project p;
  p.commit();
  const std::string base = p.commit();
  p.commit();
  const std::string head = p.commit();
  TempDir clones;
  const std::string url = "file://" + p.path();
  for (const char* depth : {"1", "2", "3", "4"}) {
    const std::string to = clones.path() + "/" + depth;
    run_git(clones.path(), {"clone", "-q", "--depth", depth, url, to});
    INFO("depth ", depth);
    Change change;
    change.kind = "push";
    change.title = "push to main";
    change.heads = {head};
    change.bases = {base};
    change.whole_without_base = true;
    change.deepen = "set fetch-depth: 0";
    auto range = resolve(to, change);
    if (*depth >= '3') {
      REQUIRE(range);
      CHECK(range->found.commits.size() == 2);
    } else {
      REQUIRE_FALSE(range);
      CHECK(range.error().code == ErrorCode::undecided);
      CHECK(range.error().hint == "set fetch-depth: 0");
      CHECK(range.error().what.find("shallow") != std::string::npos);
    }
    change.bases.clear();  // the whole history is not there either
    if (*depth != '4') CHECK_FALSE(resolve(to, change));
  }
}

TEST_CASE("a merge whose other side is cut off") {
  Project p;
  const std::string root = p.commit();
  p.git({"checkout", "-q", "-b", "side"});
  p.commit();
  p.commit();
  p.git({"checkout", "-q", "main"});
  const std::string base = p.commit();
  p.git({"merge", "-q", "--no-ff", "-m", "merge", "side"});
  TempDir clones;
  run_git(clones.path(), {"clone", "-q", "--depth", "2", "file://" + p.path(), "two"});
  auto range = given(clones.path() + "/two", base + "..HEAD");
  REQUIRE_FALSE(range);
  CHECK(range.error().what.find("ends within the change") != std::string::npos);
}

TEST_CASE("a base that is gone: something wider, and a note; without permission, undecided") {
  Project p;
  p.commit();
  p.git({"update-ref", "refs/remotes/origin/main", "HEAD"});
  const std::string head = p.commit();
  Change change;
  change.kind = "push";
  change.title = "push to topic";
  change.heads = {head};
  change.bases = {std::string(40, 'b')};
  change.fallback_bases = {"refs/remotes/origin/nothing", "refs/remotes/origin/main"};
  change.whole_without_base = true;
  auto range = resolve(p.path(), change);
  REQUIRE(range);
  CHECK(range->found.commits.size() == 1);
  CHECK(range->notes.size() == 1);
  change.fallback_bases.clear();
  range = resolve(p.path(), change);
  REQUIRE(range);
  CHECK(range->whole);
  CHECK(range->notes.size() == 1);
  change.whole_without_base = false;
  range = resolve(p.path(), change);
  REQUIRE_FALSE(range);
  CHECK(range.error().code == ErrorCode::undecided);
  change.nothing = true;
  CHECK(resolve(p.path(), change)->heads.empty());
}

TEST_CASE("generated histories with wrong clocks: nothing that is new is missed") {
  std::mt19937 random(5);
  for (int round = 0; round < 4; ++round) {
    Project p;
    p.commit();
    for (int i = 0; i < 25; ++i) {
      const int branches = static_cast<int>(split(p.git({"branch", "--format=%(refname)"}), '\n').size());
      const std::string branch = "b" + std::to_string(random() % static_cast<unsigned>(branches));
      switch (random() % 4) {
        case 0: p.git({"checkout", "-q", "-B", "b" + std::to_string(branches - 1)}); break;
        case 1: testing::run({"git", "merge", "-q", "-m", "m", branch}, p.path()); break;
        default: break;
      }
      // Odd rounds: clocks that jump back by hours.
      p.commit(round % 2 == 1 && random() % 3 == 0 ? -20000 : 60);
      if (random() % 3 == 0) p.git({"branch", "-f", "mark" + std::to_string(random() % 4)});
    }
    auto repository = find_repository(p.path(), test_environment());
    ObjectReader objects(**repository);
    const auto refs = list_refs(**repository);
    REQUIRE(refs);
    for (const Ref& from : *refs) {
      for (const Ref& to : *refs) {
        auto between = commits_between(objects, {to.oid}, {from.oid}, {});
        REQUIRE(between);
        const auto ours = sorted_hex(between->commits);
        // Not `rev-list to ^from`: with wrong clocks git itself lists too many.
        const auto all = rev_list(p.path(), {to.oid.hex()}), old = rev_list(p.path(), {from.oid.hex()});
        std::vector<std::string> expected;
        std::set_difference(all.begin(), all.end(), old.begin(), old.end(), std::back_inserter(expected));
        INFO("round ", round);
        CHECK(std::includes(ours.begin(), ours.end(), expected.begin(), expected.end()));
        if (round % 2 == 0) CHECK(ours == expected);
      }
    }
  }
}

TEST_CASE("commit headers") {
  const std::string hex(40, 'a');
  auto header = parse_commit("tree " + hex + "\nparent " + hex + "\nparent " + hex +
                             "\nauthor A <a@b> 1 +0000\ncommitter C D <c@d> 1700000000 +0130\n\nmessage\n");
  REQUIRE(header);
  CHECK(header->parents.size() == 2);
  CHECK(header->date == 1700000000);
  CHECK_FALSE(parse_commit(""));
  CHECK_FALSE(parse_commit("tree abc\n"));
  CHECK_FALSE(parse_commit("tree " + hex + "\nparent x\n"));
  CHECK(parse_commit("tree " + hex + "\nauthor A\ncommitter nobody\n")->date == 0);
  CHECK(parse_commit("tree " + hex + "\nauthor A\ncommitter x 99999999999999999999999 +0\n")->date == 0);
}
