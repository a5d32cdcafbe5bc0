// Files written whole or not at all: a reader never sees half a report, a crash or a full disk never costs the old one.
//
// Thread-safety: any number of threads and processes may write the same path at once; one of them wins, whole.
#pragma once

#include <string>
#include <string_view>

#include "libscan/core/result.hpp"

namespace launchgate {

// Puts `bytes` at `path`: a temporary file beside it, fsync, rename. On failure the temporary is removed and what was
// at `path` is untouched. An existing file keeps its permissions, a new one gets the umask's; `owner_only` makes it
// 0600 either way. A symbolic link is followed, so that the link stays one. What is no regular file (/dev/stdout, a
// pipe) cannot be replaced and is written to as it is.
// Errors: ErrorCode::io, naming path and cause.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes, bool owner_only = false);

}  // namespace launchgate
