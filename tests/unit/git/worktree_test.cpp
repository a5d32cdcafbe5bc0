// The walk, held against `git ls-files` in real and in generated repositories.
#include "libscan/git/worktree.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <random>
#include <set>

#include "libscan/git/read_file.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

using Paths = std::vector<std::string>;

struct Walked {
  Paths files;    // sorted
  Paths tracked;  // those git tracks
  WalkSummary summary;

  std::uint64_t skipped(std::string_view reason) const {
    for (const Skipped& s : summary.coverage.skipped)
      if (s.reason == reason) return s.count;
    return 0;
  }
};

Walked walk(const std::string& path, WalkOptions options = {},
            const std::vector<std::pair<std::string, std::string>>& variables = {}) {
  const Environment environment = test_environment(variables);
  auto target = find_target(path, environment);
  REQUIRE(target);
  Walked walked;
  std::mutex mutex;
  auto summary = walk_worktree(*target, options, environment, [&](unsigned worker, const WalkedFile& file) {
    const std::lock_guard lock(mutex);
    CHECK(worker < options.workers);
    CHECK(file.path.substr(file.path.size() - file.name.size()) == file.name);
    struct stat info {};
    CHECK(::fstatat(file.folder, file.name.data(), &info, AT_SYMLINK_NOFOLLOW) == 0);
    CHECK(S_ISREG(info.st_mode));
    walked.files.emplace_back(file.path);
    if (file.tracked()) walked.tracked.emplace_back(file.path);
  });
  REQUIRE(summary);
  walked.summary = std::move(*summary);
  std::sort(walked.files.begin(), walked.files.end());
  std::sort(walked.tracked.begin(), walked.tracked.end());
  CHECK(std::adjacent_find(walked.files.begin(), walked.files.end()) == walked.files.end());
  return walked;
}

// What git lists, without symbolic links, missing files and nested repositories ("name/").
Paths listed(const std::string& dir, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ls-files", "-z"});
  std::set<std::string> paths;
  for (const std::string& path : split(run_git(dir, arguments), '\0')) {
    struct stat info {};
    if (path.back() != '/' && ::lstat((dir + "/" + path).c_str(), &info) == 0 && S_ISREG(info.st_mode))
      paths.insert(path);
  }
  return Paths(paths.begin(), paths.end());
}

Paths all_listed(const std::string& dir) { return listed(dir, {"-c", "-o", "--exclude-standard"}); }

std::string joined(const Paths& paths) {
  std::string text;
  for (const std::string& path : paths) text += path + "\n";
  return text;
}

void init(const TempDir& dir) { run_git(dir.path(), {"init", "-q", "-b", "main"}); }

void commit(const std::string& dir) {
  run_git(dir, {"add", "-A"});
  run_git(dir, {"commit", "-q", "-m", "more"});
}

}  // namespace

TEST_CASE("tracked files and untracked ones that are not ignored, as git lists them") {
  TempDir dir;
  init(dir);
  dir.write(".gitignore", "*.log\nbuild/\n/only-here\n!keep.log\n");
  dir.write("a.txt", "x");
  dir.write("only-here", "x");
  dir.write("sub/only-here", "x");
  dir.write("sub/.gitignore", "*.tmp\n!important.log\n");
  dir.write("sub/x.tmp", "x");
  dir.write("sub/important.log", "x");
  dir.write("keep.log", "x");
  dir.write("other.log", "x");
  dir.write("build/out.o", "x");
  dir.write("build/kept.txt", "x");
  dir.write("secret-by-exclude", "x");
  dir.write(".git/info/exclude", "secret-by-exclude\n");
  commit(dir.path());
  dir.write("ignored-globally", "x");
  dir.write("config/git/ignore", "ignored-globally\n");
  run_git(dir.path(), {"add", "-f", "build/kept.txt", "other.log"});
  dir.write("new.txt", "x");
  const std::vector<std::pair<std::string, std::string>> variables = {{"XDG_CONFIG_HOME", dir.path() + "/config"}};

  const Walked walked = walk(dir.path(), {}, variables);
  const Paths expected = [&] {
    std::set<std::string> set;
    for (const std::string& path :
         split(run_git(dir.path(), {"ls-files", "-z", "-c", "-o", "--exclude-standard"}, variables), '\0'))
      set.insert(path);
    return Paths(set.begin(), set.end());
  }();
  CHECK(walked.files == expected);
  CHECK(walked.tracked == listed(dir.path(), {"-c"}));
  CHECK(walked.skipped("ignored") > 0);
  CHECK(walked.summary.coverage.complete());
  // An ignored file that is tracked is there, its untracked neighbour is not.
  CHECK(std::count(walked.files.begin(), walked.files.end(), "build/kept.txt") == 1);
  CHECK(std::count(walked.files.begin(), walked.files.end(), "build/out.o") == 0);
  CHECK(std::count(walked.files.begin(), walked.files.end(), "ignored-globally") == 0);

  const Walked all = walk(dir.path(), {.all_files = true}, variables);
  CHECK(all.files == listed(dir.path(), {"-c", "-o"}));
}

