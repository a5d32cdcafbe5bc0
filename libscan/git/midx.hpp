// A multi-pack-index: one table that says of the objects of many packs in which one each lies, and where
// (gitformat-pack(5), "multi-pack-index"). Packs that are listed in one may lack an index of their own.
//
// Version 1, one file; a chain of them (incremental ones) and all that does not add up is declined: packs then have to
// be asked one by one. An object that several packs hold is listed for one of them. Thread-safety: immutable after
// open().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/git/file.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/pack.hpp"

namespace launchgate::git {

class MultiPackIndex {
 public:
  // `path`: .../objects/pack/multi-pack-index. No value when there is none that can be used.
  static std::optional<MultiPackIndex> open(const std::string& path, ObjectFormat format);
  // `bytes` must outlive what is made of them.
  static std::optional<MultiPackIndex> parse(std::string_view bytes, ObjectFormat format);

  struct Place {
    std::uint32_t pack = 0;  // position in packs()
    std::uint64_t offset = 0;
  };
  std::uint32_t size() const noexcept { return count_; }
  Oid id_at(std::uint32_t position) const noexcept;
  // No value where the table makes no sense.
  std::optional<Place> place_at(std::uint32_t position) const noexcept;
  std::optional<Place> find(const Oid& oid) const noexcept;

  // File names of the packs' indexes, "pack-….idx", without a folder.
  const std::vector<std::string_view>& packs() const noexcept { return packs_; }
  // What is listed of each pack, sorted by name. In memory: 48 bytes an object.
  std::vector<std::vector<PackedObject>> objects_by_pack() const;

 private:
  bool take(std::string_view bytes);
  bool take_names(std::string_view names, std::uint32_t count);

  MappedFile file_;
  ObjectFormat format_ = ObjectFormat::sha1;
  std::uint32_t count_ = 0;
  std::vector<std::string_view> packs_;
  const unsigned char* fanout_ = nullptr;
  const unsigned char* ids_ = nullptr;
  const unsigned char* places_ = nullptr;  // (pack, offset), four bytes each
  std::string_view large_offsets_;
};

}  // namespace launchgate::git
