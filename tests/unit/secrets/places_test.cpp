// Where people leave secrets, and in which forms: what stands between « and » is found as it stands, no more and no
// less, and stops a release; or it is a stand-in, and does not. Templates as in rules/*.toml.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catalogue.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

struct Case {
  std::string_view path;
  std::string_view text;
};

// The values that are found in `text` and stop a release, joined by blanks.
std::string stopping(std::string_view text, std::string_view path) {
  std::vector<Match> matches;
  catalogue().matcher.scan(text, {path, "", false}, *catalogue().scratch, matches);
  std::string values;
  for (const Match& m : matches) {
    const Rule& rule = catalogue().matcher.rules().rules[m.rule];
    if (m.doubtful || rule.severity == Severity::can_wait || rule.regex.empty()) continue;
    if (!values.empty()) values += ' ';
    values += text.substr(m.secret.begin, m.secret.end - m.secret.begin);
  }
  return values;
}

// `text` without its marks; `marked` is what stood between them, joined by blanks.
std::string unmark(std::string text, std::string& marked) {
  constexpr std::size_t kMark = sizeof("«") - 1;
  for (std::size_t begin = text.find("«"); begin != text.npos; begin = text.find("«")) {
    text.erase(begin, kMark);
    const std::size_t end = text.find("»");
    text.erase(end, kMark);
    if (!marked.empty()) marked += ' ';
    marked += text.substr(begin, end - begin);
  }
  return text;
}

void check(std::initializer_list<Case> cases) {
  for (const Case& c : cases)
    for (const std::uint64_t seed : {1, 2, 3}) {
      CAPTURE(c.text);
      CAPTURE(seed);
      std::string marked;
      const std::string text = unmark(expanded(std::string(c.text), seed), marked);
      CHECK(stopping(text, c.path) == marked);
    }
}

}  // namespace

TEST_CASE("signs that mean something to programs are signs like any other in passwords and keys") {
  check({
      {"conf/app.ini", "password = «Harbour.1987»\n"},
      {"conf/app.ini", "password = «Walnut58.Canyon»\n"},
      {"conf/app.yml", "  password: «<alnum:6>.Canyon»\n"},
      {"conf/app.ini", "password = «<alnum:8>9xQ%f»\n"},
      {"conf/app.ini", "password = \"«<alnum:8>9xQ$2»\"\n"},
      {"conf/app.ini", "api_token = «+<alnum:31>»\nx = 1\n"},
      {"conf/app.ini", "api_token = \"«+<alnum:42>=»\"\n"},
      {"conf/app.ini", "api_token = «<alnum:12>==<alnum:14>»\n"},
      // the value of a setting ends with its line
      {"conf/app.ini", "password = «<alnum:6>&<alnum:5>»\n"},
      {"conf/app.properties", "db.password=«<alnum:6>(<alnum:5>»\r\n"},
      {"conf/app.yml", "  smtp_password: «<alnum:6>;<alnum:5>»\n"},
      {"conf/app.ini", "url = /x?password=«<alnum:12>»&user=ops\n"},
      {"conf/app.ini", "password=«<alnum:12>»;user=ops\n"},
      {"run.sh", "PASSWORD=«<alnum:12>»&&run\n"},
  });
  // and what programs mean by them
  check({
      {"conf/app.ini", "password = user.Password\n"},
      {"main.tf", "password = random_password.Db1.result\n"},
      {"main.tf", "password = module.Db2.Pass\n"},
      {"conf/app.ini", "password = \"Shop%s\"\n"},
      {"conf/app.ini", "api_token = \"SHOP_%d_Key1=0x%08x\"\n"},
      {"src/a.go", "if token==otherToken2.Value {\n"},
      {"theme.ini", "password: spacing.125\n"},
  });
}

TEST_CASE("declarations, elements and tags of every usual form") {
  check({
      {"main.go", "var apiKey string = \"«<hex:32>»\"\n"},
      {"Api.cs", "public string ApiKey { get; set; } = \"«<hex:32>»\";\n"},
      {"conf/app.toml", "password = \"\"\"«<alnum:14>»\"\"\"\n"},
      {"conf/app.yml", "password: &db_password «<alnum:14>»\n"},
      {"conf/app.yml", "password: !unsafe \"«<alnum:14>»\"\n"},
      {"conf/app.xml", "<password><![CDATA[«<alnum:14>»]]></password>\n"},
      {"conf/app.xml", "<property name=\"password\"><value>«<alnum:14>»</value></property>\n"},
      {"conf/arm.json", "{\"adminPassword\": {\"value\": \"«<alnum:14>»\"}}\n"},
      {"users.ldif", "userPassword:: «<b64of:<alnum:14>>»\n"},
      {"www.conf", "env[DB_PASSWORD] = «<alnum:14>»\n"},
      {"conf/app.xml", "<password><![CDATA[${PASSWORD}]]></password>\n"},
      {"conf/app.yml", "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n"},
  });
}

