#include <algorithm>
#include <cstdint>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/validators/checks.hpp"
#include "libscan/secrets/value_judge.hpp"

namespace launchgate::secrets::check {
namespace {

constexpr Validation kNo{false, {}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// The 16 characters behind the kind ("AKIA") are base 32 of 10 bytes; since 2019 bits 7..46 of the first 6 bytes
// hold the account number, which has 12 digits. AWS's documentation uses ids that end in EXAMPLE.
Validation aws_access_key_id(std::string_view secret, std::string_view) {
  if (secret.size() != 20 || secret.ends_with("EXAMPLE") || !random_token(secret.substr(4), secret).ok) return kNo;
  constexpr Validation kUnproven{true, "holds no account number as AWS key ids do", Doubt::unproven};
  std::uint64_t bits = 0;
  for (char c : secret.substr(4, 10)) {  // 10 characters = 50 bits, of which the first 48 are needed
    const bool letter = c >= 'A' && c <= 'Z';
    if (!letter && !(c >= '2' && c <= '7')) return kUnproven;
    bits = bits << 5 | static_cast<std::uint64_t>(letter ? c - 'A' : c - '2' + 26);
  }
  // Old ids (fifth character before Q) are plain random.
  constexpr std::uint64_t kAccountMask = 0x7fffffffff80;
  const std::uint64_t account = (bits >> 2 & kAccountMask) >> 7;
  if (secret[4] >= 'Q' && account > 999'999'999'999) return kUnproven;
  return {true, "well-formed AWS key id"};
}

// libmacaroons version 2: byte 2, then fields of type, length, content: location (1), identifier (2).
Validation pypi_macaroon(std::string_view secret, std::string_view) {
  const std::size_t dash = secret.find('-');
  if (dash == secret.npos) return kNo;
  // Whole groups of four are enough: only the beginning is read.
  const std::string bytes = decode_base64(secret.substr(dash + 1, (secret.size() - dash - 1) / 4 * 4));
  const std::string_view all = bytes;
  if (all.size() < 40 || all[0] != 2 || all[1] != 1) return kNo;
  const std::size_t length = static_cast<std::uint8_t>(all[2]);
  const std::string_view location = all.substr(3, length);
  if (location != "pypi.org" && location != "test.pypi.org") return kNo;
  if (all.size() > 4 + length && all[3 + length] == 2) return {true, "well-formed macaroon"};
  const bool random = random_token(secret.substr(dash + 1), secret).ok;
  return random ? Validation{true, "names PyPI and is no whole macaroon", Doubt::unproven} : kNo;
}

// base64(user id) "." timestamp "." hmac. A snowflake of 17 to 20 digits counts milliseconds since 2015 in its
// upper 42 bits.
Validation discord_bot(std::string_view secret, std::string_view) {
  const std::string id = decode_base64(secret.substr(0, secret.find('.')));
  if (id.size() >= 17 && id.size() <= 20 && std::all_of(id.begin(), id.end(), is_digit) && id[0] != '0')
    return {true, "decodes to a Discord user id"};
  if (!random_token(secret, secret).ok) return kNo;
  return {true, "its first part is not the id of a user", Doubt::unproven};
}

Validation telegram_bot(std::string_view secret, std::string_view) {
  if (secret.empty() || secret[0] == '0') return kNo;
  const std::size_t colon = secret.find(':');
  if (colon == secret.npos) return kNo;
  // "123456789:" and "1234567890:" stand in every tutorial.
  if (std::string_view("1234567890").starts_with(secret.substr(0, colon))) return kNo;
  return random_token(secret.substr(colon + 1), secret);
}

// What no random generator gives: few distinct characters, long runs, long sequences, words of a placeholder.
Validation random_token(std::string_view secret, std::string_view) {
  if (secret.empty()) return kNo;
  bool seen[256] = {};
  std::size_t distinct = 0, run = 1, longest_run = 1, rise = 1, longest_rise = 1;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    bool& s = seen[static_cast<std::uint8_t>(secret[i])];
    distinct += !s;
    s = true;
    if (i == 0) continue;
    run = secret[i] == secret[i - 1] ? run + 1 : 1;
    rise = secret[i] == secret[i - 1] + 1 ? rise + 1 : 1;
    longest_run = std::max(longest_run, run);
    longest_rise = std::max(longest_rise, rise);
  }
  if (longest_run >= 6 || longest_rise >= 6) return kNo;
  if (distinct * 4 < std::min<std::size_t>(secret.size(), 40)) return kNo;
  return judge_value(secret, "token") == ValueKind::real ? Validation{true, {}} : kNo;
}

Validation app_key(std::string_view secret, std::string_view match) {
  return random_token(secret, match).ok ? Validation{true, {}, Doubt::own} : kNo;
}

Validation key_material(std::string_view secret, std::string_view match) {
  return random_token(secret, match).ok ? Validation{true, {}, Doubt::session} : kNo;
}

Validation binary_key(std::string_view secret, std::string_view match) {
  const std::string bytes = decode_base64(secret);
  const bool text = std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return text ? kNo : random_token(secret, match);
}

// A response is made for one challenge; recorded in a test it is the test's own.
Validation ntlm_response(std::string_view secret, std::string_view) {
  using namespace std::string_view_literals;
  return decode_base64(secret.substr(0, 16)).starts_with("NTLMSSP\0\3\0\0\0"sv) ? Validation{true, {}, Doubt::session}
                                                                                : kNo;
}

// "whsec_" and base64 of 24 to 64 random bytes. What its receiver checks is made with it; a test makes its own.
Validation webhook_secret(std::string_view secret, std::string_view match) {
  if (!random_token(secret, match).ok) return kNo;
  const std::string text = decode_base64(secret.substr(secret.find('_') + 1));
  const bool printable =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (printable && judge_value(text, "token") != ValueKind::real) return kNo;  // "This is an example …"
  return {true, {}, printable && is_made_up(text) ? Doubt::made_up : Doubt::session};
}

// "https://hooks.zapier.com/hooks/catch/12345/abcdef": what tutorials show.
Validation trigger_url(std::string_view secret, std::string_view) {
  constexpr std::size_t kShortest = 6, kShortestNumber = 4;
  const std::size_t host = secret.find("://");
  if (host == secret.npos) return kNo;
  const std::size_t path = secret.find('/', host + 3);
  for (std::string_view rest = secret.substr(std::min(path, secret.size())); !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(part.size());
    const bool counts = part.size() >= kShortestNumber && std::string_view("1234567890").starts_with(part);
    if (counts || (part.size() >= kShortest && judge_value(part, "token") == ValueKind::placeholder)) return kNo;
  }
  return {true, {}, Doubt::session};
}

}  // namespace launchgate::secrets::check
