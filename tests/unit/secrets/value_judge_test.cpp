#include "libscan/secrets/value_judge.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/sample.hpp"
#include "libscan/secrets/value_words.hpp"

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

TEST_CASE("names promise what their last words say") {
  CHECK(name_kind("DB_PASSWORD") == NameKind::password);
  CHECK(name_kind("spring.datasource.password") == NameKind::password);
  CHECK(name_kind("dbPassword2") == NameKind::password);
  CHECK(name_kind("recv-key") == NameKind::public_key);  // gpg's: the id of somebody's public key
  CHECK(name_kind("apiToken") == NameKind::secret);
  CHECK(name_kind("AWS_SECRET_ACCESS_KEY") == NameKind::secret);
  CHECK(name_kind("password_file") == NameKind::none);
  CHECK(name_kind("tokenUrl") == NameKind::none);
  CHECK(name_kind("encryptedPassword") == NameKind::none);
  CHECK(name_kind("STRIPE_PUBLISHABLE_KEY") == NameKind::public_key);
  CHECK(name_kind("publicKeyToken") == NameKind::public_key);
  CHECK(name_kind("API_KEY_PROD") == NameKind::secret);
  CHECK(name_kind("stripeSecretKeyLive") == NameKind::secret);
  CHECK(name_kind("key_id_staging") == NameKind::none);
  CHECK(name_kind("GH_PAT") == NameKind::secret);
  CHECK(name_kind("dataKey") == NameKind::key);
  CHECK(name_kind("cacheKey") == NameKind::none);  // finds something, opens nothing
  CHECK(name_kind("ID_KEY") == NameKind::none);
  CHECK(name_kind("runner__apt_key") == NameKind::public_key);
  CHECK(name_kind("gpg_key_passphrase") == NameKind::password);
  CHECK(name_kind("saltedpassword") == NameKind::none);  // what a server stores
  CHECK(name_kind("user.saltedPassword") == NameKind::none);
  CHECK(name_kind("passwordFieldTag") == NameKind::none);
  CHECK(name_kind("monkey") == NameKind::key);          // what it costs to know "masterkey"
  CHECK(name_kind("aesKeyBytes") == NameKind::secret);  // the form it is written in changes nothing
  CHECK(name_kind("dataKeyValue") == NameKind::key);
  CHECK(name_kind("ticket") == NameKind::key);  // of a login or of a bug tracker
  CHECK(name_kind("code_verifier") == NameKind::key);
  CHECK(name_kind("dbpass") == NameKind::password);  // run together with what it opens
  CHECK(name_kind("rootpw") == NameKind::password);
  CHECK(name_kind("bypass") == NameKind::none);
  CHECK(name_kind("renderPass") == NameKind::none);  // a step, of a renderer or a compiler
  CHECK(name_kind("passwords") == NameKind::password);
  CHECK(name_kind("port") == NameKind::none);
  CHECK(name_kind("data-password-validator-target") == NameKind::none);
  CHECK(name_kind("nextPageToken") == NameKind::none);  // where a list goes on
  CHECK(name_kind("session_token") == NameKind::secret);
  CHECK(name_kind("X-Amz-Credential") == NameKind::none);
  CHECK(name_kind("WeakPasswordReasons") == NameKind::none);
  CHECK(name_kind("TOKEN_ADDRESS") == NameKind::none);
  CHECK(name_kind("SeAssignPrimaryTokenPrivilege") == NameKind::none);
  CHECK(name_kind("passwordChar") == NameKind::none);
  CHECK(name_kind("web_password_crypted") == NameKind::none);
  CHECK(name_kind("fastcgi_pass") == NameKind::none);
  CHECK(name_kind("token_ttl_default") == NameKind::none);
  CHECK(name_kind("db_password_default") == NameKind::password);
  CHECK(name_kind("access_token_validity") == NameKind::none);
  CHECK(name_kind("ETCD_INITIAL_CLUSTER_TOKEN") == NameKind::none);  // says which cluster
  CHECK(name_kind("ALGOLIA_SEARCH_KEY") == NameKind::public_key);
  CHECK(name_kind("AZURE_SEARCH_KEY") != NameKind::public_key);  // Azure's changes the index
  CHECK(name_kind("PUSHER_APP_KEY") == NameKind::public_key);
  CHECK(name_kind("PUSHER_APP_SECRET") == NameKind::secret);
  CHECK(name_kind("CLUSTER_TOKEN") == NameKind::secret);
  CHECK(ends_in_secret("DB_PASSWORD"));
  CHECK(ends_in_secret("tokenValue"));
  CHECK_FALSE(ends_in_secret("PASSWORD_ADDED"));
}

