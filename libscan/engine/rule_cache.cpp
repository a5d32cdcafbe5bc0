#include "libscan/engine/rule_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <optional>

#include "libscan/core/sha256.hpp"
#include "libscan/secrets/front_database.hpp"
#include "libscan/secrets/rule_codec.hpp"

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

std::optional<std::string> read_entry(const std::string& path) {
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

bool private_directory(const std::string& dir) {
  ::mkdir(dir.c_str(), 0700);
  struct stat st {};
  return ::lstat(dir.c_str(), &st) == 0 && S_ISDIR(st.st_mode) && ours_alone(st);
}

void write_entry(const std::string& path, std::string_view bytes) {
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

}  // namespace

Result<secrets::Matcher> compile_cached(secrets::RuleSet rules, const std::string& dir) {
  if (dir.empty() || !private_directory(dir)) return secrets::Matcher::create(std::move(rules));
  const std::string identity = secrets::encode_rules(rules) + LG_VERSION + secrets::FrontDatabase::library_version();
  const std::string path = dir + "/rules-" + hex(sha256(identity)) + ".bin";
  if (const auto entry = read_entry(path)) return secrets::Matcher::create(std::move(rules), *entry);
  auto matcher = secrets::Matcher::create(std::move(rules));
  if (!matcher) return matcher;
  if (const auto bytes = matcher->serialize()) write_entry(path, *bytes);
  return matcher;
}

}  // namespace launchgate::engine
