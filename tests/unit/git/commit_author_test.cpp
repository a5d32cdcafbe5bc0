#include "libscan/git/commit_author.hpp"

#include <doctest/doctest.h>

#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;

namespace {

std::string date_of(const std::string& stamp) {
  return author_of("tree 1\nparent 2\nauthor A B <a@b> " + stamp +
                   "\ncommitter C <c@d> 1 +0000\n\nauthor X <y> 2 +0000")
      .date;
}

}  // namespace

TEST_CASE("name and date, without the address") {
  const CommitAuthor author = author_of("tree 1\nauthor Ann <x> Author <ann@example.org> 1700000000 +0130\n\nm");
  CHECK(author.name == "Ann <x> Author");
  CHECK(author.date == "2023-11-14T23:43:20+01:30");
  CHECK(author_of("").name.empty());
  CHECK(author_of("tree 1\nauthor <> 0 +0000\n").name.empty());
  CHECK(author_of("tree 1\n\nauthor In Message <a@b> 1 +0000").name.empty());
  CHECK(author_of("tree 1\nauthor J\xfcrg <j@g> 1 +0000\n").name == "J\xef\xbf\xbdrg");
}

TEST_CASE("dates as git writes them, odd ones left out") {
  testing::TempDir dir;
  run_git(dir.path(), {"init", "-q"});
  const char* const kStamps[] = {"0 +0000",          "951782399 +0000",  "951868800 +0000", "1709164800 -0800",
                                 "4102444799 +1400", "1700000000 -0030", "68169600 +0545",  "5000000000 +0000"};
  for (const char* stamp : kStamps) {
    run_git(dir.path(), {"commit", "-q", "--allow-empty", "-m", "m"}, {{"GIT_AUTHOR_DATE", std::string("@") + stamp}});
    std::string expected = run_git(dir.path(), {"log", "-1", "--format=%aI"});
    expected.pop_back();
    if (expected.back() == 'Z') expected.replace(expected.size() - 1, 1, "+00:00");
    INFO(stamp);
    CHECK(date_of(stamp) == expected);
  }
  for (const char* odd :
       {"", "x +0000", "-5 +0000", "1 0000", "1 +00", "1 +2400", "1 +0060", "999999999999 +0000", "1"})
    CHECK(date_of(odd).empty());
}