TEST_CASE("values that say they are none") {
  struct Case {
    const char* value;
    ValueKind kind;
  };
  const Case cases[] = {
      {"", ValueKind::empty},
      {"   ", ValueKind::empty},
      {"${DB_PASSWORD}", ValueKind::reference},
      {"$DB_PASSWORD", ValueKind::reference},
      {"$(pass show db)", ValueKind::reference},
      {"{{ db_password }}", ValueKind::reference},
      {"<%= ENV['PW'] %>", ValueKind::reference},
      {"op://vault/item/field", ValueKind::reference},
      {"%DB_PASSWORD%", ValueKind::reference},
      {"%%PWD%%", ValueKind::reference},
      {"_DB_PASSWORD_", ValueKind::reference},
      {"{password}", ValueKind::reference},
      {"/run/secrets/db", ValueKind::reference},
      {"process.env.SECRET", ValueKind::reference},
      {"<your password>", ValueKind::reference},
      {"changeme", ValueKind::placeholder},
      {"your-api-key", ValueKind::placeholder},
      {"xxxxxxxxxxxx", ValueKind::placeholder},
      {"********", ValueKind::placeholder},
      {"1234567890", ValueKind::placeholder},
      {"abcd1234abcd1234", ValueKind::placeholder},
      {"REPLACE_ME_WITH_A_SECRET", ValueKind::placeholder},
      {"good-password", ValueKind::placeholder},
      {"tk_0b7af3xxxx", ValueKind::placeholder},
      {"$encrypted$", ValueKind::reference},
      {"shop:{tenant_id}", ValueKind::reference},
      {"$login[0]:$login[1]", ValueKind::reference},
      {"|[^a-z0-9_]|", ValueKind::reference},
      {"sha1:5ac1:0b7af3d911", ValueKind::encrypted},
      {"deploy:$2y$10$Hz", ValueKind::encrypted},
      {"npm:^4.0.0", ValueKind::config},
      {">=3,<3.4.6|>=4.1", ValueKind::config},
      {"shop-client:0.12.5", ValueKind::config},
      {"2024-05-01T10:23:00Z", ValueKind::config},
      {"VARCHAR(80)", ValueKind::config},
      {"PBKDF2WithHmacSHA512", ValueKind::config},
      {"shop.commands.login:main", ValueKind::config},
      {"orders#show", ValueKind::config},
      {"jar:6.0.1", ValueKind::config},
      {"ks_gm3000.dll", ValueKind::config},
      {"None):", ValueKind::config},
      {"keyword.$2", ValueKind::reference},
      {"access-$userId", ValueKind::reference},
      {"$t('login')", ValueKind::reference},
      {"SHOP-APP-LOGIN,SHOP-APP-MAIL", ValueKind::config},
      {"required|string|min:8|confirmed", ValueKind::config},
      {"required_unless:mail_driver,log", ValueKind::config},
      {"7.5e-8", ValueKind::config},
      {"\\u5bc6\\u7801", ValueKind::config},
      {"keyword.$S2", ValueKind::reference},
      {"{$shop->id}:cart", ValueKind::reference},
      {"%5BFiltered%5D", ValueKind::reference},
      {"$HOME/.ssh/id_ed25519", ValueKind::config},
      {"Optional[str]", ValueKind::config},
      {"dict[str, Any]", ValueKind::config},
      {"encrypted", ValueKind::config},
      {"base64", ValueKind::config},
      {"bytes,2,opt,name=answer,proto3", ValueKind::config},
      {"pk.eyJ1IjoiYWNtZSJ9.Kq3xW8vTz", ValueKind::config},
      {"public-sandbox-0", ValueKind::config},
      {"aaaabbbbccccdddd12", ValueKind::placeholder},
      {"def456", ValueKind::placeholder},
      {"abc123xyz789", ValueKind::placeholder},
      {"SHOP_DB_LOGIN", ValueKind::config},
      {"sk_<CHANGE_ME>", ValueKind::reference},
      {"'changeme'", ValueKind::placeholder},
      {"false.", ValueKind::config},
      {"encrypted:BFh2...", ValueKind::encrypted},
      {"ENC[AES256_GCM,data:abc]", ValueKind::encrypted},
      {"$2b$12$abcdefghijklmnopqrstuv", ValueKind::encrypted},
      {"true", ValueKind::config},
      {"1.3.6.1.4.1.4203.1.11.1", ValueKind::config},
      {"^1.4.6", ValueKind::config},
      {"https://shop.dev/login", ValueKind::config},
      {"/etc/ssl/private/key.pem", ValueKind::config},
      {"Please enter the new one", ValueKind::config},
  };
  for (const Case& c : cases) {
    CAPTURE(c.value);
    CHECK(to_string(judge_value(c.value, "db_password")) == to_string(c.kind));
  }
}

