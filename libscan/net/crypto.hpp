// The few cryptographic operations launchgate needs; signatures and codes over OpenSSL's libcrypto (libcrypto.hpp).
//
// HMAC-SHA-256 is in core/sha256.hpp. Signatures are Ed25519 (RFC 8032): 64 bytes, deterministic.
// Errors: a key that is none is ErrorCode::config; no OpenSSL on the machine ErrorCode::undecided. Thread-safety: pure
// functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libscan/core/result.hpp"

namespace launchgate::net {

// Takes as long for equal as for unequal bytes of the same length.
bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

// `private_key` / `public_key`: PEM (PKCS #8, SubjectPublicKeyInfo) or the 32 raw bytes in base64 or hex.
Result<std::string> ed25519_sign(std::string_view private_key, std::string_view message);  // 64 raw bytes
Result<bool> ed25519_verify(std::string_view public_key, std::string_view message, std::string_view signature);
// The public key of a private one, 32 raw bytes.
Result<std::string> ed25519_public(std::string_view private_key);

// RFC 6238 with HMAC-SHA-1, 6 digits and 30 s by default. `secret` is base32 (spaces and case ignored) or an
// otpauth:// URI, whose digits, period and algorithm count.
struct Totp {
  std::string code;
  std::int64_t step = 0;    // servers take each step once
  double remaining_ms = 0;  // until the code changes
};
Result<Totp> totp(std::string_view secret, std::int64_t unix_ms);

std::string base64_encode(std::string_view bytes);
// Standard or URL alphabet, padding optional; false when it is neither.
bool base64_decode(std::string_view text, std::string& out);
std::string random_hex(std::size_t bytes);  // from the system's generator

}  // namespace launchgate::net
