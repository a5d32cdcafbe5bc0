#include "libscan/gate/promote_check.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "libscan/gate/verdict_file.hpp"
#include "libscan/net/crypto.hpp"

using namespace launchgate;
using namespace launchgate::gate;

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000;

VerdictFile sample() {
  VerdictFile f;
  f.tool = "launchgate 0";
  f.run = {"prod", "abc123", "77", 12, 1, kNow - 60'000};
  f.config_sha256 = std::string(64, 'a');
  f.verdict = {Decision::promote, {}};
  f.checks = {{"login-page", Outcome::pass}};
  return f;
}

std::string hmac_key() { return net::random_hex(16); }

std::string written(const VerdictFile& f, std::string_view key = "") {
  auto text = write_verdict_file(f, key);
  REQUIRE(text);
  return *text;
}

PromoteQuestion question(std::string file, std::string key = "") {
  return {std::move(file), "prod", "abc123", std::string(64, 'a'), 1'800'000, kNow, std::move(key), false};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a fresh verdict for this release, environment and configuration promotes") {
  CHECK(promote_check(question(written(sample()))).decision == Decision::promote);
  const std::string key = hmac_key();
  const Verdict good = promote_check(question(written(sample(), key), key));
  CHECK(good.decision == Decision::promote);
  CHECK(good.reasons.at(0).ends_with("signature good"));
  const Verdict unchecked = promote_check(question(written(sample(), key)));  // no key to check with
  CHECK(unchecked.decision == Decision::promote);
  CHECK(unchecked.reasons.at(0).ends_with("not signed or no key to check it with"));
}

TEST_CASE("clocks may differ by five minutes, and no further") {
  VerdictFile file = sample();
  file.run.unix_ms = kNow + 299'000;
  CHECK(promote_check(question(written(file))).decision == Decision::promote);
  file.run.unix_ms = kNow + 301'000;
  CHECK(promote_check(question(written(file))).decision == Decision::hold);
}

// What a signature is made over is a promise between versions: computed by another program from the same members.
TEST_CASE("a signature is over the purpose and the object in its one spelling") {
  const std::string key(32, 'k');
  const std::string file = written(sample(), key);
  CHECK(file.find("\"value\": \"c2a8274ce209086171d83b9f4f29ad35800871d3fb9d099d9d455ca3251e0820\"") !=
        std::string::npos);
}

TEST_CASE("everything else fails closed") {
  struct Case {
    const char* reason;  // must be in the answer
    std::function<void(VerdictFile&)> file;
    std::function<void(PromoteQuestion&)> question;
  };
  const auto same = [](auto&) {};
  const Case cases[] = {
      {"no verdict file", same, [](PromoteQuestion& q) { q.file.reset(); }},
      {"no JSON object", same, [](PromoteQuestion& q) { q.file = ""; }},
      {"no JSON object", same, [](PromoteQuestion& q) { q.file->resize(q.file->size() / 2); }},
      {"no JSON object", same, [](PromoteQuestion& q) { q.file = std::string(100'000, '['); }},
      {"no JSON object", same, [](PromoteQuestion& q) { q.file = "\"PROMOTE\""; }},
      {"version", same, [](PromoteQuestion& q) { q.file = "{}"; }},
      {"version", same, [](PromoteQuestion& q) { q.file = replaced(*q.file, "\"version\": 1", "\"version\": 2"); }},
      {"lacks its verdict", same, [](PromoteQuestion& q) { q.file = replaced(*q.file, "PROMOTE", "promote"); }},
      {"lacks its verdict", same, [](PromoteQuestion& q) { q.file = replaced(*q.file, "unix_ms", "unix"); }},
      {"release 'abc123', not 'other'", same, [](PromoteQuestion& q) { q.release = "other"; }},
      {"release 'abc1234', not 'abc123'", [](VerdictFile& f) { f.run.release = "abc1234"; }, same},
      {"release 'abc12', not 'abc123'", [](VerdictFile& f) { f.run.release = "abc12"; }, same},
      {"no release is named", [](VerdictFile& f) { f.run.release = ""; }, [](PromoteQuestion& q) { q.release = ""; }},
      {"environment 'prod', not 'staging'", same, [](PromoteQuestion& q) { q.env = "staging"; }},
      {"another configuration", same, [](PromoteQuestion& q) { q.config_sha256 = std::string(64, 'b'); }},
      {"did not finish", [](VerdictFile& f) { f.config_sha256 = ""; },
       [](PromoteQuestion& q) { q.config_sha256 = ""; }},
      {"could not be read", same, [](PromoteQuestion& q) { q.config_sha256.reset(); }},
      {"31 m old; 30 m is allowed", [](VerdictFile& f) { f.run.unix_ms = kNow - 1'860'000; }, same},
      {"from the future", [](VerdictFile& f) { f.run.unix_ms = kNow + 600'000; }, same},
      {"old", [](VerdictFile& f) { f.run.unix_ms = INT64_MIN; }, same},
      {"the gate said HOLD", [](VerdictFile& f) { f.verdict.decision = Decision::hold; }, same},
      {"the gate said BLOCK", [](VerdictFile& f) { f.verdict.decision = Decision::block; }, same},
  };
  for (const Case& c : cases) {
    CAPTURE(c.reason);
    VerdictFile file = sample();
    c.file(file);
    PromoteQuestion q = question(written(file));
    c.question(q);
    Verdict v = promote_check(q);
    CHECK(v.decision != Decision::promote);
    REQUIRE_FALSE(v.reasons.empty());
    CHECK(v.reasons[0].find(c.reason) != std::string::npos);

    q.rollback = true;  // never blocked, and the reason is told
    v = promote_check(q);
    CHECK(v.decision == Decision::promote);
    CHECK(v.reasons[0].find("a rollback is never blocked") == 0);
    CHECK(v.reasons.size() >= 2);
  }
}

TEST_CASE("BLOCK stays BLOCK and brings its reasons") {
  VerdictFile f = sample();
  f.verdict = {Decision::block, {"login failed twice in a row"}};
  const Verdict v = promote_check(question(written(f)));
  CHECK(exit_code_of(v) == exit_code::findings);
  CHECK(v.reasons == std::vector<std::string>{"the gate said BLOCK", "login failed twice in a row"});
}

TEST_CASE("with a key, nothing of the file can be changed, dropped or borrowed") {
  const std::string key = hmac_key();
  const auto refused = [&](const std::string& file, const std::string& with) {
    return promote_check(question(file, with)).decision != Decision::promote;
  };
  VerdictFile held = sample();
  held.verdict.decision = Decision::hold;
  CHECK(refused(replaced(written(held, key), "HOLD", "PROMOTE"), key));
  VerdictFile stale = sample();
  stale.run.unix_ms = kNow - 60'000'000;
  const auto digits = [](std::int64_t n) { return std::to_string(n); };
  CHECK(refused(replaced(written(stale, key), digits(stale.run.unix_ms), digits(kNow)), key));
  VerdictFile other = sample();
  other.run.release = "other";
  CHECK(refused(replaced(written(other, key), "\"other\"", "\"abc123\""), key));
  CHECK(refused(written(sample()), key));              // not signed
  CHECK(refused(written(sample(), hmac_key()), key));  // another key
  CHECK(refused(replaced(written(sample(), key), "\"value\": \"", "\"value\": \"0"), key));
  // The same key twice in one object: what is verified is what is believed.
  CHECK(refused(replaced(written(held, key), "\"verdict\"", "\"verdict\": \"PROMOTE\", \"verdict\""), key));
  // Spelling may change, meaning may not.
  CHECK_FALSE(refused(replaced(written(sample(), key), "\n", "\n\n  "), key));
  CHECK(refused(replaced(written(sample(), key), "hmac-sha256", "none"), key));
  CHECK(refused(written(sample(), key), "short"));
  CHECK_FALSE(write_verdict_file(sample(), "short"));
}

TEST_CASE(
    "Ed25519: signed with the private key, verified with the public one, and the file cannot pick the algorithm") {
  const std::string raw = net::random_hex(32);
  const std::string private_key = "ed25519:" + raw;
  auto public_raw = net::ed25519_public(raw);
  REQUIRE(public_raw);
  const std::string public_key = "ed25519:" + net::base64_encode(*public_raw);
  const std::string file = written(sample(), private_key);
  CHECK(promote_check(question(file, public_key)).decision == Decision::promote);
  CHECK(promote_check(question(replaced(file, "login-page", "logim-page"), public_key)).decision == Decision::hold);
  // Signed with HMAC under the public key, which anyone has.
  const std::string forged = written(sample(), net::base64_encode(*public_raw));
  CHECK(promote_check(question(forged, public_key)).decision == Decision::hold);
  CHECK(promote_check(question(replaced(forged, "hmac-sha256", "ed25519"), public_key)).decision == Decision::hold);
}

TEST_CASE("foreign text in a verdict file comes out printable") {
  VerdictFile f = sample();
  f.verdict = {Decision::hold, {"line\n::error::x\x1b[31m"}};
  for (const std::string& reason : promote_check(question(written(f))).reasons)
    for (const char c : reason) CHECK(static_cast<unsigned char>(c) >= 0x20);
}
