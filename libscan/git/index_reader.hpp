// Reading an index file: private to index*.cpp. See index.hpp for what comes out.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/git/index.hpp"

namespace launchgate::git {

// The fixed part of an entry, gitformat-index(5): ten 32-bit numbers of stat(2), the object id, 16 bits of flags and,
// where kExtended says so, 16 more. The path follows, then one to eight NUL bytes up to a multiple of eight.
namespace index_format {
constexpr std::size_t kModeOffset = 24;
constexpr std::size_t kOidOffset = 40;
constexpr std::uint16_t kAssumeValid = 0x8000;
constexpr std::uint16_t kExtended = 0x4000;
constexpr std::uint16_t kStageShift = 12;
constexpr std::uint16_t kLengthMask = 0x0fff;  // this value: "that long or longer, look for the NUL"
constexpr std::uint16_t kSkipWorktree = 0x4000;
constexpr std::uint16_t kIntentToAdd = 0x2000;

inline std::uint16_t get16(const char* p) noexcept {
  const auto* b = reinterpret_cast<const unsigned char*>(p);
  return static_cast<std::uint16_t>(b[0] << 8 | b[1]);
}
inline std::uint32_t get32(const char* p) noexcept { return static_cast<std::uint32_t>(get16(p)) << 16 | get16(p + 2); }
inline std::uint64_t get64(const char* p) noexcept { return static_cast<std::uint64_t>(get32(p)) << 32 | get32(p + 4); }

constexpr std::size_t padded(std::size_t size) noexcept { return (size + 8) & ~std::size_t{7}; }
}  // namespace index_format

class IndexReader {
 public:
  IndexReader(std::string_view bytes, std::string name, ObjectFormat format, std::string shared_dir);
  Result<Index> read();

 private:
  Unexpected damaged(std::string_view what) const;
  Result<void> read_header();
  Result<void> read_entries_in_place();
  Result<void> read_compressed_entries();
  Result<void> read_extensions();
  Result<void> read_link(std::string_view body);
  bool read_cached_trees(std::string_view body);

  // Splits a bitmap of a split index off the front of `body`: the positions it names, ascending, all below `limit`.
  bool read_bitmap(std::string_view& body, std::uint32_t limit, std::vector<std::uint32_t>& positions) const;
  Result<void> merge_shared(const Index& shared, const std::vector<std::uint32_t>& deleted,
                            const std::vector<std::uint32_t>& replaced);
  Result<void> finish();

  // Appends one entry in the form of version 3 to `out`: `fixed` as it stands in a file, and a path.
  bool write_entry(std::string_view fixed, std::string_view path, std::vector<char>& out,
                   std::vector<std::uint32_t>& offsets) const;
  std::size_t fixed_size(const char* entry) const noexcept;

  std::string_view bytes_;
  std::string name_;
  std::string shared_dir_;
  std::size_t id_size_;
  std::uint32_t version_ = 0;
  std::uint32_t count_ = 0;
  std::size_t at_ = 0;
  bool split_ = false;  // a "link" extension was there
  bool is_shared_ = false;
  Index index_;
};

}  // namespace launchgate::git
