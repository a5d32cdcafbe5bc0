// What stands where a secret would, and is none: references to one that is kept elsewhere, encrypted values, keys made
// to be seen.
#include <cstddef>

#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

// $NAME, $name, %NAME%, @NAME@, __NAME__, #{…}: names in the sigils of shells and template languages.
bool is_sigiled_name(std::string_view v) {
  if (v.size() < 2) return false;
  const auto name = [](std::string_view s) {
    return !s.empty() && !is_digit(s[0]) && std::all_of(s.begin(), s.end(), [](char c) {
      return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':';
    });
  };
  if (v[0] == '$' && name(v.substr(1))) {
    // "$uper$ecret" is no name; "$Pa55w0rd" might be one, and shells would read it as one.
    return v.find('$', 1) == v.npos;
  }
  const std::string_view inner = v.substr(1, v.size() - 2);
  if (v.front() == v.back() && (v[0] == '%' || v[0] == '@') && name(inner)) return true;
  if (v[0] == ':' && name(v.substr(1)) && v.find(':', 1) == v.npos) return true;  // Ruby symbol, SQL parameter
  if (v.starts_with("__") && v.ends_with("__")) return true;
  if (v.starts_with("@@") && v.ends_with("@@")) return true;       // of WebLogic's deployment: "@@PROP:NAME@@"
  if (v[0] == '$' && v.back() == '$' && name(inner)) return true;  // "$encrypted$"
  // "$$SHOP_PASSWORD" of Compose, "$$animationRunner": the name of something
  if (v.starts_with("$$") && v.size() > 4 &&
      std::all_of(v.begin() + 2, v.end(), [](char c) { return is_alpha(c) || c == '_'; }))
    return true;
  // "_DB_PASS_", "%%PWD%%", "%RANDOM%@%RANDOM%"
  const bool constant = std::all_of(v.begin(), v.end(), [](char c) { return is_upper(c) || c == '_'; });
  if (constant && v.front() == '_' && v.back() == '_') return true;
  if (v.front() == '%' && v.back() == '%') return true;
  return v[0] == '%' && name(v.substr(1)) && v.size() <= 3;  // %s, %d, %v
}

// "%s", "%hhd", "%*s", "%-10s", "%{name}s": the value is put in at run time.
bool has_format(std::string_view v) {
  for (std::size_t at = v.find('%'); at != v.npos; at = v.find('%', at + 1)) {
    std::size_t i = at + 1;
    while (i < v.size() && (is_digit(v[i]) || contains_any(v.substr(i, 1), {"*", "-", "h", "l", "z", "."}))) ++i;
    const bool conversion = i < v.size() && std::string_view("sdvxuqif").find(v[i]) != std::string_view::npos;
    const bool ends = i + 1 >= v.size() || !is_alnum(v[i + 1]);
    if (!conversion || !ends || (i > at + 1 && is_digit(v[at + 1]) && v.size() > 12)) continue;
    // Numbers are rarely put into the middle of a secret; where there are more of them, it is no secret.
    const bool number = v[i] != 's' && v[i] != 'v' && i == at + 1 && v.find('%') == v.rfind('%');
    if (!number || !is_mixture(v.substr(0, at), v.substr(i + 1))) return true;
  }
  return false;
}

// "nsouz(kd83@#$x9%q^b&7hz5!r1f6-_": signs of six kinds and more among letters and digits that make no words, as the
// secrets of Django and WordPress have them. What is put in at run time has names around it.
bool is_noise(std::string_view v) {
  constexpr std::size_t kShortest = 32, kFewestDigits = 4;
  constexpr std::ptrdiff_t kFewestSigns = 6;
  constexpr std::string_view kSigns = "!@#$%^&*()-_=+[]{}<>~,.;:/?|";
  if (v.size() < kShortest || v.find("://") != v.npos || v.find_first_of("\"'\\`") != v.npos) return false;
  if (static_cast<std::size_t>(std::count_if(v.begin(), v.end(), is_digit)) < kFewestDigits) return false;
  const auto signs =
      std::count_if(kSigns.begin(), kSigns.end(), [&](char c) { return v.find(c) != std::string_view::npos; });
  return signs >= kFewestSigns && letter_pair_score(v) < kWordScore;
}

