// What names promise. A name is read as words ("dbPassword" = db password): the last words say what the value
// is, so "password_file" is a file and "token_url" an address, while "url_token" is a token.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

// Lower-cased words of a name, the last kMaxWords of them, in one fixed buffer.
struct Words {
  static constexpr std::size_t kMaxWords = 8;
  std::array<std::string_view, kMaxWords> word{};
  std::size_t count = 0;
  char buffer[96];

  explicit Words(std::string_view name) {
    if (name.size() > sizeof buffer) name = name.substr(name.size() - sizeof buffer);
    Pieces pieces(name);
    Piece piece;
    std::size_t used = 0;
    while (pieces.next(piece)) {
      if (piece.digits) continue;  // "password2" is a password
      const std::size_t begin = used;
      for (char c : piece.text) buffer[used++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if (count == kMaxWords) {
        std::rotate(word.begin(), word.begin() + 1, word.end());
        --count;
      }
      word[count++] = {buffer + begin, used - begin};
    }
  }
  std::string_view back(std::size_t i) const { return i < count ? word[count - 1 - i] : std::string_view{}; }
  bool any_begins(std::string_view w) const {
    return std::any_of(word.begin(), word.begin() + count, [&](std::string_view one) { return one.starts_with(w); });
  }
  bool has(std::string_view w) const {
    return std::find(word.begin(), word.begin() + count, w) != word.begin() + count;
  }
};

// The lengths that a list's words of each first letter have: of what is asked for, most is told from that.
using Lengths = std::array<std::uint32_t, 32>;
template <std::size_t N>
constexpr Lengths lengths_of(const std::string_view (&list)[N]) {
  Lengths lengths{};
  for (const std::string_view word : list) lengths[word[0] & 31] |= std::uint32_t{1} << word.size();
  return lengths;
}

template <const auto& List>
bool any_of(std::string_view word) {
  static constexpr Lengths kLengths = lengths_of(List);
  return !word.empty() && word.size() < 32 && (kLengths[word[0] & 31] >> word.size() & 1) != 0 &&
         std::find(std::begin(List), std::end(List), word) != std::end(List);
}

constexpr std::string_view kPasswordWords[] = {
    "password",    "passwd",     "pwd",      "passphrase", "pass",       "pswd",  "psw",        "passw",
    "passcode",    "passwort",   "kennwort", "senha",      "contrasena", "pw",    "pword",      "psk",
    "passwords",   "wachtwoord", "haslo",    "parola",     "sifre",      "passe", "motdepasse", "mdp",
    "adgangskode", "salasana",   "heslo",    "losenord",   "authtok"};

// "dbpass", "rootpw": the word that is run together with what it opens. These end alike and open nothing.
constexpr std::string_view kOtherPasses[] = {"bypass",   "compass",   "encompass", "trespass", "surpass",  "underpass",
                                             "overpass", "multipass", "onepass",   "lowpass",  "highpass", "bandpass",
                                             "subpass",  "prepass",   "firstpass", "allpass"};

// Steps of a renderer or a compiler: "renderPass", "shadow_pass".
// Where nginx hands a request on: "fastcgi_pass".
constexpr std::string_view kStages[] = {
    "render",   "shadow", "depth", "sub",   "low",    "high",  "band",    "by",       "first",    "second", "multi",
    "pre",      "post",   "blur",  "bloom", "shader", "light", "color",   "geometry", "clear",    "output", "base",
    "boarding", "all",    "any",   "on",    "uwsgi",  "scgi",  "fastcgi", "grpc",     "memcached"};

constexpr std::string_view kSecretWords[] = {"secret",     "token",     "apikey",     "apitoken",    "accesskey",
                                             "secretkey",  "authtoken", "authkey",    "accesstoken", "clientsecret",
                                             "privatekey", "jwt",       "bearer",     "apisecret",   "appsecret",
                                             "secrets",    "tokens",    "sessionkey", "pat"};

// "key" is one of a thousand things, a secret behind one of these.
constexpr std::string_view kKeyQualifiers[] = {
    "api",    "access",       "secret",  "private", "auth",    "encryption", "encrypt",  "signing",   "sign",
    "master", "session",      "account", "app",     "storage", "shared",     "service",  "client",    "license",
    "crypto", "cipher",       "aes",     "hmac",    "hash",    "security",   "consumer", "admin",     "deploy",
    "write",  "subscription", "cookie",  "jwt",     "rsa",     "des",        "decrypt",  "decryption"};

// Keys that find something: in a cache, a table, a bucket.
constexpr std::string_view kLookUpKeys[] = {"cache", "idempotency", "primary", "foreign", "partition", "id",
                                            "uuid",  "guid",        "sort",    "row",     "lookup",    "translation"};

// Tokens that say where a list goes on: "next_page_token".
constexpr std::string_view kPlaces[] = {"page",   "next",     "continuation", "pagination", "cursor", "sync",
                                        "resume", "previous", "prev",         "start",      "offset", "end"};

// Last words that make it something about a secret.
constexpr std::string_view kAboutWords[] = {
    "file",        "path",         "dir",      "url",         "uri",        "endpoint",    "host",
    "label",       "hint",         "prompt",   "length",      "len",        "size",        "min",
    "max",         "policy",       "rule",     "rules",       "regex",      "pattern",     "type",
    "kind",        "name",         "field",    "input",       "column",     "param",       "parameter",
    "header",      "prefix",       "suffix",   "expiry",      "expires",    "expiration",  "expire",
    "ttl",         "timeout",      "age",      "date",        "time",       "at",          "in",
    "enabled",     "disabled",     "required", "changed",     "valid",      "invalid",     "error",
    "errors",      "message",      "msg",      "text",        "title",      "count",       "limit",
    "number",      "num",          "encoder",  "encoding",    "format",     "algorithm",   "algo",
    "alg",         "strength",     "class",    "provider",    "service",    "manager",     "store",
    "id",          "ids",          "index",    "reset",       "change",     "forgot",      "confirmation_text",
    "description", "help",         "template", "var",         "variable",   "env",         "ref",
    "source",      "location",     "list",     "usage",       "version",    "status",      "state",
    "scope",       "mode",         "method",   "validator",   "generator",  "handler",     "callback",
    "event",       "placeholder",  "desc",     "tooltip",     "icon",       "button",      "page",
    "view",        "form",         "link",     "route",       "created",    "updated",     "hash",
    "rotation",    "exists",       "sha",      "fingerprint", "scheme",     "warning",     "encryption",
    "md",          "digest",       "expired",  "confirm",     "issuer",     "audience",    "mapping",
    "alias",       "sid",          "arn",      "interval",    "period",     "duration",    "minutes",
    "seconds",     "days",         "hours",    "lifetime",    "utc",        "guid",        "uuid",
    "color",       "colour",       "action",   "attribute",   "attributes", "characters",  "chars",
    "charset",     "tag",          "tags",     "selector",    "postfix",    "alphabet",    "complexity",
    "target",      "targets",      "reason",   "reasons",     "address",    "addresses",   "addr",
    "privilege",   "privileges",   "char",     "character",   "permission", "permissions", "validity",
    "requirement", "requirements", "policies", "unlock",      "identifier", "identifiers", "to",
    "hasher",      "hashers",      "option",   "options",     "username",   "subentry",    "mgr",
    "realm",       "kid"};

// Words behind a key that say in which form it is written, and nothing else: "keyBytes", "aes_key_base64".
constexpr std::string_view kFormWords[] = {"value", "bytes", "string", "str", "hex", "base", "b", "data"};

// Words behind a name that say which of several it is: "API_KEY_PROD", "stripeSecretKeyLive".
constexpr std::string_view kWhichOne[] = {
    "prod",      "production", "staging", "stage",     "dev",     "development", "test",   "testing", "live",
    "sandbox",   "local",      "primary", "secondary", "old",     "new",         "backup", "main",    "v",
    "temporary", "temp",       "qa",      "uat",       "default", "preprod",     "eu",     "us"};

// What protocols exchange for access, once or for a while: a secret when it looks like one.
constexpr std::string_view kExchanged[] = {"auth",      "authorization", "salt",   "nonce", "ticket",
                                           "signature", "verifier",      "cookie", "pepper"};

constexpr std::string_view kPublicWords[] = {
    "public", "publishable", "pub", "site", "publickey",
    "anon",   "apt",         "gpg", "pgp",  "recv"};  // fingerprints; armour has rules of its own

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view e) { return word.size() >= e.size() && word.ends_with(e); });
}

