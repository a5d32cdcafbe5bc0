// Which bytes of a blob are text, and in which encoding: the gate in front of the matcher.
// Facts: git calls a blob binary when a NUL stands in its first 8000 bytes (xdiff-interface.c,
// FIRST_FEW_BYTES). UTF-16 text is recognised by its byte order mark, or by every second byte of these being zero:
// Windows tools write it without a mark too (reg.exe, PowerShell's redirection through another program, SQL exports).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace launchgate::secrets {

enum class Encoding { bytes, utf8_bom, utf16_le, utf16_be, binary };

inline constexpr std::size_t kBinaryProbe = 8000;

Encoding detect_encoding(std::string_view head) noexcept;  // of a blob's first kBinaryProbe bytes
std::size_t bom_size(std::string_view head) noexcept;      // of the byte order mark it begins with, or 0

// Appends UTF-16 code units as UTF-8; an unpaired surrogate becomes U+FFFD. An odd last byte is dropped.
void append_utf8_of_utf16(std::string_view bytes, bool big_endian, std::string& out);

}  // namespace launchgate::secrets
