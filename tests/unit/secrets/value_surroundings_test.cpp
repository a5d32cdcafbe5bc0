#include <doctest/doctest.h>

#include <string>

#include "libscan/secrets/sample.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_place.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

// Judges what stands between « and » in `marked`; the match begins at a vertical bar, or with the line.
ValueKind judge(std::string marked, std::string_view path, std::string_view assumed = {}) {
  constexpr std::size_t kMark = sizeof("«") - 1;
  const std::size_t bar = marked.find('|');
  if (bar != marked.npos) marked.erase(bar, 1);
  const std::size_t begin = marked.find("«");
  marked.erase(begin, kMark);
  const std::size_t end = marked.find("»");
  marked.erase(end, kMark);
  const std::size_t line = begin == 0 ? 0 : marked.rfind('\n', begin - 1) + 1;
  const std::size_t match = bar == marked.npos ? line : bar;
  ValueMemo memo;
  return judge_in_text(marked, {begin, end}, {match, end}, path, assumed, memo);
}

std::string random(std::string_view sample) { return *expand_sample(sample, 7); }

bool shown(std::string marked) {
  const std::size_t begin = marked.find('|');
  marked.erase(begin, 1);
  return is_shown_as_example(marked, {begin, marked.size()});
}

}  // namespace

TEST_CASE("another argument of the call that a variable is given to is not its value") {
  CHECK(judge("embedUrl(|token, '«order-12345»')", "a.ts") == ValueKind::config);
  CHECK(judge("verify(|token, \"«" + random("<alnum:24>") + "»\")", "a.ts") == ValueKind::config);
  CHECK(judge("strcpy(|password, \"«x7Kp2mQz»\");", "a.c") == ValueKind::real);
  CHECK(judge("headers.set('|api_token', '«" + random("<alnum:24>") + "»')", "a.ts") == ValueKind::real);
}

TEST_CASE("a name that is the value of another one promises nothing") {
  CHECK(judge("{ status: \"|pass\", message: text(\"«to be or not»\") }", "a.ts") == ValueKind::config);
  CHECK(judge("type: \"|password\", label: \"«x7Kp2mQz»\"", "a.ts") == ValueKind::config);
  CHECK(judge("{\"key\": \"password\", \"value\": \"«x7Kp2mQz»\"}", "a.json") == ValueKind::real);
}

TEST_CASE("a string that goes on with what is put in at run time is the beginning of one") {
  CHECK(judge("Password: \"«trusted:»\" + Default.KeyValue(x)", "a.go") == ValueKind::config);
  CHECK(judge("'password' => '«prefix_»' . $name", "a.php") == ValueKind::config);
  CHECK(judge("password = \"«prefix_»\"\n", "a.py") == ValueKind::real);
  CHECK(judge("password = `«x7Kp2mQz-»${Date.now()}`", "a.ts") != ValueKind::real);
  CHECK(judge("password = `«x7Kp2mQz»`", "a.ts") == ValueKind::real);
  CHECK(judge("token = \"«" + random("<alnum:32>") + "»\" + suffix", "a.js") == ValueKind::real);
}

TEST_CASE("a key that is compared or looked for finds something") {
  const std::string key = random("<hex:32>");
  CHECK(judge("->where('|gateway_key', '«" + key + "»')", "a.php") == ValueKind::config);
  CHECK(judge("if (|gateway_key == '«" + key + "»')", "a.php") == ValueKind::config);
  CHECK(judge("|gateway_key = '«" + key + "»'", "a.php") == ValueKind::real);
  CHECK(judge("if (|api_key == '«" + key + "»')", "a.php") == ValueKind::real);
  CHECK(judge("'|passwords' => '«customers»'", "a.php") == ValueKind::config);
  CHECK(judge("'|password' => '«customers»'", "a.php") == ValueKind::real);
}

TEST_CASE("the key of a search in web pages is public") {
  const std::string key = random("<hex:32>");
  CHECK(judge("docsearch({ apiKey: '«" + key + "»', indexName: 'docs' })", "a.js") == ValueKind::config);
  CHECK(judge("docsearch({ apiKey: '«" + key + "»', limit: 3 })", "a.js") == ValueKind::real);
}

TEST_CASE("a password that is the name of its user is weak") {
  const std::string compose = "POSTGRES_USER: shop\n      POSTGRES_PASSWORD: «shop»\n";
  CHECK(judge(compose, "compose.yml") == ValueKind::weak);
  CHECK(judge("POSTGRES_USER: ada\n      POSTGRES_PASSWORD: «shop»\n", "compose.yml") == ValueKind::real);
  CHECK(judge("# the shop\n      POSTGRES_PASSWORD: «shop»\n", "compose.yml") == ValueKind::real);
  CHECK(judge("CREATE USER 'shop' IDENTIFIED BY '«shop»'", "user.sql", "password") == ValueKind::weak);
}

TEST_CASE("expressions without quotes") {
  CHECK(judge("secret = «vault_secret.letsencrypt[0].id»\n", "a.tf") == ValueKind::reference);
  CHECK(judge("e.token=«r[0]:r[1]===\"x\"»", "a.cjs") != ValueKind::real);
  CHECK(judge("[\"resource:gitpodToken:«:*::create/get»\"]", "a.yaml") == ValueKind::config);
}

TEST_CASE("lock files hold checksums") {
  const std::string line = "auth/reset_password: «" + random("<hex:32>") + "»\n";
  CHECK(judge(line, "web/i18n.lock") == ValueKind::config);
  CHECK(judge(line, "web/i18n.yml") == ValueKind::real);
  for (const char* path : {"pnpm-lock.yaml", "a/yarn.lock", "go.sum", "Package.resolved", "gradle.lockfile"})
    CHECK(is_lock_file(path));
  for (const char* path : {"lock.go", "locks.yaml", "package.json", "flock"}) CHECK_FALSE(is_lock_file(path));
}

TEST_CASE("what a form or a description shows as an example") {
  CHECK(shown("placeholder: \"|x"));
  CHECK(shown("<input placeholder='|x"));
  CHECK(shown("'example' => '|x"));
  CHECK(shown("placeholder={\"|x"));
  CHECK_FALSE(shown("api_key: \"|x"));
  CHECK_FALSE(shown("// example\nkey = \"|x"));
  CHECK_FALSE(shown("|x"));
}
