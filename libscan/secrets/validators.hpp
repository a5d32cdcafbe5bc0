// Named offline checks of a candidate's own structure: checksums and encodings that a random string fails.
// A rule names one with `validator = "github-crc32"`. No network, ever. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace launchgate::secrets {

// Why a well-formed value may open nothing after all.
enum class Doubt {
  none,
  made_up,    // by a person (value_judge.hpp): for show where tests and examples are
  local,      // made up, for a service that only this machine or network reaches
  outside,    // made up, for a service of the world: for show in tests and examples, not in a developer's settings
  session,    // valid for hours or days: in a test or a document no longer, or made for it
  unproven,   // has the look and not the checksum or structure: mistyped, made up, or of a kind not known here
  own,        // what a program makes for itself: in a test, an example or a developer's settings it opens only those
              // (not in a document)
  expired,    // says itself until when it was valid, and that was before this program was written
  published,  // the same for everybody: of a documentation or an emulator
};

struct Validation {
  bool ok = true;
  std::string_view reason;  // "checksum valid"; static text, shown in `reasons` when ok
  Doubt doubt = Doubt::none;
};

struct Validator {
  std::string_view name;
  std::string_view what;  // one line for docs, with the source of the algorithm
  Validation (*check)(std::string_view secret, std::string_view match);
};

std::span<const Validator> validators() noexcept;
const Validator* find_validator(std::string_view name) noexcept;  // null when there is none of that name

}  // namespace launchgate::secrets
