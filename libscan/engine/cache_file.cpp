#include "libscan/engine/cache_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace launchgate::engine {
namespace {

constexpr off_t kMaxEntry = off_t{64} << 20;  // far above any rule set that makes sense

struct Fd {
  int value;
  ~Fd() {
    if (value >= 0) ::close(value);
  }
};

bool ours_alone(const struct stat& st) { return st.st_uid == ::geteuid() && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0; }

}  // namespace

std::optional<std::string> read_cache_file(const std::string& path) {
  const Fd fd{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
  struct stat st {};
  if (fd.value < 0 || ::fstat(fd.value, &st) != 0) return std::nullopt;
  if (!S_ISREG(st.st_mode) || !ours_alone(st) || st.st_size > kMaxEntry) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(st.st_size), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t n = ::read(fd.value, bytes.data() + got, bytes.size() - got);
    if (n <= 0) return std::nullopt;
    got += static_cast<std::size_t>(n);
  }
  return bytes;
}

bool private_cache_dir(const std::string& dir) {
  if (const std::size_t slash = dir.rfind('/'); slash != std::string::npos && slash > 0)
    ::mkdir(dir.substr(0, slash).c_str(), 0700);  // ~/.cache: a fresh CI machine has none
  ::mkdir(dir.c_str(), 0700);
  struct stat st {};
  return ::lstat(dir.c_str(), &st) == 0 && S_ISDIR(st.st_mode) && ours_alone(st);
}

void write_cache_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + "." + std::to_string(::getpid());
  const Fd fd{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (fd.value < 0) return;
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd.value, bytes.data(), bytes.size());
    if (n <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (!bytes.empty() || ::rename(temporary.c_str(), path.c_str()) != 0) ::unlink(temporary.c_str());
}

}  // namespace launchgate::engine
