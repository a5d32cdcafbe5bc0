#include "libscan/gate/verdict_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libscan/core/sha256.hpp"
#include "libscan/core/text.hpp"
#include "libscan/gate/json_text.hpp"
#include "libscan/net/crypto.hpp"

namespace launchgate::gate {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxBytes = 1u << 20;
constexpr std::size_t kMinHmacKey = 16;  // 128 bits, if they are random
constexpr std::string_view kHmac = "hmac-sha256", kEd25519 = "ed25519";

struct Key {
  std::string_view algorithm;
  std::string_view bytes;
};

Result<Key> key_of(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (text.starts_with("-----BEGIN ")) return Key{kEd25519, text};
  if (text.starts_with("ed25519:")) return Key{kEd25519, text.substr(8)};
  if (text.size() < kMinHmacKey)
    return fail(ErrorCode::config, fmt::format("the verdict key has {} bytes; 16 is the least", text.size()),
                "make one with: openssl rand -hex 32");
  return Key{kHmac, text};
}

// The message carries what it is for, so that a signature made for something else is none here.
std::string message_of(const JsonObject& unsigned_object) { return "launchgate-verdict-1\n" + unsigned_object.line(); }

Result<std::string> sign(const Key& key, const std::string& message) {
  if (key.algorithm == kHmac) return hex(hmac_sha256(key.bytes, message));
  auto raw = net::ed25519_sign(key.bytes, message);
  if (!raw) return Unexpected{raw.error()};
  return net::base64_encode(*raw);
}

Result<bool> verify(const Key& key, const std::string& message, const std::string& signature) {
  if (key.algorithm == kHmac) return net::equal_constant_time(hex(hmac_sha256(key.bytes, message)), signature);
  std::string raw;
  if (!net::base64_decode(signature, raw)) return false;
  std::string public_key(key.bytes);
  if (key.bytes.find("PRIVATE KEY") != std::string_view::npos) {
    auto derived = net::ed25519_public(key.bytes);
    if (!derived) return Unexpected{derived.error()};
    public_key = net::base64_encode(*derived);
  }
  return net::ed25519_verify(public_key, message, raw);
}

std::optional<Decision> parse_decision(std::string_view text) {
  for (const Decision d : {Decision::promote, Decision::hold, Decision::block})
    if (to_string(d) == text) return d;
  return std::nullopt;
}

Unexpected refuse(std::string what) {
  return fail(ErrorCode::undecided, std::move(what),
              "run the gate for this release again and pass its verdict file on");
}

JsonObject to_json(const VerdictFile& file) {
  JsonObject run, checks, object;
  run.set("id", file.run.id)
      .set("number", static_cast<std::int64_t>(file.run.number))
      .set("attempt", static_cast<std::int64_t>(file.run.attempt));
  for (const auto& [id, outcome] : file.checks) checks.set(id, to_string(outcome));
  object.set("version", kVersion)
      .set("tool", file.tool)
      .set("env", file.run.env)
      .set("release", file.run.release)
      .set("verdict", to_string(file.verdict.decision))
      .set("reasons", file.verdict.reasons)
      .set("config_sha256", file.config_sha256)
      .set("time", rfc3339(file.run.unix_ms))
      .set("unix_ms", file.run.unix_ms)
      .set("run", run)
      .set("checks", checks);
  return object;
}

Result<void> check_signature(JsonObject& object, std::string_view key_text) {
  const auto signature = object.object("signature");
  object.erase("signature");
  if (key_text.empty()) return {};
  auto key = key_of(key_text);
  if (!key) return Unexpected{key.error()};
  if (!signature) return refuse("the verdict file is not signed, and a key is given");
  if (signature->string("algorithm") != key->algorithm)
    return refuse(fmt::format("the verdict file is not signed with {}, which the key is for", key->algorithm));
  auto good = verify(*key, message_of(object), signature->string("value"));
  if (!good) return Unexpected{good.error()};
  if (!*good) return refuse("the verdict file's signature is wrong: it was changed, or signed with another key");
  return {};
}

}  // namespace

Result<std::string> write_verdict_file(const VerdictFile& file, std::string_view key_text) {
  JsonObject object = to_json(file);
  if (!key_text.empty()) {
    auto key = key_of(key_text);
    if (!key) return Unexpected{key.error()};
    auto value = sign(*key, message_of(object));
    if (!value) return Unexpected{value.error()};
    object.set("signature", JsonObject().set("algorithm", key->algorithm).set("value", *value));
  }
  return object.pretty();
}

Result<VerdictFile> read_verdict_file(std::string_view text, std::string_view key_text) {
  auto object = JsonObject::parse(text, kMaxBytes);
  if (!object) return refuse("the verdict file is no JSON object: cut short, or something else");
  if (auto good = check_signature(*object, key_text); !good) return Unexpected{good.error()};
  const auto version = object->integer("version");
  if (version != kVersion) return refuse("the verdict file is of a version this launchgate does not know");

  VerdictFile file;
  file.is_signed = !key_text.empty();
  const auto decision = parse_decision(object->string("verdict"));
  const auto time = object->integer("unix_ms");
  if (!decision || !time) return refuse("the verdict file lacks its verdict or its time");
  file.verdict.decision = *decision;
  file.tool = object->string("tool");
  file.config_sha256 = object->string("config_sha256");
  file.run.env = object->string("env");
  file.run.release = object->string("release");
  file.run.unix_ms = *time;
  if (const auto run = object->object("run")) {
    file.run.id = run->string("id");
    file.run.number = static_cast<std::uint64_t>(std::max<std::int64_t>(0, run->integer("number").value_or(0)));
    file.run.attempt = static_cast<std::uint32_t>(run->integer("attempt").value_or(1));
  }
  for (const std::string& reason : object->strings("reasons")) file.verdict.reasons.push_back(printable(reason));
  return file;
}

}  // namespace launchgate::gate
