// One list of patterns against `git check-ignore`, over generated patterns and paths.
#include "libscan/git/ignore.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;

namespace {

IgnoreVerdict judge(const IgnoreList& list, std::string_view path, bool directory = false) {
  const std::size_t slash = path.rfind('/');
  return list.judge(path, slash == std::string_view::npos ? 0 : slash + 1, directory);
}

// As git does it: the first folder on the way down that is ignored settles it.
bool ignored(const IgnoreList& list, const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (judge(list, std::string_view(path).substr(0, slash), true) == IgnoreVerdict::ignored) return true;
  return judge(list, path) == IgnoreVerdict::ignored;
}

}  // namespace

TEST_CASE("the manual's examples") {
  const IgnoreList list("# comment\n\n*.o\n!keep.o\n/top\ndoc/*.txt\nfoo/\n\\#hash\ntrail \nesc\\ \n", "", false);
  CHECK(judge(list, "a/b/x.o") == IgnoreVerdict::ignored);
  CHECK(judge(list, "a/keep.o") == IgnoreVerdict::included);
  CHECK(judge(list, "top") == IgnoreVerdict::ignored);
  CHECK(judge(list, "a/top") == IgnoreVerdict::none);
  CHECK(judge(list, "doc/a.txt") == IgnoreVerdict::ignored);
  CHECK(judge(list, "doc/deep/a.txt") == IgnoreVerdict::none);
  CHECK(judge(list, "a/foo", true) == IgnoreVerdict::ignored);
  CHECK(judge(list, "a/foo", false) == IgnoreVerdict::none);
  CHECK(judge(list, "#hash") == IgnoreVerdict::ignored);
  CHECK(judge(list, "trail") == IgnoreVerdict::ignored);
  CHECK(judge(list, "esc ") == IgnoreVerdict::ignored);
}

TEST_CASE("patterns are relative to their folder") {
  const IgnoreList list("/x\ny/z\n", "sub/folder/", false);
  CHECK(judge(list, "sub/folder/x") == IgnoreVerdict::ignored);
  CHECK(judge(list, "sub/folder/a/x") == IgnoreVerdict::none);
  CHECK(judge(list, "sub/folder/y/z") == IgnoreVerdict::ignored);
}

TEST_CASE("generated patterns: the same answers as git's") {
  std::mt19937 random(11);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  const char* const kPieces[] = {"a",   "b",   "c",  "*",  "**",  "/",           "/",   "?",   "[ab]", "[!a]",
                                 "*.o", "!",   "\\", ".",  "[b-", "]",           "**/", "/**", "/**/", " ",
                                 "#",   "\\a", "a*", "*b", "A",   "[[:upper:]]", "\\*", "\t",  "*a*b*"};
  const char* const kNames[] = {"a", "b", "c", "ab", "abc", "a.o", "A", "B", "a b", "#", "*", "ba", "!a"};
  TempDir dir;
  run_git(dir.path(), {"init", "-q"});
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::size_t line = 0; line < 1 + pick(4); ++line) {
      for (std::size_t piece = 0; piece < 1 + pick(5); ++piece) text += kPieces[pick(std::size(kPieces))];
      text += pick(6) == 0 ? "\r\n" : "\n";
    }
    if (pick(5) == 0) text.pop_back();
    dir.write(".git/info/exclude", text);
    std::set<std::string> paths;
    for (int i = 0; i < 40; ++i) {
      std::string path;
      for (std::size_t depth = 0; depth < 1 + pick(4); ++depth)
        path += kNames[pick(std::size(kNames))] + std::string("/");
      path.pop_back();
      paths.insert(path);
    }
    std::string question;
    for (const std::string& path : paths) question += path + '\0';
    const bool ignore_case = round % 3 == 2;
    const auto answer = run({"git", "-c", ignore_case ? "core.ignorecase=true" : "core.ignorecase=false",
                             "check-ignore", "-z", "--stdin", "--no-index"},
                            dir.path(), {}, question);
    INFO(answer.err);
    REQUIRE(answer.status <= 1);
    std::set<std::string> expected;
    for (const std::string& path : split(answer.out, '\0')) expected.insert(path);
    const IgnoreList list(text, "", ignore_case);
    for (const std::string& path : paths) {
      INFO(text, "\n--- path: ", path);
      CHECK(ignored(list, path) == (expected.count(path) == 1));
    }
  }
}
