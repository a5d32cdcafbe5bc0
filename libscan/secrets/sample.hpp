// Sample templates: how rules carry test cases without one real-looking secret in the repository.
//
// `<class:N>` stands for N random characters of a class; everything else is literal:
//   lower upper alpha digit alnum hex HEX base32 BECH32 base58 base64 base64url word
// `<class:N>` yields no placeholder-looking text and always mixes what the class allows. Further forms:
//   <b64:N>            base64 with padding of N random bytes
//   <b64of:TEMPLATE>   base64 with padding of another template's text
//   <jwt>              a complete JSON Web Token with random payload and signature
//   <jwt:MEMBERS>      the same, with these JSON members first in the payload
//   <pem:LABEL>        a PEM block with that label and a random body of the right outer shape, line breaks included
//   <der:LABEL>        the base64 body alone of such a key, "RSA PRIVATE KEY" or "PRIVATE KEY", on one line
//   <uuid>             a random version-4 UUID
//   <sum:NAME>         the checksum NAME (validators.hpp) of the token this stands in, from its prefix on:
//                      "github-crc32", "grafana-crc32", "age-bech32"
// Text that is not of one of these forms, such as <title>, is literal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libscan/core/result.hpp"

namespace launchgate::secrets {

// The same template and seed give the same text, on every machine. Errors: a form with a number out of range
// (1..4096) or an unknown checksum; nesting deeper than 4.
Result<std::string> expand_sample(std::string_view sample, std::uint64_t seed);

}  // namespace launchgate::secrets
