#include "libscan/secrets/validators.hpp"

#include "libscan/secrets/validators/checks.hpp"

namespace launchgate::secrets {
namespace {

constexpr Validator kValidators[] = {
    {"age-bech32", "bech32 checksum of an age identity (BIP 173, github.com/C2SP/C2SP age.md)", check::age_bech32},
    {"app-key", "as random-token; of the program's own, so that it can wait in tests and examples", check::app_key},
    {"aws-access-key-id", "base 32 body with an account number inside; not an EXAMPLE of the AWS documentation",
     check::aws_access_key_id},
    {"base64-url", "base64 of an address whose password is no placeholder, reference or local default",
     check::base64_url},
    {"basic-auth", "base64 of user:password whose password is no placeholder (RFC 7617)", check::basic_auth},
    {"binary-key", "as random-token; base64 of bytes, and of no text", check::binary_key},
    {"der-private-key", "base64 of a DER private key: version 0, then a modulus (RFC 8017) or an algorithm (RFC 5958)",
     check::der_private_key},
    {"discord-bot", "first part is base64 of a user id (discord.com/developers/docs/reference#snowflakes)",
     check::discord_bot},
    {"docker-config", "base64 of a Docker configuration with a login that is no placeholder", check::docker_config},
    {"encoded-secret", "base64 of a text that holds a random value; no certificate, public key or archive",
     check::encoded_secret},
    {"github-crc32", "CRC-32 in base 62 at the end (GitHub's and npm's token format)", check::github_crc32},
    {"grafana-crc32", "CRC-32 in hexadecimal at the end (Grafana's prefixed keys)", check::grafana_crc32},
    {"jwt", "header and payload decode to JSON objects, and it is signed (RFC 7519)", check::jwt},
    {"key-material", "as random-token; the part of a private key that is one, so that it can wait in tests",
     check::key_material},
    {"ntlm-response", "base64 of the third message of NTLM ([MS-NLMP], 2.2.1.3), so that it can wait in tests",
     check::ntlm_response},
    {"pem-base64", "base64 of a whole armour whose body decodes as for pem-body", check::pem_base64},
    {"pem-body", "armour whose body decodes to DER, an OpenSSH key or an OpenPGP packet, not encrypted",
     check::pem_body},
    {"pem-encrypted", "armour whose body decodes and is protected by a passphrase", check::pem_encrypted},
    {"pypi-macaroon", "a version 2 macaroon for pypi.org or test.pypi.org", check::pypi_macaroon},
    {"random-token", "mixes character kinds as random tokens do; no mask, word or sequence", check::random_token},
    {"supabase-service-role", "a JWT whose payload has the role service_role", check::supabase_service_role},
    {"telegram-bot", "bot number without leading zero, body not a placeholder", check::telegram_bot},
    {"trigger-url", "an address whose parts are no sequences or words that hold a place", check::trigger_url},
    {"url-credentials", "user information whose password is no placeholder, reference or local default (RFC 3986)",
     check::url_credentials},
    {"weak-password", "a password anyone would try first; no reference, mask or note to the reader",
     check::weak_password},
    {"webhook-secret", "as random-token; no base64 of a text (github.com/standard-webhooks/standard-webhooks)",
     check::webhook_secret},
};

}  // namespace

std::span<const Validator> validators() noexcept { return kValidators; }

const Validator* find_validator(std::string_view name) noexcept {
  for (const Validator& v : kValidators)
    if (v.name == name) return &v;
  return nullptr;
}

}  // namespace launchgate::secrets
