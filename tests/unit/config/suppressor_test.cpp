#include "libscan/config/suppressor.hpp"

#include <doctest/doctest.h>

#include <string>

#include "libscan/core/sha1.hpp"
#include "libscan/core/sha256.hpp"

using namespace launchgate;
using namespace launchgate::config;

namespace {

Finding finding(std::string rule, std::string path, std::uint32_t line = 1, char digit = 'a') {
  Finding f;
  f.rule = std::move(rule);
  f.where.path = std::move(path);
  f.where.span = {line, 1, line, 5};
  f.fingerprint = "lg1:" + std::string(32, digit);
  return f;
}

Ignore ignore(std::string rule, std::string path, std::string expires = "") {
  return {std::move(rule), std::move(path), "", "made-up keys", std::move(expires), "launchgate.toml:1:1"};
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("an ignore holds where all of its conditions do, and says why") {
  Suppressor s;
  s.add({ignore("jwt", "tests/")}, "2026-01-01");
  CHECK(s.judge(finding("jwt", "tests/a/b.txt")) == "ignored at launchgate.toml:1:1: made-up keys");
  CHECK_FALSE(s.judge(finding("jwt", "src/b.txt")));
  CHECK_FALSE(s.judge(finding("other", "tests/b.txt")));
  CHECK(s.notes(true).empty());
}

TEST_CASE("an ignore by fingerprint follows the secret") {
  Suppressor s;
  Ignore i = ignore("", "");
  i.fingerprint = finding("", "").fingerprint;
  s.add({i}, "2026-01-01");
  CHECK(s.judge(finding("x", "anywhere")));
  CHECK_FALSE(s.judge(finding("x", "anywhere", 1, 'b')));
}

TEST_CASE("an ignore holds through its last day, then stops and says so") {
  const auto notes_on = [](std::string_view today, bool hit) {
    Suppressor s;
    s.add({ignore("jwt", "", "2026-01-31")}, today);
    CHECK(s.judge(finding(hit ? "jwt" : "x", "a")).has_value() == (hit && today <= "2026-01-31"));
    return s.notes(false);
  };
  CHECK(notes_on("2026-01-31", true).empty());
  const auto expired = notes_on("2026-02-01", true);
  REQUIRE(expired.size() == 1);
  CHECK(expired[0].level == Note::Level::warning);
  CHECK(has(expired[0].text, "launchgate.toml:1:1: this ignore expired on 2026-01-31 and no longer hides 1 finding"));
  CHECK(notes_on("2026-02-01", false).at(0).level == Note::Level::info);
}

TEST_CASE("unused entries are named only when everything was looked at") {
  Suppressor s;
  s.add({ignore("jwt", "")}, "2026-01-01");
  s.add(std::vector<BaselineEntry>{{finding("", "", 1, 'a').fingerprint, "r", "", 2},
                                   {finding("", "", 1, 'b').fingerprint, "r", "", 3}},
        "launchgate-baseline");
  CHECK(s.judge(finding("x", "p", 1, 'b')) == "known in the baseline, launchgate-baseline:3");
  CHECK_FALSE(s.judge(finding("x", "p", 1, 'c')));
  CHECK(s.notes(false).empty());
  const auto notes = s.notes(true);
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].text == "launchgate.toml:1:1: this ignore hides nothing");
  CHECK(notes[1].text == "1 of 2 entries of launchgate-baseline hide nothing any more");
}

TEST_CASE("entries by place: path, line, commit, and the rule as far as we have it") {
  Suppressor s([](std::string_view rule) { return rule == "jwt" || rule == "github-pat"; });
  const std::string id(40, 'c');
  s.add(read_gitleaks_ignore("a.txt:jwt:3\na.txt:generic-api-key:5\n" + id + ":b.txt:jwt:1\n", ".gitleaksignore"));
  CHECK(s.judge(finding("jwt", "a.txt", 3)) == "listed at .gitleaksignore:1");
  CHECK_FALSE(s.judge(finding("github-pat", "a.txt", 3)));  // a rule of ours, and another one
  CHECK(s.judge(finding("github-pat", "a.txt", 5)));        // we have no rule "generic-api-key"
  CHECK_FALSE(s.judge(finding("jwt", "a.txt", 4)));
  CHECK_FALSE(s.judge(finding("jwt", "b.txt", 1)));
  Finding in_history = finding("jwt", "b.txt", 1);
  in_history.where.commit = id;
  CHECK(s.judge(in_history));
  CHECK(s.notes(true).empty());
}

TEST_CASE("entries by secret: the bytes are asked for by whoever holds them") {
  Suppressor s;
  CHECK_FALSE(s.wants_secrets());
  KnownFindings known;
  known.file = ".secrets.baseline";
  known.secrets = {{"a.txt", sha1_hex("one")}, {"b.txt", hex(sha256("two"))}};
  s.add(known);
  CHECK(s.wants_secrets());
  CHECK(s.knows_secret("a.txt", "one") == ".secrets.baseline");
  CHECK(s.knows_secret("b.txt", "two") == ".secrets.baseline");
  CHECK(s.knows_secret("a.txt", "two") == "");
  CHECK(s.knows_secret("c.txt", "one") == "");
}

TEST_CASE("warnings of the readers become notes") {
  Suppressor s;
  s.add(read_gitleaks_ignore("nonsense\n", ".gitleaksignore"));
  REQUIRE(s.notes(false).size() == 1);
  CHECK(s.notes(false)[0].level == Note::Level::warning);
}
