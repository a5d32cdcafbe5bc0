#include "libscan/secrets/value_purpose.hpp"

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
regex = '(?:[Pp]assword|\w*[Ss]ecret|\w*SECRET|\w*token|\w*[Kk]ey|APP_KEY)"?[:=] ?"?([^"\n]{3,60})'
keywords = ["password", "secret", "token", "key"]
severity = "high-risk"
judge_value = true
[[rules]]
id = "keystore"
path = '\.jks$'
severity = "high-risk"
judge_value = true
[[rules]]
id = "statefile"
path = '\.state$'
severity = "high-risk"
[[rules]]
id = "shop-url"
regex = 'shop://\w+:([^@\s]+)@[\w.]+'
keywords = ["shop://"]
severity = "launch-blocker"
validator = "url-credentials"
[[rules]]
id = "tomtom"
names = ["Tomtom"]
severity = "high-risk"
)toml";

std::string expand(std::string_view sample) { return *expand_sample(sample, 11); }

Severity severity(std::string_view path, std::string_view sample) {
  static const Matcher matcher = std::move(*Matcher::create(load_rules(kRules, "r.toml")->rules));
  auto scanner = BlobScanner::create(matcher, {});
  std::vector<Finding> found;
  Location where;
  where.path = path;
  scanner->scan(expand(sample), where, found);
  REQUIRE(found.size() == 1);
  return found[0].severity;
}

bool outside(std::string_view marked) {
  const std::size_t at = marked.find('|');
  return has_outside_host_near(marked, {at, at + 1});
}

bool shows_payload(std::string_view marked, std::string_view path) {
  const std::size_t at = marked.find('|');
  return is_in_payload_comment(marked, {at, at + 1}, path);
}

}  // namespace

