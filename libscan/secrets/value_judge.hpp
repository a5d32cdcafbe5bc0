// Is this value a secret someone could use, or a stand-in for one? One judge for generic rules and for
// dotenv files, so that both agree on what a placeholder is (facts: docs/dotenv.md, docs/rules.md).
//
// Three questions, from the value outwards:
//   judge_value     what the characters say: references, masks, words of a placeholder, prose, randomness,
//                   weighed by what the name promises ("password" may be a word, "token" may not)
//   judge_in_text   what the place says: quotes, calls, expressions of a language, comments, file kind
//   is_secret_name  what the name promises
// Pure functions, no allocation on the common path, thread-safe. Any bytes are fine; cost is linear in the value
// and in the part of its line that is looked at (bounded).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"

namespace launchgate::secrets {

enum class ValueKind {
  empty,
  reference,    // ${X}, $(cmd), op://, {{ … }}, /run/secrets/… : the secret is elsewhere
  placeholder,  // changeme, <your-key>, xxxx, example hosts, sequences, one repeated character
  encrypted,    // dotenvx, SOPS, ansible-vault, age, PGP armour
  config,       // booleans, numbers, ports, levels, locales, plain local URLs, paths, public keys
  real,         // nothing says it is not a live secret
  weak,         // judge_in_text alone: a default that says it is to be changed ("changeme"), where it is in effect
};

// `key` is the name the value is bound to ("STRIPE_SECRET_KEY"), empty when unknown. The value comes without
// its quotes.
ValueKind judge_value(std::string_view value, std::string_view key = {});

// judge_value() with a memory: the versions of a file ask about the same values again and again. Holds some of the
// values it was asked about. Thread-safety: one per thread.
class ValueMemo {
 public:
  ValueKind judge(std::string_view value, std::string_view key);

 private:
  struct Entry {
    std::string asked;  // value and key
    std::uint32_t value_size = 0;
    ValueKind kind = ValueKind::empty;
  };
  std::vector<Entry> entries_;
};

// The same question about text[value] where it stands, in a file named `path` (may be empty). `match` is the
// whole match of the rule that found it, name included; the name is read from it. `assumed_name` stands in when
// the match shows no name that promises a secret: "password" for rules that know they found one, else empty.
ValueKind judge_in_text(std::string_view text, ByteRange value, ByteRange match, std::string_view path,
                        std::string_view assumed_name, ValueMemo& memo);

// Of a real value: did a person think it up, rather than a machine make it? Words and short values are.
bool is_made_up(std::string_view value);

// The seeds of one-time codes that all documentation shows.
bool is_documented_seed(std::string_view value);

// Holds an id as RFC 9562 has it: what machines make, whether it opens something or not.
bool holds_uuid(std::string_view value);

// Is it what a form or a description shows as an example: `placeholder="…"`, `'example' => '…'`?
bool is_shown_as_example(std::string_view text, ByteRange value);

// Letters alone, three words or more in camel case: "changePasswordNonce". `value` is not empty.
bool is_camel_case_name(std::string_view value);

std::string_view to_string(ValueKind) noexcept;

// What a name promises of its value.
enum class NameKind {
  none,        // nothing, or something that is no secret ("password_file", "token_type")
  key,         // "key", "auth", "signature": a secret if the value looks like one
  secret,      // "secret", "token", "api_key": a secret, usually made by a machine
  password,    // "password", "pwd", "passphrase": a secret, often made by a person
  public_key,  // "publishable_key", "public_key", "site_key": made to be seen
};
NameKind name_kind(std::string_view key) noexcept;

// Is the last word of the name the one that promises: "DB_PASSWORD", and not "PASSWORD_ADDED"?
bool ends_in_secret(std::string_view key) noexcept;

// Does the name speak of something about a secret, or of something else than one: "client_id", "token_url"?
bool names_attribute(std::string_view key) noexcept;

// Does the name promise a secret (password, token, api_key, …)? Case and separators do not matter.
bool is_secret_name(std::string_view key) noexcept;

// Shannon entropy in bits a byte, 0 for an empty string.
double shannon_entropy(std::string_view s) noexcept;

}  // namespace launchgate::secrets
