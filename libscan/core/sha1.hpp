// SHA-1 (FIPS 180-4), to recognise what other tools have hashed with it (a detect-secrets baseline). Nothing of ours
// is named or protected by it. Thread-safety: pure function.
#pragma once

#include <string>
#include <string_view>

namespace launchgate {

// 40 lower-case hex digits.
std::string sha1_hex(std::string_view bytes);

}  // namespace launchgate
