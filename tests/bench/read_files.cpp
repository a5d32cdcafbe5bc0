// The bare loop a tree scan is measured against: open, read to the end into one buffer, close, for every file named
// on standard input (NUL-separated, relative to the current folder). Prints files and bytes.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

int main() {
  std::string names;
  std::vector<char> buffer(std::size_t{1} << 20);
  for (ssize_t n; (n = ::read(0, buffer.data(), buffer.size())) > 0;)
    names.append(buffer.data(), static_cast<std::size_t>(n));
  unsigned long files = 0, bytes = 0;
  for (std::size_t at = 0; at < names.size(); at += std::char_traits<char>::length(names.c_str() + at) + 1) {
    const int fd = ::open(names.c_str() + at, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) continue;
    for (ssize_t n; (n = ::read(fd, buffer.data(), buffer.size())) > 0;) bytes += static_cast<unsigned long>(n);
    ::close(fd);
    ++files;
  }
  std::printf("%lu files, %lu bytes\n", files, bytes);
}
