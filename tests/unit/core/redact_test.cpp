#include "libscan/core/redact.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace launchgate;

TEST_CASE("mask shows the public prefix and a tail of long values only") {
  CHECK(mask("abcd" + std::string(20, 'x') + "9fQ", 4) == "abcd…9fQ");
  CHECK(mask("hunter2hunter") == "…ter");
  CHECK(mask("hunter2") == "…");
  CHECK(mask("") == "…");
  CHECK(mask("pre_short", 4) == "pre_…");
}

TEST_CASE("mask of a multi-line value shows nothing past its first line") {
  CHECK(mask("HEAD\nsecretsecretsecret", 10) == "HEAD…");
}

TEST_CASE("mask_ranges hides overlapping ranges and every repetition of the value") {
  const std::string text = "a=SECRETVALUE12 b=SECRETVALUE12 c=ok";
  const std::string out = mask_ranges(text, {{2, 15}, {5, 9}});
  CHECK(out.find("SECRETVALUE12") == std::string::npos);
  CHECK(out == "a=…E12 b=…E12 c=ok");
}

TEST_CASE("mask_suspicious keeps words and hides value-like runs") {
  CHECK(mask_suspicious("let password = \"a1b2c3d4e5f6\";") == "let password = \"…\";");
  CHECK(mask_suspicious("internationalization is 12 long") == "internationalization is 12 long");
}

TEST_CASE("safe_url drops user information, query and fragment") {
  CHECK(safe_url("https://u:p@h.example/a?token=1#x") == "https://h.example/a");
  CHECK(safe_url("https://h.example/a@b") == "https://h.example/a@b");
}
