// Every output of a format that has a schema is valid by it, hostile reports included.
#include <doctest/doctest.h>

#include <functional>

#include "adapters/registry.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/reports.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;

namespace {

std::string render(const testing::ReportCase& c, std::string_view format) {
  return adapters::find(format)->render(c.report, c.verdict ? &*c.verdict : nullptr, testing::golden_options());
}

// False, with a message, when the schema is not on this machine.
bool schema_text(const std::string& name, std::string& out) {
  const auto path = testing::shared_path(LG_SOURCE_DIR, "schemas/" + name);
  if (!path) {
    MESSAGE("skipped: no " << name << " in LG_SHARED or ../shared");
    return false;
  }
  out = testing::read_text(*path);
  return true;
}

void check_schema(const std::string& schema_name, std::string_view format) {
  std::string schema;
  if (!schema_text(schema_name, schema)) return;
  for (const testing::ReportCase& c : testing::report_cases()) {
    CAPTURE(c.name);
    for (const std::string& e : testing::schema_errors(schema, render(c, format))) FAIL_CHECK(e);
  }
}

}  // namespace

TEST_CASE("the validator sees what is wrong") {
  constexpr std::string_view kSchema = R"({"type":"object","required":["a"],"properties":{"a":{"type":"integer",
    "minimum":1},"b":{"$ref":"#/definitions/word"}},"additionalProperties":false,
    "definitions":{"word":{"type":"string","pattern":"^[a-z]+$","maxLength":3}}})";
  CHECK(testing::schema_errors(kSchema, R"({"a":1,"b":"xyz"})").empty());
  for (const std::string_view wrong : {"[]", "{", "{}", R"({"a":0})", R"({"a":"1"})", R"({"a":1,"b":"X"})",
                                       R"({"a":1,"b":"wxyz"})", R"({"a":1,"c":1})"}) {
    CAPTURE(wrong);
    CHECK_FALSE(testing::schema_errors(kSchema, wrong).empty());
  }
}

TEST_CASE("sarif is valid SARIF") { check_schema("sarif-2.1.0.json", "sarif"); }
TEST_CASE("sarif has what GitHub code scanning wants") { check_schema("github-code-scanning-profile.json", "sarif"); }
TEST_CASE("gitlab is a code quality report") { check_schema("gitlab-codequality.json", "gitlab"); }
TEST_CASE("gitlab-secret-detection is one") { check_schema("gl-secret-detection-15.json", "gitlab-secret-detection"); }

TEST_CASE("rdjsonl is a Diagnostic a line") {
  std::string schema;
  if (!schema_text("rdjson-Diagnostic.json", schema)) return;
  for (const testing::ReportCase& c : testing::report_cases()) {
    CAPTURE(c.name);
    for (const std::string& line : testing::split(render(c, "rdjsonl"), '\n'))
      for (const std::string& e : testing::schema_errors(schema, line)) FAIL_CHECK(e);
  }
}

TEST_CASE("junit is valid by the strict schema") {
  const auto schema = testing::shared_path(LG_SOURCE_DIR, "schemas/junit-windyroad.xsd");
  testing::TempDir dir;
  if (!schema || testing::run({"xmllint", "--version"}, dir.path()).status != 0) {
    MESSAGE("skipped: no junit-windyroad.xsd in LG_SHARED or ../shared, or no xmllint");
    return;
  }
  for (const testing::ReportCase& c : testing::report_cases()) {
    CAPTURE(c.name);
    dir.write("junit.xml", render(c, "junit"));
    const testing::Output out = testing::run({"xmllint", "--noout", "--schema", *schema, "junit.xml"}, dir.path());
    CAPTURE(out.err);
    CHECK(out.status == 0);
  }
}
