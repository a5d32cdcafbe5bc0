#include "libscan/core/merge.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace launchgate;

namespace {

Finding finding(std::string path, std::uint32_t line, std::string commit = "") {
  Finding f;
  f.rule = "r";
  f.where.path = std::move(path);
  f.where.span = {line, 1, line, 9};
  f.where.commit = std::move(commit);
  f.fingerprint = "lg1:0";
  return f;
}

Report part(std::string shard, std::vector<Finding> findings) {
  Report r;
  r.version = "0.1.0";
  r.mode = "history";
  r.target = ".";
  r.shard = std::move(shard);
  r.findings = std::move(findings);
  r.coverage.files = 10;
  r.coverage.bytes = 100;
  r.coverage.commits = 7;
  RuleInfo rule;
  rule.id = "r";
  r.rules = {rule};
  r.notes = {{Note::Level::info, "said by each", ""}};
  return r;
}

}  // namespace

TEST_CASE("the shards of a history make the whole, in any order") {
  const std::vector<Report> parts{part("1/3", {finding("a", 1, "c1"), finding("b", 2, "c1")}), part("2/3", {}),
                                  part("3/3", {finding("a", 2, "c2"), finding("a", 1, "c1")})};
  std::vector<std::size_t> order{0, 1, 2};
  do {
    const auto whole = merge_reports({parts[order[0]], parts[order[1]], parts[order[2]]});
    REQUIRE(whole.has_value());
    REQUIRE(whole->findings.size() == 3);  // the one two shards found is one
    CHECK(std::is_sorted(whole->findings.begin(), whole->findings.end(), report_order));
    CHECK(whole->coverage.files == 30);
    CHECK(whole->coverage.commits == 7);
    CHECK(whole->coverage.complete());
    CHECK(whole->rules.size() == 1);
    CHECK(whole->notes.size() == 1);
    CHECK(whole->mode == "history");
    CHECK(whole->shard.empty());
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("a shard that did not come was not looked at") {
  const auto whole = merge_reports({part("1/4", {}), part("3/4", {}), part("3/4", {})});
  REQUIRE(whole.has_value());
  CHECK_FALSE(whole->coverage.complete());
  REQUIRE(whole->coverage.skipped.size() == 1);
  CHECK(whole->coverage.skipped[0].count == 2);
  CHECK(whole->coverage.skipped[0].examples == std::vector<std::string>{"2/4", "4/4"});
}

TEST_CASE("what one part could not look at, the whole has not looked at") {
  Report broken = part("2/2", {});
  broken.coverage.skip("corrupt", "pack-1", true);
  const auto whole = merge_reports({part("1/2", {}), broken});
  REQUIRE(whole.has_value());
  CHECK_FALSE(whole->coverage.complete());
}

TEST_CASE("runs of different questions join too, under the strictest gate") {
  Report tree = part("", {finding("a", 1)});
  tree.fail_on = Severity::can_wait;
  tree.mode = "tree";
  const auto whole = merge_reports({tree, part("", {finding("a", 1, "c1")})});
  REQUIRE(whole.has_value());
  CHECK(whole->mode == "tree, history");
  CHECK(whole->fail_on == Severity::can_wait);
  CHECK(whole->findings.size() == 2);
}

TEST_CASE("what cannot be one whole is refused") {
  CHECK_FALSE(merge_reports({}).has_value());
  CHECK_FALSE(merge_reports({part("1/2", {}), part("2/3", {})}).has_value());
  for (const char* shard : {"0/2", "3/2", "x", "1/", "/2", "1/2x", "1/999999999"}) {
    CAPTURE(shard);
    CHECK_FALSE(merge_reports({part(shard, {})}).has_value());
  }
  Report other = part("2/2", {});
  other.version = "0.2.0";
  const auto refused = merge_reports({part("1/2", {}), other});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::usage);
}
