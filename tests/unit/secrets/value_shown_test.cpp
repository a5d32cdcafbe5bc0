#include "libscan/secrets/value_shown.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "libscan/core/finding.hpp"
#include "libscan/secrets/blob_scanner.hpp"
#include "libscan/secrets/rule_loader.hpp"
#include "libscan/secrets/sample.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

constexpr std::string_view kRules = R"toml(
[[rules]]
id = "generic-shop"
regex = '(?:[Pp]assword|\w*[Tt]oken|\w*SECRET)"?(?: ?[:=] ?)"?([^"\s&]{3,60})'
keywords = ["password", "secret", "token"]
severity = "high-risk"
judge_value = true
[[rules]]
id = "market"
regex = 'market_live_[0-9A-Za-z]{24}'
keywords = ["market"]
severity = "high-risk"
[[rules]]
id = "vendor"
regex = 'vendor\w*Token = "([0-9A-Z]{24})'
keywords = ["vendor"]
severity = "high-risk"
)toml";

std::vector<Finding> scan(std::string_view path, std::string_view sample) {
  static const Matcher matcher = std::move(*Matcher::create(load_rules(kRules, "r.toml")->rules));
  auto scanner = BlobScanner::create(matcher, {});
  std::vector<Finding> found;
  Location where;
  where.path = path;
  scanner->scan(*expand_sample(sample, 11), where, found);
  return found;
}

Severity severity(std::string_view path, std::string_view sample) {
  const std::vector<Finding> found = scan(path, sample);
  REQUIRE(found.size() == 1);
  return found[0].severity;
}

// Is the place of the vertical bar in what describes a program?
bool described(std::string marked, std::string_view path) {
  const std::size_t at = marked.find('|');
  marked.erase(at, 1);
  return is_in_doc_comment(marked, at, path);
}

bool under_example(std::string marked) {
  const std::size_t at = marked.find('|');
  marked.erase(at, 1);
  return is_under_example(marked, at);
}

std::string address(std::size_t size, unsigned seed) {
  return *expand_sample("<base58:" + std::to_string(size) + ">", seed);
}

}  // namespace

TEST_CASE("comments, doc strings and help describe a program") {
  CHECK(described("/**\n * token = |x", "a.php"));
  CHECK_FALSE(described("/**\n * token = |x", "a.md"));
  CHECK_FALSE(described("// token = |x", "a.php"));
  CHECK(described("EXAMPLES = r\'\'\'\n- shop:\n    password: |x\n\'\'\'", "a.py"));
  CHECK(described("def f(x):\n    \"\"\"Does it.\n\n    >>> f(token='|x')\n    \"\"\"", "a.py"));
  CHECK_FALSE(described("def f(x):\n    \"\"\"Does it.\"\"\"\n    token='|x'", "a.py"));
  CHECK(described("def f(x):\n    \"\"\"\n    >>> f(token=\'|x\')\n    \"\"\"", "a.py"));
  CHECK_FALSE(described("EXAMPLES = \"\"\"\n\"\"\"\npassword = \'|x\'", "a.py"));
  CHECK_FALSE(described("SETTINGS = \"\"\"\npassword: |x\n\"\"\"", "a.py"));
  CHECK(described("1;\n=head1 USE\n\n  f(token => '|x');\n\n=cut\n", "a.pm"));
  CHECK_FALSE(described("=head1 USE\n\n=cut\n\nmy $token = '|x';\n", "a.pm"));
  CHECK(described("x;\n\n=head1 USE\n\n  f(token => '|x');\n", "a.pl"));
  CHECK_FALSE(described("x\n=7;\nmy $token = '|x';\n", "a.pl"));
  CHECK(described("<#\n.EXAMPLE\n    PS> f -Password |x\n#>", "a.ps1"));
  CHECK_FALSE(described("<#\n.EXAMPLE\n#>\n$password = \'|x\'", "a.ps1"));
  CHECK_FALSE(described("<# of the shop\n$password = \'|x\' #>", "a.ps1"));
}

TEST_CASE("what Elixir's documentation and a command in Go say to users describes a program") {
  CHECK(described("  @doc \"\"\"\n  Logs in.\n\n      login(\"|x\")\n  \"\"\"", "a.ex"));
  CHECK(described("  @moduledoc ~S\"\"\"\n      token: \"|x\"\n", "a.ex"));
  CHECK_FALSE(described("  @doc \"\"\"\n  Logs in.\n  \"\"\"\n  token = \"|x\"\n", "a.ex"));
  CHECK_FALSE(described("  @query \"\"\"\n      token: \"|x\"\n", "a.ex"));
  CHECK(described("\tExample: `shop login --password |x`,", "a.go"));
  CHECK(described("\tLong: `Logs in.\n\n  shop login --password |x`,", "a.go"));
  CHECK_FALSE(described("\tLong: `Logs in.`,\n\tPassword: \"|x\",", "a.go"));
  CHECK(described("const loginExample = `shop login --password |x`", "a.go"));
  CHECK_FALSE(described("\tQuery: `password=|x`,", "a.go"));
  const std::string own = "@doc \"\"\"\n  SHOP_COOKIE_SECRET=\"<alnum:40>\"\n";  // made to show, and opens nothing
  CHECK(severity("a.ex", own) == Severity::can_wait);
  CHECK(severity("a.ex", "x = \"\"\"\n  SHOP_COOKIE_SECRET=\"<alnum:40>\"\n") == Severity::high_risk);
}

