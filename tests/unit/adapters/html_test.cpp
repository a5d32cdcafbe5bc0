#include <doctest/doctest.h>

#include <limits>
#include <set>

#include "adapters/formats.hpp"
#include "adapters/html_chart.hpp"
#include "tests/support/reports.hpp"

using namespace launchgate;

namespace {

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string_view::npos; at += what.size()) ++n;
  return n;
}

const std::set<std::string> kOurs{"!doctype", "body",   "circle",  "code",  "div",  "h1",    "h2",  "h3",
                                  "head",     "header", "html",    "li",    "line", "meta",  "p",   "path",
                                  "pre",      "rect",   "section", "small", "span", "style", "svg", "table",
                                  "td",       "text",   "th",      "title", "tr",   "ul"};

// Everything between '<' and '>', end tags left out.
std::vector<std::string> tags(std::string_view page) {
  std::vector<std::string> result;
  for (std::size_t at = 0; (at = page.find('<', at)) != std::string_view::npos; ++at)
    if (page.substr(at + 1, 1) != "/") result.emplace_back(page.substr(at + 1, page.find('>', at) - at - 1));
  return result;
}

Sample sample(double ms) {
  Sample s;
  s.ms = ms;
  s.phases = {1, 2, 3, ms / 2, ms / 2};
  return s;
}

}  // namespace

TEST_CASE("html pages run nothing, load nothing, and foreign text opens no tag") {
  for (const testing::ReportCase& c : testing::report_cases()) {
    CAPTURE(c.name);
    const std::string page = adapters::render_html(c.report, c.verdict ? &*c.verdict : nullptr, {});
    for (const std::string& tag : tags(page)) {
      CAPTURE(tag);
      const std::string name = tag.substr(0, tag.find(' '));
      CHECK(kOurs.count(name) == 1);
      for (const std::string_view loads : {" src=", " href=", "url(", " on"}) CHECK(count(tag, loads) == 0);
    }
    CHECK(count(page, "@import") == 0);
    CHECK(count(page, "default-src 'none'") == 1);
    CHECK(count(page, "<section") == count(page, "</section>"));
  }
}

TEST_CASE("each sample is a mark, what never answered a cross, what is over the budget red") {
  CheckResult check;
  check.budget_ms = 100;
  check.samples = {sample(50), sample(150), sample(std::numeric_limits<double>::infinity()), sample(20)};
  check.samples[3].cold = true;
  const std::string svg = adapters::samples_svg(check);
  CHECK(count(svg, "circle class=\"good\"") == 1);
  CHECK(count(svg, "circle class=\"over\"") == 1);
  CHECK(count(svg, "path class=\"over\"") == 1);
  CHECK(count(svg, "circle class=\"cold\"") == 1);
  CHECK(count(svg, "class=\"budget\"") == 1);
  CHECK(count(svg, "hollow") == 1);
  CHECK(count(svg, "cross") == 1);
  const std::string phases = adapters::phases_svg(check);
  CHECK(count(phases, "<rect") == 5);
  CHECK(count(phases, "swatch") == 5);
  check.samples[0].phases.tls = 0;  // of no phase that was not: the median of 20, 50 and 150
  CHECK(count(adapters::phases_svg(check), "<rect") == 4);
  check.samples.resize(1);
  CHECK(adapters::samples_svg(check).empty());
}

TEST_CASE("pictures of odd numbers hold no odd numbers") {
  const double odd[] = {std::numeric_limits<double>::quiet_NaN(), -1, 0, 1e308,
                        std::numeric_limits<double>::infinity()};
  for (const double budget : odd)
    for (const double ms : odd) {
      CheckResult check;
      check.budget_ms = budget;
      check.samples = {sample(ms), sample(10)};
      const std::string svg = adapters::samples_svg(check) + adapters::phases_svg(check);
      CHECK(count(svg, "nan") == 0);
      CHECK(count(svg, "inf") == 0);
    }
  CheckResult none;
  CHECK(adapters::samples_svg(none).empty());
  CHECK(adapters::phases_svg(none).empty());
  none.samples.assign(100'000, sample(5));
  CHECK(adapters::samples_svg(none).size() < 200'000);
}
