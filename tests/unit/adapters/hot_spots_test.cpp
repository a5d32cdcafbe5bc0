#include "adapters/hot_spots.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/formats.hpp"

using namespace launchgate;
using namespace launchgate::adapters;

namespace {

void add(Report& report, const std::string& rule, const std::string& path, std::size_t times,
         Severity severity = Severity::high_risk) {
  for (std::size_t i = 0; i < times; ++i) {
    Finding f;
    f.rule = rule;
    f.severity = severity;
    f.where.path = path;
    report.findings.push_back(f);
  }
}

}  // namespace

TEST_CASE("a long list is summed up by rule, and by the file or deepest folder that holds three of four") {
  Report report;
  add(report, "jwt", "docs/api/v1/a.yaml", 3);
  add(report, "jwt", "docs/api/v2/a.yaml", 3);
  add(report, "password", "docs/a.md", 1);
  add(report, "password", "src/a.c", 1);
  CHECK(hot_spots(report, 5).empty());  // few enough to be read
  add(report, "key", "a.env", 4);
  add(report, "can-wait", "b/c.env", 40, Severity::can_wait);
  const auto spots = hot_spots(report, 5);
  REQUIRE(spots.size() == 3);
  CHECK(spots[0].rule == "jwt");
  CHECK(spots[0].count == 6);
  CHECK(spots[0].place == "docs/api/");
  CHECK(spots[0].inside == 6);
  CHECK(spots[1].rule == "key");
  CHECK(spots[1].place == "a.env");
  CHECK(spots[2].rule == "password");
  CHECK(spots[2].place.empty());
  CHECK(hot_spots(report, 2).size() == 2);
}

TEST_CASE("the text report shows them in front of what was looked at, hostile names inert") {
  Report report;
  add(report, "jwt", "docs/\x1b[2J::error::/a.yaml", 11);
  add(report, "jwt", "docs/b.yaml", 2);
  const std::string text = render_text(report, nullptr, {});
  const std::size_t at = text.find("Where most of them are:");
  REQUIRE(at != std::string::npos);
  CHECK(at < text.find("Looked at"));
  CHECK(text.find("jwt  11 in docs/", at) != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  Report few;
  add(few, "jwt", "docs/a.yaml", 3);
  CHECK(render_text(few, nullptr, {}).find("Where most") == std::string::npos);
}
