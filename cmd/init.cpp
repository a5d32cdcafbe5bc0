// launchgate init --url URL: writes a first launchgate.toml, never over an existing one.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "cmd/run.hpp"
#include "libscan/checks/smoke/discover.hpp"
#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::cmd {
namespace {

// O_EXCL: whoever was first keeps the file, also when two inits run at once.
Result<void> write_new(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0)
    return fail(ErrorCode::usage, fmt::format("{} cannot be written, or is there already", printable(path)),
                "init never overwrites: move it away, or name another file with --config");
  const git::Fd owner = git::Fd(fd);
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n <= 0)
      return fail(ErrorCode::io, fmt::format("{}: could not be written", printable(path)), "is the disk full?");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

int run_init(const Options& options, Console& console) {
  const std::string file = options.config.empty() ? "launchgate.toml" : options.config;
  if (options.url.empty())
    return report_error({ErrorCode::usage, "init: which site?", "launchgate init --url https://staging.example.com"},
                        console);
  if (git::path_exists(file))
    return report_error({ErrorCode::usage, fmt::format("init: {} is there already", printable(file)),
                         "init never overwrites: move it away, or name another file with --config"},
                        console);
  net::RealServices real;
  auto found = checks::smoke::discover(options.url, real.services());
  if (!found) return report_error(found.error(), console);
  if (auto written = write_new(file, found->toml); !written) return report_error(written.error(), console);
  std::string text;
  for (const std::string& line : found->found) text += fmt::format("  {}\n", line);
  const bool empty = found->toml.find("\n[check.") == std::string::npos;
  text += fmt::format(
      "wrote {}: {}, then run\n  launchgate smoke --explain\n", printable(file),
      empty ? "it checks nothing yet; fill in what stands there as a comment" : "read it, set the variables it names");
  return print_out(text, console);
}

}  // namespace launchgate::cmd
