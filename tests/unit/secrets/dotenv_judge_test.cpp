#include "libscan/secrets/dotenv_judge.hpp"

#include <doctest/doctest.h>

#include <string>

#include "libscan/secrets/sample.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

// Templates keep real-looking values out of this file (sample.hpp).
std::string text(std::string_view sample) {
  auto expanded = expand_sample(sample, 7);
  REQUIRE(expanded);
  return *expanded;
}

std::optional<DotenvExposure> judged(std::string_view sample, std::string_view path = ".env") {
  return judge_dotenv(path, text(sample));
}

bool has(std::string_view s, std::string_view part) { return s.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("usable values under names that promise secrets block the launch") {
  const std::string content =
      text("PORT=3000\n\nexport DB_PASSWORD='<alnum:16>'\nJWT_SECRET=<hex:40>\nDEBUG=true\nAPI_KEY=changeme\n");
  const auto x = judge_dotenv("app/.env", content);
  REQUIRE(x);
  CHECK(x->severity == Severity::launch_blocker);
  CHECK(x->confidence == Confidence::high);
  CHECK(x->line == 3);
  CHECK(x->column == 8);
  CHECK(x->end_column == 19);
  CHECK(x->counts.real == 2);
  CHECK(x->counts.total() == 5);
  CHECK(x->message == "Environment file with 2 of 5 values that look real: DB_PASSWORD, JWT_SECRET.");
  CHECK(has(x->fix, ".gitignore"));
}

TEST_CASE("no value appears in anything that comes out") {
  const std::string secret = text("<alnum:24>"), other = text("<hex:40>");
  const auto x = judge_dotenv(".env", "DB_PASSWORD=" + secret + "\nSOME=" + other + "\n" + other + "=x\n");
  REQUIRE(x);
  for (const std::string* s : {&x->message, &x->fix, &x->subject}) {
    CHECK_FALSE(has(*s, secret));
    CHECK_FALSE(has(*s, other));
  }
}

TEST_CASE("a raw token that reads as a key is shown as its line") {
  const std::string token = text("k<alnum:30>");
  const auto x = judge_dotenv(".env", token + "=" + text("<alnum:30>") + "\n");
  REQUIRE(x);
  CHECK_FALSE(has(x->message, token));
  CHECK(has(x->message, "line 1"));
}

TEST_CASE("what a variable falls back to is a value too") {
  for (const char* line : {"DB_PASSWORD=${DB_PASSWORD:-<alnum:16>}", "DB_PASSWORD=\"${PW-<alnum:16>}\""}) {
    const auto x = judged(line);
    REQUIRE(x);
    CHECK(x->severity == Severity::launch_blocker);
  }
  for (const char* line : {"DB_PASSWORD=${DB_PASSWORD:-}", "DB_PASSWORD=${A:-${B:-}}", "PORT=${PORT:-3000}",
                           "DB_PASSWORD=${DB_PASSWORD:?not set}", "DB_PASSWORD=${DB_PASSWORD:-changeme}"})
    CHECK_FALSE(judged(line));
}

TEST_CASE("only configuration, or only stand-ins, can wait") {
  const auto x = judged("PORT=3000\nNODE_ENV=production\nLOG_LEVEL=debug\n");
  REQUIRE(x);
  CHECK(x->severity == Severity::can_wait);
  CHECK(x->message == "Environment file with 3 values, none of which looks secret: the next one may.");
  const auto y = judged("API_KEY=your-api-key\nPASSWORD=\n");
  REQUIRE(y);
  CHECK(y->severity == Severity::can_wait);
  CHECK(y->subject != judged("API_KEY=<alnum:30>\n")->subject);  // a secret later is a new finding
}

TEST_CASE("templates with stand-ins, empty files and other files are clean") {
  CHECK_FALSE(judged("PORT=3000\nAPI_KEY=your-api-key\nDB_PASSWORD=secret\nTOKEN=\n", ".env.example"));
  CHECK_FALSE(judged("DB_PASSWORD=postgres\nSECRET=test-secret\n", ".env.test"));
  CHECK_FALSE(judged("", ".env"));
  CHECK_FALSE(judged("# nothing yet\n\n", ".env"));
  CHECK_FALSE(judged("DB_PASSWORD=<alnum:16>\n", "main.cpp"));
}

TEST_CASE("a machine-made value in a template is a high risk") {
  const auto x = judged("PORT=1\nSHOP_TOKEN=<alnum:40>\n", ".env.example");
  REQUIRE(x);
  CHECK(x->severity == Severity::high_risk);
  CHECK(x->confidence == Confidence::medium);
  CHECK(x->line == 2);
  CHECK(has(x->message, "Environment template with 1 of 2 values that looks real: SHOP_TOKEN."));
}

TEST_CASE("what a person thought up for a developer's machine, a test or a template can wait") {
  const auto severity = [](std::string_view sample, std::string_view path) { return judged(sample, path)->severity; };
  CHECK(severity("DB_PASSWORD=store-pass\n", ".env.development") == Severity::can_wait);
  CHECK(severity("DB_PASSWORD=store-pass\n", "tests/.env") == Severity::can_wait);
  CHECK(severity("DB_PASSWORD=store-pass\n", ".env") == Severity::launch_blocker);
  CHECK(severity("DB_USERNAME=shop\nDB_PASSWORD=shop\n", ".env") == Severity::can_wait);  // the name of the user
  CHECK(severity("DB_HOST=shop\nDB_PASSWORD=shop\n", ".env") == Severity::launch_blocker);
  CHECK(severity("DB_PASSWORD=<alnum:20>\n", ".env.development") == Severity::launch_blocker);
  // What the program makes for itself opens that test or example; in .env it opens the program.
  CHECK_FALSE(judged("PORT=1\nJWT_SECRET=<alnum:40>\n", ".env.example"));
  CHECK(severity("JWT_SECRET=<alnum:40>\n", ".env.development") == Severity::can_wait);
  CHECK(severity("JWT_SECRET=<alnum:40>\n", ".env") == Severity::launch_blocker);
  CHECK_FALSE(judged("SAML_KEY=<der:RSA PRIVATE KEY>\n", "hack/test.env"));
  CHECK(severity("SAML_SECRET=<der:RSA PRIVATE KEY>\n", "prod.env") == Severity::launch_blocker);
  CHECK_FALSE(judged("PORT=1\nJWT_SECRET=dGhpcy1pcy1vbmx5LWFuLWV4YW1wbGU=\n", ".env.example"));  // words, encoded
}

TEST_CASE("encrypted files and files of references are made to be committed") {
  CHECK_FALSE(judged("DOTENV_PUBLIC_KEY=\"<hex:66>\"\nDB_PASSWORD=\"encrypted:<base64:80>\"\nPORT=3000\n"));
  CHECK_FALSE(
      judged("DB_PASSWORD=ENC[AES256_GCM,data:<base64:20>,type:str]\nsops_mac=ENC[AES256_GCM,data:<base64:40>]\n"
             "sops_version=3.8.1\n"));
  CHECK_FALSE(judged("A=op://vault/item/field\nB=${OTHER}\nC=$(pass show x)\n"));
  CHECK_FALSE(judged("KAMAL_REGISTRY_PASSWORD=$KAMAL_REGISTRY_PASSWORD\n", ".kamal/secrets"));
}

TEST_CASE("plaintext beside its encrypted twin is found, commented out too") {
  const auto x = judged("DB_PASSWORD=\"encrypted:<base64:80>\"\n# DB_PASSWORD=<alnum:20>\n");
  REQUIRE(x);
  CHECK(x->severity == Severity::launch_blocker);
  CHECK(x->line == 2);
  CHECK_FALSE(judged("A=op://x/y/z\n# PASSWORD=what you like\n# TOKEN=abc\n"));
}

TEST_CASE("the keys that open encrypted files are the worst of all") {
  const auto x = judged("DOTENV_PRIVATE_KEY_PRODUCTION=\"<hex:64>\"\n", ".env.keys");
  REQUIRE(x);
  CHECK(x->severity == Severity::launch_blocker);
  CHECK_FALSE(judged("# nothing\n", ".env.keys"));
}

TEST_CASE("passwords in URLs: what matters is where they open a door") {
  CHECK(judged("DATABASE_URL=postgres://app:<alnum:16>@db.acme.io:5432/app\n")->severity == Severity::launch_blocker);
  CHECK(judged("DATABASE_URL=postgres://postgres:postgres@localhost:5432/app\n")->severity == Severity::can_wait);
  CHECK(judged("DATABASE_URL=postgres://app:hunter42@db:5432/app\n")->severity == Severity::can_wait);
  CHECK(judged("REDIS_URL=redis://:<alnum:20>@10.0.0.4:6379\n")->severity == Severity::high_risk);
  CHECK(judged("SITE_URL=https://www.acme.io/login?next=a@b:c\n")->severity == Severity::can_wait);
}

TEST_CASE("what bundlers put into pages is public by intent, unless it says otherwise") {
  CHECK(judged("NEXT_PUBLIC_MAPS_KEY=<alnum:39>\n")->severity == Severity::can_wait);
  CHECK(judged("VITE_STRIPE_SECRET_KEY=<alnum:39>\n")->severity == Severity::launch_blocker);
}

TEST_CASE("values that only look random are a high risk, of low confidence") {
  const auto x = judged("PORT=1\nBUILD=<alnum:40>\n");
  REQUIRE(x);
  CHECK(x->severity == Severity::high_risk);
  CHECK(x->confidence == Confidence::low);
}

TEST_CASE("a private key over several lines counts") {
  const auto x = judged("PORT=1\nSIGNING=\"<pem:PRIVATE KEY>\"\nLAST=1\n");
  REQUIRE(x);
  CHECK(x->severity == Severity::launch_blocker);
  CHECK(x->line == 2);
  CHECK(x->counts.total() == 3);
}

TEST_CASE("where dialects differ, either reading counts") {
  const auto x = judged("DB_PASSWORD=<alnum:16>#<alnum:4>\n");
  REQUIRE(x);
  CHECK(x->severity == Severity::launch_blocker);
}

TEST_CASE("other files with a name of the family must look like one") {
  CHECK(judged("DB_PASSWORD=<alnum:16>\n", "prod.env"));
  CHECK_FALSE(judged("this is a text\nabout environments\nDB_PASSWORD=<alnum:16>\n", "environment"));
}

TEST_CASE("many secrets: four are named, the rest counted") {
  std::string content;
  for (int i = 0; i < 9; ++i) content += "K" + std::string(1, static_cast<char>('A' + i)) + "_SECRET=<alnum:20>\n";
  const auto x = judged(content);
  REQUIRE(x);
  CHECK(x->message ==
        "Environment file with 9 of 9 values that look real: KA_SECRET, KB_SECRET, KC_SECRET, KD_SECRET and 5 more.");
}
