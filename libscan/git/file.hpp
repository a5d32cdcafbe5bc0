// Small pieces of POSIX that every part of git/ needs: an owned descriptor, a whole small file, a mapped file, paths.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "libscan/core/result.hpp"

namespace launchgate::git {

// Owns one file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(), fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  ~Fd() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

// open(2) with O_CLOEXEC, tried again when a signal interrupts it. `dir` may be AT_FDCWD.
Fd open_at(int dir, const char* path, int flags) noexcept;

// A read-only view of a whole file. For files that are replaced by rename and never cut short in place (index, packs,
// packed-refs): a mapped file that shrinks would fault.
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MappedFile();

  // No value when there is no such file; an Error (io) for everything else, and for more than `cap` bytes.
  static Result<std::optional<MappedFile>> open(const std::string& path, std::size_t cap);
  std::string_view bytes() const noexcept { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

enum class Links { follow, refuse };

// The content of a small file, at most `cap` bytes. No value when it does not exist, is no regular file, or (with
// Links::refuse) is a symbolic link. An Error (io) when it cannot be read or is larger.
Result<std::optional<std::string>> read_small_file(int dir, const char* path, std::size_t cap,
                                                   Links links = Links::follow);
Result<std::optional<std::string>> read_small_file(const std::string& path, std::size_t cap);

bool is_directory(const std::string& path) noexcept;
bool path_exists(const std::string& path) noexcept;

// `path` when absolute, otherwise base/path.
std::string join_path(std::string_view base, std::string_view path);
// realpath(3); no value when it does not resolve.
std::optional<std::string> real_path(const std::string& path);
// Everything before the last '/'; "/" at the top, "." when there is none.
std::string parent_path(std::string_view path);
// "Permission denied" and the like, thread-safe.
std::string errno_text(int error);
// Without leading and trailing blanks and line ends.
std::string_view trim(std::string_view text) noexcept;

}  // namespace launchgate::git