TEST_CASE("a part of a work tree is walked by the ignore files above it") {
  TempDir dir;
  init(dir);
  dir.write(".gitignore", "*.log\n/a/b/skip\n/out/\n");
  dir.write("a/.gitignore", "*.tmp\n");
  dir.write("a/b/skip", "x");
  dir.write("a/b/x.log", "x");
  dir.write("a/b/x.tmp", "x");
  dir.write("a/b/x.txt", "x");
  dir.write("c.txt", "x");
  dir.write("out/x.txt", "x");
  dir.write("out/x.log", "x");
  CHECK(walk(dir.path() + "/a/b").files == Paths{"a/b/x.txt"});
  CHECK(walk(dir.path() + "/a").files == Paths{"a/.gitignore", "a/b/x.txt"});
  // Asked for by name: an ignored folder is walked, what patterns say about the files in it still holds.
  CHECK(walk(dir.path() + "/out").files == Paths{"out/x.txt"});
  CHECK(walk(dir.path() + "/a/b/x.log").files == Paths{"a/b/x.log"});
  run_git(dir.path(), {"add", "-f", "a/b/x.log"});
  CHECK(walk(dir.path() + "/a/b/x.log").tracked == Paths{"a/b/x.log"});
  CHECK(walk(dir.path() + "/a/b/x.txt").tracked.empty());
}

TEST_CASE("outside a repository every file counts, and .git never does") {
  TempDir dir;
  dir.write(".gitignore", "*\n");
  dir.write("a/b/c", "x");
  dir.write("a/.git/config", "x");  // no repository: git would not take it for one
  CHECK(walk(dir.path()).files == Paths{".gitignore", "a/b/c"});
  CHECK(walk(dir.path() + "/a").files == Paths{"b/c"});
  CHECK(walk(dir.path() + "/a/b/c").files == Paths{"c"});
}

TEST_CASE("submodules and inner repositories go by their own index and ignore files") {
  TempDir origin;
  init(origin);
  origin.write("lib.c", "x");
  origin.write(".gitignore", "*.o\n");
  commit(origin.path());

  TempDir dir;
  init(dir);
  dir.write(".gitignore", "*.txt\n/ignored/\n");
  run_git(dir.path(), {"-c", "protocol.file.allow=always", "submodule", "add", "-q", origin.path(), "deps/lib"});
  run_git(dir.path(),
          {"-c", "protocol.file.allow=always", "submodule", "add", "-q", "-f", origin.path(), "ignored/lib"});
  commit(dir.path());
  dir.write("deps/lib/new.o", "x");    // ignored by the submodule
  dir.write("deps/lib/new.txt", "x");  // ignored outside only
  for (const char* inner : {"inner", "ignored/inner"}) {
    dir.make_dir(inner);
    run_git(dir.path() + "/" + inner, {"init", "-q", "-b", "main"});
    dir.write(std::string(inner) + "/file.txt", "x");
  }
  Walked walked = walk(dir.path());
  CHECK(walked.files == Paths{".gitignore", ".gitmodules", "deps/lib/.gitignore", "deps/lib/lib.c", "deps/lib/new.txt",
                              "ignored/lib/.gitignore", "ignored/lib/lib.c", "inner/file.txt"});
  CHECK(walked.tracked == Paths{".gitignore", ".gitmodules", "deps/lib/.gitignore", "deps/lib/lib.c",
                                "ignored/lib/.gitignore", "ignored/lib/lib.c"});
  run_git(dir.path(), {"submodule", "deinit", "-q", "-f", "deps/lib"});
  walked = walk(dir.path());
  CHECK(walked.skipped("submodule-not-checked-out") == 1);
  CHECK(walked.summary.coverage.complete());
  // Seen from a plain folder around it, a repository is still one.
  TempDir around;
  std::filesystem::rename(dir.path(), around.path() + "/project");
  CHECK(walk(around.path()).files.size() == walked.files.size());
}

