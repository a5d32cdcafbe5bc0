#include "libscan/secrets/sample.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/validators.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

std::string expand(std::string_view sample, std::uint64_t seed = 1) {
  auto text = expand_sample(sample, seed);
  REQUIRE_MESSAGE(text.has_value(), (text ? "" : text.error().what));
  return *text;
}

}  // namespace

TEST_CASE("the same template and seed give the same text, another seed another") {
  CHECK(expand("ghp_<alnum:36>", 3) == expand("ghp_<alnum:36>", 3));
  CHECK(expand("ghp_<alnum:36>", 3) != expand("ghp_<alnum:36>", 4));
}

TEST_CASE("a class gives its characters, all kinds of them, without runs or sequences") {
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    const std::string text = expand("<alnum:20>", seed);
    REQUIRE(text.size() == 20);
    CHECK(std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); }));
    CHECK(std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isupper(c); }));
    CHECK(std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::islower(c); }));
    for (std::size_t i = 1; i < text.size(); ++i) {
      CHECK(text[i] != text[i - 1]);
      CHECK(text[i] != text[i - 1] + 1);
    }
  }
}

TEST_CASE("what is not a form is literal") { CHECK(expand("a < b <title> <x:y> <") == "a < b <title> <x:y> <"); }

TEST_CASE("forms nest, and their faults are named") {
  CHECK(decode_base64(expand("<b64of:user:<digit:6>>")).starts_with("user:"));
  CHECK_FALSE(expand_sample("<alnum:0>", 1).has_value());
  CHECK_FALSE(expand_sample("<alnum:99999>", 1).has_value());
  CHECK_FALSE(expand_sample("<alnum:many>", 1).has_value());
  CHECK_FALSE(expand_sample("<sum:md5>", 1).has_value());
  CHECK_FALSE(expand_sample("<b64of:<b64of:<b64of:<b64of:<b64of:<b64of:x>>>>>>", 1).has_value());
}

TEST_CASE("checksums and structures satisfy the validators of their kind") {
  const auto valid = [](std::string_view validator, const std::string& text) {
    const Validator* v = find_validator(validator);
    REQUIRE(v != nullptr);
    return v->check(text, text).ok;
  };
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    CHECK(valid("github-crc32", expand("ghp_<alnum:30><sum:github-crc32>", seed)));
    CHECK(valid("grafana-crc32", expand("glsa_<alnum:32>_<sum:grafana-crc32>", seed)));
    CHECK(valid("age-bech32", expand("AGE-SECRET-KEY-1<BECH32:52><sum:age-bech32>", seed)));
    CHECK(valid("jwt", expand("<jwt>", seed)));
    CHECK(valid("supabase-service-role", expand("<jwt:\"role\":\"service_role\">", seed)));
    CHECK(valid("pem-body", expand("<pem:RSA PRIVATE KEY>", seed)));
    CHECK(valid("pem-body", expand("<pem:OPENSSH PRIVATE KEY>", seed)));
    CHECK(valid("pem-encrypted", expand("<pem:ENCRYPTED PRIVATE KEY>", seed)));
    CHECK(valid("der-private-key", expand("<der:PRIVATE KEY>", seed)));
  }
}
