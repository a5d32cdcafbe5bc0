// Is this value a secret someone could use, or a stand-in for one? One judge for generic rules and for
// dotenv files, so that both agree on what a placeholder is (facts: docs/dotenv.md, docs/rules.md).
// Pure functions, no allocation on the common path, thread-safe.
#pragma once

#include <string_view>

namespace launchgate::secrets {

enum class ValueKind {
  empty,
  reference,    // ${X}, $(cmd), op://, {{ … }}, /run/secrets/… : the secret is elsewhere
  placeholder,  // changeme, <your-key>, xxxx, example hosts, sequences, one repeated character
  encrypted,    // dotenvx, SOPS, ansible-vault, age, PGP armour
  config,       // booleans, numbers, ports, levels, locales, plain local URLs, paths, public keys
  real,         // nothing says it is not a live secret
};

// `key` is the name the value is bound to ("STRIPE_SECRET_KEY"), empty when unknown. The value comes without
// its quotes.
ValueKind judge_value(std::string_view value, std::string_view key = {});

std::string_view to_string(ValueKind) noexcept;

// Does the name promise a secret (password, token, api_key, …)? Case and separators do not matter.
bool is_secret_name(std::string_view key) noexcept;

// Shannon entropy in bits a byte, 0 for an empty string.
double shannon_entropy(std::string_view s) noexcept;

}  // namespace launchgate::secrets
