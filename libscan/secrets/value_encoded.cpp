// What a value says in another writing: base64 and hexadecimal of text, keys in DER, web tokens.
#include <array>
#include <cstdint>
#include <string>

#include "libscan/secrets/encoding.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"

namespace launchgate::secrets {
namespace {

// The bytes that the first characters of a base64 text write, as many as the head of a DER structure needs.
struct Head {
  static constexpr std::size_t kMost = 36;
  std::array<std::uint8_t, kMost> byte;
  std::size_t size = 0;
  explicit Head(std::string_view code) {
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : code) {
      const int digit = is_upper(c)            ? c - 'A'
                        : is_lower(c)          ? c - 'a' + 26
                        : is_digit(c)          ? c - '0' + 52
                        : c == '+' || c == '-' ? 62
                        : c == '/' || c == '_' ? 63
                                               : -1;
      if (digit < 0 || size == kMost) return;
      bits = bits << 6 | static_cast<std::uint32_t>(digit);
      count += 6;
      if (count < 8) continue;
      count -= 8;
      byte[size++] = static_cast<std::uint8_t>(bits >> count);
    }
  }
  std::uint8_t at(std::size_t i) const { return i < size ? byte[i] : 0; }
  // Behind the tag and the length (X.690, 8.1.3) of the element that begins there.
  std::size_t inside(std::size_t element) const {
    const std::uint8_t length = at(element + 1);
    return element + 2 + (length & 0x80 ? length & 0x7f : 0);
  }
};

}  // namespace

bool is_public_der(std::string_view v) {
  constexpr std::size_t kShortest = 44;  // a key of Ed25519 takes 60
  constexpr std::uint8_t kSequence = 0x30, kBitString = 0x03, kId = 0x06, kVersion = 0xa0;
  if (v.size() < kShortest || v[0] != 'M' || !is_upper(v[1])) return false;
  const Head der(v);
  const std::size_t outer = der.inside(0), inner = der.inside(outer);
  if (der.at(0) != kSequence || der.at(outer) != kSequence) return false;
  if (der.at(inner) == kVersion) return true;
  return der.at(inner) == kId && der.at(inner + der.at(outer + 1)) == kBitString;
}

bool is_cut_web_token(std::string_view v) {
  constexpr std::size_t kCut = 190, kShortestSignature = 32;  // of HS256: 43
  const std::size_t first = v.find('.');
  if (!v.starts_with("eyJ") || v.size() > kCut || first == v.npos) return false;
  const std::string_view rest = v.substr(first + 1), payload = rest.substr(0, rest.find('.'));
  if (decode_base64(v.substr(0, first)).find("\"alg\"") == std::string::npos) return false;
  if (std::count(rest.begin(), rest.end(), '.') > 1) return false;
  if (!decode_base64(payload).starts_with('{')) return true;
  const std::size_t signature = rest.size() - std::min(payload.size() + 1, rest.size());
  return signature > 0 && signature < kShortestSignature;
}

bool is_stand_in_in_base64(std::string_view v) {
  constexpr std::size_t kLongest = 64;
  if (v.back() != '=' || v.size() % 4 != 0 || v.size() > kLongest) return false;
  const std::string text = decode_base64(v);
  if (text.find(':') != text.npos) return false;  // a login is one, however weak
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= ' ' && c <= '~') || c == '\n'; }) &&
         judge_value(text, "password") == ValueKind::placeholder;
}

bool is_text_in_hex(std::string_view v) {
  constexpr std::size_t kShortest = 32;
  constexpr int kBlanks = 3;
  const std::string_view code = v.substr(v.rfind(':') + 1);  // npos + 1: all of it
  if (code.size() < kShortest || code.size() % 2 != 0 || code.size() > kLooked) return false;
  if (!std::all_of(code.begin(), code.end(), is_hex)) return false;
  const auto digit = [](char c) { return is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10; };
  int blanks = 0;
  for (std::size_t i = 0; i < code.size(); i += 2) {
    const int c = digit(code[i]) * 16 + digit(code[i + 1]);
    if (c < ' ' || c > '~') return false;
    blanks += c == ' ';
  }
  return blanks >= kBlanks;
}

}  // namespace launchgate::secrets
