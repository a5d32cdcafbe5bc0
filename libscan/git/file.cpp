#include "libscan/git/file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "libscan/core/text.hpp"

namespace launchgate::git {
namespace {

Unexpected io_failure(std::string_view path, int error) {
  return fail(ErrorCode::io, printable(path) + ": " + errno_text(error));
}

Unexpected too_large(std::string_view path, std::size_t cap) {
  return fail(ErrorCode::undecided, printable(path) + ": larger than " + std::to_string(cap) + " bytes");
}

}  // namespace

void Fd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Fd open_at(int dir, const char* path, int flags) noexcept {
  for (;;) {
    const int fd = ::openat(dir, path, flags | O_CLOEXEC);
    if (fd >= 0 || errno != EINTR) return Fd(fd);
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

Result<std::optional<MappedFile>> MappedFile::open(const std::string& path, std::size_t cap) {
  const Fd fd = open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK);
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<MappedFile>();
    return io_failure(path, errno);
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return io_failure(path, errno);
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::io, printable(path) + ": not a regular file");
  MappedFile file;
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > cap) return too_large(path, cap);
  if (size > 0) {
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (data == MAP_FAILED) return io_failure(path, errno);
    file.data_ = static_cast<char*>(data);
    file.size_ = size;
  }
  return std::optional<MappedFile>(std::move(file));
}

Result<std::optional<std::string>> read_small_file(int dir, const char* path, std::size_t cap, Links links) {
  const int flags = O_RDONLY | O_NONBLOCK | (links == Links::refuse ? O_NOFOLLOW : 0);
  const Fd fd = open_at(dir, path, flags);
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::optional<std::string>();
    return io_failure(path, errno);
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return io_failure(path, errno);
  if (!S_ISREG(info.st_mode)) return std::optional<std::string>();
  if (info.st_size > 0 && static_cast<std::size_t>(info.st_size) > cap) return too_large(path, cap);
  std::string text;
  text.resize(static_cast<std::size_t>(info.st_size) + 1);  // one more, so that the usual read also sees the end
  std::size_t used = 0;
  for (;;) {
    const ssize_t n = ::read(fd.get(), text.data() + used, text.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_failure(path, errno);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used > cap) return too_large(path, cap);
    if (used == text.size()) text.resize(2 * text.size());
  }
  text.resize(used);
  return std::optional<std::string>(std::move(text));
}

Result<std::optional<std::string>> read_small_file(const std::string& path, std::size_t cap) {
  return read_small_file(AT_FDCWD, path.c_str(), cap);
}

bool is_directory(const std::string& path) noexcept {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool path_exists(const std::string& path) noexcept {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

std::string join_path(std::string_view base, std::string_view path) {
  if (base.empty() || (!path.empty() && path.front() == '/')) return std::string(path);
  std::string out(base);
  if (!path.empty()) {
    if (out.back() != '/') out += '/';
    out += path;
  }
  return out;
}

std::optional<std::string> real_path(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return std::nullopt;
  std::string out(resolved);
  std::free(resolved);
  return out;
}

std::string parent_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(slash == 0 ? "/" : path.substr(0, slash));
}

std::string errno_text(int error) { return std::generic_category().message(error); }

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace launchgate::git
