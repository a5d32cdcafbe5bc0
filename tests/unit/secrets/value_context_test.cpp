// What the place of a value says: judge_in_text().
#include <doctest/doctest.h>

#include <string>

#include "libscan/secrets/sample.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

// Judges what stands between « and » in `marked`, the whole line being the match.
ValueKind judge(std::string marked, std::string_view path, std::string_view assumed = {}) {
  constexpr std::size_t kMark = sizeof("«") - 1;
  const std::size_t begin = marked.find("«");
  marked.erase(begin, kMark);
  const std::size_t end = marked.find("»");
  marked.erase(end, kMark);
  ValueMemo memo;
  return judge_in_text(marked, {begin, end}, {0, end}, path, assumed, memo);
}

std::string random(std::string_view sample, std::uint64_t seed = 9) { return *expand_sample(sample, seed); }

}  // namespace

TEST_CASE("a member of what C points at is a reference, and an arrow in a password is not") {
  CHECK(judge("host_pat = «vmcs12->host_pat»;", "a.c") == ValueKind::reference);
  CHECK(judge("token = «ctx->auth[3].token»;", "a.c") == ValueKind::reference);
  CHECK(judge("password = \"«9x->Kq7!mZ»\"", "a.py") == ValueKind::real);
}

TEST_CASE("the first argument of a look-up is a name, the second a value") {
  CHECK(judge("'privateKey' => env('«SHOP_x509_KEY»', '')", "a.php") == ValueKind::reference);
  const std::string made = random("<alnum:32>");
  CHECK(judge("'privateKey' => env('SHOP_KEY', '«" + made + "»')", "a.php") == ValueKind::real);
}

TEST_CASE("what is taken when a variable is not set is a value") {
  const std::string made = "«" + random("<alnum:14>") + "»";
  CHECK(judge("$password = getenv('DB_PASS') ?: '" + made + "'", "a.php") == ValueKind::real);
  CHECK(judge("secret = process.env.JWT_SECRET || '" + made + "'", "a.js") == ValueKind::real);
  CHECK(judge("PASSWORD = os.getenv('DB_PASSWORD', '" + made + "')", "a.py") == ValueKind::real);
  CHECK(judge("password || '«nightfall»'", "a.js") == ValueKind::config);
  CHECK(judge("ORDERS_KEY ?? '«" + random("<alnum:32>") + "»'", "a.js") == ValueKind::real);
  CHECK(judge("password: process.env.DB_PASSWORD || '«" + random("TicketToken<digit:4>Safe!") + "»'", "a.js") ==
        ValueKind::real);
  CHECK(judge("ORDERS_KEY') or '«" + random("<alnum:32>") + "»'", "a.py") == ValueKind::real);
  CHECK(judge("neither 'x.secret' or '«tls.https.made2»' have", "a.txt") == ValueKind::config);
  CHECK(judge("DB_PASSWORD " + made + "\n", "Dockerfile") == ValueKind::config);  // the line does not set it
}

TEST_CASE("words in a variable of the environment are a passphrase; in a program, or for people, they are a text") {
  CHECK(judge("export BORG_PASSPHRASE='«plank hold 90 seconds»'", "deploy/backup.sh") == ValueKind::real);
  CHECK(judge("export BORG_PASSPHRASE='«enter your passphrase here»'", "deploy/backup.sh") != ValueKind::real);
  CHECK(judge("export BORG_PASSPHRASE='«plank hold»'", "deploy/backup.sh") != ValueKind::real);
  CHECK(judge("passphrase: '«plank hold 90 seconds»'", "deploy/backup.yml") != ValueKind::real);
  CHECK(judge("PASSPHRASE='«plank hold 90 seconds»'", "a.py") != ValueKind::real);
}