TEST_CASE("linked work trees have an index of their own") {
  TempDir dir;
  init(dir);
  dir.write("a", "x");
  dir.write(".gitignore", "b\n");
  commit(dir.path());
  TempDir linked;
  run_git(dir.path(), {"worktree", "add", "-q", linked.path() + "/w"});
  linked.write("w/b", "x");
  CHECK(walk(linked.path() + "/w").tracked == Paths{".gitignore", "a"});
  run_git(linked.path() + "/w", {"add", "-f", "b"});
  CHECK(walk(linked.path() + "/w").tracked == Paths{".gitignore", "a", "b"});
  CHECK(walk(dir.path()).tracked == Paths{".gitignore", "a"});
}

TEST_CASE("symbolic links, pipes and closed folders are counted, not read") {
  TempDir dir, outside;
  outside.write("secret", "x");
  dir.write("a", "x");
  dir.write("closed/b", "x");
  REQUIRE(::symlink(outside.path().c_str(), (dir.path() + "/out").c_str()) == 0);
  REQUIRE(::symlink("a", (dir.path() + "/again").c_str()) == 0);
  REQUIRE(::symlink(".", (dir.path() + "/loop").c_str()) == 0);
  REQUIRE(::mkfifo((dir.path() + "/pipe").c_str(), 0600) == 0);
  const Walked walked = walk(dir.path());
  CHECK(walked.files == Paths{"a", "closed/b"});
  CHECK(walked.skipped("symlink") == 3);
  CHECK(walked.skipped("special-file") == 1);
  if (::geteuid() == 0) {
    MESSAGE("running as root: no folder is unreadable, that part is not tested");
    return;
  }
  REQUIRE(::chmod((dir.path() + "/closed").c_str(), 0) == 0);
  const Walked part = walk(dir.path());
  ::chmod((dir.path() + "/closed").c_str(), 0700);
  CHECK(part.files == Paths{"a"});
  CHECK(part.skipped("unreadable") == 1);
  CHECK_FALSE(part.summary.coverage.complete());
  REQUIRE(part.summary.notes.size() == 1);
  CHECK(part.summary.notes[0].text == "cannot open 1 folder: closed");
}

TEST_CASE("a damaged index is told, and the files are walked all the same") {
  TempDir dir;
  init(dir);
  dir.write("a", "x");
  dir.write(".git/index", "DIRC\0\0\0\2");
  const Walked walked = walk(dir.path());
  CHECK(walked.files == Paths{"a"});
  CHECK_FALSE(walked.summary.coverage.complete());
  CHECK(walked.summary.notes.size() == 1);
}

TEST_CASE("a folder of many files is shared between workers, each file seen once") {
  TempDir dir;
  dir.make_dir("many");
  std::set<std::string> expected;
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "many/a-rather-long-file-name-to-fill-the-buffer-" + std::to_string(i);
    const int fd = ::open((dir.path() + "/" + name).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0);
    ::close(fd);
    expected.insert(name);
  }
  for (unsigned workers : {1U, 2U, 8U})
    CHECK(walk(dir.path(), {.workers = workers}).files == Paths(expected.begin(), expected.end()));
}

