// Every way to make a commit, through real `git commit` with a real hook. The hook hands its environment and folder to
// the test and waits; the test lists what is staged as a scanner in that hook would, then lets git finish; the commit
// git made is the truth.
#include "libscan/git/staged.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "libscan/git/file.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;
using Lines = std::vector<std::string>;

struct ChangedDirectory {
  explicit ChangedDirectory(const std::string& to) : before(std::filesystem::current_path()) {
    std::filesystem::current_path(to);
  }
  ~ChangedDirectory() { std::filesystem::current_path(before); }
  std::filesystem::path before;
};

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

struct Listed {
  Lines files;  // "path oid"
  Coverage coverage;
};

Listed list(const std::string& from, const Environment& environment) {
  auto repository = find_repository(from, environment);
  REQUIRE(repository);
  REQUIRE(*repository);
  ObjectReader objects(**repository);
  auto staged = list_staged(**repository, objects);
  if (!staged) FAIL(staged.error().what);
  Listed listed;
  for (const ChangedFile& file : staged->files) {
    listed.files.push_back(file.path + " " + file.oid.hex());
    auto blob = objects.read(file.oid, ObjectType::blob);
    CHECK(blob);
  }
  listed.coverage = staged->coverage;
  return listed;
}

// A pre-commit hook that waits for the test while it looks around.
class HookedCommit {
 public:
  HookedCommit() {
    script_ = "#!/bin/sh\npwd > '" + dir_.path() + "/pwd'\nenv -0 > '" + dir_.path() + "/env'\necho > '" + dir_.path() +
              "/ready'\nread go < '" + dir_.path() + "/go'\n";
    REQUIRE(::mkfifo((dir_.path() + "/ready").c_str(), 0600) == 0);
    REQUIRE(::mkfifo((dir_.path() + "/go").c_str(), 0600) == 0);
    dir_.write("hooks/pre-commit", script_);
    REQUIRE(::chmod((dir_.path() + "/hooks/pre-commit").c_str(), 0700) == 0);
  }

  // Runs `git -c core.hooksPath=... ARGUMENTS` and returns what the hook saw.
  Listed run_commit(const std::string& dir, Lines arguments, const Variables& variables = {},
                    std::string_view input = {}) {
    arguments.insert(arguments.begin(), {"git", "-c", "core.hooksPath=" + dir_.path() + "/hooks"});
    const Fd ready = open_at(AT_FDCWD, (dir_.path() + "/ready").c_str(), O_RDWR | O_NONBLOCK);
    const Fd go = open_at(AT_FDCWD, (dir_.path() + "/go").c_str(), O_RDWR | O_NONBLOCK);
    testing::Output output;
    std::thread git([&] { output = run(arguments, dir, variables, input); });
    pollfd wait{ready.get(), POLLIN, 0};
    const bool came = ::poll(&wait, 1, 20000) == 1;
    Listed listed;
    if (came) {
      char byte = 0;
      CHECK(::read(ready.get(), &byte, 1) == 1);
      std::string env = text_of(dir_.path() + "/env");
      std::vector<const char*> envp;
      const Lines texts = split(env, '\0');
      for (const std::string& text : texts) envp.push_back(text.c_str());
      envp.push_back(nullptr);
      std::string cwd = text_of(dir_.path() + "/pwd");
      cwd.pop_back();
      const ChangedDirectory in(cwd);
      listed = list(".", Environment::from(envp.data()));
    }
    CHECK(::write(go.get(), "go\n", 3) == 3);
    git.join();
    INFO(output.out, output.err);
    CHECK(came);
    CHECK(output.status == 0);
    return listed;
  }

 private:
  TempDir dir_;
  std::string script_;
};

// What the commit HEAD brought in over its first parent: regular files added or changed.
Lines brought_in(const std::string& dir, const Variables& variables = {}) {
  Lines files;
  const std::string parent = run({"git", "rev-parse", "-q", "--verify", "HEAD^"}, dir, variables).out;
  Lines arguments = {"diff-tree", "-r", "-z", "--no-renames", "--diff-filter=AMT", "--no-commit-id"};
  if (parent.empty())
    arguments.insert(arguments.end(), {"--root", "HEAD"});
  else
    arguments.insert(arguments.end(), {"HEAD^", "HEAD"});
  const Lines fields = split(run_git(dir, arguments, variables), '\0');
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    // ":100644 100644 <old> <new> M"
    const Lines words = split(fields[i], ' ');
    if (words[1].rfind("100", 0) == 0 && words[2] != words[3]) files.push_back(fields[i + 1] + " " + words[3]);
  }
  return files;
}

struct Project {
  TempDir dir;
  HookedCommit hook;

  Project() {
    run_git(path(), {"init", "-q", "-b", "main"});
    for (const char* name : {"a.txt", "b.txt", "src/c.txt", "src/deep/d.txt", "src-2/e.txt", "z/f.txt"})
      dir.write(name, std::string("first ") + name + "\n");
    run_git(path(), {"add", "-A"});
    run_git(path(), {"commit", "-q", "-m", "first"});
  }
  const std::string& path() const { return dir.path(); }

