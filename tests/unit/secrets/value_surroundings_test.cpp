#include <doctest/doctest.h>

#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/sample.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_place.hpp"
#include "libscan/secrets/value_surroundings.hpp"

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
  CHECK(shown("\"examples\": [\"|x"));
  CHECK_FALSE(shown("api_key: \"|x"));
  CHECK_FALSE(shown("// example\nkey = \"|x"));
  CHECK_FALSE(shown("|x"));
}

TEST_CASE("an element of a list is not the value of the one before it") {
  CHECK(judge("['|t1_returns_jwt','«t2_invalid_creds_401»','t3']", "a.php") == ValueKind::config);
  CHECK(judge("['auth:api', '|auth.jwt', '«plan:shop77»']", "a.php") == ValueKind::config);
  CHECK(judge("['|api_token', '«shop-4a7x9»']", "a.php") == ValueKind::real);  // a pair
}

TEST_CASE("the name in a pair is not its value, a scope finds something, a pass of a setup is none") {
  CHECK(judge("{'|key': '«net.shop4.tcp_x7Kp2m9Qz4»', 'value': 1}", "a.md") == ValueKind::config);
  CHECK(judge("{'|key': '«net.shop4.tcp_x7Kp2m9Qz4»', 'other': 1}", "a.md") == ValueKind::real);
  const std::string made = random("<alnum:32>");
  CHECK(judge("|key = 'balance:«" + made + "»'", "a.ts") == ValueKind::real);  // judged by itself
  CHECK(judge("|key = '«balance:" + made + "»'", "a.ts") == ValueKind::config);
  CHECK(judge("|key = '«base64:" + made + "»'", "a.ts") == ValueKind::real);
  CHECK(judge("<settings |pass=\"«windowsPE»\">", "a.xml") == ValueKind::config);
  CHECK(judge("<user |pass=\"«x7Kp2mQz»\">", "a.xml") == ValueKind::real);
}

TEST_CASE("words of the name and a digest are a key that finds something") {
  const std::string digest = random("<hex:32>");
  CHECK(judge("|cart_hash_key\": \"«shop_cart_hash_" + digest + "»\"", "a.json") == ValueKind::config);
  CHECK(judge("|cart_hash_key\": \"«shop_live_" + digest + "»\"", "a.json") == ValueKind::real);
  CHECK(judge("|cart_hash_key\": \"«" + digest + "»\"", "a.json") == ValueKind::real);
}

TEST_CASE("what to do with a password, and when, is no password") {
  CHECK(judge("|update_password: «on_create»\n", "a.yml") == ValueKind::config);
  CHECK(judge("if |update_password == \"«on_create»\"", "a.py") == ValueKind::config);
  CHECK(judge("|user_password: «on_create»\n", "a.yml") == ValueKind::real);
  CHECK(judge("|update_password: «x7Kp2mQz»\n", "a.yml") == ValueKind::real);
}

TEST_CASE("an id in a program's list of ids names something") {
  const auto line = [](const std::string& name) {
    return "const " + name + " = '" + random("<hex:8>-<hex:4>-<hex:4>-<hex:4>-<hex:12>") + "';\n";
  };
  const std::string id = random("<hex:8>-<hex:4>-<hex:4>-<hex:4>-<hex:12>");
  const std::string marked = "const |SET_TOKEN = '«" + id + "»';\n";
  CHECK(judge(line("A") + line("B") + marked + line("C"), "a.php") == ValueKind::config);
  CHECK(judge(marked + line("C"), "a.php") == ValueKind::real);
  CHECK(judge(line("A") + line("B") + marked + line("C"), "a.env") == ValueKind::real);
}