TEST_CASE("generated trees and ignore files: the same list as git's") {
  std::mt19937 random(20240607);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  const char* const kNames[] = {"a", "b", "ab", "a.o", "b.log", "build", "x y", "foo", "Foo", "#h", "!n", "a[b]"};
  const char* const kPieces[] = {"a",    "b",     "*",  "**", "/",   "/",   "?",      "[ab]", "*.o",         "foo",
                                 "!",    "build", "\\", ".",  "[!a", "]",   "[a-f]*", " ",    "x y",         "**/",
                                 "/**/", "#",     "-",  "/*", "b.",  "log", "\\#h",   "\\!",  "[[:alpha:]]", "Foo"};
  for (int round = 0; round < 25; ++round) {
    TempDir dir;
    init(dir);
    const bool ignore_case = round % 5 == 4;
    if (ignore_case) run_git(dir.path(), {"config", "core.ignorecase", "true"});
    Paths folders = {""};
    for (int i = 0; i < 40; ++i) {
      const std::string name = kNames[pick(std::size(kNames))];
      if (ignore_case && name == "Foo") continue;  // git would take it for "foo", which is there too
      const std::string path = folders[pick(folders.size())] + name;
      if (std::filesystem::exists(dir.path() + "/" + path)) continue;
      if (pick(3) == 0) {
        dir.make_dir(path);
        folders.push_back(path + "/");
      } else {
        dir.write(path, "x");
      }
    }
    std::string patterns;
    for (int file = 0; file < 4; ++file) {
      std::string text;
      for (std::size_t line = 0; line < 1 + pick(5); ++line) {
        for (std::size_t piece = 0; piece < 1 + pick(4); ++piece) text += kPieces[pick(std::size(kPieces))];
        text += pick(8) == 0 ? "\r\n" : "\n";
      }
      const std::string where = file == 0 ? ".git/info/exclude" : folders[pick(folders.size())] + ".gitignore";
      dir.write(where, text);
      patterns += where + ":\n" + text;
    }
    // Some of the files tracked, ignored or not.
    const Paths everything = listed(dir.path(), {"-o"});
    for (const std::string& path : everything)
      if (pick(4) == 0) run_git(dir.path(), {"--literal-pathspecs", "add", "-f", "--", path});
    INFO(patterns);
    const Paths expected = all_listed(dir.path());
    CHECK(joined(walk(dir.path(), {.workers = 2}).files) == joined(expected));
  }
}

TEST_CASE("files are read whole, in pieces, and with their changes noticed") {
  TempDir dir;
  dir.write("small", "hello");
  dir.write("exact", std::string(4096, 'e'));
  dir.write("large", std::string(10000, 'l'));
  dir.write("empty", "");
  REQUIRE(::symlink("small", (dir.path() + "/link").c_str()) == 0);
  REQUIRE(::mkfifo((dir.path() + "/pipe").c_str(), 0600) == 0);
  const Fd folder = open_at(AT_FDCWD, dir.path().c_str(), O_RDONLY | O_DIRECTORY);
  FileReader reader(4096);
  const auto all = [&](const char* name) {
    REQUIRE(reader.open(folder.get(), name) == FileReader::Opened::yes);
    std::string text;
    for (; !reader.bytes().empty(); reader.next()) text += reader.bytes();
    CHECK(reader.error() == 0);
    CHECK_FALSE(reader.changed());
    return text;
  };
  CHECK(all("small") == "hello");
  CHECK(reader.whole());
  CHECK(reader.size() == 5);
  CHECK(all("large") == std::string(10000, 'l'));
  CHECK_FALSE(reader.whole());
  CHECK(reader.size() == 10000);
  CHECK(all("exact") == std::string(4096, 'e'));
  CHECK(all("empty").empty());
  CHECK(reader.open(folder.get(), "nothing") == FileReader::Opened::vanished);
  CHECK(reader.open(folder.get(), "link") == FileReader::Opened::no_file);
  CHECK(reader.open(folder.get(), "pipe") != FileReader::Opened::yes);
  CHECK(reader.open(folder.get(), ".") == FileReader::Opened::no_file);

  REQUIRE(reader.open(folder.get(), "large") == FileReader::Opened::yes);
  REQUIRE(::truncate((dir.path() + "/large").c_str(), 5000) == 0);
  while (!reader.bytes().empty()) reader.next();
  CHECK(reader.changed());
  REQUIRE(reader.open(folder.get(), "large") == FileReader::Opened::yes);
  dir.write("large", std::string(9000, 'g'));
  while (!reader.bytes().empty()) reader.next();
  CHECK(reader.changed());
}
