// A rolling polynomial hash over a window of 100 UTF-16 units, modulo 2^64 (github/codeql-action, fingerprints.ts):
//
//   h = 37 * h + unit entering - 37^100 * unit leaving
//
// Spaces and tabs do not enter, a line end enters as LF whether it was LF, CR or CRLF. A line's hash is h at the moment
// the line's first unit is about to leave: it covers the 100 units from there, running on into later lines. Behind the
// last unit comes one of 65535, then 100 zeros push the rest out.
#include "libscan/core/line_hash.hpp"

#include <fmt/format.h>

#include <array>
#include <unordered_map>

namespace launchgate {
namespace {

constexpr std::size_t kWindow = 100;
constexpr std::uint64_t kBase = 37;
constexpr std::uint32_t kEndOfFile = 65535;
constexpr std::uint32_t kReplacement = 0xfffd;

constexpr std::uint64_t power(std::uint64_t base, std::size_t exponent) {
  std::uint64_t out = 1;
  while (exponent-- > 0) out *= base;
  return out;
}
constexpr std::uint64_t kLeaving = power(kBase, kWindow);

class Roller {
 public:
  explicit Roller(const std::vector<std::uint32_t>& wanted) : wanted_(wanted) { out_.resize(wanted.size()); }

  bool done() const noexcept { return next_ == wanted_.size(); }

  void unit(std::uint32_t u) {
    const bool after_cr = previous_was_cr_;
    previous_was_cr_ = false;
    if (u == ' ' || u == '\t' || (u == '\n' && after_cr)) return;
    if (u == '\r') {
      u = '\n';
      previous_was_cr_ = true;
    }
    finish_leaving_line();
    if (at_line_start_) starts_[at_] = ++line_;
    at_line_start_ = u == '\n';
    roll(u);
  }

  std::vector<std::string> finish() {
    if (!done()) unit(kEndOfFile);
    for (std::size_t i = 0; i < kWindow && !done(); ++i) {
      finish_leaving_line();
      roll(0);
    }
    return std::move(out_);
  }

 private:
  void roll(std::uint32_t entering) {
    hash_ = kBase * hash_ + entering - kLeaving * units_[at_];
    units_[at_] = entering;
    at_ = (at_ + 1) % kWindow;
  }

  void finish_leaving_line() {
    const std::uint32_t line = starts_[at_];
    if (line == 0) return;
    starts_[at_] = 0;
    const std::uint32_t nth = ++seen_[hash_];
    for (; next_ < wanted_.size() && wanted_[next_] <= line; ++next_)
      if (wanted_[next_] == line) out_[next_] = fmt::format("{:x}:{}", hash_, nth);
  }

  const std::vector<std::uint32_t>& wanted_;
  std::size_t next_ = 0;  // first of wanted_ still without an answer
  std::vector<std::string> out_;
  std::array<std::uint32_t, kWindow> units_{};
  std::array<std::uint32_t, kWindow> starts_{};  // the line that begins at this unit, 0 = none
  std::size_t at_ = 0;
  std::uint64_t hash_ = 0;
  std::uint32_t line_ = 0;
  bool at_line_start_ = true;
  bool previous_was_cr_ = false;
  std::unordered_map<std::uint64_t, std::uint32_t> seen_;
};

struct Decoded {
  std::uint32_t value;
  std::size_t length;
};

// UTF-8 as browsers and Node decode it: each maximal part of a malformed sequence is one U+FFFD (Unicode 15, 3.9,
// "substitution of maximal subparts"). core/text.hpp counts bytes instead, so this is a decoder of its own.
Decoded decode(std::string_view s) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xc2 || lead > 0xf4) return {kReplacement, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
  unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  std::uint32_t value = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= s.size() || byte(i) < low || byte(i) > high) return {kReplacement, i};
    value = value << 6 | (byte(i) & 0x3fU);
    low = 0x80, high = 0xbf;
  }
  return {value, length};
}

}  // namespace

std::vector<std::string> github_line_hashes(std::string_view bytes, const std::vector<std::uint32_t>& lines) {
  Roller roller(lines);
  while (!bytes.empty() && !roller.done()) {
    const Decoded d = decode(bytes);
    bytes.remove_prefix(d.length);
    if (d.value < 0x10000) {
      roller.unit(d.value);
    } else {
      roller.unit(0xd800 + ((d.value - 0x10000) >> 10));
      roller.unit(0xdc00 + ((d.value - 0x10000) & 0x3ff));
    }
  }
  return roller.finish();
}

}  // namespace launchgate
