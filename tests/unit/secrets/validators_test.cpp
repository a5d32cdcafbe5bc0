#include "libscan/secrets/validators.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/sample.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

bool valid(std::string_view validator, std::string_view secret, std::string_view match) {
  const Validator* v = find_validator(validator);
  REQUIRE(v != nullptr);
  return v->check(secret, match).ok;
}
bool valid(std::string_view validator, std::string_view secret) { return valid(validator, secret, secret); }

std::string expand(std::string_view sample) { return *expand_sample(sample, 5); }

}  // namespace

TEST_CASE("the table is sorted, complete and explained") {
  const auto all = validators();
  CHECK(std::is_sorted(all.begin(), all.end(), [](auto& a, auto& b) { return a.name < b.name; }));
  for (const Validator& v : all) {
    CHECK_FALSE(v.what.empty());
    CHECK(find_validator(v.name) == &v);
    CHECK_FALSE(v.check("", "").ok);
  }
  CHECK(find_validator("none-such") == nullptr);
}

TEST_CASE("one changed character breaks a checksum: what has the look alone is unproven, and a placeholder none") {
  for (const char* sample : {"ghp_<alnum:30><sum:github-crc32>", "glsa_<alnum:32>_<sum:grafana-crc32>",
                             "AGE-SECRET-KEY-1<BECH32:52><sum:age-bech32>"}) {
    const std::string_view validator = sample[0] == 'A'   ? "age-bech32"
                                       : sample[1] == 'h' ? "github-crc32"
                                                          : "grafana-crc32";
    std::string token = expand(sample);
    REQUIRE(valid(validator, token));
    char& c = token[token.size() - 12];
    c = c == 'Q' ? 'P' : 'Q';
    const Validation v = find_validator(validator)->check(token, token);
    CHECK(v.ok);
    CHECK(v.doubt == Doubt::unproven);
  }
  CHECK_FALSE(valid("github-crc32", "ghp_" + std::string(36, 'x')));
  CHECK_FALSE(valid("grafana-crc32", "glsa_" + std::string(32, 'x') + "_00000000"));
  CHECK_FALSE(valid("age-bech32", "AGE-SECRET-KEY-1" + std::string(58, 'Q')));
}

TEST_CASE("CRC-32 and bech32 agree with the published vectors") {
  CHECK(crc32("123456789") == 0xcbf43926);  // the check value of CRC-32/ISO-HDLC
  CHECK(crc32_hex("123456789") == "2639f4cb");
  CHECK(bech32_checksum("a", "") == "2uel5l");  // BIP 173: "A12UEL5L"
  CHECK(bech32_checksum("split", "checkupstagehandshakeupstreamerranterredcaperred") == "2y9e3w");
}

TEST_CASE("an AWS key id holds an account number") {
  CHECK(valid("aws-access-key-id", expand("AKIA2<base32:15>")));  // older ids are plain random
  CHECK_FALSE(valid("aws-access-key-id", std::string("AKIAIOSFODNN7") + "EXAMPLE"));
  CHECK_FALSE(valid("aws-access-key-id", "AKIA" + std::string(16, 'A')));
  CHECK_FALSE(valid("aws-access-key-id", "AKIA7777777777777777"));
  // A digit that base 32 does not have.
  CHECK(find_validator("aws-access-key-id")->check(expand("AKIA018<base32:13>"), {}).doubt == Doubt::unproven);
  CHECK(find_validator("aws-access-key-id")->check(expand("AKIA2<base32:15>"), {}).doubt == Doubt::none);
}

TEST_CASE("what begins as a macaroon of PyPI and is random behind it is unproven") {
  const Validation v = find_validator("pypi-macaroon")->check(expand("pypi-AgEIcHlwaS5vcmc<base64url:120>"), {});
  CHECK(v.ok);
  CHECK(v.doubt == Doubt::unproven);
  CHECK_FALSE(valid("pypi-macaroon", "pypi-AgEIcHlwaS5vcmc" + std::string(120, 'x')));
}

TEST_CASE("a JSON Web Token is two JSON objects and a signature, and not made for the public") {
  CHECK(valid("jwt", expand("<jwt>")));
  CHECK_FALSE(valid("jwt", expand("<jwt:\"role\":\"anon\">")));
  CHECK_FALSE(valid("jwt", expand("<alnum:30>.<alnum:40>.<alnum:43>")));
  CHECK_FALSE(valid("jwt", encode_base64url(R"({"alg":"none"})") + "." + encode_base64url(R"({"a":1})") + "." +
                               std::string(43, 'x')));
}

