// Identities that survive edits, moves and re-runs, and from which no secret can be read back by accident.
//
//  fingerprint  names *what* leaked under *which* rule: the same value moved to another file or line keeps
//               it, a changed value gets a new one. Baselines and ignores hold these.
//  secret_id    names the value alone, so that a key in a bundle can be tied to the commit that brought it.
//
// Both are HMAC-SHA-256, keyed per purpose. With a key of the user's own (LAUNCHGATE_ID_KEY) an outsider who
// holds a report cannot test guesses of a weak password against it; without one the key is a published
// constant, which keeps reports comparable between runs and machines.
#pragma once

#include <string>
#include <string_view>

namespace launchgate {

// "lg1:" + 32 hex digits. `subject` is the secret's bytes, or for findings about a place (an exposed
// .env file) the path.
std::string fingerprint(std::string_view rule, std::string_view subject, std::string_view user_key = {});

// 16 hex digits.
std::string secret_id(std::string_view secret, std::string_view user_key = {});

}  // namespace launchgate
