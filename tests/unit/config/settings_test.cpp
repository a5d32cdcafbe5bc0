#include "libscan/config/settings.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace launchgate;
using namespace launchgate::config;

namespace {

constexpr std::array<std::string_view, 2> kOthers{"check", "base"};

Settings settings(std::string_view toml) {
  auto s = read_settings(toml, "launchgate.toml", kOthers);
  REQUIRE_MESSAGE(s, (s ? "" : s.error().what));
  return *std::move(s);
}

Error refusal(std::string_view toml) {
  const auto s = read_settings(toml, "launchgate.toml", kOthers);
  return s ? Error{} : s.error();
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("[scan] is read whole") {
  const Settings s = settings(R"(
title = "shop"
base = "https://shop.example"
[scan]
fail_on = "can-wait"
max_file_size = "50M"
threads = 3
exclude = ["vendor/", "*.min.js"]
rules = ["rules/ours.toml"]
baseline = "ci/baseline"
[check.home]
get = "/"
)");
  CHECK(s.fail_on == Severity::can_wait);
  CHECK(s.max_file_size == 50u << 20);
  CHECK(s.threads == 3u);
  CHECK(s.exclude == std::vector<std::string>{"vendor/", "*.min.js"});
  CHECK(s.rules == std::vector<std::string>{"rules/ours.toml"});
  CHECK(s.baseline == "ci/baseline");
}

TEST_CASE("what is not said stays unset") {
  const Settings s = settings("");
  CHECK_FALSE(s.fail_on);
  CHECK_FALSE(s.max_file_size);
  CHECK_FALSE(s.threads);
  CHECK(s.baseline.empty());
  CHECK(settings("[scan]\nmax_file_size = 1000\n").max_file_size == 1000u);
}

TEST_CASE("[[ignore]] is read whole; a date may be TOML's own or text") {
  const Settings s = settings(R"([[ignore]]
rule = "generic-secret"
path = "tests/**"
reason = "made-up keys"
expires = 2026-01-31
[[ignore]]
fingerprint = "lg1:0123456789abcdef0123456789abcdef"
reason = "revoked"
expires = "2027-01-31"
)");
  REQUIRE(s.ignores.size() == 2);
  CHECK(s.ignores[0].rule == "generic-secret");
  CHECK(s.ignores[0].path == "tests/**");
  CHECK(s.ignores[0].reason == "made-up keys");
  CHECK(s.ignores[0].expires == "2026-01-31");
  CHECK(s.ignores[0].where == "launchgate.toml:1:1");
  CHECK(s.ignores[1].fingerprint == "lg1:0123456789abcdef0123456789abcdef");
  CHECK(s.ignores[1].expires == "2027-01-31");
}

TEST_CASE("an ignore says why, and not everything") {
  CHECK(refusal("[[ignore]]\nrule = 'x'\n").what == "launchgate.toml:1:1: in [[ignore]]: 'reason' is missing");
  CHECK(has(refusal("[[ignore]]\nrule = 'x'\nreason = ' '\n").what, "'reason' is missing"));
  CHECK(has(refusal("[[ignore]]\nreason = 'x'\n").what, "ignore everything"));
  CHECK(has(refusal("[[ignore]]\npath = '**'\nreason = 'x'\n").what, "launchgate.toml:2:1:"));
  CHECK(has(refusal("[[ignore]]\npath = '!a'\nreason = 'x'\n").what, "cannot be negated"));
  CHECK(has(refusal("[[ignore]]\nrule = 'x'\nreason = 'x'\nexpires = 'soon'\n").what, "'expires' is no date"));
}

TEST_CASE("mistakes name their place and the nearest key") {
  CHECK(refusal("[scan]\nfailon = 'x'\n").hint == "did you mean 'fail_on'?");
  CHECK(refusal("[scna]\n").hint == "did you mean 'scan'?");
  CHECK(refusal("[[ingore]]\n").hint == "did you mean 'ignore'?");
  CHECK(refusal("[chek.home]\n").hint == "did you mean 'check'?");
  CHECK(has(refusal("[scan]\nfail_on = 'bad'\n").hint, "launch-blocker"));
  CHECK(has(refusal("[scan]\nmax_file_size = 'big'\n").what, "launchgate.toml:2:17:"));
  CHECK(has(refusal("[scan]\nmax_file_size = -1\n").what, "no size"));
  CHECK(has(refusal("[scan]\nthreads = 0\n").what, "from 1 to 256"));
  CHECK(has(refusal("[scan]\nexclude = ['a', '*']\n").what, "launchgate.toml:2:17: in [scan]: the glob matches every"));
  CHECK(has(refusal("[scan]\nexclude = 'a'\n").what, "must be an array"));
  CHECK(has(refusal("scan = 1\n").what, "must be a table"));
}

TEST_CASE("dates are days of the calendar") {
  for (const char* date : {"2026-01-31", "2024-02-29", "2000-02-29"}) CHECK(is_date(date));
  for (const char* none : {"2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "",
                           "2026-1-01", "2026-01-311", "2026/01/01", "2026-01-0a"})
    CHECK_FALSE(is_date(none));
}
