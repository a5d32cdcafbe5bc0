#include "libscan/git/directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace launchgate::git {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

// O_PATH is enough to go on from.
Fd open_resolving(int root, const char* path, int flags) noexcept {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
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
  resolve_ = static_cast<bool>(open_resolving(root_.get(), ".", kFolder));
  errno = before;
}

Fd RootDirectory::open(const char* path) const noexcept {
  if (*path == '\0') path = ".";
  std::string_view rest = path;
  Fd above;
  int from = root_.get();
  // Trees may be deeper than a path may be long.
  while (rest.size() >= PATH_MAX) {
    const std::size_t slash = rest.rfind('/', PATH_MAX - 2);
    if (slash == std::string_view::npos) break;  // no such name exists: let the kernel say so
    std::array<char, PATH_MAX> piece{};
    rest.copy(piece.data(), slash);
    above = open_folder(from, piece.data(), O_PATH | kFolder);
    if (!above) return above;
    from = above.get();
    rest.remove_prefix(slash + 1);
  }
  return open_folder(from, rest.data(), kFolder);
}

Fd RootDirectory::open_folder(int from, const char* path, int flags) const noexcept {
  return resolve_ ? open_resolving(from, path, flags) : open_at(from, path, flags);
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
