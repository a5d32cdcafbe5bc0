#include "libscan/core/fingerprint.hpp"

#include "libscan/core/sha256.hpp"

namespace launchgate {
namespace {

std::string purpose_key(std::string_view purpose, std::string_view user_key) {
  return std::string(purpose) + '\0' + std::string(user_key);
}

}  // namespace

std::string fingerprint(std::string_view rule, std::string_view subject, std::string_view user_key) {
  const std::string message = std::string(rule) + '\0' + std::string(subject);
  return "lg1:" + hex(hmac_sha256(purpose_key("launchgate fingerprint v1", user_key), message), 32);
}

std::string secret_id(std::string_view secret, std::string_view user_key) {
  return hex(hmac_sha256(purpose_key("launchgate secret_id v1", user_key), secret), 16);
}

}  // namespace launchgate
