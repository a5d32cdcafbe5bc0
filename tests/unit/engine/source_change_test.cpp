// Changes scanned with the built-in rules, in real repositories.
#include "libscan/engine/source_change.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/sample.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using launchgate::testing::run_git;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

const secrets::Matcher& matcher() {
  static const secrets::Matcher one = std::move(*secrets::builtin_matcher());
  return one;
}

std::string token(std::uint64_t seed) { return *secrets::expand_sample("ghp_<alnum:30><sum:github-crc32>", seed); }

struct Project {
  TempDir dir;
  Project() {
    git({"init", "-q", "-b", "main"});
    dir.write("app.py", "import os\nkey = '" + token(1) + "'\n");
    dir.write("clean.py", "import sys\n");
    commit("first");
  }
  void git(std::vector<std::string> arguments) const { run_git(dir.path(), std::move(arguments)); }
  void commit(const char* message) const {
    git({"add", "-A"});
    git({"commit", "-q", "-m", message});
  }
};

struct Scanned : engine::ScanPart {
  std::vector<std::string> places;  // "path:line", sorted
};

template <class Scan>
Scanned scanned(const Project& project, const std::string& below, unsigned threads, Scan scan) {
  const git::Environment env = test_environment();
  const secrets::BlobOptions blob;
  const engine::ScanContext context{matcher(), blob, env, threads, 0};
  auto target = git::find_target(project.dir.path() + below, env);
  REQUIRE(target);
  auto part = scan(context, *target);
  if (!part) FAIL(part.error().what);
  Scanned result{std::move(*part), {}};
  for (const Finding& f : result.findings)
    result.places.push_back(f.where.path + ":" + std::to_string(f.where.span.line));
  std::sort(result.places.begin(), result.places.end());
  return result;
}

Scanned staged(const Project& project, const std::string& below = "") {
  return scanned(project, below, 1,
                 [](const auto& context, const auto& target) { return engine::scan_staged(context, target); });
}

Scanned range(const Project& project, const std::string& text, unsigned threads = 1) {
  return scanned(project, "", threads,
                 [&](const auto& context, const auto& target) { return engine::scan_range(context, target, text); });
}

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("staged: what the index brings in, and not what was there") {
  Project project;
  project.dir.write("app.py", "import os\n# moved down\nkey = '" + token(1) + "'\nnew = '" + token(2) + "'\n");
  project.dir.write("new/x.py", "k = '" + token(3) + "'\n");
  project.git({"add", "-A"});
  project.dir.write("clean.py", "k = '" + token(4) + "'\n");  // not staged
  const Scanned all = staged(project);
  CHECK(all.places == Places{"app.py:4", "new/x.py:1"});
  CHECK(all.coverage.files == 2);
  CHECK(all.coverage.complete());
  REQUIRE(all.notes.size() == 1);
  CHECK(all.notes[0].text == "1 finding in the changed files was there before this change");
  for (const Finding& f : all.findings) CHECK(f.where.commit.empty());
  CHECK(staged(project, "/new").places == Places{"new/x.py:1"});
}

TEST_CASE("staged: the same secret once more, and a changed one, are new") {
  Project project;
  project.dir.write("app.py", "import os\nkey = '" + token(1) + "'\nagain = '" + token(1) + "'\n");
  project.git({"add", "-A"});
  CHECK(staged(project).findings.size() == 1);
  project.dir.write("app.py", "import os\nkey = '" + token(5) + "'\n");
  project.git({"add", "-A"});
  CHECK(staged(project).places == Places{"app.py:2"});
}

TEST_CASE("range: added and removed within it, attributed to the commit") {
  Project project;
  project.dir.write("gone.py", "k = '" + token(6) + "'\n");
  project.commit("second");
  project.git({"rm", "-q", "gone.py"});
  project.dir.write("clean.py", "import sys\n\n");
  project.commit("third");
  const Scanned found = range(project, "HEAD~2..HEAD");
  REQUIRE(found.places == Places{"gone.py:1"});
  const Location& where = found.findings[0].where;
  CHECK(where.commit == run_git(project.dir.path(), {"rev-parse", "HEAD~1"}).substr(0, 40));
  CHECK(where.author == "Ann Author");
  CHECK(where.date == "2023-11-14T22:13:20+00:00");
  CHECK(found.coverage.commits == 2);
  CHECK(found.notes.front().text.find("2 commits") != std::string::npos);
  CHECK(range(project, "HEAD~1..HEAD").places.empty());
  CHECK(range(project, "HEAD..HEAD").coverage.commits == 0);
}

TEST_CASE("range: the same findings for any number of threads") {
  Project project;
  for (int i = 0; i < 300; ++i)
    project.dir.write("many/" + std::to_string(i) + ".py",
                      "k = '" + token(100 + static_cast<std::uint64_t>(i)) + "'\n");
  project.commit("many");
  const Scanned one = range(project, "HEAD~1..HEAD"), four = range(project, "HEAD~1..HEAD", 4);
  CHECK(one.places.size() == 300);
  CHECK(one.places == four.places);
  CHECK(one.coverage.bytes == four.coverage.bytes);
}

TEST_CASE("a content that is missing is undecided, never a pass") {
  Project project;
  project.dir.write("lost.py", "x = 1\n");
  project.commit("second");
  const std::string oid = run_git(project.dir.path(), {"rev-parse", "HEAD:lost.py"}).substr(0, 40);
  project.dir.remove(".git/objects/" + oid.substr(0, 2) + "/" + oid.substr(2));
  const Scanned found = range(project, "HEAD~1..HEAD");
  CHECK_FALSE(found.coverage.complete());
  REQUIRE(found.notes.size() == 2);
  CHECK(found.notes[1].text.rfind("lost.py: object " + oid, 0) == 0);
}
