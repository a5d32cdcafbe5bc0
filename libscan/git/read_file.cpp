#include "libscan/git/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace launchgate::git {

FileReader::Opened FileReader::open(int folder, const char* name) noexcept {
  used_ = 0;
  size_ = read_ = 0;
  error_ = 0;
  whole_ = changed_ = false;
  file_ = open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (!file_) {
    error_ = errno;
    if (error_ == ENOENT || error_ == ENOTDIR) return Opened::vanished;
    return error_ == ELOOP || error_ == ENXIO ? Opened::no_file : Opened::unreadable;
  }
  fill();
  if (error_ != 0) {
    file_.reset();
    return error_ == EISDIR || error_ == EAGAIN ? Opened::no_file : Opened::unreadable;
  }
  whole_ = used_ < capacity_;
  size_ = used_;
  if (whole_ && used_ > 0) {
    file_.reset();
    return Opened::yes;
  }
  // Only what is empty (a pipe without writer?) or fills the buffer is asked what it is.
  struct stat info {};
  const bool regular = ::fstat(file_.get(), &info) == 0 && S_ISREG(info.st_mode);
  if (regular && !whole_) {
    size_ = static_cast<std::uint64_t>(info.st_size);
  } else {
    file_.reset();
  }
  return regular ? Opened::yes : Opened::no_file;
}

void FileReader::fill() noexcept {
  used_ = 0;
  // A short answer is not yet the end (FUSE, /proc); only an empty one is.
  while (used_ < capacity_) {
    const ssize_t n = ::read(file_.get(), buffer_.get() + used_, capacity_ - used_);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) error_ = errno;
    if (n <= 0) break;
    used_ += static_cast<std::size_t>(n);
  }
  read_ += used_;
}

void FileReader::next() noexcept {
  if (!file_) {
    used_ = 0;
    return;
  }
  fill();
  if (used_ == capacity_) return;
  changed_ = read_ != size_;
  file_.reset();
}

}  // namespace launchgate::git
