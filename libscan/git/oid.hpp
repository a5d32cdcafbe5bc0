// An object's name: 20 bytes in a SHA-1 repository, 32 in a SHA-256 one. A plain value, ordered by its bytes.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace launchgate::git {

enum class ObjectFormat : std::uint8_t { sha1, sha256 };

constexpr std::size_t oid_size(ObjectFormat format) noexcept { return format == ObjectFormat::sha1 ? 20 : 32; }

struct Oid {
  std::array<std::uint8_t, 32> bytes{};  // unused tail stays zero, so that comparison needs no size
  std::uint8_t size = 20;

  // `raw` holds oid_size() bytes.
  static Oid from_raw(const void* raw, std::size_t size) noexcept {
    Oid oid;
    oid.size = static_cast<std::uint8_t>(size);
    std::memcpy(oid.bytes.data(), raw, size);
    return oid;
  }
  // Exactly 40 or 64 hex digits, either case; anything else is no name.
  static std::optional<Oid> from_hex(std::string_view text) noexcept;

  std::string hex() const;
  // "All zeros" is how git writes "no object": a new branch's old end, a deleted branch's new one.
  bool is_zero() const noexcept;
  std::string_view raw() const noexcept { return {reinterpret_cast<const char*>(bytes.data()), size}; }

  friend auto operator<=>(const Oid&, const Oid&) = default;
};

}  // namespace launchgate::git
