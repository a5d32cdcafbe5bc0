// One pack file and its index, mapped: where an object lies, and what stands there (gitformat-pack(5)).
//
// Pack versions 2 and 3, index versions 1 and 2; a pack without an index of its own may be opened with what a
// multi-pack-index lists of it (git/midx.hpp). Anything else, and anything that does not add up, is declined: the
// caller has another way to read it. Nothing is inflated here. Thread-safety: immutable after open().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

// An object and where it lies in its pack.
struct PackedObject {
  Oid oid;
  std::uint64_t offset = 0;
};

class Pack {
 public:
  // `path`: of the .idx file; the .pack lies beside it. No value when either cannot be used.
  static std::optional<Pack> open(const std::string& path, ObjectFormat format);

  // The same with a list instead of an index. `path`: of the .pack file. `objects`: sorted by name, copied; they need
  // not be all that the pack holds: the others are then not found by name.
  static std::optional<Pack> open_listed(const std::string& path, std::span<const PackedObject> objects,
                                         ObjectFormat format);
  const std::string& path() const noexcept { return path_; }  // of the .pack file
  std::uint32_t size() const noexcept { return count_; }
  // The offset of an object; no value when the pack has none of that name.
  std::optional<std::uint64_t> find(const Oid& oid) const noexcept;
  // Does the index name it? What it says of where the object lies may still make no sense.
  bool lists(const Oid& oid) const noexcept;
  // The object at a position of the index, 0 <= position < size(), in order of their names; an offset of 0 where the
  // index makes no sense.
  Oid id_at(std::uint32_t position) const noexcept;
  std::uint64_t offset_at(std::uint32_t position) const noexcept;
  // What stands at an offset. No value where that makes no sense, and for a delta whose base is not in this pack.
  std::optional<PackEntry> entry(std::uint64_t offset) const noexcept;
  // From an offset to the end of the last object.
  std::string_view bytes_from(std::uint64_t offset) const noexcept { return objects_.substr(offset); }

 private:
  bool take_pack(const std::string& path);
  bool take_index(std::string_view index);

  std::string path_;
  MappedFile index_;
  std::vector<char> made_index_;  // in place of index_: version 2, without its checksums
  MappedFile pack_;
  ObjectFormat format_ = ObjectFormat::sha1;
  std::uint32_t count_ = 0;
  // Version 1 has one table of (offset, id), version 2 one of each: hence the strides.
  const unsigned char* fanout_ = nullptr;
  const unsigned char* ids_ = nullptr;
  const unsigned char* offsets_ = nullptr;
  std::size_t id_stride_ = 0, offset_stride_ = 0;
  const unsigned char* large_offsets_ = nullptr;  // version 2 only
  std::uint64_t large_count_ = 0;
  std::string_view objects_;  // the pack without its trailing checksum
};

}  // namespace launchgate::git