TEST_CASE("what a line expects of a test is the test's") {
  CHECK(severity("a.ex", "  assert login(password: \"marigold\")\n") == Severity::can_wait);
  CHECK(severity("a.js", "  expect(f({ password: \"marigold\" })).toBe(1)\n") == Severity::can_wait);
  CHECK(severity("a.py", "  self.assertTrue(f(password=\"marigold\"))\n") == Severity::can_wait);
  CHECK(severity("a.ex", "  assert(x)\n  password: \"marigold\"\n") == Severity::high_risk);
  CHECK(severity("a.ex", "  assert login(password: \"<alnum:24>\")\n") == Severity::high_risk);
}

TEST_CASE("whoever sees a page has the address of its pictures") {
  const std::string address = "image: https://files.shop.dev/o/a.", query = "?alt=media&token=<uuid>\n";
  CHECK(severity("a.gql", address + "jpeg" + query) == Severity::can_wait);
  CHECK(severity("a.gql", address + "json" + query) == Severity::high_risk);
  CHECK(severity("a.gql", "a.jpeg " + address + "json" + query) == Severity::high_risk);
}

TEST_CASE("what a document sends to a service of the same machine opens that one") {
  const std::string head = "curl -H 'X: token=<alnum:40>' \\\n  -X PUT http://", end = "/api\n";
  CHECK(severity("docs/a.md", head + "localhost:3000" + end) == Severity::can_wait);
  CHECK(severity("docs/a.md", head + "shop.dev" + end) == Severity::high_risk);
  CHECK(severity("deploy.sh", head + "localhost:3000" + end) == Severity::high_risk);
  CHECK(severity("docs/a.md", "curl -H 'X: token=<alnum:40>' https://shop.dev\ncurl http://localhost\n") ==
        Severity::high_risk);
}

TEST_CASE("a name may say that it opens nothing, and a program that it stands in for a service") {
  CHECK(severity("a.go", "expiredToken = \"<alnum:40>\"\n") == Severity::can_wait);
  CHECK(severity("a.go", "shopToken = \"<alnum:40>\"\n") == Severity::high_risk);
  CHECK(severity("shop_mock.go", "vendorTestToken = \"<base32:24>\"\n") == Severity::can_wait);
  CHECK(severity("shop_mock.go", "vendorShopToken = \"<base32:24>\"\n") == Severity::high_risk);
  CHECK(severity("shop.go", "vendorTestToken = \"<base32:24>\"\n") == Severity::high_risk);
}

TEST_CASE("what looks made up can wait where a program is described, and is found where it runs") {
  CHECK(severity("a.py", "EXAMPLES = \"\"\"\n- password: \"marigold\"\n") == Severity::can_wait);
  CHECK(severity("a.py", "EXAMPLES = \"\"\"\n\"\"\"\npassword = \"marigold\"\n") == Severity::high_risk);
  CHECK(severity("a.py", "EXAMPLES = \"\"\"\n- password: \"<alnum:24>\"\n") == Severity::high_risk);
  CHECK(severity("a.ps1", "<#\n.EXAMPLE\n    password=\"marigold\"\n#>\n") == Severity::can_wait);
  CHECK(severity("a.ps1", "<#\n.EXAMPLE\n#>\n$password = \"marigold\"\n") == Severity::high_risk);
}

TEST_CASE("a comment that announces an example") {
  CHECK(under_example("a: 1\n## Example:\n## key: |x"));
  CHECK(under_example("  // e.g.:\n  //   key: {\n  //     |x"));
  CHECK_FALSE(under_example("# Example:\nkey: |x"));
  CHECK_FALSE(under_example("# Example:\n\n# key: |x"));
  CHECK_FALSE(under_example("# key example: |x"));
  CHECK(severity("values.yaml", "## e.g:\n##   password: \"<alnum:24>\"\n") == Severity::can_wait);
  CHECK(severity("values.yaml", "## of old\n##   password: \"<alnum:24>\"\n") == Severity::high_risk);
  CHECK(severity("values.yaml", "## e.g:\n##   market_live_<alnum:24>\n") ==
        Severity::high_risk);  // opens what it names
  CHECK(severity("values.yaml", "## e.g:\npassword: \"<alnum:24>\"\n") == Severity::high_risk);
}

TEST_CASE("an address that a session of AWS signed has had its day") {
  const std::string_view path = "x https://shop.s3.amazonaws.com/a.pdf?AWSAccessKeyId=";
  const std::string_view rest = "&Expires=1440104129&Signature=a%3D&x-amz-security-token=<alnum:50>\n";
  const std::string session = std::string(path) + "ASIA<base32:16>" + std::string(rest);
  const std::string lasting = std::string(path) + "AKIA<base32:16>" + std::string(rest);
  CHECK(severity("a.link", session) == Severity::can_wait);
  CHECK(severity("a.link", lasting) == Severity::high_risk);
  const std::string signature = "GET https://shop.dev/a?X-Amz-Expires=3600&X-Amz-Credential=market_live_<alnum:24>";
  CHECK(severity("a.link", signature + "&X-Amz-Signature=a\n") == Severity::can_wait);  // its id, and no secret
  CHECK(severity("a.link", signature + "\n") == Severity::high_risk);
  CHECK(scan("a.link", session + "password: <alnum:20>\n").back().severity == Severity::high_risk);
}

TEST_CASE("addresses of a block chain are no tokens, and one alone may be") {
  const std::string token = address(44, 1), others = " from " + address(44, 2) + " to " + address(43, 3) + "\n";
  CHECK(scan("docs/a.md", "  Token: " + token + "\n" + others).empty());
  CHECK(scan("docs/a.md", "  Token: " + token + "\n").size() == 1);
  CHECK(scan("docs/a.md", "  SECRET: " + token + "\n" + others).size() == 1);
  CHECK(scan("docs/a.md", "  Token: " + address(40, 1) + "\n" + others).size() == 1);
}
