// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), for identities, not for secrecy of bulk data.
//
// Our own because core links nothing but fmt and a hook must start in milliseconds; 80 lines held by
// the NIST and RFC 4231 vectors in tests/unit/core/sha256_test.cpp. Signatures use OpenSSL (libscan/net).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace launchgate {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256() noexcept;
  Sha256& update(std::string_view bytes) noexcept;
  Digest finish() noexcept;  // the object may not be used afterwards

 private:
  void block(const std::uint8_t* p) noexcept;
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> pending_{};
  std::size_t pending_size_ = 0;
  std::uint64_t total_ = 0;
};

Digest sha256(std::string_view bytes) noexcept;
Digest hmac_sha256(std::string_view key, std::string_view message) noexcept;

// The first `digits` lowercase hex digits (at most 64).
std::string hex(const Digest&, std::size_t digits = 64);

}  // namespace launchgate
