#include "libscan/core/units.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace launchgate;

TEST_CASE("durations need a unit and stay within reason") {
  CHECK(parse_duration_ms("800ms") == 800);
  CHECK(parse_duration_ms("15s") == 15'000);
  CHECK(parse_duration_ms("1.5m") == 90'000);
  CHECK(parse_duration_ms("2h") == 7'200'000);
  CHECK(parse_duration_ms("0s") == 0);
  for (const char* wrong : {"", "15", "s", "-1s", "-0s", "1e3s", "15 s", "15sec", "inf", "nan", "99999d", "5S"})
    CHECK_MESSAGE(!parse_duration_ms(wrong), wrong);
}

TEST_CASE("sizes are powers of 1024 and do not overflow") {
  CHECK(parse_bytes("0") == 0);
  CHECK(parse_bytes("64K") == 65'536);
  CHECK(parse_bytes("5MB") == 5'242'880);
  CHECK(parse_bytes("2GiB") == 2'147'483'648);
  for (const char* wrong : {"", "K", "-1", "1.5M", "5X", "5MM", "99999999999999999999", "17179869184G"})
    CHECK_MESSAGE(!parse_bytes(wrong), wrong);
}

TEST_CASE("moments in UTC") {
  CHECK(show_utc(0) == "1970-01-01T00:00:00");
  CHECK(show_utc(951827696) == "2000-02-29T12:34:56");
  CHECK(show_utc(1795478399) == "2026-11-23T23:59:59");
}

TEST_CASE("durations are shown as people say them") {
  CHECK(show_duration(0.42) == "0.4 ms");
  CHECK(show_duration(812.4) == "812 ms");
  CHECK(show_duration(1500) == "1.50 s");
  CHECK(show_duration(15'000) == "15 s");
  CHECK(show_duration(180'000) == "3 m");
  CHECK(show_duration(3'600'000) == "60 m");
  CHECK(show_duration(95'300) == "95.3 s");
  CHECK(show_duration(125'000) == "2 m 5 s");
  CHECK(show_duration(1'860'004) == "31 m");
  CHECK(show_duration(7'200'000) == "2 h");
  CHECK(show_duration(9'000'000) == "2 h 30 m");
  CHECK(show_duration(86'400'000) == "1 d");
  CHECK(show_duration(400'000'000) == "4 d 15 h");
  CHECK(show_duration(std::numeric_limits<double>::infinity()) == "no answer");
}
