// What platforms take no more of: cut worst first, and said.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "tests/support/ci_commands.hpp"
#include "tests/support/reports.hpp"

using namespace launchgate;
using nlohmann::json;

namespace {

// `n` findings in rising line order, of which every tenth is a launch blocker and the others can wait.
Report many(std::size_t n) {
  Report r;
  r.version = "0.1.0";
  r.mode = "tree";
  for (std::size_t i = 1; i <= n; ++i) {
    Finding f;
    f.rule = "rule-" + std::to_string(i % 7);
    f.severity = i % 10 == 0 ? Severity::launch_blocker : Severity::can_wait;
    f.where.path = "a.txt";
    f.where.span = {static_cast<std::uint32_t>(i), 1, static_cast<std::uint32_t>(i), 2};
    f.message = "Something stands here.";
    f.fingerprint = "lg1:" + std::to_string(i % 100);
    r.findings.push_back(f);
  }
  return r;
}

json sarif_run(const Report& r, const adapters::RenderOptions& options = {}) {
  return json::parse(adapters::render_sarif(r, nullptr, options))["runs"][0];
}

}  // namespace

TEST_CASE("sarif keeps GitHub's 5,000 results, the worst of them, and tells of the rest") {
  const json run = sarif_run(many(6000));
  REQUIRE(run["results"].size() == 5000);
  for (std::size_t i = 0; i < 5000; ++i) CHECK((run["results"][i]["level"] == "error") == (i < 600));
  const std::string told = run["invocations"][0]["toolExecutionNotifications"].dump();
  CHECK(told.find("1000 less severe results are left out") != std::string::npos);
  CHECK(sarif_run(many(5000))["invocations"][0]["toolExecutionNotifications"].empty());
}

TEST_CASE("sarif keeps the file's line hash, and makes one of the fingerprint where there is none") {
  Report r = many(3);
  r.findings[0].line_hash = "1f2e:3";
  r.findings[1].line_hash = "<script>";
  const json results = sarif_run(r)["results"];
  std::set<std::string> seen;
  for (const json& result : results) {
    const std::string hash = result["partialFingerprints"]["primaryLocationLineHash"];
    CHECK(hash.find('<') == std::string::npos);
    CHECK(seen.insert(hash).second);
  }
  CHECK(seen.contains("1f2e:3"));
}

TEST_CASE("sarif of runs with different questions have categories of their own") {
  Report r = many(0);
  const auto id = [&](const std::string& mode, adapters::RenderOptions options = {}) {
    r.mode = mode;
    return sarif_run(r, options)["automationDetails"]["id"].get<std::string>();
  };
  CHECK(id("tree") == "launchgate/");
  CHECK(id("range") == "launchgate/");
  CHECK(id("history") == "launchgate-history/");
  adapters::RenderOptions options;
  options.category = "web";
  CHECK(id("tree", options) == "web/");
}

TEST_CASE("github annotates ten of a level, gaps before findings, and counts the rest") {
  Report r = many(500);
  r.coverage.skip("unreadable", "x", true);
  const std::string out = adapters::render_github(r, nullptr, {});
  const auto commands = testing::ci_commands(out);
  const auto level = [&](const std::string& name) {
    return std::count_if(commands.begin(), commands.end(), [&](const auto& c) { return c.name == name; });
  };
  CHECK(level("error") == 10);
  CHECK(level("warning") == 0);
  CHECK(level("notice") == 10);
  CHECK(commands[0].message.find("Could not look at 1 unreadable (x)") != std::string::npos);
  CHECK(out.find("launchgate: 481 more are not annotated") != std::string::npos);  // 500 + 1 - 20
}

TEST_CASE("markdown fits a comment, a summary its step, whole rows only") {
  const Report r = many(20000);
  const std::string comment = adapters::render_markdown(r, nullptr, {});
  CHECK(comment.size() <= 65536);
  CHECK(comment.find(" not shown here: it would not fit.") != std::string::npos);
  CHECK(comment.find("</details>") != std::string::npos);
  const std::string summary = adapters::render_github_summary(r, nullptr, {});
  CHECK(summary.size() <= 1024 * 1024);
  CHECK(summary.size() > comment.size());
}

TEST_CASE("gitlab fingerprints are unique and know no line") {
  Report r = many(1000);
  const auto fingerprints = [](const Report& report) {
    std::multiset<std::string> out;
    for (const json& issue : json::parse(adapters::render_gitlab(report, nullptr, {})))
      out.insert(issue["fingerprint"]);
    return out;
  };
  const auto before = fingerprints(r);
  CHECK(std::set<std::string>(before.begin(), before.end()).size() == 1000);
  for (Finding& f : r.findings) f.where.span.line += 10;  // ten lines put in above
  CHECK(fingerprints(r) == before);
  CHECK(adapters::render_gitlab(Report(), nullptr, {}) == "[]\n");  // clean is an empty array
}

TEST_CASE("nothing found is not said where something could not be judged") {
  for (const testing::ReportCase& c : testing::report_cases()) {
    if (c.name != "undecided") continue;
    CHECK(adapters::render_text(c.report, nullptr, {}).find("Nothing found.") == std::string::npos);
    CHECK(adapters::render_junit(c.report, nullptr, {}).find("errors=\"1\"") != std::string::npos);
    CHECK(adapters::render_gitlab(c.report, nullptr, {}) != "[]\n");
    CHECK(adapters::render_github(c.report, nullptr, {}).find("::error title=Undecided") == 0);
    CHECK(adapters::render_github_output(c.report, nullptr, {}).find("decided=false\n") != std::string::npos);
    CHECK(sarif_run(c.report)["invocations"][0]["executionSuccessful"] == false);
  }
  // A check that decides and was skipped is as open; one that decides nothing is only told.
  Report skipped;
  CheckResult check;
  check.id = "api";
  check.title = "API health";
  check.outcome = Outcome::skipped;
  check.reason = "Skipped by the configuration.";
  skipped.checks = {check};
  CHECK(adapters::render_github_output(skipped, nullptr, {}).find("decided=false\n") != std::string::npos);
  CHECK(adapters::render_github(skipped, nullptr, {}).find("API health: Skipped by the configuration.") !=
        std::string::npos);
  CHECK(adapters::render_text(skipped, nullptr, {}).find("Nothing found.") == std::string::npos);
  skipped.checks[0].severity = Severity::can_wait;
  CHECK(adapters::render_github_output(skipped, nullptr, {}).find("decided=true\n") != std::string::npos);
}

TEST_CASE("junit is red for what the gate is red for") {
  Report r = many(10);  // one launch blocker, nine can wait
  adapters::RenderOptions options;
  CHECK(adapters::render_junit(r, nullptr, options).find("failures=\"1\" errors=\"0\" skipped=\"9\"") !=
        std::string::npos);
  r.fail_on = Severity::can_wait;
  CHECK(adapters::render_junit(r, nullptr, options).find("failures=\"10\" errors=\"0\" skipped=\"0\"") !=
        std::string::npos);
}
