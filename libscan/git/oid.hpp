// Object ids: the names of a repository's objects. SHA-1 repositories use 20 bytes, SHA-256 ones 32.
//
// An Oid holds both kinds in one fixed value, unused bytes zero, so that comparison is one memcmp and no id
// allocates. Which kind a repository uses is a property of the repository (ObjectFormat).
// Thread-safety: plain values.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace launchgate::git {

// The value is the size of an id in bytes.
enum class ObjectFormat : std::uint8_t { sha1 = 20, sha256 = 32 };

constexpr std::size_t id_size(ObjectFormat f) noexcept { return static_cast<std::size_t>(f); }

struct Oid {
  static constexpr std::size_t kMaxSize = 32;
  std::array<std::uint8_t, kMaxSize> bytes{};
  std::uint8_t size = 20;

  // `raw` must hold at least id_size(format) bytes.
  static Oid from_raw(const std::uint8_t* raw, ObjectFormat format) noexcept {
    Oid id;
    id.size = static_cast<std::uint8_t>(id_size(format));
    // Sizes known to the compiler: this is in the innermost loop over trees.
    if (format == ObjectFormat::sha1)
      std::memcpy(id.bytes.data(), raw, id_size(ObjectFormat::sha1));
    else
      std::memcpy(id.bytes.data(), raw, id_size(ObjectFormat::sha256));
    return id;
  }
  // 40 or 64 hex digits in either case; anything else is no id.
  static std::optional<Oid> from_hex(std::string_view hex) noexcept;

  std::string hex() const;
  bool is_zero() const noexcept { return bytes == std::array<std::uint8_t, kMaxSize>{}; }
  ObjectFormat format() const noexcept { return size == 32 ? ObjectFormat::sha256 : ObjectFormat::sha1; }

  // Ids are digests: any eight of their bytes are as good a hash as there is.
  std::uint64_t prefix() const noexcept {
    std::uint64_t h;
    std::memcpy(&h, bytes.data(), sizeof h);
    return h;
  }

  friend bool operator==(const Oid& a, const Oid& b) noexcept { return a.bytes == b.bytes && a.size == b.size; }
  friend std::strong_ordering operator<=>(const Oid& a, const Oid& b) noexcept {
    const int c = std::memcmp(a.bytes.data(), b.bytes.data(), kMaxSize);
    return c != 0 ? c <=> 0 : a.size <=> b.size;
  }
};

}  // namespace launchgate::git

template <>
struct std::hash<launchgate::git::Oid> {
  std::size_t operator()(const launchgate::git::Oid& id) const noexcept { return id.prefix(); }
};
