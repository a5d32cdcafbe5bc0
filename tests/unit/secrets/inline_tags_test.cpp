#include "libscan/secrets/inline_tags.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

// The tag for the value "VALUE" in the text, "" when there is none or it is not honoured.
std::string tag(const std::string& text, std::string_view rule = "jwt", std::string_view value = "VALUE") {
  const std::size_t at = text.find(value);
  REQUIRE(at != std::string::npos);
  const auto found = InlineTags(text).find({at, at + value.size()}, rule);
  return found && found->honoured ? std::string(found->name) : "";
}

}  // namespace

TEST_CASE("tags on the line itself") {
  for (const char* t : {"gitleaks:allow", "betterleaks:allow", "trufflehog:ignore", "kingfisher:ignore", "ggignore",
                        "pragma: allowlist secret", "secretlint-disable-line"}) {
    CAPTURE(t);
    CHECK(tag("a = VALUE # " + std::string(t) + "\n") == t);
    CHECK(tag("/* " + std::string(t) + " */ a = VALUE") == t);
    CHECK(tag("# " + std::string(t) + "\n\na = VALUE\n") == "");
    CHECK(tag("a = VALUE\n# " + std::string(t) + "\n") == "");
    CHECK(tag("a = VALUE # " + std::string(t) + "ed\n") == "");
  }
  CHECK(tag("a = VALUE # pragma:whitelist-secret") == "pragma: allowlist secret");
  CHECK(tag("a = VALUE # pragma: allowlist nextline secret") == "");
}

TEST_CASE("tags on the line before") {
  CHECK(tag("# kingfisher:ignore\na = VALUE\n") == "kingfisher:ignore");
  CHECK(tag("# pragma: allowlist nextline secret\r\na = VALUE\n") == "pragma: allowlist nextline secret");
  CHECK(tag("// secretlint-disable-next-line\na = VALUE\n") == "secretlint-disable-next-line");
  CHECK(tag("# gitleaks:allow\na = VALUE\n") == "");
  CHECK(tag("# pragma: allowlist secret\na = VALUE\n") == "");
}

TEST_CASE("every line of a match counts, and for kingfisher the one that closes it") {
  CHECK(tag("x = 'BEGIN\nmid # gitleaks:allow\nEND'\n", "jwt", "BEGIN\nmid # gitleaks:allow\nEND") == "gitleaks:allow");
  CHECK(tag("BEGIN\nEND\n''' # kingfisher:ignore\n", "jwt", "BEGIN\nEND") == "kingfisher:ignore");
  CHECK(tag("VALUE\n''' # kingfisher:ignore\n") == "");
}

TEST_CASE("secretlint's blocks") {
  const std::string text =
      "one\n/* secretlint-disable */\ntwo\n// secretlint-enable\nthree\n// secretlint-disable x\nfour";
  CHECK(tag(text, "jwt", "one") == "");
  CHECK(tag(text, "jwt", "two") == "secretlint-disable");
  CHECK(tag(text, "jwt", "three") == "");
  CHECK(tag(text, "jwt", "four") == "secretlint-disable");
}

TEST_CASE("ours: for all rules or those it names, on the line or the next") {
  CHECK(tag("a = VALUE # launchgate:allow -- made up") == "launchgate:allow");
  CHECK(tag("a = VALUE # launchgate:allow jwt -- made up") == "launchgate:allow");
  CHECK(tag("a = VALUE # launchgate:allow x, jwt -- made up") == "launchgate:allow");
  CHECK(tag("a = VALUE # launchgate:allow x, y -- made up") == "");
  CHECK(tag("# launchgate:allow-next-line jwt -- made up\na = VALUE\n") == "launchgate:allow-next-line");
  CHECK(tag("# launchgate:allow jwt -- made up\na = VALUE\n") == "");
  CHECK(tag("a = VALUE # launchgate:allow x -- made up # launchgate:allow jwt -- also") == "launchgate:allow");
}

TEST_CASE("ours need a reason; the finding learns that it was missing") {
  const auto found = [](const std::string& text) { return InlineTags(text).find({4, 9}, "jwt"); };
  CHECK(found("a = VALUE # launchgate:allow -- made up ")->reason == "made up");
  CHECK(found("a = VALUE /* launchgate:allow jwt -- made up */")->reason == "made up");
  CHECK(found("a = VALUE <!-- launchgate:allow jwt -- made up -->")->reason == "made up");
  for (const char* bad :
       {"a = VALUE # launchgate:allow", "a = VALUE # launchgate:allow jwt", "a = VALUE # launchgate:allow --",
        "a = VALUE <!-- launchgate:allow -->", "a = VALUE /* launchgate:allow jwt */"}) {
    CAPTURE(bad);
    REQUIRE(found(bad));
    CHECK_FALSE(found(bad)->honoured);
  }
  CHECK_FALSE(found("a = VALUE"));
}

TEST_CASE("a tag far away on an endless line excuses nothing") {
  CHECK(tag("VALUE" + std::string(10000, 'x') + " gitleaks:allow") == "");
}

TEST_CASE("hostile texts cost little") {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "secretlint-disable secretlint-\n";
  InlineTags tags(text);
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t at = 0; at < text.size(); at += 1000) tags.find({at, at + 10}, "jwt");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}
