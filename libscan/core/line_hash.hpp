// GitHub's primaryLocationLineHash: the value by which code scanning knows an alert again after its line has moved.
//
// GitHub's upload action computes it for results that bring none, from the file on disk; its REST interface never
// does. Computed here in the same way, alerts keep their identity whichever way the report is sent.
// Thread-safety: a pure function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate {

// For each of `lines` (1-based, in rising order, repeats allowed) its hash in the file `bytes`: lowercase hex, a colon
// and how many lines up to it share that hex. Empty for a line the file does not have.
// `bytes` is the file as it lies on disk, byte order mark and malformed UTF-8 included. Reads no further than needed:
// to the 100th character after the start of the last line asked for.
std::vector<std::string> github_line_hashes(std::string_view bytes, const std::vector<std::uint32_t>& lines);

}  // namespace launchgate