bool says_sealed(const Words& words) {
  return words.has("encrypted") || words.has("crypted") || words.has("hashed") || words.has("wrapped") ||
         words.has("sealed") || words.any_begins("salted");
}

}  // namespace

NameKind name_kind(std::string_view key) noexcept {
  for (const std::string_view part : {".Text", ".text", ".Value", ".value"})  // of a field of a form
    if (key.ends_with(part)) key.remove_suffix(part.size());
  Words words(key);
  while (words.count > 1 && words.back(0) == "default") --words.count;  // "token_ttl_default" is a time as well
  while (any_of<kFormWords>(words.back(0)) && words.back(1).ends_with("key")) --words.count;
  while (words.count > 1 && any_of<kWhichOne>(words.back(0))) --words.count;
  if (words.count == 0) return NameKind::none;
  const std::string_view last = words.back(0), before = words.back(1);
  if (any_of<kAboutWords>(last)) return NameKind::none;
  // "Sec-WebSocket-Key": a nonce (RFC 6455, section 4.1)
  if (before.ends_with("socket") && words.word[0] == "sec") return NameKind::none;
  const bool of_cipher = last == "key" && (before == "encryption" || before == "encrypt");  // of encrypted somethings
  if (says_sealed(words) && !of_cipher) return NameKind::none;                              // safe to show
  if (before == "style" && key.find(".style.") != key.npos)
    return NameKind::none;  // "passwordField.style.display": how it looks
  const bool digest = words.has("sha") || words.has("md") || words.has("bcrypt") || words.has("argon");
  if (digest && (words.has("password") || words.has("pass"))) return NameKind::none;  // "PASSWORD_SHA256"
  if (last == "pass" && any_of<kStages>(before)) return NameKind::none;
  if (any_of<kPasswordWords>(last) || ends_with_any(last, {"password", "passwd", "pwd", "passphrase", "pw"}) ||
      (last.ends_with("pass") && !any_of<kOtherPasses>(last)))
    return NameKind::password;
  const bool search = words.has("algolia") || words.has("typesense") || words.has("meilisearch");
  if (last == "key" &&
      ((search && words.has("search")) || (words.has("pusher") && !words.has("secret") && !words.has("api"))))
    return NameKind::public_key;                 // programs in browsers search and listen with it
  for (std::size_t i = 0; i < words.count; ++i)  // "publicKeyToken", "publishable_key", "site_key"
    if (any_of<kPublicWords>(words.word[i]) && (words.has("key") || words.has("keys") || words.word[i] == "publickey"))
      return NameKind::public_key;
  if ((last == "token" || last == "tokens") && any_of<kPlaces>(before)) return NameKind::none;
  if (last == "token" && before == "cluster" && words.has("initial")) return NameKind::none;  // of etcd: which cluster
  if (before == "amz" && last == "credential") return NameKind::none;  // the id, the day and the region of a signature
  if (any_of<kSecretWords>(last) || ends_with_any(last, {"secret", "token", "apikey", "secretkey", "accesskey"}))
    return NameKind::secret;
  if (last == "key" || last == "keys" || last.ends_with("key")) {
    if (any_of<kKeyQualifiers>(before)) return NameKind::secret;
    if (any_of<kLookUpKeys>(before)) return NameKind::none;
    return words.has("secret") || words.has("token") || words.has("api") ? NameKind::secret : NameKind::key;
  }
  if (words.has("password") || words.has("passwd") || words.has("passphrase") || words.has("pwd"))
    return NameKind::password;
  if (words.has("secret") || words.has("token") || words.has("apikey")) return NameKind::secret;
  if (any_of<kExchanged>(last) || words.has("credential") || words.has("credentials") || words.has("creds"))
    return NameKind::key;
  return NameKind::none;
}

bool ends_in_secret(std::string_view key) noexcept {
  Words words(key);
  while (words.count > 1 && (any_of<kFormWords>(words.back(0)) || words.back(0) == "default")) --words.count;
  const std::string_view last = words.back(0);
  return last.ends_with("key") || any_of<kPasswordWords>(last) || any_of<kSecretWords>(last) ||
         ends_with_any(last, {"password", "passwd", "pwd", "passphrase", "pw", "pass", "secret", "token"});
}

bool names_attribute(std::string_view key) noexcept {
  const Words words(key);
  return any_of<kAboutWords>(words.back(0)) || any_of<kPublicWords>(words.back(0)) || says_sealed(words);
}

bool is_secret_name(std::string_view key) noexcept {
  const NameKind kind = name_kind(key);
  return kind == NameKind::secret || kind == NameKind::password;
}

}  // namespace launchgate::secrets
