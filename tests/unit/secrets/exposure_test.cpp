// What BlobScanner adds to the matcher: dotenv files as a whole, and the marks of what is excused.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "libscan/config/suppressor.hpp"
#include "libscan/core/sha1.hpp"
#include "libscan/secrets/blob_scanner.hpp"
#include "libscan/secrets/dotenv.hpp"
#include "libscan/secrets/rule_loader.hpp"
#include "libscan/secrets/sample.hpp"

using namespace launchgate;
using namespace launchgate::secrets;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kRules = R"(
[[rules]]
id = "acme"
description = "Acme token"
regex = '\b(acme_[a-z0-9]{20})\b'
keywords = ["acme_"]
[[rules]]
id = "dotenv-file"
description = "Exposed dotenv file"
path = '\.env'
severity = "launch-blocker"
[[rules]]
id = "login"
regex = 'password = "([^"\n]{3,60})'
keywords = ["password"]
severity = "launch-blocker"
judge_value = true
[[rules]]
id = "shopdb"
regex = 'shopdb://\w{1,20}:([^@\n]{3,60})@[\w.]{1,60}'
keywords = ["shopdb"]
severity = "launch-blocker"
validator = "url-credentials"
)";

std::string text(std::string_view sample) { return *expand_sample(sample, 3); }

class Scan {
 public:
  explicit Scan(BlobOptions options = {})
      : matcher_(std::move(*Matcher::create(load_rules(kRules, "r.toml")->rules))),
        scanner_(std::move(*BlobScanner::create(matcher_, std::move(options)))) {}

  std::vector<Finding> whole(std::string_view path, std::string_view bytes) {
    std::vector<Finding> out;
    scanner_.scan(bytes, at(path), out);
    return out;
  }
  std::vector<Finding> pieces(std::string_view path, std::string_view bytes) {
    std::vector<Finding> out;
    scanner_.begin(at(path));
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 100000)))
      scanner_.feed(bytes.substr(0, 100000), out);
    scanner_.finish(out);
    return out;
  }

 private:
  static Location at(std::string_view path) {
    Location where;
    where.path = path;
    return where;
  }
  Matcher matcher_;
  BlobScanner scanner_;
};

const std::string kToken = text("acme_<lower:10><digit:10>");

}  // namespace

TEST_CASE("a dotenv file is a finding of its own, with severity and place of what is in it") {
  Scan scan;
  const std::string content = text("PORT=1\nDB_PASSWORD=<alnum:20>\n");
  for (const auto& found : {scan.whole("a/.env", content), scan.pieces("a/.env", content)}) {
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "dotenv-file");
    CHECK(found[0].severity == Severity::launch_blocker);
    CHECK(found[0].where.path == "a/.env");
    CHECK(found[0].where.span == Span{2, 1, 2, 12});
    CHECK(found[0].fingerprint.starts_with("lg1:"));
    CHECK(found[0].excerpt.lines.empty());
  }
  CHECK(scan.whole(".env", "PORT=1\n").at(0).severity == Severity::can_wait);
  CHECK(scan.whole(".env.example", "PORT=1\n").empty());
  CHECK(scan.whole("x.envoy", content).empty());
  CHECK(scan.whole(".env", std::string("A=1\n\0", 5)).empty());
}

TEST_CASE("the catalogue's path expression lets every name of the family through") {
  const fs::path file = fs::path(LG_SOURCE_DIR) / "rules/dotenv.toml";
  std::ifstream in(file);
  const std::string toml{std::istreambuf_iterator<char>(in), {}};
  const auto loaded = load_rules(toml, "dotenv.toml");
  REQUIRE(loaded);
  const Matcher matcher = std::move(*Matcher::create(loaded->rules));
  const auto scratch = std::move(*matcher.scratch());
  for (const char* path :
       {".env",        "a/.env",      ".ENV",         ".env.local",          ".env.prod.local",
        "prod.env",    "env.prod",    ".env_x",       ".env-prod",           ".env.bak",
        ".env~",       ".envrc",      ".flaskenv",    ".dev.vars",           ".dev.vars.staging",
        ".env.d/db",   "environment", ".secrets",     ".kamal/secrets.prod", "x/.streamlit/secrets.toml",
        ".env.keys",   ".env.me",     ".env.example", "env.example",         "example.env",
        "a/b/.env.d/x"}) {
    CAPTURE(path);
    CHECK(dotenv_name(path) != DotenvName::none);
    std::vector<std::uint32_t> rules;
    matcher.match_path({path, "", false}, *scratch, rules);
    CHECK(rules.size() == 1);
  }
}

