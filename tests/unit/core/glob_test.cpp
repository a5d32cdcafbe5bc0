#include "libscan/core/glob.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace launchgate;

namespace {
bool fits(std::string_view pattern, std::string_view path) { return Glob(pattern).matches(path); }
}  // namespace

TEST_CASE("a name matches at any depth, and a folder takes along what is below it") {
  CHECK(fits("*.pem", "a.pem"));
  CHECK(fits("*.pem", "x/y/a.pem"));
  CHECK_FALSE(fits("*.pem", "a.pem.txt"));
  CHECK(fits("fixtures", "fixtures"));
  CHECK(fits("fixtures", "tests/fixtures/a/b.txt"));
  CHECK_FALSE(fits("fixtures", "tests/fixtures2/a"));
}

TEST_CASE("a slash anchors at the root") {
  CHECK(fits("/a.txt", "a.txt"));
  CHECK_FALSE(fits("/a.txt", "x/a.txt"));
  CHECK(fits("tests/data", "tests/data/deep/x"));
  CHECK_FALSE(fits("tests/data", "my/tests/data/x"));
  CHECK(fits("tests/*.json", "tests/a.json"));
  CHECK_FALSE(fits("tests/*.json", "tests/deep/a.json"));
}

TEST_CASE("a slash at the end means folders only") {
  CHECK(fits("vendor/", "vendor/a"));
  CHECK(fits("vendor/", "x/vendor/a/b"));
  CHECK_FALSE(fits("vendor/", "vendor"));
  CHECK_FALSE(fits("vendor/", "x/vendor"));
}

TEST_CASE("two stars are any number of folders") {
  CHECK(fits("docs/**/*.md", "docs/a.md"));
  CHECK(fits("docs/**/*.md", "docs/x/y/a.md"));
  CHECK(fits("docs/**", "docs/x/y"));
  CHECK_FALSE(fits("docs/**", "docs"));
  CHECK(fits("**/gen", "a/b/gen/c"));
}

TEST_CASE("odd patterns and paths harm nothing") {
  CHECK_FALSE(fits("", "a"));
  CHECK_FALSE(fits("[", "["));
  CHECK_FALSE(fits("a", ""));
  CHECK_FALSE(fits("/", "a"));
  CHECK(fits("a", "x//a"));
}

TEST_CASE("globs that match everything are known as such") {
  for (const char* all : {"*", "**", "/**", "**/*", "*/"}) CHECK(matches_everything(all));
  for (const char* some : {"*.txt", "a/**", "?*a"}) CHECK_FALSE(matches_everything(some));
}

TEST_CASE("hostile patterns against hostile paths end soon") {
  std::string pattern, path;
  for (int i = 0; i < 500; ++i) pattern += "*a", path += "aa/";
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(fits(pattern + "b", path));
  CHECK_FALSE(fits("**/" + pattern + "/b", path));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}
