// The SecretSet: every secret value a run was given, so that nothing written by it holds one.
//
// A server may echo our password in an error page, a proxy may put it into a URL, a library may encode it on the
// way. So a value is recognised raw (in any case, from 8 bytes on; in UTF-8 or ISO 8859-1), URL-encoded, form-encoded,
// JSON-escaped, as HTML with entities, in hex, and in base64 at each of its three offsets, which covers
// `Authorization: Basic`; in hex and base64 inside the other encodings, and in two escapes, one in the other. mask() is
// for text about to be shown; leaks() is the last look at everything about to be written: a hit is a fault of ours
// (exit 4), and nothing is written.
//
// Ownership: copies of the values; they live as long as the set. Thread-safety: const use from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"

namespace launchgate {

class SecretSet {
 public:
  // Shorter values stand in any text by chance; add() refuses them and the caller warns.
  static constexpr std::size_t kMinSize = 4;
  // Base64 and hex forms are looked for from this size on; under it they too would match by chance.
  static constexpr std::size_t kMinEncodedSize = 6;

  // `label` replaces the value where it is masked, e.g. "$SMOKE_PASSWORD". False: too short, not guarded.
  bool add(std::string label, std::string value);
  bool empty() const noexcept { return secrets_.empty(); }

  bool leaks(std::string_view text) const;
  // `text` with each form of each value replaced by "[label]".
  std::string mask(std::string_view text) const;

 private:
  struct Secret {
    std::string label;
    std::string value;
    std::vector<std::string> needles;  // base64 fragments, matched exactly
    std::string hex;                   // matched in any case
    std::string latin1;                // the value in ISO 8859-1; empty when that is the same or there is none
  };
  struct Hit {
    ByteRange range;
    const Secret* secret;
  };
  std::vector<Hit> find(std::string_view text, bool first_only) const;
  std::vector<Secret> secrets_;
};

}  // namespace launchgate