TEST_CASE("a byte order mark and UTF-16 do not hide a dotenv file") {
  const std::string content = text("DB_PASSWORD=<alnum:20>\n");
  std::string utf16 = "\xff\xfe";
  for (const char c : content) utf16 += c, utf16 += '\0';
  CHECK(Scan().whole(".env", utf16).size() == 1);
  CHECK(Scan().whole(".env", utf16.substr(2)).size() == 1);  // without a mark
  CHECK(Scan().whole(".env", "\xef\xbb\xbf" + content).size() == 1);
}

TEST_CASE("inline tags mark what they excuse, and nothing else") {
  Scan scan;
  const auto found =
      scan.whole("a.txt", "x = " + kToken + " # gitleaks:allow\ny = " + kToken + "\nz = " + kToken +
                              " # launchgate:allow acme -- made up\nw = " + kToken + " # launchgate:allow\n");
  REQUIRE(found.size() == 4);
  CHECK(found[0].suppressed == "gitleaks:allow beside it");
  CHECK(found[1].suppressed == "");
  CHECK(found[2].suppressed == "launchgate:allow beside it: made up");
  CHECK(found[3].suppressed == "");
  CHECK(found[3].reasons.back().find("no reason") != std::string::npos);
}

TEST_CASE("an inline tag excuses a dotenv file when it stands at the key that is named") {
  const auto found = Scan().whole(".env", text("DB_PASSWORD=<alnum:20> # gitleaks:allow\n"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].suppressed == "gitleaks:allow beside it");
}

TEST_CASE("a reason cannot carry a secret into a report") {
  const auto found = Scan().whole("a.txt", kToken + " # launchgate:allow -- same as " + kToken);
  REQUIRE(!found.empty());
  CHECK(found[0].suppressed.find(kToken) == std::string::npos);
}

TEST_CASE("secrets another scanner's baseline knows are marked") {
  config::Suppressor known;
  config::KnownFindings list;
  list.file = ".secrets.baseline";
  list.secrets = {{"a.txt", sha1_hex(kToken)}};
  known.add(list);
  Scan scan({"", &known});
  CHECK(scan.whole("a.txt", kToken).at(0).suppressed == "known in .secrets.baseline");
  CHECK(scan.whole("b.txt", kToken).at(0).suppressed == "");
}

TEST_CASE("what a person made up can wait where people make up logins") {
  const auto severity = [](std::string_view path, std::string_view line) {
    const auto found = Scan().whole(path, text(line));
    REQUIRE(found.size() == 1);
    CHECK((found[0].severity == Severity::can_wait) == (found[0].confidence == Confidence::low));
    return found[0].severity;
  };
  const std::string_view made_up = "password = \"wossname\"\n", made = "password = \"<alnum:20>\"\n";
  CHECK(severity("app/settings.py", made_up) == Severity::launch_blocker);
  CHECK(severity("tests/login.py", made_up) == Severity::can_wait);
  CHECK(severity("docs/login.md", made_up) == Severity::can_wait);
  CHECK(severity("tests/login.py", made) == Severity::launch_blocker);
  CHECK(severity("settings.example.py", made_up) == Severity::can_wait);
  CHECK(severity("settings.example.py", made) == Severity::launch_blocker);
  CHECK(severity("app/form.tsx", "<Field placeholder=\"shopdb://ada:<alnum:20>@db.shop.dev\"/>\n") ==
        Severity::can_wait);
  CHECK(severity("app.yml", "shopdb://ada:wossname@db/shop\n") == Severity::can_wait);  // a container next door
  CHECK(severity("app.yml", "shopdb://ada:<alnum:20>@db/shop\n") == Severity::launch_blocker);
  CHECK(severity("app.yml", "shopdb://ada:wossname@db.shop.dev/shop\n") == Severity::launch_blocker);
}
