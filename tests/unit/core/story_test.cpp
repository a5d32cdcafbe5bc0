#include "libscan/core/story.hpp"

#include <doctest/doctest.h>

using namespace launchgate;

namespace {

Finding finding(std::string secret, std::uint32_t order, std::string date, std::optional<bool> in_head) {
  Finding f;
  f.rule = "some-rule";
  f.secret_id = std::move(secret);
  f.where.path = "file" + std::to_string(order);
  f.where.commit = "commit" + std::to_string(order);
  f.where.date = std::move(date);
  f.story.emplace().order = order;
  f.story->in_head = in_head;
  return f;
}

}  // namespace

TEST_CASE("first and last by ancestry, not by date; commits are counted once") {
  std::vector<Finding> findings = {finding("s", 9, "2019", false), finding("s", 2, "2024", false),
                                   finding("other", 1, "2000", true), finding("s", 9, "2019", true)};
  tell_secrets(findings);
  for (const int i : {0, 1, 3}) {
    const SecretStory& secret = *findings[static_cast<std::size_t>(i)].story->secret;
    CHECK(secret.first_commit == "commit2");
    CHECK(secret.first_date == "2024");
    CHECK(secret.last_commit == "commit9");
    CHECK(secret.commits == 2);
    CHECK(secret.in_head == true);
  }
  CHECK(findings[2].story->secret->commits == 1);
}

TEST_CASE("what is not known is not said") {
  std::vector<Finding> findings = {finding("a", 1, "", false), finding("a", 2, "", std::nullopt),
                                   finding("b", 3, "", false), finding("c", 0, "", false)};
  findings.emplace_back().rule = "of a tree";
  tell_secrets(findings);
  CHECK_FALSE(findings[0].story->secret->in_head.has_value());  // one of them could not be looked up
  CHECK(findings[2].story->secret->in_head == false);
  CHECK_FALSE(findings[3].story->secret.has_value());
  CHECK_FALSE(findings[4].story.has_value());
}

TEST_CASE("without a value it is the fingerprint that ties findings together") {
  std::vector<Finding> findings = {finding("", 1, "", true), finding("", 2, "", true), finding("", 3, "", true)};
  findings[0].fingerprint = findings[2].fingerprint = "lg1:one";
  findings[1].fingerprint = "lg1:two";
  tell_secrets(findings);
  CHECK(findings[0].story->secret->commits == 2);
  CHECK(findings[1].story->secret->commits == 1);
}

TEST_CASE("of a secret in many versions of a file the oldest is kept and stands for all") {
  const auto version = [](std::uint32_t order, std::optional<bool> in_head, std::uint32_t line = 1) {
    Finding f = finding("s", order, "", in_head);
    f.where.path = "config.py";
    f.where.span.line = line;
    f.fingerprint = "lg1:one";
    return f;
  };
  std::vector<Finding> findings = {version(7, true), version(3, false, 2), version(3, false, 9), version(5, false)};
  findings.push_back(version(9, false));
  findings.back().where.path = "elsewhere.py";
  findings.push_back(version(8, false));
  findings.back().severity = Severity::launch_blocker;  // worse than what came before it: not to be lost
  findings.push_back(version(0, std::nullopt));         // of no known commit
  keep_first_of_each(findings);
  REQUIRE(findings.size() == 5);
  CHECK(findings[0].where.span.line == 2);
  CHECK(findings[1].where.span.line == 9);
  for (const int i : {0, 1}) {
    CHECK(findings[static_cast<std::size_t>(i)].story->versions == 3);
    CHECK(findings[static_cast<std::size_t>(i)].story->in_head == true);
  }
  CHECK(findings[2].where.path == "elsewhere.py");
  CHECK(findings[2].story->versions == 1);
  CHECK(findings[3].severity == Severity::launch_blocker);
  CHECK(findings[4].story->order == 0);
}

TEST_CASE("versions of which one is elsewhere in HEAD, or could not be looked up") {
  std::vector<Finding> findings = {finding("s", 1, "", false), finding("s", 2, "", true),
                                   finding("s", 3, "", std::nullopt), finding("t", 4, "", false),
                                   finding("t", 5, "", std::nullopt)};
  for (Finding& f : findings) {
    f.where.path = "a";
    f.fingerprint = f.secret_id;
  }
  findings[1].story->head_path = "b";
  keep_first_of_each(findings);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].story->in_head == true);
  CHECK(findings[0].story->head_path == "b");
  CHECK_FALSE(findings[1].story->in_head.has_value());
}