TEST_CASE("the line that a value stands on begins behind the last line feed, or not far before it") {
  CHECK(line_begin("", 0) == 0);
  CHECK(line_begin("ab", 2) == 0);
  CHECK(line_begin("a\nb", 3) == 2);
  CHECK(line_begin("a\nb", 1) == 0);
  CHECK(line_begin("a\n", 2) == 2);
  const std::string far = "\n" + std::string(10'000, 'a');
  CHECK(line_begin(far, 100) == 1);
  CHECK(line_begin(far, 10'000) > 1);
}

TEST_CASE("backticks quote in the settings of some programs, and run a command in a shell") {
  CHECK(judge("PASSWD = `«" + random("Parola<digit:4>#") + "»`", "custom/conf/app.ini") == ValueKind::real);
  CHECK(judge("PASSWD=`«" + random("Parola<digit:4>#") + "»`", "a.sh") == ValueKind::reference);
}

TEST_CASE("what a program asks of its callers in a header is a value; what it looks for under a key is none") {
  const std::string made = random("<alnum:24>");
  CHECK(judge("x-cron-key'] !== '«" + made + "»'", "a.js") == ValueKind::real);
  CHECK(judge("key !== '«" + made + "»'", "a.js") == ValueKind::config);
}

TEST_CASE("a rule that knows its place is not led astray by the key of anything") {
  CHECK(judge("keytool -genkey -storepass «nightfall»", "a.sh", "password") == ValueKind::real);
}

TEST_CASE("what stands between two strings is the program") {
  CHECK(judge(R"(url += "&token="« + value + »"&x=1")", "a.js") == ValueKind::config);
  CHECK(judge(R"(f("password:"«),d?m(»"code"))", "a.js") == ValueKind::config);
  CHECK(judge(R"(String PASSWORD_MISSING = "«expected »" + NAME)", "A.java") == ValueKind::config);
  CHECK(judge(R"(String PASSWORD = "«)hq7+w!»")", "A.java") == ValueKind::real);  // punctuation may begin a password
  CHECK(judge("Z[Z.NO_PASSWORD=«26]=»\"NO_PASSWORD\"", "a.js") == ValueKind::config);
}

TEST_CASE("rules, handlers and events of a password field are none") {
  CHECK(judge("'password' => ['«confirmed»', 'strong']", "Form.php") == ValueKind::config);
  CHECK(judge("password = ['«hunter27»']", "a.py") == ValueKind::real);
  CHECK(judge("togglePassword.addEventListener('«click»', f)", "a.js") == ValueKind::reference);
  CHECK(judge("password.classList.add('«slash»')", "a.js") == ValueKind::reference);
  CHECK(judge("user.setPassword('«nightfall»')", "a.js") == ValueKind::real);
  CHECK(judge("ACTION_PASSWORD = '«beforeLoginCheckLimit»'", "a.php") == ValueKind::config);
  CHECK(judge("case .lostPassword: return \"«m_lost-2-password»\"", "a.swift") == ValueKind::config);
  CHECK(judge("{'password': str, '«multiplechoice»': str}", "a.py") == ValueKind::config);
  CHECK(judge("throw('POST when asking for a token', '«#section-3.2»')", "a.php") == ValueKind::config);
  CHECK(judge("param('token', '«k9-section-3.2»')", "a.php") == ValueKind::real);
  CHECK(judge("new SecretKeySpec(decode(secret), \"«HmacSHA256»\")", "A.java") == ValueKind::config);
  CHECK(judge("SESSION_KEY = '«_samlData»'", "A.php") == ValueKind::config);
  CHECK(judge("somebody@pwd.example>« Some Body »<", ".mailmap") == ValueKind::config);
  CHECK(name_kind("passwordStrengthColor") == NameKind::none);
}

TEST_CASE("a template's action computes, and its words are no values") {
  CHECK(judge("{{- $password = «include» \"lookup\" }}", "secrets.yaml") == ValueKind::reference);
  CHECK(judge("a: \"{{ secret('«MAIL_LOGIN»') }}\"", "flow.yaml") != ValueKind::real);
  CHECK(judge("user: {{ name }}, password: «nightfall»", "a.yaml") == ValueKind::real);
}

TEST_CASE("a literal is a value, an expression is none") {
  const std::string made = random("<alnum:20>");
  CHECK(judge("password = \"«" + made + "»\"", "a.py") == ValueKind::real);
  CHECK(judge("password=«" + made + "»\n", "a.env") == ValueKind::real);
  CHECK(judge("password = «other_password»\n", "a.py") != ValueKind::real);
  CHECK(judge("password = «settings.login»\n", "a.yml") == ValueKind::config);
  CHECK(judge("password = «ask_user»(x)", "a.conf") == ValueKind::reference);
  CHECK(judge("password: «argv[1]»,", "a.md") == ValueKind::reference);
  CHECK(judge("password = ask(\"«Tell me»\")", "a.js") != ValueKind::real);
  CHECK(judge("password.encode('«utf-8»')", "a.py") != ValueKind::real);
  CHECK(judge("setPassword(\"«hunter22»\")", "a.java") == ValueKind::real);
  CHECK(judge("if (password != \"«hunting»\")", "a.c") == ValueKind::config);
  CHECK(judge("PASS=`«awk '/x/'»`", "a.sh") == ValueKind::reference);
}

TEST_CASE("a value that repeats its name is none") {
  CHECK(judge("API_KEY = \"«api_key»\"", "a.js") != ValueKind::real);
  CHECK(judge("\"ChangePassword\": \"«iam:ChangePassword»\"", "a.json") != ValueKind::real);
}

TEST_CASE("a default that says it is to be changed is weak where it is in effect") {
  CHECK(judge("KEYSTORE_PASSWORD: «changeit»", "compose.yml") == ValueKind::weak);
  CHECK(judge("-Djavax.net.ssl.trustStorePassword=«changeit»", "run.sh") == ValueKind::weak);
  CHECK(judge("password = \"«change_me1»\"", "app.py") == ValueKind::weak);
  CHECK(judge("if password == \"«changeme»\":", "app.py") == ValueKind::placeholder);
  CHECK(judge("DB_PASSWORD=«changeme»", "settings.example.env") == ValueKind::placeholder);
  CHECK(judge("DB_PASSWORD=«changeme»", "README.md") == ValueKind::placeholder);
  CHECK(judge("api_token: «changeme»", "app.yml") == ValueKind::placeholder);
}

TEST_CASE("a password named after its service is a password") {
  CHECK(judge("SONAR_DB_PASSWORD=«sonar»", "run.sh") == ValueKind::real);
  CHECK(judge("sonar_db_password = «db_password»", "app.conf") == ValueKind::placeholder);
}

TEST_CASE("a JSON document in a string is as secret as what it holds") {
  const std::string held = random("{\\\"user\\\": \\\"ada\\\", \\\"sig\\\": \\\"<hex:32>\\\"}");
  CHECK(judge("\"apiToken\": \"«" + held + "»\"", "app.json") == ValueKind::real);
  CHECK(judge("\"apiToken\": \"«{\\\"user\\\": \\\"ada\\\"}»\"", "app.json") == ValueKind::config);
}

TEST_CASE("quotes may be written as HTML writes them") {
  const std::string value = random("<alnum:14>");
  CHECK(judge("&quot;password&quot;: &quot;«" + value + "»&quot;", "api.html") == ValueKind::real);
}

TEST_CASE("translations hold labels, not passwords") {
  const std::string made = "'password' => '«" + random("<alnum:20>") + "»'";
  CHECK(judge(made, "resources/lang/aa/auth.php") == ValueKind::config);
  CHECK(judge(made, "src/lang/Login.java") == ValueKind::real);
  CHECK(judge("<string name=\"a\"><password>«Geheim»</password>", "res/values-de/strings.xml") == ValueKind::config);
  CHECK(judge("password.again = «Nochmal»", "src/messages_de.properties") == ValueKind::config);
  CHECK(judge("password.empty = «Repeated» password is required", "a.properties") == ValueKind::config);
  CHECK(judge("\"password\": \"«Kennwort»\"", "src/i18n/de.json") == ValueKind::config);
  CHECK(judge("\"password\": \"«Kennwort»\"", "src/config/de.json") == ValueKind::real);
}

TEST_CASE("a generic rule needs a name that promises a secret; a rule that knows its place does not") {
  const std::string made = random("<alnum:20>");
  CHECK(judge("token_url = \"«" + made + "»\"", "a.py") == ValueKind::config);
  CHECK(judge("machine h login l «" + made + "»", "a", "password") == ValueKind::real);
}

TEST_CASE("an option's value is one, with or without an equals sign") {
  const std::string value = random("Wx<digits:4>!");
  CHECK(judge("Backup.ps1 -CertFilePassword «" + value + "» -AppId x", "ops.md") == ValueKind::real);
  CHECK(judge("{\"--store-password\", \"«keymanpw»\"}", "Options.java") == ValueKind::real);
  CHECK(judge("password «" + value + "» is what you type", "ops.md") == ValueKind::config);
}

TEST_CASE("a call in a comment shows how it is made, unless a machine made the value") {
  const auto call = [](const std::string& lead, const std::string& value, std::string_view path) {
    const std::string text = lead + "SetBasicAuth(\"shop\", \"" + value + "\")";
    const std::size_t begin = text.find(value);
    ValueMemo memo;
    return judge_in_text(text, {begin, begin + value.size()}, {lead.size(), text.size()}, path, "password", memo);
  };
  CHECK(call("// r.", "bienvenue", "a.go") == ValueKind::config);
  CHECK(call("r.", "bienvenue", "a.go") == ValueKind::real);
  CHECK(call("// r.", random("<alnum:20>"), "a.go") == ValueKind::real);
  CHECK(call("# ", "bienvenue", "a.sh") == ValueKind::real);  // a setting that was put aside
}

TEST_CASE("what follows the value of an option are other arguments") {
  CHECK(judge("--password «x7Kp2mQz» http://svn.shop.dev", "a.sh") == ValueKind::real);
  CHECK(judge("--password «prompt2» asks for it", "a.sh", "") == ValueKind::real);  // what it costs
  CHECK(judge("the password «x7Kp2mQz» is", "a.md") == ValueKind::config);
}

TEST_CASE("what a look-up gives when there is nothing to find is a value, whatever it looks up") {
  CHECK(judge("password = os.environ.get(\"P\", \"«x7Kp2mQz»", "a.py") == ValueKind::reference);  // cut: no quote
  CHECK(judge("password = os.environ.get(\"P\", \"«x7Kp2mQz»\"", "a.py") == ValueKind::real);
  CHECK(judge("password = build(\"P\", \"«x7Kp2mQz»\"", "a.py") == ValueKind::reference);
}

TEST_CASE("a password option of a command takes a word, in a sentence it takes none") {
  CHECK(judge("mongorestore --username shop --password «nightfall» -d admin", "README.md") == ValueKind::real);
  CHECK(judge("restore --db-password «nightfall»", "run.sh") == ValueKind::real);
  CHECK(judge("give it with --password «option», or ask", "README.md") == ValueKind::config);
  CHECK(judge("give it with --password «instead» of asking", "README.md") == ValueKind::config);
  CHECK(judge("systemctl --no-ask-password «daemon-reload»", "run.sh") == ValueKind::config);
}

TEST_CASE("a memory gives the verdicts it was given, of the very same value and name") {
  ValueMemo memo;
  std::vector<std::pair<std::string, std::string>> asked = {{"", ""}, {"", "password"}, {"changeme", ""}};
  for (const char* value : {"hunter2pass", "${DB_PASSWORD}", "true", "changeme", "a1b2c3d4e5f60718"})
    for (const char* name : {"password", "token", "key", "", "true"}) {
      asked.emplace_back(value, name);
      asked.emplace_back(std::string(value) + name, "");
      asked.emplace_back(std::string(value).substr(1), name);
      asked.emplace_back(std::string(300, 'x') + value, name);
    }
  for (int i = 0; i < 5000; ++i) asked.emplace_back(std::to_string(i) + "Zq", "password");  // more than it has room for
  for (int round = 0; round < 2; ++round)
    for (const auto& [value, name] : asked) {
      CAPTURE(value);
      CAPTURE(name);
      CHECK(memo.judge(value, name) == judge_value(value, name));
      CHECK(memo.judge(value, name) == judge_value(value, name));
    }
}

TEST_CASE("what a program printed, kept in a notebook, is a value when a machine made it") {
  const std::string made = random("<alnum:32>");
  CHECK(judge("\"token: «" + made + "»\\n\",", "a.ipynb") == ValueKind::real);
  CHECK(judge("\"token: «" + made + "»\"", "a.py") == ValueKind::real);
  CHECK(judge("\"token: «missing»\\n\",", "a.ipynb") != ValueKind::real);
  CHECK(judge("x = {token: «userToken2», a: 1}", "a.js") != ValueKind::real);
}
