#include "adapters/report_json.hpp"

#include <doctest/doctest.h>

#include "libscan/core/text.hpp"
#include "tests/support/reports.hpp"

using namespace launchgate;
using namespace launchgate::adapters;

namespace {

std::string written(const SavedReport& saved) {
  return report_to_json(saved.report, saved.verdict ? &*saved.verdict : nullptr);
}

Result<SavedReport> reread(const testing::ReportCase& c) {
  return report_from_json(report_to_json(c.report, c.verdict ? &*c.verdict : nullptr), "r.json");
}

}  // namespace

TEST_CASE("every report reads back as itself") {
  for (const testing::ReportCase& c : testing::report_cases()) {
    CAPTURE(c.name);
    const auto once = reread(c);
    REQUIRE(once.has_value());
    CHECK(written(*once) == report_to_json(c.report, c.verdict ? &*c.verdict : nullptr));
    REQUIRE(once->report.findings.size() == c.report.findings.size());
    for (std::size_t i = 0; i < c.report.findings.size(); ++i) {
      const Finding& was = c.report.findings[i];
      const Finding& is = once->report.findings[i];
      CHECK(is.where.path == was.where.path);  // any bytes
      CHECK(is.where.span == was.where.span);
      CHECK(is.message == valid_utf8(was.message));
      CHECK(is.excerpt.mark_width == was.excerpt.mark_width);
      CHECK(is.line_hash == valid_utf8(was.line_hash));
    }
    REQUIRE(once->report.checks.size() == c.report.checks.size());
    for (std::size_t i = 0; i < c.report.checks.size(); ++i) {
      CHECK(once->report.checks[i].outcome == c.report.checks[i].outcome);
      CHECK(once->report.checks[i].samples.size() == c.report.checks[i].samples.size());
    }
    CHECK(once->verdict.has_value() == c.verdict.has_value());
  }
}

TEST_CASE("a sample that never answered stays infinite") {
  for (const testing::ReportCase& c : testing::report_cases()) {
    if (c.name != "gate") continue;
    const auto saved = reread(c);
    REQUIRE(saved.has_value());
    CHECK(saved->report.checks[1].samples[0].ms == c.report.checks[1].samples[0].ms);
  }
}

TEST_CASE("what is no report is refused with its place") {
  const auto error = [](std::string_view text) {
    const auto r = report_from_json(text, "r.json");
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error().code == ErrorCode::config);
    return r.error().what;
  };
  CHECK(error("") == "r.json: not a launchgate report");
  CHECK(error("[1]") == "r.json: not a launchgate report");
  CHECK(error("{\"format\":1}") == "r.json: not a launchgate report");
  CHECK(error(std::string(100000, '[')) == "r.json: not a launchgate report");
  CHECK(error("{\"format\":\"launchgate-report\",\"format_version\":2}") ==
        "r.json: report format 2 is not the one this program reads (1)");
  CHECK(error("{\"format\":\"launchgate-report\",\"format_version\":1,\"version\":7}") ==
        "r.json: /version is not a string");

  std::string text = report_to_json(testing::report_cases()[1].report, nullptr);
  const std::size_t at = text.find("\"severity\":\"launch-blocker\"");
  REQUIRE(at != std::string::npos);
  text.replace(at, 27, "\"severity\":\"catastrophic!!\"");
  CHECK(error(text) == "r.json: /findings/1/severity is none of the words it may be");
}
