#include <doctest/doctest.h>
#include <re2/re2.h>

#include <string>
#include <string_view>

#include "libscan/secrets/front_form.hpp"
#include "libscan/secrets/regex_ast.hpp"

using namespace launchgate::secrets;

namespace {

regex::Node tree(std::string_view pattern) {
  auto t = regex::parse(pattern);
  REQUIRE_MESSAGE(t.has_value(), pattern);
  return *t;
}

struct Row {
  std::string_view pattern;
  std::uint32_t min, max, literal;
};

}  // namespace

TEST_CASE("width and sure literal of an expression") {
  const Row rows[] = {
      {"ghp_[A-Za-z0-9]{36}", 40, 40, 4},
      {"\\b((?:AKIA|ASIA)[A-Z2-7]{16})\\b", 20, 20, 4},
      {"(?i)secret[\\w.-]{0,20}=\"?([^\"\\s]{8,64})", 15, 92, 6},
      {"[sr]k_(?:live|test)_[0-9a-zA-Z]{24}", 32, 32, 8},
      {"[0-9a-f]{32}", 32, 32, 0},
      {"[0-9a-f]{32}-us[0-9]{1,2}", 36, 37, 3},
      {"a+b", 2, regex::kUnlimited, 1},
      {"(?:foo|ba)rr?", 3, 5, 3},
      {"x{2}yz", 4, 4, 4},
      {"(a(b(c)))d", 4, 4, 4},
      {"\\Qa.b\\Ec", 4, 4, 4},
      {"[[:digit:]]{3}", 3, 3, 0},
      {"\\x41\\x{42}\\103", 3, 3, 3},
      {"(?s).{3}\\.env$", 7, 7, 4},
      {"(?P<name>abc)?", 0, 3, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    const auto t = tree(row.pattern);
    CHECK(regex::width(t).min == row.min);
    CHECK(regex::width(t).max == row.max);
    CHECK(regex::sure_literal(t) == row.literal);
  }
}

TEST_CASE("what the parser cannot read it refuses") {
  for (std::string_view bad : {"(", "a)", "[a", "a**", "\\pL", "(?=x)", "(?<!x)", "\\1", "*a", "[z-a]", "(?i"})
    CHECK_MESSAGE(!regex::parse(bad).has_value(), bad);
  CHECK(regex::parse("a{,3}").has_value());  // not a repeat: literal text, as RE2 reads it
  CHECK_FALSE(regex::parse(std::string(5000, '(') + std::string(5000, ')')).has_value());
}

TEST_CASE("to_pattern keeps the language") {
  const std::string_view patterns[] = {"a[b-d]{2,3}|e", "(?i)Key[^a-z]?", "\\d\\s\\w-[\\d.]",
                                       "x(?:yz|)+",     "[]a]",           "[a\\]-]"};
  const std::string_view texts[] = {"abc", "abcd", "e", "KEY1", "key_", "1 a-.", "xyzyz", "x", "]", "-", "a"};
  for (std::string_view p : patterns) {
    const re2::RE2 a{std::string(p), re2::RE2::Latin1}, b{regex::to_pattern(tree(p)), re2::RE2::Latin1};
    REQUIRE(b.ok());
    for (std::string_view t : texts) {
      const re2::StringPiece text(t.data(), t.size());
      CHECK_MESSAGE(re2::RE2::FullMatch(text, a) == re2::RE2::FullMatch(text, b), p << " on " << t);
    }
  }
}

TEST_CASE("front form cuts guards and the value's tail, and keeps a literal") {
  const auto token = *front_form("(?:^|[^a-z])(ghp_[A-Za-z0-9]{36,255})(?:[^A-Za-z0-9]|$)");
  REQUIRE(token.patterns.size() == 1);
  CHECK(token.literal == 4);
  CHECK(token.reach == 1 + 4 + 255);
  CHECK(token.span == 1 + 4 + 255 + 1);
  CHECK(regex::width(tree(token.patterns[0])).max == 16);

  // The literal stands behind the value: the form must go on to it.
  const auto suffix = *front_form("\\b([0-9a-f]{32}-us[0-9]{1,2})\\b");
  CHECK(suffix.literal == 3);
  CHECK(suffix.span == 37);

  const auto either = *front_form("abc[0-9]{8}|defg[a-z]{8,20}");
  CHECK(either.patterns.size() == 2);
  CHECK(either.literal == 3);
}

TEST_CASE("a choice with one wide branch is cut branch by branch") {
  const auto form =
      *front_form("\\b(acme_[0-9]{20}|IST\\.eyJ[a-z]{60,400}\\.[a-z]{100,500}|zz-[a-f]{12,90})(?:[^a-z]|$)");
  CHECK(form.width <= kWidestFront);
  CHECK(form.literal >= 3);
  CHECK(form.patterns.size() == 3);
  CHECK(form.span == 7 + 400 + 1 + 500 + 1);
}