TEST_CASE("a name and a comment may say what a value is for") {
  const auto for_tests = [](std::string text) {
    const std::size_t match = text.find('|');
    text.erase(match, 1);
    return is_named_for_tests(text, {match, text.size()}, {text.size(), text.size()});
  };
  CHECK(for_tests("|TEST_PASSWORD = '"));
  CHECK(for_tests("const expired|Token = '"));  // the match begins where the rule does
  CHECK_FALSE(for_tests("latest|_token = '"));
  const std::string value = "x|password: ShopTest2026!";
  CHECK(is_named_for_tests(value, {2, 25}, {12, 25}));
  CHECK_FALSE(is_named_for_tests("x|password: ShopContest26!", {2, 26}, {12, 26}));
  CHECK_FALSE(for_tests("// a test\n|api_token = '"));
}

TEST_CASE("what is compared, a step of a program and a source of users are no passwords") {
  CHECK(judge("<Icon v-if=\"type === '|password'\" :icon=\"«faEye»\" />", "a.vue") == ValueKind::config);
  CHECK(judge("x('|password'\" :icon=\"«faEye»\")", "a.vue") == ValueKind::real);
  CHECK(judge("\"overlay=eof_action=|pass:«repeatlast=0»\"", "a.cs") == ValueKind::config);
  CHECK(judge("|passwd:         «compat»\n", "nsswitch.conf") == ValueKind::config);
  CHECK(judge("|passwd: «x7Kp2mQz»\n", "nsswitch.conf") == ValueKind::real);
  CHECK(judge("'wallet.|create_shop_pass': '«ti-plus»'", "a.py") == ValueKind::config);
  CHECK(judge("const |isPassword = passwordField.getAttribute('«type»') === 'x'", "a.js") == ValueKind::reference);
  CHECK(judge("'|pass': '«linked»' if paid else 'none'", "a.py") == ValueKind::config);
  CHECK(judge("echo \"check |PASS: «free» >= floor\"", "a.sh") == ValueKind::config);
  CHECK(judge("|PASS: «wossname»\n", "a.yml") == ValueKind::real);
  CHECK(judge("|$password = random_string('«alnum»', 12)", "a.php") == ValueKind::reference);
  CHECK(judge("|$password = hash_string('«wossname»')", "a.php") == ValueKind::real);
}

TEST_CASE("calls, messages and types of variables are no values") {
  CHECK(judge(": \"${|SHOP_TOKEN:«?missing»}\"", "a.sh") == ValueKind::reference);
  CHECK(judge("|secret_key = «base64encode(random_password.shop.result)»\n", "a.tf") == ValueKind::reference);
  CHECK(judge("|password: «Xk(wq)p7»\n", "a.yml") == ValueKind::real);
  CHECK(judge("f(|var.key, \"«" + random("<alnum:43>") + "=»\")", "a.tf") == ValueKind::config);
  CHECK(judge_value("map(string)", "shop_secrets") == ValueKind::config);
  CHECK(judge_value("shop_{uuid.uuid4().hex}", "api_key") == ValueKind::reference);
  CHECK(judge_value("pub_{secrets.token_urlsafe(32)}", "api_key") == ValueKind::reference);
  CHECK(judge_value("$HEADER.$PAYLOAD.$SIG", "token") == ValueKind::reference);
  CHECK(judge_value("x{y7(Kp2mQz", "password") == ValueKind::real);
  CHECK(judge_value("weeks=4", "token") == ValueKind::config);
  CHECK(judge_value("aes-256-gcm", "api_key") == ValueKind::config);
  CHECK(judge_value("v0.1.4", "api_token") == ValueKind::config);
  CHECK(judge_value("@shop_theme", "THEME_STORAGE_KEY") == ValueKind::config);
  CHECK(judge_value("_csrftoken", "SESSION_KEY") == ValueKind::config);
  CHECK(judge_value("passive,shadow,message:text,by-hand", "REASON_TOKENS") == ValueKind::config);
  const std::string sentence = encode_base64("This is what a shorter string looks like");
  CHECK(judge_value("v1,whsec_" + sentence, "HOOK_SECRETS") == ValueKind::placeholder);
  CHECK(judge_value("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCi0tLS0t", "tls.key") == ValueKind::config);  // no body
  CHECK(judge_value("thumbv8m.base-none-eabi", "push_key") == ValueKind::config);
}

