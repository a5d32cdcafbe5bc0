// Named offline checks of a candidate's own structure: checksums and encodings that a random string fails.
// A rule names one with `validator = "github-crc32"`. No network, ever. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace launchgate::secrets {

struct Validation {
  bool ok = true;
  std::string_view reason;  // "checksum valid"; static text, shown in `reasons` when ok
  // Is it a login that a person thought up (value_judge.hpp)? If so, does it open something on this machine only?
  bool made_up = false, local = false;
};

struct Validator {
  std::string_view name;
  std::string_view what;  // one line for docs, with the source of the algorithm
  Validation (*check)(std::string_view secret, std::string_view match);
};

std::span<const Validator> validators() noexcept;
const Validator* find_validator(std::string_view name) noexcept;  // null when there is none of that name

}  // namespace launchgate::secrets
