// What other scanners' baselines and ignore files say is known, read into one form.
//
//   .gitleaksignore       FILE:RULE:LINE or COMMIT:FILE:RULE:LINE, one a line
//   gitleaks report       JSON; holds the secrets themselves, unless it was written with --redact
//   .secrets.baseline     detect-secrets, JSON; holds SHA-1 of the secrets
//   Kingfisher baseline   YAML; its fingerprints cannot be computed here, so its entries hold by path and line
//
// No raw secret is kept: what a file gives in plain is hashed as it is read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"

namespace launchgate::config {

// Known by where it is.
struct KnownPlace {
  std::string commit;  // full id; empty = any
  std::string path;
  std::string rule;            // in the words of that scanner; empty = any
  std::uint32_t line = 0;      // 1-based
  std::uint32_t end_line = 0;  // inclusive
  std::string where;           // "FILE:LINE" of the entry, or "FILE"
};

// Known by what it is: a secret in a file, whatever line it moves to.
struct KnownSecret {
  std::string path;
  std::string digest;  // hex: 40 digits = SHA-1, 64 = SHA-256
};

struct KnownFindings {
  std::string file;
  std::vector<KnownPlace> places;
  std::vector<KnownSecret> secrets;
  std::vector<std::string> warnings;  // "FILE:LINE: …" on entries that can match nothing
};

// A whole file of any of the kinds but the first; which one is told by its content. Errors: none of them, or damaged.
Result<KnownFindings> read_known_findings(std::string_view text, std::string_view file);
KnownFindings read_gitleaks_ignore(std::string_view text, std::string_view file);

// Does the text begin like one of them (and not like a baseline of our own)?
bool looks_like_known_findings(std::string_view text) noexcept;

}  // namespace launchgate::config