TEST_CASE("a token of a session is doubtful in a test, one that everybody has everywhere") {
  const auto doubt = [](const char* name, std::string_view sample) {
    return find_validator(name)->check(expand(sample), {}).doubt;
  };
  CHECK(doubt("jwt", "<jwt>") == Doubt::session);
  CHECK(find_validator("pem-body")->check({}, expand("<pem:RSA PRIVATE KEY>")).doubt == Doubt::session);
  CHECK(doubt("jwt", "<jwt:\"sub\":\"1234567890\">") == Doubt::published);
  CHECK(doubt("jwt", "<jwt:\"exp\":1529754276>") == Doubt::expired);
  CHECK(doubt("jwt", "<jwt:\"exp\":1929754276>") == Doubt::session);
  CHECK(doubt("jwt", "<jwt:\"exp\":\"never\">") == Doubt::session);
  CHECK(doubt("supabase-service-role", "<jwt:\"role\":\"service_role\">") == Doubt::none);
  CHECK(doubt("supabase-service-role", "<jwt:\"iss\":\"supabase-demo\",\"role\":\"service_role\">") ==
        Doubt::published);
}

TEST_CASE("a private key survives escapes, indentation and headers, and documentation's stumps are none") {
  std::string key = expand("<pem:RSA PRIVATE KEY>");
  REQUIRE(valid("pem-body", key));
  std::string escaped, indented;
  for (char c : key) {
    escaped += c == '\n' ? std::string("\\n") : std::string(1, c);
    indented += c == '\n' ? std::string("\n      ") : std::string(1, c);
  }
  CHECK(valid("pem-body", escaped));
  CHECK(valid("pem-body", indented));
  const std::size_t body = key.find('\n') + 1;
  std::string with_headers = key;
  with_headers.insert(body, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011223344556677\n\n");
  CHECK_FALSE(valid("pem-body", with_headers));
  CHECK(valid("pem-encrypted", with_headers));
  CHECK_FALSE(valid("pem-body", key.substr(0, body + 64) + "\n...\n-----END RSA PRIVATE KEY-----"));
  std::string with_word = key;
  with_word.insert(body - 1, " fake");
  CHECK(find_validator("pem-body")->check({}, with_word).reason == find_validator("pem-body")->check({}, key).reason);
}

TEST_CASE("a whole block that does not decode is shown, and proven to be nothing") {
  const auto block = [](std::string_view label, const std::string& body) {
    return "-----BEGIN " + std::string(label) + "-----\n" + body + "\n-----END " + std::string(label) + "-----";
  };
  const auto check = [](const std::string& text) { return find_validator("pem-body")->check({}, text); };
  const std::string body = expand("<base64:600>");
  CHECK(check(block("RSA PRIVATE KEY", body)).doubt == Doubt::unproven);
  CHECK_FALSE(check(block("RSA PRIVATE KEY", body.substr(0, 120))).ok);  // a stump
  CHECK_FALSE(check(block("RSA PRIVATE KEY", std::string(600, 'x'))).ok);
  CHECK_FALSE(check(block("RSA PRIVATE KEY", body).substr(0, 500)).ok);  // no end to be seen
  CHECK_FALSE(check(block("PUBLIC KEY", body)).ok);
}

TEST_CASE("a plus that joins strings is told from one that begins a line of base64") {
  std::string key = expand("<pem:RSA PRIVATE KEY>"), joined = "\"";
  std::size_t lines = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool starts_line = i > 0 && key[i - 1] == '\n' && key[i] != '-';
    if (starts_line && ++lines > 2) key[i] = '+';
    joined += key[i] == '\n' ? std::string("\\n\" +\n  \"") : std::string(1, key[i]);
  }
  REQUIRE(lines > 8);  // some lost characters are forgiven
  CHECK(valid("pem-body", joined));
}

TEST_CASE("DER tells a private key from a public one") {
  CHECK(valid("der-private-key", expand("<der:RSA PRIVATE KEY>")));
  using namespace std::string_literals;
  const std::string public_key =
      "\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\0"s + std::string(280, 'k');
  CHECK_FALSE(valid("der-private-key", encode_base64(public_key)));
}

TEST_CASE("a login in an address counts when it is one") {
  const auto url = [](const std::string& password, const std::string& host) {
    return valid("url-credentials", password, "postgres://app:" + password + "@" + host + "/db");
  };
  CHECK(url("hT7zq2Lw", "db.shop.dev"));
  CHECK(url("hT7zq2Lw", "localhost"));
  CHECK_FALSE(url("password", "db.shop.dev"));
  CHECK_FALSE(url("${PASSWORD}", "db.shop.dev"));
  CHECK_FALSE(url("hT7zq2Lw", "db.example.com"));
  CHECK_FALSE(url("app", "db.shop.dev"));
  const Validator& check = *find_validator("url-credentials");
  CHECK(check.check("p%40ss%23word", "postgres://app:p%40ss%23word@localhost/db").doubt == Doubt::local);
  CHECK(check.check("p%40ss%23word", "postgres://app:p%40ss%23word@db.shop.dev/db").doubt == Doubt::outside);
  const std::string random = "hT7zq2LwX9pQ4";
  CHECK(check.check(random, "postgres://app:" + random + "@localhost/db").doubt == Doubt::own);
  CHECK(check.check(random, "postgres://app:" + random + "@db.shop.dev/db").doubt == Doubt::none);
}

