#include "libscan/secrets/readers/read.hpp"

#include <array>

#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_program.hpp"

namespace launchgate::secrets::read {

bool sees_line_start(std::string_view text, std::size_t at) {
  const std::size_t start = line_start(text, at);
  return start == 0 || text[start - 1] == '\n';
}

std::size_t line_start(std::string_view text, std::size_t at) {
  const std::size_t from = at - std::min(at, Reader::kBehind);
  const std::size_t end = text.substr(from, at - from).rfind('\n');
  return end == std::string_view::npos ? from : from + end + 1;
}

ByteRange trimmed(std::string_view text, ByteRange r, std::string_view marks) {
  const auto drop = [&](char c) { return is_space(c) || marks.find(c) != marks.npos; };
  while (r.begin < r.end && drop(text[r.begin])) ++r.begin;
  while (r.end > r.begin && drop(text[r.end - 1])) --r.end;
  return r;
}

bool holds_passwords(std::string_view name) { return name_kind(name) == NameKind::password; }

bool holds_secrets(std::string_view name) {
  const NameKind kind = name_kind(name);
  return kind == NameKind::password || kind == NameKind::secret;
}

bool may_be_secret(std::string_view value, bool password) {
  constexpr std::size_t kShortest = 4, kShortestToken = 16, kLongest = 512;
  constexpr std::array<std::size_t, 6> kDigests = {32, 40, 56, 64, 96, 128};  // MD5 to SHA-512 in hexadecimal
  if (value.size() < (password ? kShortest : kShortestToken) || value.size() > kLongest) return false;
  if (std::any_of(value.begin(), value.end(), [](char c) { return is_space(c) || c == '<' || c == '>'; })) return false;
  if (!password) return has_digit(value);
  const bool digest = std::find(kDigests.begin(), kDigests.end(), value.size()) != kDigests.end() &&
                      std::all_of(value.begin(), value.end(), is_hex);
  return !digest && value.front() != '$';  // "$2y$10$…" of crypt(5)
}

}  // namespace launchgate::secrets::read
