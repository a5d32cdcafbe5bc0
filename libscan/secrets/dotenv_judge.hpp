// Is this dotenv file an exposure? The file as a whole is judged here; single values with a provider's shape are
// found by the rules as anywhere else.
//
//   a value that could be used, under a name that promises a secret      launch blocker
//   a value that only looks random                                       high risk
//   configuration or stand-ins under a name such as ".env"               can wait: the next edit adds a secret
//   stand-ins in a template; encrypted values; references to a vault     clean
// In a template (".env.example") only values that look machine-made count, as high risk.
//
// Values appear in nothing that comes out of here. Pure function, thread-safe, linear in the content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"
#include "libscan/core/severity.hpp"

namespace launchgate::secrets {

inline constexpr std::string_view kDotenvRule = "dotenv-file";

struct DotenvCounts {
  std::size_t real = 0;
  std::size_t placeholder = 0;  // empty ones too
  std::size_t reference = 0;
  std::size_t encrypted = 0;
  std::size_t config = 0;
  std::size_t total() const noexcept { return real + placeholder + reference + encrypted + config; }
};

struct DotenvExposure {
  Severity severity = Severity::can_wait;
  Confidence confidence = Confidence::high;
  std::uint32_t line = 0;  // of the worst key, 1-based
  std::uint32_t column = 0;
  std::uint32_t end_column = 0;
  ByteRange key;        // the same place in the content
  std::string message;  // counts and names of keys
  std::string fix;
  DotenvCounts counts;
  // What the finding is about, for its fingerprint: a file that was only configuration when it was accepted is a
  // new finding once a secret stands in it.
  std::string subject;
};

// Nothing when `path` is no dotenv file or nothing in it is exposed.
std::optional<DotenvExposure> judge_dotenv(std::string_view path, std::string_view content);

}  // namespace launchgate::secrets
