// The verdict file: what a gate hands to the job that promotes, so that "the smoke job was skipped", "the artefact is
// of yesterday" and "someone wrote PROMOTE into a file" all end the same way: not promoted.
//
// With a key the file is signed. What is signed is the JSON object without its "signature", in one spelling (compact,
// keys sorted, ASCII), and only what was parsed from that object is ever believed. The key decides the algorithm, the
// file never does:
//   PEM, or "ed25519:" + base64 or hex     Ed25519; verifying takes the public or the private key
//   anything else of 16 bytes or more      HMAC-SHA-256
// Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/core/severity.hpp"
#include "libscan/core/verdict.hpp"
#include "libscan/gate/event.hpp"

namespace launchgate::gate {

struct VerdictFile {
  std::string tool;  // "launchgate 1.2.3"
  Run run;           // env, release, id, number, attempt, and the time of the verdict
  std::string config_sha256;
  Verdict verdict;
  std::vector<std::pair<std::string, Outcome>> checks;
  bool is_signed = false;  // set by read_verdict_file: the signature was there and good
};

// Errors: a key that is none (config).
Result<std::string> write_verdict_file(const VerdictFile& verdict, std::string_view key);

// Errors, all undecided: not a verdict file, of a later version, a bad signature, none although there is a key.
// Without a key a signature is not looked at.
Result<VerdictFile> read_verdict_file(std::string_view text, std::string_view key);

}  // namespace launchgate::gate