TEST_CASE("options, holes of a deployment, lists and marked-up words are no values") {
  CHECK(judge_value("Mot de passe", "password") == ValueKind::config);
  CHECK(judge_value("mot de passe tres long", "passphrase") != ValueKind::placeholder);
  CHECK(judge_value("tkn_lft:idt", "IdentityToken") == ValueKind::config);
  CHECK(judge_value("$$animationRunner", "STORAGE_KEY") == ValueKind::reference);
  CHECK(judge_value("$$x7Kp2mQz", "password") == ValueKind::real);
  CHECK(judge_value("%24(value)", "password") == ValueKind::reference);
  CHECK(judge_value("system.cpu.load.avg(1m)", "item_key") == ValueKind::config);
  CHECK(judge("Resource = [for s in var.|secrets : «s.valueFrom]»\n", "a.tf") == ValueKind::reference);
  const std::string id = random("<hex:8>-<hex:4>-<hex:4>-<hex:4>-<hex:12>");
  CHECK(judge("var |key = string.Concat(\"«" + id + "»\", \"x\", y);", "a.cs") == ValueKind::config);
  CHECK(judge("var |apiKey = string.Concat(\"«" + id + "»\", \"x\", y);", "a.cs") == ValueKind::real);
  CHECK(judge_value("--node-ip=10.0.0.7", "KUBELET_KEY") == ValueKind::config);
  CHECK(judge_value("--x7Kp2mQz", "password") == ValueKind::config);
  CHECK(judge_value("--7Kp2mQz", "password") == ValueKind::real);
  CHECK(judge_value("@@PROP:SHOP_PASS@@", "password") == ValueKind::reference);
  CHECK(judge_value("env(SHOP_KEY)", "password") == ValueKind::reference);
  CHECK(judge_value("NAME=VALUE", "secrets") == ValueKind::config);
  CHECK(judge_value("AbC-dEf5", "api_key") == ValueKind::placeholder);
  CHECK(judge_value("hash:" + random("<hex:64>"), "secret") == ValueKind::encrypted);
  const std::string told = encode_base64("my-secret-key-which-should-be-changed-in-production\n");
  CHECK(judge_value(told, "jwt.base64-secret") == ValueKind::placeholder);
  CHECK(judge("'otp', '|shop_secret', '«shop_code»', 'x'", "a.sql") == ValueKind::config);
  CHECK(judge("/// - Parameter |password: `«ApplicationPasword»` to be saved", "a.swift") == ValueKind::reference);
  CHECK(judge("|token = `«x7Kp2mQzLq8R»`", "a.ts") == ValueKind::real);
  CHECK(name_kind("passwordRequirements") == NameKind::none);
}

TEST_CASE("digests name themselves, as crypt(5) writes them and before a colon") {
  CHECK(judge_value("$PBKDF2-SHA512$rounds=9$" + random("<hex:8>$<hex:64>"), "password") == ValueKind::encrypted);
  CHECK(judge_value("hmac-sha256:" + random("<hex:64>"), "token") == ValueKind::encrypted);
  CHECK(judge_value("$x7$Kp$2mQz!", "password") == ValueKind::real);
  const std::string digest = random("<hex:32>");
  CHECK(judge("INSERT INTO users (name,|password) VALUES ('bob','«" + digest + "»');", "a.sql") ==
        ValueKind::encrypted);
  CHECK(judge("|password = '«" + digest + "»'", "a.php") == ValueKind::real);
  CHECK(judge("|password = '«" + random("<alnum:32>") + "»'", "a.sql") == ValueKind::real);
}

