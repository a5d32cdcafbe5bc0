#include "libscan/git/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace launchgate::git {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

Fd open_resolving(int root, const char* path) noexcept {
  open_how how{};
  how.flags = kFolder | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS;
  for (;;) {
    const long fd = ::syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd >= 0 || (errno != EINTR && errno != EAGAIN)) return Fd(static_cast<int>(fd));
  }
}

FileKind kind_of(unsigned char type, int folder, const char* name) noexcept {
  switch (type) {
    case DT_REG: return FileKind::regular;
    case DT_DIR: return FileKind::folder;
    case DT_LNK: return FileKind::link;
    case DT_UNKNOWN: break;
    default: return FileKind::other;
  }
  struct stat info {};
  if (::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return FileKind::regular;  // opening it will tell
  if (S_ISREG(info.st_mode)) return FileKind::regular;
  if (S_ISDIR(info.st_mode)) return FileKind::folder;
  return S_ISLNK(info.st_mode) ? FileKind::link : FileKind::other;
}

// What the kernel writes; see getdents64(2). Read with memcpy: nothing promises alignment to the compiler.
struct Header {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t size;  // of the whole record
  std::uint8_t type;
};
constexpr std::size_t kSizeOffset = 16, kTypeOffset = 18, kNameOffset = 19;
static_assert(offsetof(Header, size) == kSizeOffset && offsetof(Header, type) == kTypeOffset);
constexpr std::size_t kLargestRecord = kNameOffset + 256 + 8;

}  // namespace

RootDirectory::RootDirectory(const std::string& path) noexcept
    : root_(open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY)) {
  if (!root_) return;
  const int before = errno;
  resolve_ = static_cast<bool>(open_resolving(root_.get(), "."));
  errno = before;
}

Fd RootDirectory::open(const char* path) const noexcept {
  if (*path == '\0') path = ".";
  return resolve_ ? open_resolving(root_.get(), path) : open_at(root_.get(), path, kFolder);
}

int DirectoryReader::read(int folder) noexcept {
  size_ = at_ = 0;
  complete_ = false;
  while (kPiece - size_ >= kLargestRecord) {
    const long n = ::syscall(SYS_getdents64, folder, buffer_.get() + size_, kPiece - size_);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) {
      complete_ = true;
      return 0;
    }
    size_ += static_cast<std::size_t>(n);
  }
  return 0;
}

bool DirectoryReader::next(int folder, DirectoryEntry& entry) noexcept {
  while (at_ < size_) {
    const char* record = buffer_.get() + at_;
    std::uint16_t record_size = 0;
    std::memcpy(&record_size, record + kSizeOffset, sizeof record_size);
    at_ += record_size;
    const char* name = record + kNameOffset;
    if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'))) continue;
    entry.name = name;
    entry.kind = kind_of(static_cast<unsigned char>(record[kTypeOffset]), folder, name);
    return true;
  }
  return false;
}

void DirectoryReader::assign(std::string_view raw) noexcept {
  size_ = std::min(raw.size(), kPiece);
  std::memcpy(buffer_.get(), raw.data(), size_);
  at_ = 0;
  complete_ = true;
}

}  // namespace launchgate::git
