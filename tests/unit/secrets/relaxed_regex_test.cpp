#include "libscan/secrets/relaxed_regex.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace launchgate::secrets;

TEST_CASE("long counted repeats of one byte become endless groups; the expression's own groups keep their places") {
  const auto r = relax_regex("(?i)(pass)[\\w.-]{0,30}=([^\"]{3,200}?)x");
  REQUIRE(r.has_value());
  CHECK(r->text == "(?i)(pass)([\\w.-]{0,})=(([^\"]{3,}?))x");
  CHECK(r->groups == std::vector<std::size_t>{0, 1, 3});
  REQUIRE(r->limits.size() == 2);
  CHECK(r->limits[0].group == 2);
  CHECK(r->limits[0].most == 30);
  CHECK(r->limits[1].group == 4);
  CHECK(r->limits[1].most == 200);
}

TEST_CASE("what is repeated as a whole, short or endless is left alone") {
  CHECK_FALSE(relax_regex("(?:[a-z]{1,20},){2}[0-9]{1,8}[0-9]{40}x{3,}y*").has_value());
  const auto r = relax_regex("(?:a(b{0,9})c)?(?:d(e{0,9})f)+g{0,9}");
  REQUIRE(r.has_value());
  CHECK(r->text == "(?:a((b{0,}))c)?(?:d(e{0,9})f)+(g{0,})");
  CHECK(r->groups == std::vector<std::size_t>{0, 1, 3});
  REQUIRE(r->limits.size() == 2);
  CHECK(r->limits[1].group == 4);
}

TEST_CASE(
    "a repeated group of alternatives that all take a byte is relaxed; one that may take none, or captures, is not") {
  const auto r = relax_regex("\"((?:[^\"\\\\]|\\\\.){3,200}?)\"");
  REQUIRE(r.has_value());
  CHECK(r->text == "\"(((?:[^\"\\\\]|\\\\.){3,}?))\"");
  CHECK(r->groups == std::vector<std::size_t>{0, 1});
  REQUIRE(r->limits.size() == 1);
  CHECK(r->limits[0].group == 2);
  CHECK(r->limits[0].most == 200);
  for (const char* regex : {"(?:a?|b){0,30}", "(?:a|){0,30}", "(?:|a){0,30}", "(?:a{0,3}b){0,30}", "(?:a|\\b){0,30}",
                            "(?:(?:a)|b){0,30}", "(a|b){0,30}", "(?i:a|b){0,30}"})
    CHECK_FALSE(relax_regex(regex).has_value());
}

TEST_CASE("blocks of one byte are one repeat, when they make every length") {
  const auto r = relax_regex("(KEY[^-]{5}(?:[^-]{100}){0,9}(?:[^-]{100}){0,4}[^-]{0,99}=)");
  REQUIRE(r.has_value());
  CHECK(r->text == "(KEY[^-]{5}([^-]{0,})=)");
  CHECK(r->groups == std::vector<std::size_t>{0, 1});
  REQUIRE(r->limits.size() == 1);
  CHECK(r->limits[0].most == 1399);
  for (const char* regex :
       {"(?:a{100}){0,9}a{0,98}", "(?:a{100}){0,9}", "(?:a{100}){0,9}b{0,99}", "(?:a{100}){1,9}a{0,99}",
        "(?:a{100}){0,9}(?:a{50}){0,9}a{0,99}", "(?:a{100}){0,9}(?:b{100}){0,9}a{0,99}", "(?:a{1,100}){0,9}a{0,99}",
        "(?:a{100}){0,9}?a{0,99}", "(?:a{100}){0,9}a{0,99}?", "(?:a{100}){0,9}a{1,99}"}) {
    const auto other = relax_regex(regex);
    CAPTURE(regex);
    CHECK(
        (!other || other->text.find("{100}") != std::string::npos || other->text.find("{1,100}") != std::string::npos));
  }
}

TEST_CASE("classes, escapes and literal braces are read as RE2 reads them") {
  const auto r = relax_regex("[]{0,99}[:alpha:]\\]]{0,9}\\{{0,9}{x\\x7b{0,9}");
  REQUIRE(r.has_value());
  CHECK(r->text == "([]{0,99}[:alpha:]\\]]{0,})(\\{{0,}){x(\\x7b{0,})");
}

TEST_CASE("syntax beyond it is refused") {
  for (const char* regex : {"\\Qa{0,9}\\E", "(?P<name>a{0,9})", "\\pL{0,9}", "[a{0,9}", "(a{0,9}", "a{0,9})", "\\"})
    CHECK_FALSE(relax_regex(regex).has_value());
}
