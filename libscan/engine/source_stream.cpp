#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "libscan/engine/source.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::engine {

Result<ScanPart> scan_stream(const ScanContext& context, int fd, const std::string& name) {
  auto scanner = secrets::BlobScanner::create(context.matcher, context.blob);
  if (!scanner) return Unexpected{scanner.error()};
  constexpr std::size_t kPiece = std::size_t{256} << 10;
  const auto buffer = std::make_unique<char[]>(kPiece);
  ScanPart part;
  Location where;
  where.path = name;
  scanner->begin(where);
  for (;;) {
    const ssize_t n = ::read(fd, buffer.get(), kPiece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      return fail(ErrorCode::io, fmt::format("{}: cannot read: {}", name, git::errno_text(errno)), "pipe the text in");
    if (n == 0) break;
    part.coverage.bytes += static_cast<std::uint64_t>(n);
    scanner->feed({buffer.get(), static_cast<std::size_t>(n)}, part.findings);
  }
  scanner->finish(part.findings);
  part.coverage.files = 1;
  return part;
}

}  // namespace launchgate::engine
