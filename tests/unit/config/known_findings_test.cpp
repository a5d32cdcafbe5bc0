#include "libscan/config/known_findings.hpp"

#include <doctest/doctest.h>

#include <string>

#include "libscan/core/sha1.hpp"
#include "libscan/core/sha256.hpp"

using namespace launchgate;
using namespace launchgate::config;

namespace {

KnownFindings known(std::string_view text) {
  auto k = read_known_findings(text, "base");
  REQUIRE_MESSAGE(k, (k ? "" : k.error().what));
  return *std::move(k);
}

std::string refusal(std::string_view text) {
  const auto k = read_known_findings(text, "base");
  return k ? "" : k.error().what;
}

}  // namespace

TEST_CASE(".gitleaksignore: both forms, comments, backslashes, paths with a colon") {
  const std::string id(40, 'A');
  const KnownFindings k =
      read_gitleaks_ignore("# c\n\na\\b.txt:generic-api-key:12\n" + id + ":./x:y.txt:jwt:3\r\n", ".gitleaksignore");
  REQUIRE(k.places.size() == 2);
  CHECK(k.places[0].path == "a/b.txt");
  CHECK(k.places[0].rule == "generic-api-key");
  CHECK(k.places[0].line == 12);
  CHECK(k.places[0].commit.empty());
  CHECK(k.places[0].where == ".gitleaksignore:3");
  CHECK(k.places[1].path == "x:y.txt");
  CHECK(k.places[1].commit == std::string(40, 'a'));
  CHECK(k.warnings.empty());
}

TEST_CASE(".gitleaksignore: what can match nothing is warned about") {
  const KnownFindings k = read_gitleaks_ignore("nonsense\na:b\na:b:c\n:b:1\na:b:-1\na:b:99999999999\n./:b:1\n", "f");
  CHECK(k.places.empty());
  CHECK(k.warnings.size() == 7);
  CHECK(k.warnings[0].rfind("f:1:", 0) == 0);
}

TEST_CASE("a gitleaks report: plain secrets become digests, redacted ones places") {
  const KnownFindings k = known(R"([
    {"RuleID":"jwt","File":"a.txt","StartLine":3,"EndLine":4,"Secret":"not-a-secret","Commit":""},
    {"RuleID":"jwt","File":"b.txt","StartLine":5,"EndLine":6,"Secret":"REDACTED","Commit":"AB"}, 7, {}])");
  REQUIRE(k.secrets.size() == 1);
  CHECK(k.secrets[0].path == "a.txt");
  CHECK(k.secrets[0].digest == hex(sha256("not-a-secret")));
  REQUIRE(k.places.size() == 1);
  CHECK(k.places[0].path == "b.txt");
  CHECK(k.places[0].rule == "jwt");
  CHECK(k.places[0].line == 5);
  CHECK(k.places[0].end_line == 6);
  CHECK(k.places[0].commit == "ab");
}

TEST_CASE("a gitleaks report as CSV: what is quoted may hold commas, quotes and line ends") {
  const KnownFindings k = known(
      "RuleID,Commit,File,Secret,Match,StartLine,EndLine\r\njwt,,a.txt,not-a-secret,\"a, \"\"b\"\"\nc\",3,4\r\n"
      "jwt,AB,b.txt,REDACTED,REDACTED,5,6\nshort,row\n");
  REQUIRE(k.secrets.size() == 1);
  CHECK(k.secrets[0].path == "a.txt");
  CHECK(k.secrets[0].digest == hex(sha256("not-a-secret")));
  REQUIRE(k.places.size() == 1);
  CHECK(k.places[0].path == "b.txt");
  CHECK(k.places[0].commit == "ab");
  CHECK(k.places[0].end_line == 6);
}

TEST_CASE("a gitleaks report as SARIF; another tool's is refused") {
  const std::string results = R"("results":[{"ruleId":"jwt","locations":[{"physicalLocation":{
    "artifactLocation":{"uri":"a.txt"},"region":{"startLine":3,"endLine":4,"snippet":{"text":"REDACTED"}}}}],
    "partialFingerprints":{"commitSha":"AB"}}, {"locations":[]}, 7]}]})";
  const KnownFindings k = known(R"({"runs":[{"tool":{"driver":{"name":"gitleaks"}},)" + results);
  CHECK(k.secrets.empty());
  REQUIRE(k.places.size() == 1);
  CHECK(k.places[0].path == "a.txt");
  CHECK(k.places[0].rule == "jwt");
  CHECK(k.places[0].commit == "ab");
  CHECK(k.places[0].line == 3);
  CHECK(refusal(R"({"runs":[{"tool":{"driver":{"name":"else"}},)" + results) != "");
  CHECK(refusal(R"({"runs":[5, {"tool":[]}]})") != "");
}

TEST_CASE("a detect-secrets baseline: SHA-1 by file; private keys by line") {
  const std::string hash = sha1_hex("x");
  const KnownFindings k = known(R"({"version":"1.5.0","results":{"src/a.py":[
    {"type":"Secret Keyword","filename":"src/a.py","hashed_secret":")" +
                                hash + R"(","is_verified":false,"line_number":9},
    {"type":"Private Key","filename":"src/a.py","hashed_secret":")" +
                                hash + R"(","line_number":2}]}})");
  REQUIRE(k.secrets.size() == 2);
  CHECK(k.secrets[0].path == "src/a.py");
  CHECK(k.secrets[0].digest == hash);
  REQUIRE(k.places.size() == 1);
  CHECK(k.places[0].line == 2);
}

TEST_CASE("Kingfisher baselines, of both versions, hold by place") {
  const KnownFindings k = known(
      "version: 2\nfingerprint_algorithm: xxh3-64\nrepositories:\n  - id: \"git://h/p\"\n    findings:\n"
      "      - path: 'src/a b.py'\n        fingerprint: \"123\"\n        rule_id: kingfisher.jwt.1\n        line: 7\n"
      "      - path: other.py\n        fingerprint: \"5\"\n");
  REQUIRE(k.places.size() == 1);
  CHECK(k.places[0].path == "src/a b.py");
  CHECK(k.places[0].line == 7);
  CHECK(k.places[0].rule.empty());
  CHECK(known("ExactFindings:\n  matches:\n    - filepath: a.rb\n      fingerprint: 16\n      linenum: 54\n")
            .places.at(0)
            .line == 54);
}

TEST_CASE("anything else is refused, hostile or not") {
  CHECK(refusal("[{\"File\": ") == "base: damaged: it does not parse as JSON");
  CHECK(refusal("{\"a\": 1}") == "base: JSON, but of no known scanner");
  CHECK(refusal("hello\n") == "base: not a baseline of any known format");
  CHECK(refusal("") != "");
  CHECK(refusal(std::string(1000000, '[')) != "");
  CHECK(refusal("{\"results\": {\"a\": [1, {\"hashed_secret\": 5, \"line_number\": -3, \"type\": []}], \"b\": 2}}") ==
        "");
}

TEST_CASE("our own baseline is not taken for another's") {
  CHECK_FALSE(looks_like_known_findings("# c\nlg1:00 r\n"));
  CHECK_FALSE(looks_like_known_findings(""));
  CHECK(looks_like_known_findings("\n [\n"));
}
