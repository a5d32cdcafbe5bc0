#include "libscan/core/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "libscan/core/text.hpp"

namespace launchgate {
namespace {

Unexpected refused(const std::string& path, int error) {
  const char* hint = error == ENOSPC || error == EDQUOT  ? "make room on that disk, or write somewhere else"
                     : error == ENOENT                   ? "make its folder first"
                     : error == EACCES || error == EROFS ? "choose a place this user may write to"
                                                         : "";
  return fail(ErrorCode::io,
              fmt::format("{}: cannot write: {}", printable(path), std::generic_category().message(error)), hint);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Holds back what would end the process between the birth and the rename of a temporary file.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) sigaddset(&set, signal);
    held_ = ::pthread_sigmask(SIG_BLOCK, &set, &before_) == 0;
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() {
    if (held_) ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t before_{};
  bool held_ = false;
};

// A file that is gone again unless kept: the descriptor and the name share one fate.
class Temporary {
 public:
  explicit Temporary(const std::string& folder, mode_t mode) {
    static std::atomic<unsigned> counter{0};
    constexpr int kTries = 100;  // names of crashed processes with our number
    for (int i = 0; i < kTries && fd_ < 0; ++i) {
      path_ = fmt::format("{}/.launchgate-{}-{}.tmp", folder, ::getpid(), counter.fetch_add(1));
      fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
      if (fd_ < 0 && errno != EEXIST) break;
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (!kept_) ::unlink(path_.c_str());
  }
  int fd() const { return fd_; }
  bool rename_to(const std::string& path) {
    kept_ = std::rename(path_.c_str(), path.c_str()) == 0;
    return kept_;
  }

 private:
  std::string path_;
  int fd_ = -1;
  bool kept_ = false;
};

std::string resolve_links(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : path;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The rename itself must survive a power cut too. Not every file system can do this, and none loses the old file.
void sync_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)::fsync(fd);
  ::close(fd);
}

Result<void> write_in_place(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return refused(path, errno);
  const bool good = write_all(fd, bytes);
  const int error = errno;
  ::close(fd);
  if (!good) return refused(path, error);
  return {};
}

}  // namespace

Result<void> write_file_atomically(const std::string& path, std::string_view bytes, bool owner_only) {
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) return refused(path, EISDIR);
  if (exists && !S_ISREG(old.st_mode)) return write_in_place(path, bytes);

  const std::string target = exists ? resolve_links(path) : path;
  const std::string folder = folder_of(target);
  const SignalsHeld held;
  Temporary temporary(folder, owner_only ? 0600 : 0666);
  if (temporary.fd() < 0) return refused(path, errno);
  if (exists && !owner_only && ::fchmod(temporary.fd(), old.st_mode & 07777) != 0) return refused(path, errno);
  if (!write_all(temporary.fd(), bytes) || ::fsync(temporary.fd()) != 0 || !temporary.rename_to(target))
    return refused(path, errno);
  sync_folder(folder);
  return {};
}

}  // namespace launchgate