  // Commits and compares what the hook saw with what the commit holds.
  Listed commit(Lines arguments, std::size_t expected, const Variables& variables = {}, std::string_view input = {}) {
    arguments.insert(arguments.begin(), "commit");
    arguments.insert(arguments.end(), {"-q", "-m", "next"});
    const auto separator = std::find(arguments.begin(), arguments.end(), "--");
    if (separator != arguments.end()) {  // the message goes in front of the paths
      arguments.erase(arguments.end() - 3, arguments.end());
      arguments.insert(std::find(arguments.begin(), arguments.end(), "--"), {"-q", "-m", "next"});
    }
    Listed listed = hook.run_commit(path(), arguments, variables, input);
    CHECK(listed.files == brought_in(path(), variables));
    CHECK(listed.files.size() == expected);
    return listed;
  }
};

std::uint64_t skipped(const Listed& listed, std::string_view reason) {
  for (const Skipped& s : listed.coverage.skipped)
    if (s.reason == reason) return s.count;
  return 0;
}

}  // namespace

TEST_CASE("a plain commit: what is staged, not what lies in the work tree") {
  Project project;
  project.dir.write("src/deep/d.txt", "staged\n");
  project.dir.write("new/n.txt", "staged\n");
  run_git(project.path(), {"add", "-A"});
  run_git(project.path(), {"rm", "-q", "b.txt"});
  project.dir.write("src/deep/d.txt", "later\n");
  project.dir.write("a.txt", "not staged\n");
  const Listed listed = project.commit({}, 2);
}

TEST_CASE("the first commit of a repository") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "-b", "main"});
  dir.write("a", "1");
  dir.write("b/c", "2");
  run_git(dir.path(), {"add", "-A"});
  HookedCommit hook;
  const Listed listed = hook.run_commit(dir.path(), {"commit", "-q", "-m", "first"});
  CHECK(listed.files == brought_in(dir.path()));
  CHECK(listed.files.size() == 2);
}

TEST_CASE("commit -a, commit -- path, commit -p, --amend") {
  Project project;
  project.dir.write("a.txt", "changed\n");
  project.dir.write("z/f.txt", "changed\n");
  project.commit({"-a"}, 2);

  project.dir.write("b.txt", "for later\n");
  run_git(project.path(), {"add", "b.txt"});
  project.dir.write("src/c.txt", "now\n");
  project.commit({"--", "src/c.txt"}, 1);

  project.dir.write("a.txt", "by hand\n");
  run_git(project.path(), {"commit", "-q", "-m", "b"});
  project.commit({"-p"}, 1, {}, "y\n");

  project.dir.write("a.txt", "mended\n");
  run_git(project.path(), {"add", "a.txt"});
  const Listed listed = project.hook.run_commit(project.path(), {"commit", "-q", "--amend", "-m", "again"});
  CHECK(listed.files.size() == 1);
}

TEST_CASE("a commit in a linked work tree, and in a folder below") {
  Project project;
  TempDir other;
  const std::string linked = other.path() + "/linked";
  run_git(project.path(), {"worktree", "add", "-q", "-b", "side", linked});
  other.write("linked/src/c.txt", "here\n");
  project.dir.write("a.txt", "there, staged\n");
  run_git(project.path(), {"add", "-A"});
  HookedCommit hook;
  const Listed listed = hook.run_commit(linked + "/src", {"commit", "-q", "-a", "-m", "side"});
  CHECK(listed.files == brought_in(linked));
  CHECK(listed.files.size() == 1);
}

TEST_CASE("intent-to-add has no content to look at") {
  Project project;
  project.dir.write("soon.txt", "x\n");
  run_git(project.path(), {"add", "-N", "soon.txt"});
  project.dir.write("a.txt", "changed\n");
  run_git(project.path(), {"add", "a.txt"});
  const Listed listed = project.commit({}, 1);
  CHECK(skipped(listed, "intent-to-add") == 1);
}