TEST_CASE("passwords and tokens in addresses") {
  check({
      {"conf/app.ini", "url = smtps://ops@shop.dev:«<alnum:14>»@mail.shop.dev\n"},
      {"conf/app.ini", "url = postgres://shop:«<alnum:6>@<alnum:6>»@db.shop.dev/shop\n"},
      {"conf/app.ini", "url = https://ops:«<alnum:14>»@git.shop.dev/x?mail=a@b\n"},
      {".git-credentials", "https://«<hex:40>»:x-oauth-basic@github.com\n"},
      {"pip.conf", "extra-index-url = https://«<alnum:32>»:@packages.shop.dev/simple\n"},
      {"db.properties", "url=jdbc:oracle:thin:shop/«<alnum:12>»@db.shop.dev:1521:SHOP\n"},
      {"conf/app.ini", "dsn = https://<hex:32>@errors.shop.dev/12\n"},
      {"conf/app.ini", "url = https://<alnum:32>@localhost:8080/x\n"},
  });
}

TEST_CASE("commands") {
  check({
      {"run.sh", "setx DB_PASSWORD «<alnum:14>» /M\n"},
      {"run.fish", "set -gx DB_PASSWORD «<alnum:14>»\n"},
      {"vhost.conf", "SetEnv DB_PASSWORD «<alnum:14>»\n"},
      {".msmtprc", "password «Copper<digit:4>River!»\n"},
      {"run.sh", "mysql -p'«<alnum:8>$x&»' shop\n"},
      {"run.sh", "redis-cli -a «<alnum:14>» ping\n"},
      {"stack.yml", "command: redis-server --requirepass «<alnum:14>»\n"},
      {"run.sh", "ipmitool -H h -U ADMIN -P «<alnum:14>» power on\n"},
      {"run.ps1", "ConvertTo-SecureString -AsPlainText \"«<alnum:14>»\" -Force\n"},
      {"run.sh", "docker login -u ci --password-stdin <<< \"«<alnum:20>»\"\n"},
      {"run.sh", "curl -u «<alnum:32>»: https://api.shop.dev\n"},
      {"run.sh", "racadm raid get pdisks -o -p state\n"},
      {"run.sh", "* set requirepass when it is set\n"},
      {"run.ps1", "Invoke-Sqlcmd -Username sa -Password $pw\n"},
      {"notes.txt", "the password Reset2Form\nthe password forBase64Strings\n"},
  });
}

TEST_CASE("logins that are encoded once more") {
  check({
      {"k8s/a.yaml",
       "  .dockerconfigjson: «<b64of:{\"auths\":{\"r.shop.dev\":{\"auth\":\"<b64of:ci:<alnum:20>>\"}}}>»\n"},
      {"k8s/a.yaml", "  .dockerconfigjson: <b64of:{\"auths\":{\"r.shop.dev\":{\"auth\":\"<b64of:ci:password>\"}}}>\n"},
      {"k8s/a.yaml", "  .dockerconfigjson: <b64of:{\"auths\":{\"a-registry-without-a-login.shop.dev\":{}}}>\n"},
      {"k8s/a.yaml", "  URI: «<b64of:amqp://shop:<alnum:14>@mq.shop.dev>»\n"},
      {"k8s/a.yaml", "  URI: <b64of:amqp://shop@mq.shop.dev:5672/a/rather/long/path>\n"},
      {"k8s/a.yaml", "  URI: <b64of:amqp://mq.shop.dev:5672/a/rather/long@path>\n"},
  });
}

TEST_CASE("lines of words") {
  check({
      {"router.cfg", "line vty 0 4\n password 7 «<HEX:22>»\n"},
      {"router.cfg", "username ops privilege 15 secret 0 «<alnum:12>»\n"},
      {"router.cfg", "enable secret 5 $1$<alnum:8>$<alnum:22>\n"},
      {"router.cfg", "snmp-server community public RO\n"},
      {"user-data", "chpasswd:\n  list: |\n    root:«<alnum:12>»\n"},
      {"preseed.cfg", "d-i passwd/root-password password «<alnum:12>»\n"},
      {"preseed.cfg", "#d-i passwd/root-password password <alnum:12>\n"},
      {"redis.conf", "# sentinel auth-pass shop <alnum:12>\n"},
      {"login.exp", "expect \"password:\"\nsend \"«<alnum:12>»\\r\"\n"},
      {"login.exp", "expect \"$ \"\nsend \"deploy12Now\\r\"\n"},
      {"regions.php", "'PW' => 'Palau',\n"},
  });
}

TEST_CASE("a value that a rule has cut does not name a service") {
  std::vector<Match> matches;
  const std::string text = "private_key: " + expanded("<alnum:203>", 5) + "Stripe+" + expanded("<alnum:40>", 6) + "\n";
  catalogue().matcher.scan(text, {"conf/app.yml", "", false}, *catalogue().scratch, matches);
  REQUIRE(matches.size() == 1);
  CHECK(matches[0].service.empty());
}
