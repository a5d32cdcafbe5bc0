#include "libscan/config/baseline.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace launchgate;
using namespace launchgate::config;

namespace {

std::string fp(char digit) { return "lg1:" + std::string(32, digit); }

std::string refusal(std::string_view text) {
  const auto entries = parse_baseline(text, "launchgate-baseline");
  return entries ? "" : entries.error().what;
}

}  // namespace

TEST_CASE("what is written is read back, sorted and without doubles") {
  Finding b, a;
  a.fingerprint = fp('a'), a.rule = "file-key", a.where.path = "certs/x y.key";
  b.fingerprint = fp('b'), b.rule = "github-pat", b.masked = "ghp_…9fQ", b.where.path = "p", b.where.span.line = 77;
  const std::string text = format_baseline(baseline_of({b, a, b}));
  CHECK(text.find(fp('a') + " file-key certs/x y.key\n" + fp('b') + " github-pat ghp_…9fQ\n") != std::string::npos);
  CHECK(text.find("77") == std::string::npos);
  const auto entries = parse_baseline(text, "f");
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK((*entries)[0].hint == "certs/x y.key");
  CHECK((*entries)[1].fingerprint == fp('b'));
  CHECK((*entries)[1].rule == "github-pat");
  CHECK((*entries)[1].line == 3);
  CHECK(format_baseline(*entries) == text);
}

TEST_CASE("a union of two branches reads as their sum") {
  const auto entries = parse_baseline("# c\r\n\n" + fp('c') + " r\r\n" + fp('a') + "\n" + fp('c') + " r h", "f");
  REQUIRE(entries);
  CHECK(entries->size() == 3);
  CHECK((*entries)[1].rule.empty());
}

TEST_CASE("damage is named with its line") {
  CHECK(refusal(fp('a') + "\n<<<<<<< HEAD\n") == "launchgate-baseline:2: a merge left a conflict here");
  CHECK(refusal("=======\n").find("conflict") != std::string::npos);
  CHECK(refusal("lg1:xyz r\n") == "launchgate-baseline:1: no fingerprint at the start of the line");
  CHECK(refusal(fp('a') + "0 r\n") != "");
  CHECK(refusal(fp('A') + " r\n") != "");
}

TEST_CASE("no hint can end a line") {
  Finding f;
  f.fingerprint = fp('a'), f.rule = "r r\n", f.where.path = "a\nb";
  const auto entries = parse_baseline(format_baseline(baseline_of({f})), "f");
  REQUIRE(entries);
  CHECK(entries->size() == 1);
}
