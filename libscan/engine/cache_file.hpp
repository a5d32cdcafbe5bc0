// Files of a cache that belong to this user alone: read only when nobody else may write them, written whole or not at
// all. Every failure is as if there were nothing.
// Thread-safety: functions of the disk's state; processes may read and write the same file at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace launchgate::engine {

// Makes the directory where need be (its parent must exist). False when it is not this user's alone.
bool private_cache_dir(const std::string& dir);

// At most 64 MiB. Symbolic links are not followed.
std::optional<std::string> read_cache_file(const std::string& path);
void write_cache_file(const std::string& path, std::string_view bytes);

}  // namespace launchgate::engine