TEST_CASE("a commit inside a submodule, and of a submodule's new commit") {
  Project inner, outer;
  run_git(outer.path(), {"-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.path(), "deps/inner"});
  run_git(outer.path(), {"commit", "-q", "-m", "submodule"});
  const std::string sub = outer.path() + "/deps/inner";
  outer.dir.write("deps/inner/a.txt", "inside\n");
  HookedCommit hook;
  Listed listed = hook.run_commit(sub, {"commit", "-q", "-a", "-m", "inside"});
  CHECK(listed.files == brought_in(sub));
  CHECK(listed.files.size() == 1);
  outer.dir.write("a.txt", "outside\n");
  listed = outer.commit({"-a"}, 1);
  CHECK(skipped(listed, "submodule") == 1);
}

TEST_CASE("sparse checkouts, with a full and with a sparse index") {
  for (const char* form : {"--no-sparse-index", "--sparse-index"}) {
    Project project;
    run_git(project.path(), {"sparse-checkout", "set", "--cone", form, "src"});
    project.dir.write("src/c.txt", form);
    project.commit({"-a"}, 1);
    // A folder outside the cone changes as a whole: only its tree is in a sparse index.
    run_git(project.path(), {"checkout", "-q", "-b", "other"});
    const std::string blob = run_git(project.path(), {"hash-object", "-w", "--stdin"}, {}, "new f\n").substr(0, 40);
    const std::string tree = run_git(project.path(), {"mktree"}, {}, "100644 blob " + blob + "\tf.txt\n").substr(0, 40);
    run_git(project.path(), {"rm", "-q", "-r", "--cached", "--sparse", "z"});
    run_git(project.path(), {"read-tree", "--prefix=z/", tree});
    project.commit({}, 1);
  }
}

TEST_CASE("a split index") {
  Project project;
  run_git(project.path(), {"config", "core.splitIndex", "true"});
  run_git(project.path(), {"update-index", "--split-index"});
  project.dir.write("src/deep/d.txt", "split\n");
  run_git(project.path(), {"add", "-A"});
  CHECK(text_of(project.path() + "/.git/index").find("link") != std::string::npos);
  project.commit({}, 1);
  project.dir.write("src/deep/d.txt", "split again\n");
  project.commit({"-a"}, 1);
}

TEST_CASE("GIT_INDEX_FILE, GIT_DIR and GIT_WORK_TREE") {
  Project project;
  const Variables own_index = {{"GIT_INDEX_FILE", project.path() + "/.git/other-index"}};
  run_git(project.path(), {"read-tree", "HEAD"}, own_index);
  project.dir.write("a.txt", "in the other index\n");
  run_git(project.path(), {"add", "a.txt"}, own_index);
  project.dir.write("b.txt", "in the usual index\n");
  run_git(project.path(), {"add", "b.txt"});
  project.commit({}, 1, own_index);

  TempDir apart;
  std::filesystem::rename(project.path() + "/.git", apart.path() + "/repository");
  const Variables away = {{"GIT_DIR", apart.path() + "/repository"}, {"GIT_WORK_TREE", project.path()}};
  run_git(project.path(), {"reset", "-q"}, away);
  project.dir.write("src/c.txt", "apart\n");
  run_git(project.path(), {"add", "src/c.txt"}, away);
  project.commit({}, 1, away);
}

TEST_CASE("without a hook: an unfinished merge shows both sides") {
  Project project;
  run_git(project.path(), {"checkout", "-q", "-b", "other"});
  project.dir.write("a.txt", "theirs\n");
  run_git(project.path(), {"commit", "-q", "-am", "theirs"});
  run_git(project.path(), {"checkout", "-q", "main"});
  project.dir.write("a.txt", "ours\n");
  run_git(project.path(), {"commit", "-q", "-am", "ours"});
  run({"git", "merge", "-q", "other"}, project.path());
  const Listed listed = list(project.path(), test_environment());
  const std::string theirs = run_git(project.path(), {"rev-parse", "other:a.txt"}).substr(0, 40);
  CHECK(listed.files == Lines{"a.txt " + theirs});  // ours is HEAD's own
}

TEST_CASE("a packed HEAD, an alternate, a missing object") {
  Project project;
  run_git(project.path(), {"gc", "-q"});
  project.dir.write("src/deep/d.txt", "changed\n");
  run_git(project.path(), {"add", "-A"});
  const Listed packed = list(project.path(), test_environment());
  CHECK(packed.files.size() == 1);

  TempDir borrowing;
  run_git(borrowing.path(), {"clone", "-q", "--shared", project.path(), "clone"});
  borrowing.write("clone/z/f.txt", "changed\n");
  run_git(borrowing.path() + "/clone", {"add", "-A"});
  CHECK(list(borrowing.path() + "/clone", test_environment()).files.size() == 1);

  const auto repository = find_repository(project.path(), test_environment());
  ObjectReader objects(**repository);
  auto missing = objects.read(*Oid::from_hex(std::string(40, '1')));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::undecided);
}

TEST_CASE("a staged file of several megabytes, and one that is empty") {
  Project project;
  std::string large;
  for (int i = 0; i < 400000; ++i) large += std::to_string(i) + ",0000000000000\n";
  project.dir.write("large", large);
  project.dir.write("zeros", std::string(5 << 20, '\0'));
  project.dir.write("empty", "");
  run_git(project.path(), {"add", "-A"});
  const auto repository = find_repository(project.path(), test_environment());
  ObjectReader objects(**repository);
  auto staged = list_staged(**repository, objects);
  REQUIRE(staged);
  REQUIRE(staged->files.size() == 3);
  CHECK(objects.read(staged->files[0].oid)->bytes.empty());
  CHECK(objects.read(staged->files[1].oid)->bytes == large);
  CHECK(objects.read(staged->files[2].oid)->bytes == std::string(5 << 20, '\0'));
}