// "keyword.$2", "access-$userId", "$HEADER.$BODY": a group of an expression or a variable, as a word of its own.
bool is_variable(std::string_view v, std::size_t dollar) {
  constexpr std::string_view kBorders = "-_.:/|@ ";
  const auto border = [&](std::size_t i) { return i >= v.size() || kBorders.find(v[i]) != kBorders.npos; };
  std::size_t constant = dollar + 1;
  while (constant < v.size() && (is_upper(v[constant]) || v[constant] == '_')) ++constant;
  const bool path = constant < v.size() && v[constant] == '/';  // "$HOME/.ssh/id"
  if (constant >= dollar + 4 && border(constant) && !path && (dollar == 0 || border(dollar - 1))) return true;
  std::size_t end = dollar + 1;
  if (end < v.size() && is_upper(v[end])) ++end;  // "$S2", a state of a grammar
  const std::size_t number = end;
  while (end < v.size() && is_digit(v[end])) ++end;
  if (end > number) return border(end) && !is_mixture(v.substr(0, dollar), v.substr(end));
  end = dollar + 1;
  while (end < v.size() && is_alpha(v[end])) ++end;
  return end >= dollar + 4 && is_lower(v[dollar + 1]) && border(end) && (dollar == 0 || border(dollar - 1));
}

// "oidc:{issuer}", "key_{uuid.uuid4().hex}", "$value[0]", "sk_<CHANGE_ME>": a name or a call in brackets or an element
// of a variable, put in by the reader or at run time.
bool has_hole(std::string_view v) {
  constexpr std::string_view kOpen = "{$<", kClose = "}[>";
  for (std::size_t at = v.find_first_of(kOpen); at != v.npos; at = v.find_first_of(kOpen, at + 1)) {
    std::size_t i = at + 1;
    while (i < v.size() && (is_alnum(v[i]) || v[i] == '_' || v[i] == '.')) ++i;
    const bool name = i >= at + 3 && !is_digit(v[at + 1]);
    const bool apart = v[at] != '<' || at == 0 || !is_alnum(v[at - 1]);  // "good<bye>x" is a password
    if (name && apart && i < v.size() && v[i] == kClose[kOpen.find(v[at])]) return true;
    if (name && v[at] == '{' && i < v.size() && v[i] == '(' && v.find('}', i) != v.npos) return true;
    if (v[at] == '$' && is_variable(v, at)) return true;
  }
  return false;
}

// "ctx->auth.token": a member of what C points at.
bool is_member(std::string_view v) {
  const std::size_t arrow = v.find("->");
  const auto name = [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '[' || c == ']'; };
  return arrow != v.npos && arrow > 0 && arrow + 2 < v.size() && !is_digit(v[0]) && !is_digit(v[arrow + 2]) &&
         std::all_of(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(arrow), name) &&
         std::all_of(v.begin() + static_cast<std::ptrdiff_t>(arrow) + 2, v.end(), name);
}

// "Streams[-1].Name", "shops[0].token": a place in what a service answers.
bool is_place_in_answer(std::string_view v) {
  const std::size_t open = v.find('['), close = v.find(']');
  if (open == v.npos || close == v.npos || open < 3 || close < open + 2 || close > open + 4) return false;
  const std::string_view index = v.substr(open + 1 + (v[open + 1] == '-'), close - open - 1 - (v[open + 1] == '-'));
  const auto name = [](char c) { return is_alpha(c) || c == '_' || c == '.'; };
  return !index.empty() && std::all_of(index.begin(), index.end(), is_digit) &&
         std::all_of(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(open), name) &&
         (close + 1 == v.size() || v[close + 1] == '.') &&
         std::all_of(v.begin() + static_cast<std::ptrdiff_t>(close) + 1, v.end(), name);
}

// "[^a-z]", "a-zA-Z0-9": which characters are allowed, and none of them.
bool has_character_class(std::string_view v) {
  if (v.front() == '^' && v.back() == '$' && v.find_first_of("([\\") != v.npos) return true;  // "^(abc123|xyz789)$"
  return v.find("[^") != v.npos || (v.find("a-z") != v.npos && contains_any(v, {"A-Z", "0-9"}));
}

}  // namespace

