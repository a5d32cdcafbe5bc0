#include "cmd/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace launchgate::cmd {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

class ProcessConsole final : public Console {
 public:
  bool write_out(std::string_view text) override { return write_all(STDOUT_FILENO, text); }
  void write_error(std::string_view text) override { write_all(STDERR_FILENO, text); }
  std::optional<std::string> env(std::string_view name) const override {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
  bool out_is_terminal() const override { return ::isatty(STDOUT_FILENO) == 1; }
  unsigned width() const override {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
  }
  std::int64_t now() const override { return std::time(nullptr); }
  std::int64_t started() const override { return started_; }

 private:
  std::int64_t started_ = std::time(nullptr);
};

}  // namespace

Console& process_console() {
  static ProcessConsole console;
  return console;
}

}  // namespace launchgate::cmd
