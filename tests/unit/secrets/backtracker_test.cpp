#include "libscan/secrets/backtracker.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tests/support/backtracking.hpp"
#include "tests/support/random_regex.hpp"

using namespace launchgate::secrets;
using launchgate::test::compare_with_re2;

TEST_CASE("a backtracker finds what RE2 finds, with its groups: expressions and texts made by chance") {
  std::mt19937 random(7);
  std::size_t compiled = 0, matches = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes;
    for (int i = 0; i < 120; ++i) bytes += static_cast<char>(random());
    launchgate::test::RandomRegex maker(bytes);
    const std::string pattern = maker.regex(), text = maker.text();
    CAPTURE(pattern);
    CAPTURE(text);
    const auto result = compare_with_re2(pattern, text, 1 << 20);
    CHECK(result.difference == std::nullopt);
    compiled += result.compiled ? 1 : 0;
    matches += result.matches;
  }
  CHECK(compiled > 7000);
  CHECK(matches > 20000);
}

TEST_CASE("a backtracker finds what RE2 finds: what rules are made of") {
  const std::string key = "KEY" + std::string(1250, 'x') + "=", long_key = "KEY" + std::string(1400, 'x') + "=";
  const struct {
    const char* pattern;
    std::string text;
    bool matches;
  } cases[] = {
      {"(?i)(?:secret|pass(?:word|wd)?|(?:api|app)[_-]?key)[\\w.-]{0,30}[=:]{1,2} ?\"((?:[^\"\\\\\\n]|\\\\.){3,200})\"",
       "my Api_Key.of.me = x, PASSWD: \"a\\\"bc\" and more", true},
      {"KEY(?:[^-=]{100}){0,9}(?:[^-=]{100}){0,3}[^-=]{0,99}=", key, true},
      {"KEY(?:[^-=]{100}){0,9}(?:[^-=]{100}){0,3}[^-=]{0,99}=", long_key, false},
      {"\\b([a-z]{2,9}?)\\b(?:,([a-z]+))*;", "x,abc,de,f;", true},
      {"(?:(a)|b|(?:c(d)?))+", "abcdc", true},
      {"[\\w.-]{0,40}key", "a_long.name-of_some_api_key", true},
      {"(?P<name>x+)(?m)^y$", "xx\ny\n", false},
      {"x\\n(?m)^y$", "x\ny\nz", true},
      {"\\x{e9}|\\351|[[:alpha:]]{2}",
       "\xe9"
       "ab",
       true},
      {"(?i)[\xd7\xdf\xff]\xe9", "\xf7\xe9\xd7\xc9\xdf\xe9\xff\xc9", true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.pattern);
    const auto result = compare_with_re2(c.pattern, c.text, 1 << 20);
    CHECK(result.compiled);
    CHECK(result.difference == std::nullopt);
    CHECK((result.matches > 0) == c.matches);
  }
}

TEST_CASE("a match that would take exponential time is given up, and soon") {
  const auto program = Backtracker::compile("(?:(?:a|b|ab)+,?)+c");
  REQUIRE(program.has_value());
  std::string text;
  for (int i = 0; i < 200; ++i) text += "ab";
  Backtracker::Scratch scratch;
  std::int64_t budget = 100'000;
  CHECK(program->match_at(text, 0, budget, scratch) == Backtracker::Outcome::gave_up);
  CHECK(budget <= 0);
  budget = 100'000;
  CHECK(program->match_at(text + "c", 0, budget, scratch) == Backtracker::Outcome::match);
  CHECK(budget > 95'000);
}

TEST_CASE("what is read differently from engine to engine is left to RE2") {
  for (const char* pattern : {"(?:a?)*b", "(a*|b)+", "(?U)a+", "(?:a{0,3}){2}", "\\pN", "(?:\\b|a)*"}) {
    CAPTURE(pattern);
    CHECK_FALSE(Backtracker::compile(pattern).has_value());
  }
}

TEST_CASE("what begins with the text is tried there alone, and what may begin so is tried everywhere") {
  const auto anchored = Backtracker::compile("\\A(?:x|tok)y"), either = Backtracker::compile("(?:\\A|x)toky");
  REQUIRE((anchored && either));
  CHECK(anchored->next_start("tokytoky", 0, 8) == 0);
  CHECK(anchored->next_start("tokytoky", 1, 8) == 8);
  CHECK(either->next_start("aaxtoky", 1, 7) < 7);
}

TEST_CASE("few places of a text are tried") {
  const auto program = Backtracker::compile("(?i)(?:secret|token|api_?key)[=:]\\w+");
  REQUIRE(program.has_value());
  const std::string text = "the sector of a topic, apis and all: no toke; seek, tokEn=x, Sec";
  std::vector<std::string> tried;
  for (std::size_t at = 0; (at = program->next_start(text, at, text.size())) < text.size(); ++at)
    tried.push_back(text.substr(at, 3));
  CHECK(tried == std::vector<std::string>{"sec", "api", "tok", "tok", "Sec"});
}