TEST_CASE("what a command of PowerShell returns is no value, and what stands in quotes is one") {
  CHECK(judge("$|password = «Read-Host» -AsSecureString -Prompt \"Password\"", "a.ps1") == ValueKind::reference);
  CHECK(judge("$x.|Password = «ConvertTo-SecureString» -String $y -AsPlainText", "a.psm1") == ValueKind::reference);
  CHECK(judge("$|password = \"«Harbour-Candle7»\"", "a.ps1") == ValueKind::real);
  CHECK(judge("|password = «Harbour-Candle7»\n", "a.conf") == ValueKind::real);
  CHECK(judge("|password=«Read-Host7»\n", "a.ps1") == ValueKind::real);
}

TEST_CASE("a call that a rule cut at its inner quote, and a password that ends alike") {
  CHECK(judge("{\"name\": \"|password\", \"value\": \"«[parameters(»\'shop\')]\"}", "a.json") == ValueKind::reference);
  CHECK(judge("{\"name\": \"|password\", \"value\": \"«x7Kp2mQz(»\"}", "a.json") == ValueKind::real);
}

TEST_CASE("constants called after what they hold, ids of a table, grammar and what is about a password") {
  CHECK(judge("Unlock_Daily |ShopPassword = \"«daily»\"", "a.go") == ValueKind::config);
  CHECK(judge("var old |ShopPassword = \"«daily»\"", "a.go") == ValueKind::real);
  CHECK(judge("var Hash7Kp2 |ShopPassword = \"«Hash7Kp2»\"", "a.go") == ValueKind::real);
  const std::string id = random("<hex:8>-<hex:4>-<hex:4>-<hex:4>-<hex:12>"), row = "\"x\" = \"" + id + "\"\n";
  CHECK(judge(row + "|credentials = \"«" + id + "»\"\n" + row + row, "a.ps1") == ValueKind::config);
  CHECK(judge("|credentials = \"«" + id + "»\"\n", "a.ps1") == ValueKind::real);
  CHECK(judge_value("1*tchar", "token") == ValueKind::config);
  CHECK(judge_value("1*tchar", "password") == ValueKind::real);
  CHECK(judge_value("7*x7Kp2mQzLq", "token") == ValueKind::real);
  CHECK(judge_value("/tmp", "PWD") == ValueKind::config);
  CHECK(judge_value("/tmp.", "PWD") == ValueKind::config);
  CHECK(judge_value("/tmp7Kp2", "PWD") == ValueKind::real);
  CHECK(name_kind("passwordPolicies") == NameKind::none);
  CHECK(name_kind("ResetPasswordIdentifier") == NameKind::none);
  CHECK(name_kind("sealed_token") == NameKind::none);
  CHECK(name_kind("unlock_password") == NameKind::password);
}

TEST_CASE("keys that say they are fake, and letters that happen to say so") {
  CHECK(judge_value(random("<alnum:20>") + "FAKE" + random("<alnum:16>"), "secret_key") == ValueKind::placeholder);
  CHECK(judge_value(random("<hex:16>") + "XXXXX" + random("<hex:16>"), "secret_key") == ValueKind::placeholder);
  CHECK(judge_value(random("<hex:16>") + "XX" + random("<hex:16>"), "secret_key") == ValueKind::real);
  CHECK(judge_value(random("<alnum:20>") + "Fake" + random("<alnum:16>"), "secret_key") == ValueKind::real);
  CHECK(judge_value("x7FAKEKp2mQz!", "password") == ValueKind::real);
}

TEST_CASE("a password that is the name of its user, each given as a name and a value") {
  const std::string user = "- name: DB_USER\n  value: harbour\n", other = "- name: DB_USER\n  value: candle\n";
  const std::string pair = "- name: DB_|PASSWORD\n  value: «harbour»\n";
  CHECK(judge(user + pair, "a.yml") == ValueKind::weak);
  CHECK(judge(other + pair, "a.yml") == ValueKind::real);
  CHECK(judge("- name: HOST\n  value: harbour\n" + pair, "a.yml") == ValueKind::real);
}