TEST_CASE("a key of bytes is no text, and a response of NTLM the third message") {
  CHECK(valid("binary-key", expand("<base64:88>")));
  CHECK_FALSE(valid("binary-key", encode_base64(expand("<alnum:64>"))));
  using namespace std::string_view_literals;
  const auto message = [](std::string_view head) { return encode_base64(std::string(head) + expand("<alnum:60>")); };
  CHECK(valid("ntlm-response", message("NTLMSSP\0\3\0\0\0"sv)));
  CHECK_FALSE(valid("ntlm-response", message("NTLMSSP\0\1\0\0\0"sv)));
  CHECK(find_validator("ntlm-response")->check(message("NTLMSSP\0\3\0\0\0"sv), {}).doubt == Doubt::session);
}

TEST_CASE("basic credentials decode to a pair") {
  CHECK(valid("basic-auth", encode_base64("deploy:hT7zq2Lw")));
  CHECK(valid("basic-auth", encode_base64("admin:admin")));  // weak, and a login
  CHECK_FALSE(valid("basic-auth", encode_base64("user:password")));
  CHECK_FALSE(valid("basic-auth", encode_base64("username:password")));
  CHECK_FALSE(valid("basic-auth", encode_base64("no colon here")));
  CHECK_FALSE(valid("basic-auth", encode_base64("a:\x01\x02\x03")));
}

TEST_CASE("an encoded secret decodes to a text with a random value; certificates, public keys and archives do not") {
  const auto encoded = [](std::string_view sample) { return encode_base64(expand(sample)); };
  CHECK(valid("encoded-secret", encoded("https://hooks.shop.dev/services/<alnum:32>")));
  CHECK(valid("encoded-secret", encoded("xk-live-<alnum:40>")));
  CHECK(valid("encoded-secret", encoded("<jwt>")));
  CHECK_FALSE(valid("encoded-secret", encoded("https://hooks.shop.dev/services/your-own-hook-here")));
  CHECK_FALSE(valid("encoded-secret", encoded("-----BEGIN CERTIFICATE-----\n<base64:64>")));
  CHECK_FALSE(valid("encoded-secret", encoded("ssh-ed25519 AAAA<base64:64> ops@shop.dev")));
  CHECK_FALSE(valid("encoded-secret", encoded("H4sI<base64:64>")));
  CHECK_FALSE(valid("encoded-secret", encoded("\x01\x02<alnum:40>")));
}

TEST_CASE("a weak password is one that is meant to be used") {
  for (const char* weak : {"secret", "root", "admin123", "test-password", "changeme"}) {
    CAPTURE(weak);
    CHECK(valid("weak-password", weak));
  }
  for (const char* none :
       {"your_password", "yourpassword", "new_password", "PASSWORD", "xxxx", "${DB_PASSWORD}", "example", "hT7zq2Lw"}) {
    CAPTURE(none);
    CHECK_FALSE(valid("weak-password", none));
  }
}

TEST_CASE("secrets of webhooks and addresses that start something are not what tutorials show") {
  const auto doubt = [](std::string_view validator, const std::string& secret) {
    const Validation v = find_validator(validator)->check(secret, secret);
    CHECK(v.ok);
    return v.doubt;
  };
  CHECK(doubt("webhook-secret", "whsec_" + expand("<alnum:32>")) == Doubt::session);
  CHECK(doubt("webhook-secret", "whsec_" + encode_base64("ilovetobuythingsinthisshopofyours")) == Doubt::made_up);
  CHECK_FALSE(valid("webhook-secret", "whsec_" + encode_base64("This is what a shorter string looks like")));
  CHECK(doubt("app-key", "base64:" + expand("<alnum:43>=")) == Doubt::own);
  CHECK(doubt("key-material", expand("<alnum:43>")) == Doubt::session);
  CHECK(valid("trigger-url", "https://hooks.zapier.com/hooks/catch/" + expand("<digit:7>/o3<hex:5>")));
  CHECK_FALSE(valid("trigger-url", "https://hooks.zapier.com/hooks/catch/12345/abcdef"));
  CHECK_FALSE(valid("trigger-url", "https://hooks.zapier.com/hooks/catch/123456/xyz123"));
}

TEST_CASE("the key that every box of Vagrant begins with is published") {
  std::string key = expand("<pem:RSA PRIVATE KEY>");
  CHECK(find_validator("pem-body")->check(key, key).doubt == Doubt::session);
  const std::string_view known = "6NF8iallvQVp22WDkTky";
  key.replace(key.find('\n', 40) + 10, known.size(), known);
  CHECK(find_validator("pem-body")->check(key, key).doubt == Doubt::published);
}
