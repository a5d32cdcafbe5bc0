// Reading folders close to the kernel: names in large pieces, kinds without a stat(2) a file, and no symbolic link
// followed anywhere on the way. Thread-safety: distinct objects may be used from distinct threads.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "libscan/git/file.hpp"

namespace launchgate::git {

enum class FileKind { regular, folder, link, other };

struct DirectoryEntry {
  std::string_view name;  // NUL-terminated; lives until the next piece is read
  FileKind kind = FileKind::other;
};

// Opens folders below one root.
class RootDirectory {
 public:
  // No usable root: errno says why, and the object is false.
  explicit RootDirectory(const std::string& path) noexcept;
  explicit operator bool() const noexcept { return static_cast<bool>(root_); }

  // The folder at `path` ("" = the root itself), which must hold no symbolic link. Kernels before 5.6, and sandboxes
  // that forbid openat2(2), check the last component only. An invalid Fd on failure; errno says why.
  Fd open(const char* path) const noexcept;

 private:
  Fd open_folder(int from, const char* path, int flags) const noexcept;

  Fd root_;
  bool resolve_ = false;  // openat2 works
};

// One getdents64(2) buffer, reused from folder to folder.
class DirectoryReader {
 public:
  static constexpr std::size_t kPiece = std::size_t{32} << 10;

  DirectoryReader() : buffer_(std::make_unique<char[]>(kPiece)) {}

  // Reads the next piece of the folder. Afterwards next() walks it. Returns 0, or errno.
  int read(int folder) noexcept;
  // That piece held everything there is.
  bool complete() const noexcept { return complete_; }
  bool empty() const noexcept { return size_ == 0; }
  // "." and ".." are left out. `folder` is asked about entries whose file system does not tell their kind.
  bool next(int folder, DirectoryEntry& entry) noexcept;
  void rewind() noexcept { at_ = 0; }

  // The piece as raw bytes, and a piece taken from another reader.
  std::string_view raw() const noexcept { return {buffer_.get(), size_}; }
  void assign(std::string_view raw) noexcept;

 private:
  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0;
  std::size_t at_ = 0;
  bool complete_ = false;
};

}  // namespace launchgate::git
