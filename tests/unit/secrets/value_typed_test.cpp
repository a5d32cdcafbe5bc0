#include "libscan/secrets/value_typed.hpp"

#include <doctest/doctest.h>

#include <string>

#include "libscan/secrets/sample.hpp"
#include "libscan/secrets/value_judge.hpp"

using namespace launchgate::secrets;

namespace {

constexpr std::uint64_t kSeeds = 300;

std::string random(std::string_view sample, std::uint64_t seed) { return *expand_sample(sample, seed); }

}  // namespace

TEST_CASE("the words that are tried first are known in disguise") {
  for (const char* v : {"P@ssw0rd1", "Ch@ng3It3", "Ch@ngeIt9", "change!it!", "passsword", "passw0rd", "Test@12345",
                        "Password123!", "w3lc0me!77", "L3tmein1"}) {
    CAPTURE(v);
    CHECK(is_common_password(v));
  }
  for (const char* v :
       {"store-pass", "Passw0rdOfShop", "hunter22", "password-of-2024-and-later", "1234", "", "testify"}) {
    CAPTURE(v);
    CHECK_FALSE(is_common_password(v));
  }
}

TEST_CASE("a password that is tried first is weak, another is not") {
  const std::string weak = "password: P@ssw0rd1\n", strong = "password: x7Kp2mQz\n";
  ValueMemo memo;
  CHECK(judge_in_text(weak, {10, 19}, {0, 19}, "app.yml", {}, memo) == ValueKind::weak);
  CHECK(judge_in_text(strong, {10, 18}, {0, 18}, "app.yml", {}, memo) == ValueKind::real);
}

TEST_CASE("digits in a row and a letter or two are tried first") {
  CHECK(is_common_password("123456789Aa"));
  CHECK(is_common_password("minio123"));
  CHECK(is_common_password("1q2w3e*"));
  CHECK_FALSE(is_common_password("12345Aa"));
  CHECK_FALSE(is_common_password("123456789AaBbCc"));
}

TEST_CASE("what is typed to look random is told from what is") {
  CHECK(has_rhythm("mB2kT7wD4pX9hL3sR8nV5cJ6gZ1yQ0fA"));
  CHECK(has_rhythm("a1c2e3g4i5k6m7o8"));
  CHECK_FALSE(has_rhythm("x7Kp2mQz"));  // too short to tell
  CHECK(walks_alphabet("B1d3Ce5Fg7Hk2Jm4Np6Or8Qt9Su1Vx3Wz5"));
  CHECK_FALSE(walks_alphabet("abcdefabcdefabcdef0123"));  // hexadecimal letters are all near each other
  CHECK(holds_stand_ins("ShopTest2026!"));
  CHECK(holds_stand_ins("S3cr3tK3y"));
  CHECK_FALSE(holds_stand_ins("mulberry-harbour"));
  CHECK(is_made_up("_Secret_Token_1_For_Tests_X9_"));
}

TEST_CASE("machines do not type: of many random values hardly one is taken for typed") {
  std::size_t typed = 0;
  for (const char* form : {"<alnum:20>", "<alnum:40>", "<hex:32>", "<hex:64>", "<lower:32>", "<base32:32>"})
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const std::string v = random(form, seed);
      typed += has_rhythm(v) || walks_alphabet(v) || holds_stand_ins(v) || is_common_password(v);
    }
  CHECK(typed <= 2);
}
