// One pack file and its index, mapped: where an object lies, and what stands there (gitformat-pack(5)).
//
// Pack versions 2 and 3, index version 2. Anything else, and anything that does not add up, is declined: the caller has
// another way to read it. Nothing is inflated here. Thread-safety: immutable after open().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libscan/git/file.hpp"
#include "libscan/git/oid.hpp"

namespace launchgate::git {

// The header of a packed object, and where its deflated data starts.
struct PackEntry {
  enum class Kind : std::uint8_t { commit = 1, tree = 2, blob = 3, tag = 4, offset_delta = 6, ref_delta = 7 };
  Kind kind = Kind::blob;
  std::uint64_t size = 0;  // inflated: of the object, or of the delta
  std::uint64_t data = 0;  // offset in the pack
  std::uint64_t base = 0;  // of a delta: offset of what it applies to
};

class Pack {
 public:
  // `path`: of the .idx file; the .pack lies beside it. No value when either cannot be used.
  static std::optional<Pack> open(const std::string& path, ObjectFormat format);

  std::uint32_t size() const noexcept { return count_; }
  // The offset of an object; no value when the pack has none of that name.
  std::optional<std::uint64_t> find(const Oid& oid) const noexcept;
  // The object at a position of the index, 0 <= position < size(), in order of their names; an offset of 0 where the
  // index makes no sense.
  Oid id_at(std::uint32_t position) const noexcept;
  std::uint64_t offset_at(std::uint32_t position) const noexcept;
  // What stands at an offset. No value where that makes no sense, and for a delta whose base is not in this pack.
  std::optional<PackEntry> entry(std::uint64_t offset) const noexcept;
  // From an offset to the end of the last object.
  std::string_view bytes_from(std::uint64_t offset) const noexcept { return objects_.substr(offset); }

 private:
  MappedFile index_;
  MappedFile pack_;
  ObjectFormat format_ = ObjectFormat::sha1;
  std::uint32_t count_ = 0;
  const unsigned char* fanout_ = nullptr;
  const unsigned char* ids_ = nullptr;
  const unsigned char* offsets_ = nullptr;
  const unsigned char* large_offsets_ = nullptr;
  std::uint64_t large_count_ = 0;
  std::string_view objects_;  // the pack without its trailing checksum
};

}  // namespace launchgate::git
