#include "libscan/net/crypto.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace launchgate::net;

TEST_CASE("Ed25519 signs as RFC 8032 section 7.1, test 2, and refuses a changed message") {
  const std::string key = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
  const auto signature = ed25519_sign(key, "\x72");
  REQUIRE(signature);
  CHECK(base64_encode(*signature) ==
        "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==");
  const auto pub = ed25519_public(key);
  REQUIRE(pub);
  const std::string pub64 = base64_encode(*pub);
  CHECK(*ed25519_verify(pub64, "\x72", *signature));
  CHECK_FALSE(*ed25519_verify(pub64, "\x73", *signature));
  CHECK_FALSE(*ed25519_verify(pub64, "\x72", "short"));
  CHECK_FALSE(ed25519_sign("not a key", "x").has_value());
}

TEST_CASE("TOTP gives the codes of RFC 6238 appendix B") {
  // The RFC's shared secret, the ASCII digits 1..0 twice, in base32.
  const std::string uri = "otpauth://totp/x?digits=8&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  CHECK(totp(uri, 59'000)->code == "94287082");
  CHECK(totp(uri, 1111111109'000)->code == "07081804");
  CHECK(totp(uri, 20000000000'000)->code == "65353130");
  const auto six = totp("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 59'000);
  REQUIRE(six);
  CHECK(six->code == "287082");
  CHECK(six->step == 1);
  CHECK(six->remaining_ms == 1000);
  CHECK_FALSE(totp("not base32!", 0).has_value());
  // The other algorithms of the appendix, each with a secret of its own length, and another period.
  const std::string digits = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", start = "otpauth://totp/x?digits=8&algorithm=";
  CHECK(totp(start + "SHA256&secret=" + digits + "GEZDGNBVGY3TQOJQGEZA", 59'000)->code == "46119246");
  const std::string longest = digits + digits + digits + "GEZDGNA";
  CHECK(totp(start + "SHA512&secret=" + longest, 59'000)->code == "90693936");
  CHECK(totp("otpauth://totp/x?period=60&secret=" + digits, 119'000)->step == 1);
  for (const char* odd : {"period=0", "period=4", "period=-30", "digits=5", "digits=9"})
    CHECK_FALSE(totp(std::string("otpauth://totp/x?") + odd + "&secret=" + digits, 0).has_value());
}

TEST_CASE("texts are equal when every byte is, and no text is equal to a longer one that begins with it") {
  CHECK(equal_constant_time("", ""));
  CHECK(equal_constant_time("abc", "abc"));
  for (const char* other : {"abd", "xbc", "ab", "abcd", ""}) CHECK_FALSE(equal_constant_time("abc", other));
}

TEST_CASE("base64 goes both ways, in both alphabets") {
  std::string out;
  CHECK(base64_encode("a?>b") == "YT8+Yg==");
  REQUIRE(base64_decode("YT8-Yg", out));
  CHECK(out == "a?>b");
  CHECK_FALSE(base64_decode("a", out));
  CHECK_FALSE(base64_decode("a*bc", out));
}