TEST_CASE("a member of what C points at is a reference, and an arrow in a password is not") {
  CHECK(judge("host_pat = «vmcs12->host_pat»;", "a.c") == ValueKind::reference);
  CHECK(judge("token = «ctx->auth[3].token»;", "a.c") == ValueKind::reference);
  CHECK(judge("password = \"«9x->Kq7!mZ»\"", "a.py") == ValueKind::real);
}

TEST_CASE("what looks like a name of a program may still be a password") {
  CHECK(judge_value("@rematch", "token") == ValueKind::config);
  CHECK(judge_value("@rematch", "password") == ValueKind::real);
  for (const char* v : {"hello:pass:world", "CircleOfLight", "pa$$word", "P4$$w0rd-$1x", "$3cr3+", "hq.R7"}) {
    CAPTURE(v);
    CHECK(judge_value(v, "password") == ValueKind::real);
  }
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
  CHECK(judge("DB_PASSWORD " + made + "\n", "Dockerfile") == ValueKind::config);  // the line does not set it
}

TEST_CASE("a rule that knows its place is not led astray by the key of anything") {
  CHECK(judge("keytool -genkey -storepass «nightfall»", "a.sh", "password") == ValueKind::real);
}

TEST_CASE("a password may be what a person makes up, a token may not") {
  for (const char* value : {"hunter22", "Winter2019!", "izayoi", "tr0ub4dor&3"})
    CHECK(judge_value(value, "password") == ValueKind::real);
  CHECK(judge_value("Admin12345", "password") == ValueKind::real);  // made for a policy
  CHECK(judge_value("refreshing", "token") == ValueKind::config);
  CHECK(judge_value("user_session_token", "token") != ValueKind::real);
  for (std::uint64_t seed = 1; seed < 40; ++seed) {
    CHECK(judge_value(random("<hex:32>", seed), "token") == ValueKind::real);
    CHECK(judge_value(random("<alnum:24>", seed), "api_key") == ValueKind::real);
    CHECK(judge_value(random("<base64url:40>", seed), "key") == ValueKind::real);
  }
}

TEST_CASE("names of objects and of programs are no tokens") {
  CHECK(judge_value("etcd-peer-tls", "tlsSecret") == ValueKind::config);
  CHECK(judge_value("shop.local-tls", "secret") == ValueKind::config);
  CHECK(judge_value("Shop\\Storage\\TokenInterface", "access_token") == ValueKind::config);
  CHECK(judge_value("_handleChipsKeyup", "key") == ValueKind::config);
  // what machines make of the same characters
  CHECK(judge_value(random("sk-<lower:48>"), "api_key") == ValueKind::real);
  CHECK(judge_value(random("<lower:12>-<alnum:12>"), "token") == ValueKind::real);
  CHECK(judge_value(random("<alpha:24>"), "key") == ValueKind::real);
}