namespace {

// "$PBKDF2-SHA512$rounds=9$salt$digest": how crypt(5) writes a digest, a name and what follows it between dollars.
bool is_crypt_hash(std::string_view v) {
  constexpr std::size_t kShortest = 40;  // a name, and the digest of at least 128 bits
  if (v.size() < kShortest || v[0] != '$' || std::count(v.begin(), v.end(), '$') < 3) return false;
  const std::string_view name = v.substr(1, v.find('$', 1) - 1);
  return name.size() >= 2 && name.size() <= 16 &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

// What a SealedSecret of Kubernetes holds: the length of an RSA-4096 block (512, in two bytes), the block, the rest
// (github.com/bitnami-labs/sealed-secrets, HybridEncrypt).
bool is_sealed_for_cluster(std::string_view v) {
  constexpr std::size_t kCut = 150;  // rules may have cut it
  return v.size() >= kCut && v.starts_with("Ag") && v[2] >= 'A' && v[2] <= 'D' &&
         std::all_of(v.begin(), v.end(), [](char c) { return is_alnum(c) || c == '+' || c == '/' || c == '='; });
}

}  // namespace

bool is_encrypted(std::string_view v) {
  if (is_sealed_for_cluster(v)) return true;
  return starts_with_any(v, {"encrypted:", "ENC[", "ENC(", "$ANSIBLE_VAULT;", "-----BEGIN AGE ENCRYPTED", "{cipher}",
                             "-----BEGIN PGP MESSAGE", "vault:v1:", "AQICAH", "age-encryption.org",
                             // hashes: what is stored instead of a password
                             "$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "$7$", "$y$", "$gy$", "$apr1$",
                             "pbkdf2", "{SSHA", "{SHA", "{MD5}", "{bcrypt}", "scrypt:", "sha256$", "sha1$", "sha512$",
                             "md5$", "SCRAM-SHA-256$", "$P$", "$pbkdf2", "sha1:", "sha256:", "sha512:", "argon2:",
                             "hmac-sha1:", "hmac-sha256:", "hmac-sha512:", "hash:"}) ||
         is_crypt_hash(v) ||
         contains_any(v, {":$2a$", ":$2b$", ":$2y$", ":$apr1$", ":{SHA}"});  // a line of htpasswd: user and hash
}

bool is_reference(std::string_view v) {
  if (is_noise(v)) return has_character_class(v) || contains_any(v, {"${", "{{", "#{", "<%"});
  if (contains_any(v, {"${", "{$", "$(", "{{", "#{", "<%", "%{", "%(", "{%", "$[", "@{", "}}", "((", "`", "%24(",
                       "\\("}))  // the last is Swift's: "\(host):\(port)"
    return true;
  if (v.front() == '<' && v.back() == '>') return true;
  if (v.starts_with("%5B") && v.ends_with("%5D")) return true;  // "[Filtered]", as it stands in an address
  if ((v.front() == '[' && v.back() == ']') || v.back() == '[' || (v.front() == '(' && v.back() == ')')) return true;
  // "{password}", "{i18n:login.title}", and not a JSON object kept in a string
  if (v.front() == '{' && v.back() == '}' && v.find_first_of("\"'\\") == v.npos) return true;
  if (is_sigiled_name(v) || is_member(v)) return true;
  if (starts_with_any(v, {"op://",         "vault:",
                          "secret://",     "ref+",
                          "sm://",         "ssm:",
                          "arn:",          "@Microsoft.KeyVault(",
                          "/run/secrets/", "file:",
                          "env:",          "env(",
                          "env.",          "ENV[",
                          "ENV.",          "process.env",
                          "os.environ",    "os.getenv",
                          "getenv",        "System.getenv",
                          "Deno.env",      "import.meta.env",
                          "secrets.",      "secretsmanager:",
                          "awsps://",      "keyring:",
                          "akv:",          "gsm:",
                          "kms:",          "bao:",
                          "!Ref",          "!Sub",
                          "!GetAtt",       "<%=",
                          "projects/",     "doppler ",
                          "infisical ",    "chamber "}))
    return true;
  return has_format(v) || has_hole(v) || has_character_class(v) || is_place_in_answer(v) ||
         contains_any(v, {"('", "(\"", "process.env", "os.environ", "getenv(", "{}", "{0}"});
}

namespace {

// The armour of a certificate or a public key in base64, or of so little that no key is in it.
bool is_empty_or_public_armour(std::string_view v) {
  constexpr std::size_t kShortest = 150;  // a key of Ed25519 (RFC 8410) takes 160 characters
  return v.starts_with("LS0tLS1CRUdJTi") &&
         (v.size() < kShortest || starts_with_any(v, {"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS", "LS0tLS1CRUdJTiBQVUJMSUMg"}));
}

// The address of an account or a contract of Ethereum, or a colour of a style sheet.
bool is_address_or_colour(std::string_view v) {
  constexpr std::size_t kAddress = 42;  // "0x" and 20 bytes (EIP-55)
  if (v.starts_with("0x")) return v.size() == kAddress && std::all_of(v.begin() + 2, v.end(), is_hex);
  return v.starts_with('#') && (v.size() == 4 || v.size() == 7 || v.size() == 9) &&
         std::all_of(v.begin() + 1, v.end(), is_hex);
}

}  // namespace

bool is_public_material(std::string_view v) {
  if (is_empty_or_public_armour(v) || is_public_der(v) || is_address_or_colour(v)) return true;
  return starts_with_any(
      v, {"ssh-rsa ", "ssh-dss ", "ssh-ed25519 ", "ecdsa-sha2-", "-----BEGIN PUBLIC", "-----BEGIN CERT",
          "-----BEGIN RSA PUBLIC", "-----BEGIN EC PUBLIC", "-----BEGIN SSH2 PUBLIC", "pk_live_", "pk_test_",
          "sb_publishable_", "sha256-", "sha384-", "sha512-", "data:",
          "pk.eyJ",  // a public token of Mapbox, https://docs.mapbox.com/help/glossary/access-token
          // a project of PostHog, https://posthog.com/docs/api; one link of Plaid's accounts of play money
          "phc_", "link-sandbox-", "public-sandbox-",
          // what apps carry: https://www.revenuecat.com/docs/projects/authentication, and Intercom's of an app
          "appl_", "goog_", "ios_sdk-", "android_sdk-"});
}

bool is_published(std::string_view v) {
  return contains_any(
      v, {
             "Eby8vdM02xNOcqFlqUw",  // Azurite, https://learn.microsoft.com/azure/storage/common/storage-use-azurite
             "C2y6yDjf5/R+ob0N8A7",  // the emulator of Cosmos DB, https://learn.microsoft.com/azure/cosmos-db/emulator
             "wJalrXUtnFEMI",        // the documentation of AWS
             "N7UND0UgjKTVK", "EAx3IQ/wRG1v47ZD4",  // on every machine, https://github.com/supabase/cli
             "eyJVc2VySUQiOiJkZWZhd", "sig_7kYjw48mhY7kAjq",
             "sig_5ZB6DVzB1wjE8S6",    // QStash, https://upstash.com/docs/qstash/howto/local-development
             "AyM1SysPpbyDfgZld3umj",  // RFC 7515, appendix A.1
             "dBjftJeZ4CVP-mB92K27u",  // RFC 7636, appendix B
             "UGFzc3dvcmQ6",           // "Password:", as mail servers ask for it (AUTH LOGIN)
             // RFC 6749: a client's secret, alone and in a header, what it is given for it, and where it goes on
             "7Fjfp0ZBr1KtDRbnfVdmIw", "gX1fBat3bV", "czZCaGRSa3F0Mz", "2YotnFZFEjr1zCsicMWpAA",
             "tGzv3JOkF0XG5Qx2TlKWIA", "SplxlOBeZQQYbYS6WxSbIA",
             "mF_9.B5f-4.1JqM",                // RFC 6750
             "45ghiukldjahdnhzdauz",           // RFC 7009
             "cf136dc3c1fc93f31185e5885805d",  // RFC 7591
             "23410913-abewfq.123483",         // RFC 7662
             "SlAV32hkKG", "8xLOxBtZp8"        // OpenID Connect Core 1.0, section 3.1.3.3
         });
}

}  // namespace launchgate::secrets
