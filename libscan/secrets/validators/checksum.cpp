#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/validators/checks.hpp"

namespace launchgate::secrets::check {
namespace {

constexpr Validation kNo{false, {}};
constexpr Validation kChecksum{true, "checksum valid"};

// Not what the issuer issues today, and not what a reviewer could tell from it.
Validation without_checksum(std::string_view body) {
  return random_token(body, body).ok ? Validation{true, "its checksum does not match", Doubt::unproven} : kNo;
}

}  // namespace

// Prefix, underscore, 30 random characters, 6 of checksum. Longer bodies are of newer kinds without one.
Validation github_crc32(std::string_view secret, std::string_view) {
  const std::size_t underscore = secret.find('_');
  if (underscore == secret.npos) return kNo;
  const std::string_view body = secret.substr(underscore + 1);
  if (body.size() != 36) return random_token(body, body);
  return crc32_base62(body.substr(0, 30)) == body.substr(30) ? kChecksum : without_checksum(body);
}

// "glsa_" + secret + "_" + CRC-32 of all before the last underscore, bytes in little-endian order
// (grafana/grafana pkg/components/apikeygenprefix).
Validation grafana_crc32(std::string_view secret, std::string_view) {
  const std::size_t underscore = secret.rfind('_');
  if (underscore == secret.npos) return kNo;
  if (crc32_hex(secret.substr(0, underscore)) == secret.substr(underscore + 1)) return kChecksum;
  return without_checksum(secret.substr(secret.find('_') + 1, underscore));
}

Validation age_bech32(std::string_view secret, std::string_view) {
  std::string lower(secret);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::size_t one = lower.rfind('1');
  if (one == lower.npos || lower.size() < one + 7) return kNo;
  const std::string_view all = lower;
  const std::string_view data = all.substr(one + 1, all.size() - one - 7);
  const std::string sum = bech32_checksum(all.substr(0, one), data);
  return !sum.empty() && sum == all.substr(all.size() - 6) ? kChecksum : without_checksum(all.substr(one + 1));
}

}  // namespace launchgate::secrets::check