TEST_CASE("a program's own secrets are told from those that services issue") {
  for (const char* own : {"JWT_SECRET", "app.jwt.secret", "APP_KEY", "SECRET_KEY_BASE", "nextAuthSecret",
                          "DB_ENCRYPTION_KEY", "DECRYPTION_KEYS", "SECRET_KEY", "play.http.secret.key"}) {
    CAPTURE(own);
    CHECK(is_own_secret(own));
  }
  for (const char* issued : {"STRIPE_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "PUSHER_APP_KEY", "API_TOKEN", "password"}) {
    CAPTURE(issued);
    CHECK_FALSE(is_own_secret(issued));
  }
}

TEST_CASE("a program's own secret can wait in tests, examples and a developer's settings, and not in a document") {
  const std::string_view own = "JWT_SECRET=<alnum:40>\n", issued = "API_token=<alnum:40>\n";
  for (const char* path : {"config/jwt.test.yml", "settings.example.yml", "application-dev.yml"}) {
    CAPTURE(path);
    CHECK(severity(path, own) == Severity::can_wait);
    CHECK(severity(path, issued) == Severity::high_risk);
  }
  for (const char* path : {"app.yml", "docker-compose.yml", "docs/deploy.md", "config/prod/application-dev.yml"}) {
    CAPTURE(path);
    CHECK(severity(path, own) == Severity::high_risk);
  }
}

TEST_CASE("a password of a person's in a developer's settings can wait unless it is for a service of the world") {
  const std::string_view near = "url: shop://ops:Copper<digit:4>!@db:5432/shop\n";
  const std::string_view far = "url: shop://ops:Copper<digit:4>!@db.shop.dev:5432/shop\n";
  CHECK(severity("docker-compose.yml", near) == Severity::can_wait);
  CHECK(severity("docker-compose.yml", far) == Severity::launch_blocker);
  CHECK(severity("docs/setup.md", far) == Severity::can_wait);
}

TEST_CASE("what a test sets Keycloak up with can wait, and what another place does not") {
  const std::string realm = "{ \"realm\": \"shop\",\n  \"accessTokenLifespan\": 300,\n  \"secret\": \"<alnum:32>\"\n";
  CHECK(severity("tests/keycloak/realm.json", realm) == Severity::can_wait);
  CHECK(severity("deploy/keycloak/realm.json", realm) == Severity::high_risk);
  CHECK(severity("tests/keycloak/realm.json", "{ \"realm\": \"shop\",\n  \"secret\": \"<alnum:32>\"\n") ==
        Severity::high_risk);
  CHECK(severity("tests/keycloak/realm.json", realm + ", \"url\": \"ldaps://ldap.shop.dev/\"") == Severity::high_risk);
}

TEST_CASE("what a machine made can wait in a test that names no service and no address of the world") {
  const std::string_view password = "password: \"<alnum:20>\"\n";
  CHECK(severity("src/login_test.go", password) == Severity::can_wait);
  CHECK(severity("fixtures/users.yml", password) == Severity::can_wait);
  CHECK(severity("src/login.go", password) == Severity::high_risk);
  CHECK(severity("tests/settings.yml", password) == Severity::high_risk);  // what tests run with may be in use
  CHECK(severity("docs/login.md", password) == Severity::high_risk);
  CHECK(severity("docs/openapi.yaml", password) == Severity::can_wait);
  CHECK(severity("spec/cassettes/login.yml", password) == Severity::high_risk);  // recorded from the world
  CHECK(severity("src/login_test.go", "tomtom token: \"<alnum:20>\"\n") == Severity::high_risk);
  CHECK(severity("src/login_test.go", "url: https://api.shop.dev/x\npassword: \"<alnum:20>\"\n") ==
        Severity::high_risk);
  CHECK(severity("src/login_test.go", "host: \"db.shop.dev\"\npassword: \"<alnum:20>\"\n") == Severity::high_risk);
  CHECK(severity("src/login_test.go", "host: \"localhost\"\npassword: \"<alnum:20>\"\n") == Severity::can_wait);
}

TEST_CASE("a name that promises little is none in a test or an example") {
  CHECK(severity("seeds/gateways.json", "\"gateway_key\": \"<hex:32>\"\n") == Severity::can_wait);
  CHECK(severity("app/gateways.json", "\"gateway_key\": \"<hex:32>\"\n") == Severity::high_risk);
  CHECK(severity("docs/gateways.md", "\"gateway_key\": \"<hex:32>\"\n") == Severity::high_risk);
}

TEST_CASE("what is valid for a while can wait in tests and documents") {
  CHECK(severity("docs/login.md", "  \"access_token\": \"<alnum:40>\"\n") == Severity::can_wait);
  CHECK(severity("docs/login.md", "  \"token\": \"<alnum:40>\"\n") == Severity::can_wait);  // what was answered
  CHECK(severity("docs/login.md", "token: <alnum:40>\n") == Severity::high_risk);
  CHECK(severity("docs/login.md", "  \"api_token\": \"<alnum:40>\"\n") == Severity::high_risk);
  CHECK(severity("app/login.json", "  \"access_token\": \"<alnum:40>\"\n") == Severity::high_risk);
}

TEST_CASE("the token of a badge is shown by intent, in a README or elsewhere") {
  CHECK(severity("README.md", "![x](https://sonarcloud.io/api/project_badges/measure?a=b&token=<hex:40>)\n") ==
        Severity::can_wait);
  CHECK(severity("README.md", "(https://qm.qq.com/cgi-bin/qm/qr?k=x&authKey=<alnum:64>)\n") == Severity::can_wait);
  CHECK(severity("README.md", "(https://shop.dev/qm.qq.com/?k=x&authKey=<alnum:64>)\n") == Severity::high_risk);
  CHECK(severity("README.md", "badge: https://shop.dev/api/measure?a=b&token=<hex:40>\n") == Severity::high_risk);
}

TEST_CASE("what begins as the description of an interface is one, whatever it is called") {
  const std::string_view shop = "  shop_token: \"<alnum:24>\"\n";
  CHECK(severity("docs/shop.yaml", "---\nopenapi: 3.0.3\n" + std::string(shop)) == Severity::can_wait);
  CHECK(severity("docs/shop.json", "{ \"swagger\": \"2.0\",\n" + std::string(shop)) == Severity::can_wait);
  CHECK(severity("docs/shop.yaml", "# of openapi\n" + std::string(shop)) == Severity::high_risk);
}

TEST_CASE("a sample of what is sent, in a comment of a program") {
  CHECK(severity("app/Hook.php", "/*\n{\n  \"token\": \"<hex:50>\"\n}\n*/\n") == Severity::can_wait);
  CHECK(severity("app/Hook.php", "/* a */\n{\n  \"token\": \"<hex:50>\"\n}\n") == Severity::high_risk);
  CHECK(severity("app/Hook.php", "/*\n{\n  \"password\": \"<alnum:20>\"\n}\n*/\n") == Severity::high_risk);
  CHECK(shows_payload("  /**\n   * \"|token\": 1\n", "a.ts"));
  CHECK_FALSE(shows_payload("  /**\n   * $config[\"|token\"] = 1\n", "a.php"));
  CHECK_FALSE(shows_payload("x = 'src/*'\n\"|token\": 1\n", "a.ts"));
  CHECK_FALSE(shows_payload("/*\n\"|token\": 1\n", "a.json"));
}

TEST_CASE("a rule of a file as a whole that judges lets it wait in tests") {
  CHECK(severity("src/test/resources/a.jks", "x") == Severity::can_wait);
  CHECK(severity("src/main/resources/a.jks", "x") == Severity::high_risk);
  CHECK(severity("docs/a.jks", "x") == Severity::high_risk);
  CHECK(severity("src/test/resources/a.state", "x") == Severity::high_risk);
}

TEST_CASE("hosts of the world are told from those of this machine, this network and the documentation") {
  CHECK(outside("https://api.shop.dev/x |"));
  CHECK(outside("user:pw@db.shop.dev | host = db.shop.dev"));
  CHECK(outside("| \"hostname\": \"db.shop.dev\""));
  CHECK_FALSE(outside("http://localhost:3000 | ws://127.0.0.1"));
  CHECK_FALSE(outside("https://example.com/ | https://shop.test"));
  CHECK_FALSE(outside("https://${HOST}.shop.dev |"));
  CHECK_FALSE(outside("post this | most of it"));
  CHECK(is_local_host("db"));
  CHECK(is_local_host("10.0.0.7"));
  CHECK_FALSE(is_local_host("8.8.8.8"));
}