TEST_CASE("ids among ids, names of tables and places are no keys; one alone may be") {
  const std::string id = random("<hex:8>-<hex:4>-<hex:4>-<hex:4>-<hex:12>"), part = "\\\"i\\\":\\\"" + id + "\\\",";
  CHECK(judge(part + "\\\"|key\\\":\\\"«" + id + "»\\\"," + part + part, "a.sql") == ValueKind::config);
  CHECK(judge("\\\"|key\\\":\\\"«" + id + "»\\\",", "a.sql") == ValueKind::real);
  CHECK(judge(part + "\\\"|apiKey\\\":\\\"«" + id + "»\\\"," + part + part, "a.sql") == ValueKind::real);
  const std::string row = "` VALUES ('«" + random("<hex:32>") + "»', 'x');";
  CHECK(judge("INSERT INTO `shop_|ticket" + row, "a.sql") == ValueKind::config);
  CHECK(judge("INSERT INTO `shop_|token" + row, "a.sql") == ValueKind::real);
  CHECK(judge("\"|storageKeys\": [\"«0x" + random("<hex:64>") + "»\"]", "a.json") == ValueKind::config);
  CHECK(judge("\"|storageKey\": \"«" + random("<base64:86>") + "==»\"", "a.json") == ValueKind::real);
  CHECK(judge("\"|privateKey\": \"«0x" + random("<hex:64>") + "»\"", "a.json") == ValueKind::real);
  CHECK(judge_value("Streams.Parts[-1].PartId", "output_token") == ValueKind::reference);
  CHECK(judge_value("x7Kp[-1]2mQzLq8R", "output_token") == ValueKind::real);
  CHECK(name_kind("password_reset_return_to") == NameKind::none);
  CHECK(name_kind("endToken") == NameKind::none);
  CHECK(name_kind("weekendToken") == NameKind::secret);
}

TEST_CASE("a sentence in hexadecimal is no key") {
  std::string hex;
  for (const char c : std::string_view("change this to what is yours"))
    for (const int half : {c >> 4, c & 15}) hex += "0123456789abcdef"[half];
  CHECK(judge_value("shop-key:" + hex, "MASTER_KEY") == ValueKind::placeholder);
  CHECK(judge_value("shop-key:" + random("<hex:64>"), "MASTER_KEY") == ValueKind::real);
}

TEST_CASE("what a page binds to an event or a property is an expression, and a text in quotes of its own none") {
  CHECK(judge("  (inputTokenEnd)=\"«add($event)»\"", "a.component.html") == ValueKind::reference);
  CHECK(judge("<a [password]=\"«chosen1»\">", "a.component.html") == ValueKind::reference);
  CHECK(judge("<a [password]=\"«'x7Kp2mQz'»\">", "a.component.html") == ValueKind::real);
  CHECK(judge("  [password]=\"«x7Kp2mQz»\"", "a.sh") == ValueKind::real);
  CHECK(judge("x[password]=\"«x7Kp2mQz»\"", "a.js") == ValueKind::real);
}

TEST_CASE("the name of a field that a call fills is no value") {
  CHECK(judge("passwordRequest.put(\"«currentPassword»\", x);", "A.java") == ValueKind::config);
  CHECK(judge("passwordRequest.put(\"«currentPassword7»\");", "A.java") == ValueKind::real);
  CHECK(judge("config.password.set(\"«x7Kp2mQz»\", true);", "a.js") == ValueKind::real);
}

TEST_CASE("a sentence between a name and a call says what the call is for") {
  CHECK(judge("// The |password login handler reads form.value(\"«remember_me»\")", "a.go") == ValueKind::config);
  CHECK(judge("|password = form.value(\"«x7Kp2mQz»\")", "a.go") == ValueKind::real);
}

TEST_CASE("the first value of a row is that of its first column") {
  const std::string head = "INSERT INTO users (id, |password) VALUES ('";
  CHECK(judge(head + "«" + random("<alnum:30>") + "»', 'x7Kp2mQz')", "a.sql") == ValueKind::config);
  CHECK(judge("INSERT INTO users (|password) VALUES ('«" + random("<alnum:30>") + "»')", "a.sql") == ValueKind::real);
}
