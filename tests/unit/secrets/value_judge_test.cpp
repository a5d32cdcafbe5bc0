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
  CHECK(name_kind("encrypted_key") == NameKind::none);
  CHECK(name_kind("xpack.encryptedSavedObjects.encryptionKey") == NameKind::secret);
  CHECK(name_kind("PASSWORD_HASHER") == NameKind::none);
  CHECK(name_kind("mot_de_passe") == NameKind::password);
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
  CHECK(name_kind("passwordOptions") == NameKind::none);
  CHECK(name_kind("password1.Username") == NameKind::none);
  CHECK(name_kind("passwordField.style.display") == NameKind::none);  // how it looks
  CHECK(name_kind("style_password") == NameKind::password);
  CHECK(name_kind("HTTPPasswordMgrWithDefaultRealm") == NameKind::none);
  CHECK(name_kind("Sec-WebSocket-Key") == NameKind::none);  // a nonce
  CHECK(name_kind("WEBSOCKET_KEY") == NameKind::key);
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
      {"tu_contraseña_aqui", ValueKind::placeholder},
      {"votre-cle-secrete", ValueKind::placeholder},
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

TEST_CASE("what looks like a name of a program may still be a password") {
  CHECK(judge_value("@rematch", "token") == ValueKind::config);
  CHECK(judge_value("@rematch", "password") == ValueKind::real);
  for (const char* v : {"hello:pass:world", "CircleOfLight", "pa$$word", "P4$$w0rd-$1x", "$3cr3+", "hq.R7"}) {
    CAPTURE(v);
    CHECK(judge_value(v, "password") == ValueKind::real);
  }
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

TEST_CASE("what was encrypted for a cluster's controller alone is no secret") {
  CHECK(judge_value(random("AgB<base64:400>"), "password") == ValueKind::encrypted);
  CHECK(judge_value(random("AgZ<base64:400>"), "password") == ValueKind::real);
  CHECK(judge_value(random("AgB<base64:40>"), "password") == ValueKind::real);
}

TEST_CASE("a token of lower-case letters and few digits is no name of an object; short or readable pieces are one") {
  for (const char* name : {"cockroachdb-root", "etcd-peer-tls", "kube2-apiserver", "web-frontend-v2"}) {
    CAPTURE(name);
    CHECK(judge_value(name, "key") == ValueKind::config);
  }
  std::size_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    lost += judge_value(random("skey_<lower:10>5<lower:4>2<lower:3>", seed), "token") != ValueKind::real;
  CHECK(lost < 30);  // what chance makes readable
}

TEST_CASE("what machines make is not taken for words because some of its pieces read like them") {
  for (const char* sample : {"glpat-<alnum:20>", "<alnum:16>", "re_<alpha:32>", "<alpha:32>"}) {
    CAPTURE(sample);
    std::size_t lost = 0;
    for (std::uint64_t seed = 1; seed <= 1000; ++seed)
      lost += judge_value(random(sample, seed), "key") != ValueKind::real;
    CHECK(lost <= 5);
  }
  for (const char* name : {"handleChipsKeyup", "getUserAuthToken", "primary_access_token_id", "fooBarBazQux",
                           "kubernetesServiceAccount", "1_happy_face.jpg", "maxRetryAttempts2"}) {
    CAPTURE(name);
    CHECK(judge_value(name, "key") != ValueKind::real);
  }
}

TEST_CASE("signs of many kinds among letters and digits are noise, whatever two of them mean elsewhere") {
  for (const char* sign : {"%s", "$(", "((", "%(", "}}", "%d"}) {
    CAPTURE(sign);
    const std::string noise = random("<lower:4><digit:4>@#&*!") + sign + random("=+<lower:6><digit:2>^<lower:12>_");
    CHECK(judge_value(noise, "SECRET_KEY") == ValueKind::real);
  }
  CHECK(judge_value("https://%s:%s@db-12.shop.dev:5432/%s?ssl=1&x=[2]", "DB_PASSWORD") == ValueKind::reference);
  CHECK(judge_value("^[A-Za-z0-9!@#$%^&*()_+=-]{8,128}$", "password") == ValueKind::reference);
  CHECK(judge_value("${DB_PASSWORD_2024:?set-it-in(.env)}@db:5432/x", "password") == ValueKind::reference);
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

TEST_CASE("a public key and a certificate are made to be seen, and a private key is not, encrypted or not") {
  const auto der = [](std::string_view head) { return encode_base64(std::string(head) + random("<alnum:90>")); };
  using namespace std::string_view_literals;
  // SubjectPublicKeyInfo: an algorithm of one id, and a bit string
  CHECK(judge_value(der("\x30\x6a\x30\x05\x06\x03\x2b\x65\x70\x03\x61\x00"sv), "secret") == ValueKind::config);
  // a certificate: the version in front
  CHECK(judge_value(der("\x30\x82\x03\x01\x30\x82\x01\xed\xa0\x03\x02\x01\x02"sv), "secret") == ValueKind::config);
  // PrivateKeyInfo: a number in front
  CHECK(judge_value(der("\x30\x6a\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70"sv), "secret") == ValueKind::real);
  // EncryptedPrivateKeyInfo: an algorithm, and an octet string
  CHECK(judge_value(der("\x30\x6a\x30\x05\x06\x03\x2b\x65\x70\x04\x61\x00"sv), "secret") == ValueKind::real);
  CHECK(judge_value("M" + random("<alnum:60>"), "secret") == ValueKind::real);
}

TEST_CASE("what standards show is in everybody's tests") {
  CHECK(judge_value("2YotnFZFEjr1zC"
                    "sicMWpAA",
                    "access_token") == ValueKind::placeholder);  // RFC 6749, section 4.1.4
  CHECK(judge_value("czZCaGRSa3F0Mz"
                    "pnWDFmQmF0M2JW",
                    "secret") == ValueKind::placeholder);
  CHECK(judge_value(random("<alnum:22>"), "access_token") == ValueKind::real);
}

TEST_CASE("values that are put in, found in a page or a directory, or say in another way that they hold a place") {
  CHECK(judge_value(":\\(password)", "password") == ValueKind::reference);  // Swift
  CHECK(judge_value("{i18n:login.password}", "password") == ValueKind::reference);
  CHECK(judge_value("{'k': 'x7Kp2mQz'}", "password") == ValueKind::config);
  CHECK(judge_value("cn=reader5,ou=shop", "password") == ValueKind::config);
  CHECK(judge_value("Kn=reader5", "password") == ValueKind::real);
  CHECK(judge_value("#s3-secret-key", "secret") == ValueKind::config);
  CHECK(judge_value("#summer-breeze", "password") == ValueKind::real);
  CHECK(judge_value("xoxb-123123123", "token") == ValueKind::placeholder);
  CHECK(judge_value("xoxb-123123124", "token") == ValueKind::real);
  CHECK(judge_value("abc321", "password") == ValueKind::placeholder);
  CHECK(judge_value("abc421", "password") == ValueKind::real);
  CHECK(judge_value("encoded&password", "secret") == ValueKind::placeholder);
  CHECK(judge_value(encode_base64("example-app-secret"), "secret") == ValueKind::placeholder);
  CHECK(judge_value(encode_base64(random("<alnum:18>")), "secret") == ValueKind::real);
}

TEST_CASE("a stand-in in base64 is one, and a login or a value there is none") {
  CHECK(judge_value(encode_base64("demo"), "password") == ValueKind::placeholder);
  CHECK(judge_value(encode_base64("marigold\n"), "password") == ValueKind::real);
  CHECK(judge_value(encode_base64("admin:test"), "password") == ValueKind::real);
  CHECK(judge_value(encode_base64(random("<alnum:10>")), "password") == ValueKind::real);
  CHECK(judge_value("+ " + encode_base64("Password:"), "password") == ValueKind::placeholder);  // what a server asks
}

TEST_CASE("formats of dates, patterns, media types, images of disks and newer digests") {
  CHECK(judge_value("%Y-%m-%dT%H:%M:%SZ", "token") == ValueKind::config);
  CHECK(judge_value("^(abc123|zyx789)$", "token") == ValueKind::reference);
  CHECK(judge_value("^" + random("<alnum:20>") + "$", "token") == ValueKind::real);
  CHECK(judge_value("at+jwt", "access_token") == ValueKind::config);
  CHECK(judge_value("shop-export-i-fh8sjjsq.ova", "key") == ValueKind::config);
  CHECK(judge_value("$y$j9T$" + random("<alnum:22>") + "$" + random("<alnum:43>"), "password") == ValueKind::encrypted);
}