TEST_CASE("places in a table of a program, beginnings of tokens and ids are no secrets") {
  for (const char* v :
       {"spacing.125", "fontSizes.2.large", "@brackets.directive", "shop_", "live:", "ssh-ca", "oidc:state",
        "logout+jwt", "--color-docs", "re_123", "tr_stg_abcd123", "whsec_12345", "py_test123_secret_abc",
        "sk_live_123456", "hex:32", "87600h", "10/min", "sk-shop-YOUR_KEY", "data->keys->auth"}) {
    CAPTURE(v);
    CHECK(judge_value(v, "token") != ValueKind::real);
  }
  const std::string id = random("<hex:8>-<hex:4>-<hex:4>-<hex:4>-<hex:12>");
  CHECK(judge_value("Q-" + id + "-2", "key") == ValueKind::config);
  CHECK(judge_value(id, "api_key") == ValueKind::real);
  CHECK(is_made_up(id));
  CHECK(judge_value(id, "USER_PASSWORD_ADDED") == ValueKind::config);  // of an event
  CHECK(judge_value(id, "ADMIN_PASSWORD") == ValueKind::real);
  for (const char* v : {"x7.Kp2mQz.9LwT", "app-a-1234", "oidc:st4te", "shop_2024_winter"}) {
    CAPTURE(v);
    CHECK(judge_value(v, "token") == ValueKind::real);
  }
}

TEST_CASE("what begins as a web token and goes on with words is none") {
  const std::string header = encode_base64url(R"({"alg":"HS256","typ":"JWT"})");
  const std::string payload = encode_base64url(R"({"sub":"a"})");
  for (const std::string& end : {std::string(".payload.signature"), std::string(".test"), std::string(".."),
                                 "." + payload + ".invalid_signature"}) {
    CAPTURE(end);
    CHECK(judge_value(header + end, "token") == ValueKind::placeholder);
  }
  CHECK(judge_value(header + "." + payload + "." + random("<alnum:43>"), "token") == ValueKind::real);
  CHECK(judge_value(header + "." + payload + ".", "token") == ValueKind::real);  // not signed, and a token
  CHECK(judge_value("good<bye>x", "password") == ValueKind::real);
}

TEST_CASE("keys that documentation and emulators give to everyone are none of yours") {
  CHECK(judge_value("wJalrXUtnFEMI", "secret_key") == ValueKind::placeholder);
  CHECK(judge_value("Eby8vdM02xNOcqFlqUw" + random("<alnum:60>"), "account_key") == ValueKind::placeholder);
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

TEST_CASE("words run together are a secret that is long enough") {
  CHECK(judge_value("nobodyshouldreadthis", "jwt-secret") == ValueKind::real);
  CHECK(judge_value("nobody_should_read", "jwt-secret") == ValueKind::config);  // a name of a program
  CHECK(judge_value("nobodyShouldReadThis", "jwt-secret") == ValueKind::config);
}

TEST_CASE("what a person thought up is told from what a machine made") {
  CHECK(is_made_up("otpauth://totp/Shop:ann?secret=JBSWY3DPEHPK3PXP&issuer=Shop"));
  for (const char* thought_up : {"store-pass", "wossname", "s3cr3t", "bobwillknow", "two words"}) {
    CAPTURE(thought_up);
    CHECK(is_made_up(thought_up));
  }
  CHECK(is_made_up(encode_base64("ada:store-pass")));  // encoding adds nothing
  CHECK_FALSE(is_made_up(random("<alnum:20>")));
  CHECK_FALSE(is_made_up(random("<hex:32>")));
  CHECK(is_made_up("hbfvdkhjbvkdvdfjvbnkhjb"));  // fingers on the keys
  CHECK(is_made_up(encode_base64("key-for-previews\n")));
  CHECK_FALSE(is_made_up(random("<jwt>")));
  CHECK_FALSE(is_made_up(encode_base64("ada:" + random("<alnum:24>"))));
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

TEST_CASE("judging is total: any bytes, any place") {
  ValueMemo memo;
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i * 37);
  for (std::size_t begin = 0; begin < bytes.size(); begin += 7)
    for (std::size_t end = begin; end <= bytes.size(); end += 61) {
      judge_value(std::string_view(bytes).substr(begin, end - begin), "token");
      judge_in_text(bytes, {begin, end}, {begin / 2, end}, "x.py", {}, memo);
    }
  CHECK(judge_value(std::string(1 << 20, 'a'), "password") == ValueKind::placeholder);
}

TEST_CASE("words are told from noise") {
  for (const char* word : {"administrator", "connection", "password", "between"})
    CHECK(letter_pair_score(word) >= kWordScore);
  for (const char* noise : {"xkqjzwvp", "qzxvjkw", "tgbnhyu"}) CHECK(letter_pair_score(noise) < kWordScore);
  CHECK(is_run_of_stand_ins("mysecretkey"));
  CHECK_FALSE(is_run_of_stand_ins("hunter"));
}
