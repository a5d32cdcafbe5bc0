#include "libscan/secrets/text_odds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "libscan/secrets/text_odds_table.hpp"

namespace launchgate::secrets {
namespace {

using regex::ByteSet;

unsigned symbol(unsigned byte) {
  const char c = static_cast<char>(byte | 0x20);
  if (byte < 128 && c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a');
  if (byte >= '0' && byte <= '9') return kTextDigit;
  if (byte == '_') return kTextUnderscore;
  if (byte == '-') return kTextDash;
  return byte == ' ' || (byte >= '\t' && byte <= '\r') ? kTextSpace : kTextOther;
}

bool capital(unsigned byte) { return byte >= 'A' && byte <= 'Z'; }

// Of the bytes that share a symbol, the part that is this one: counted like the table.
double share_of_other(unsigned byte) {
  struct Share {
    std::string_view bytes;
    double each;
  };
  constexpr Share kShares[] = {{".", 0.12},      {",()", 0.075}, {";\"", 0.065},   {"*=", 0.05},
                               {">", 0.043},     {":/", 0.033},  {"{}", 0.022},    {"&", 0.016},
                               {"[]'#<", 0.012}, {"!+|", 0.007}, {"`@\\%$", 0.005}};
  for (const Share& share : kShares)
    if (byte < 128 && share.bytes.find(static_cast<char>(byte)) != share.bytes.npos) return share.each;
  return 0.002;
}

// The part of a symbol's occurrences that are this very byte. Capitals keep together.
double share(unsigned byte, bool behind_capital) {
  const unsigned s = symbol(byte);
  if (s < kTextDigit)
    return capital(byte) == behind_capital ? (behind_capital ? 0.7 : 0.9) : (behind_capital ? 0.3 : 0.1);
  constexpr double kDigits[] = {0.28, 0.135, 0.115, 0.08, 0.075, 0.07, 0.067, 0.055, 0.07, 0.053};
  if (s == kTextDigit) return kDigits[(byte - '0') % 10];
  if (s == kTextSpace) return byte == ' ' ? 0.7 : byte == '\n' ? 0.17 : 0.13;
  return s == kTextOther ? share_of_other(byte) : 1;
}

// Of 'a', 'b' ... 'z'.
constexpr std::array<double, 26> kHalfBits = [] {
  constexpr double kRoot = 0.70710678118654752;
  std::array<double, 26> values{1};
  for (std::size_t i = 1; i < values.size(); ++i) values[i] = i == 1 ? kRoot : values[i - 2] / 2;
  return values;
}();
double half_bits(char c) { return kHalfBits[static_cast<std::size_t>(c - 'a')]; }

// Every byte's symbol, and its share without and behind a capital.
struct Byte {
  std::uint8_t symbol = 0;
  double share[2] = {};
};
const std::array<Byte, 256>& bytes() {
  static const std::array<Byte, 256> kBytes = [] {
    std::array<Byte, 256> all;
    for (unsigned c = 0; c < 256; ++c)
      all[c] = {static_cast<std::uint8_t>(symbol(c)), {share(c, false), share(c, true)}};
    return all;
  }();
  return kBytes;
}

// Letters make words, so the model takes common ones for rarer than they are. Words of credentials, as counted:
struct Word {
  std::string_view text;
  double odds;
};
constexpr Word kWords[] = {
    {"api", 1e-4},     {"app", 3e-4},        {"access", 4e-5},  {"account", 1e-5}, {"auth", 6e-5},    {"basic", 1e-5},
    {"cipher", 2e-5},  {"data", 4e-4},       {"default", 3e-4}, {"encrypt", 1e-5}, {"export", 1e-4},  {"file", 4e-4},
    {"host", 2e-4},    {"identifier", 6e-5}, {"key", 3e-4},     {"login", 1e-5},   {"pass", 6e-5},    {"line", 5e-4},
    {"node", 5e-4},    {"port", 4e-4},       {"sent", 1e-4},    {"space", 1e-4},   {"secret", 1e-5},  {"segment", 2e-5},
    {"session", 2e-5}, {"sign", 6e-5},       {"storage", 2e-5}, {"test", 3e-4},    {"token", 3e-5},   {"user", 2e-4},
    {"value", 2e-4},   {"val", 5e-4},        {"://", 3e-5},     {"http://", 4e-5}, {"https://", 2e-5}};

// Of a set that is not empty; libstdc++'s own way, word by word.
unsigned lowest(const ByteSet& set) { return static_cast<unsigned>(set._Find_first()) & 0xff; }

char lower(unsigned byte) { return static_cast<char>(capital(byte) ? byte | 0x20 : byte); }

// At least what is known of the whole text.
double known_odds(const std::string& text) {
  double odds = 0;
  for (const Word& word : kWords)
    if (word.text.find(text) != word.text.npos) odds = std::max(odds, word.odds);
  return odds;
}

// How much of each symbol a set holds. The same set often stands several times in a row ("twelve letters or digits").
class Shares {
 public:
  // Chance of one of the set where the model is at `row`.
  double odds_of(const ByteSet& set, const char* row, bool behind_capital) {
    if (set.count() <= 2) return of_each(set, row, behind_capital);
    if (set != set_ || behind_capital != behind_capital_) fill(set, behind_capital);
    if (row == row_) return sum_;
    row_ = row, sum_ = 0;
    for (std::size_t s = 0; s < kTextSymbols; ++s) sum_ += half_bits(row[s]) * shares_[s];
    return sum_;
  }

 private:
  static double of_each(const ByteSet& set, const char* row, bool behind_capital) {
    const auto& all = bytes();
    double sum = 0;
    for (std::size_t c = set._Find_first(); c < set.size(); c = set._Find_next(c))
      sum += half_bits(row[all[c].symbol]) * all[c].share[behind_capital ? 1 : 0];
    return sum;
  }
  void fill(const ByteSet& set, bool behind_capital) {
    const auto& all = bytes();
    set_ = set, behind_capital_ = behind_capital, row_ = nullptr;
    shares_.fill(0);
    for (unsigned c = 0; c < 256; ++c)
      if (set[c]) shares_[all[c].symbol] += all[c].share[behind_capital ? 1 : 0];
  }

  ByteSet set_;
  bool behind_capital_ = false;
  std::array<double, kTextSymbols> shares_{};
  const char* row_ = nullptr;  // and the answer for it
  double sum_ = 0;
};

}  // namespace

double text_odds(const std::vector<ByteSet>& string) {
  double odds = 1;
  std::string text;  // as far as it is one
  bool literal = true;
  const ByteSet* before = nullptr;
  Shares shares;
  std::size_t seen = 0, row = 0;  // row: of kTextThird, once two sets are behind
  for (const ByteSet& set : string) {
    if (literal && set.count() > 2) {
      literal = false;
      odds = std::max(odds, known_odds(text));
    }
    const unsigned last = before != nullptr ? symbol(lowest(*before)) : 0;
    row = (row * kTextSymbols + last) % (kTextSymbols * kTextSymbols);
    const char* const odds_here = seen == 0 ? kTextFirst : seen == 1 ? kTextSecond[last] : kTextThird[row];
    ++seen;
    const bool behind_capital = before != nullptr && before->count() == 1 && capital(lowest(*before));
    odds *= std::min(1.0, shares.odds_of(set, odds_here, behind_capital));
    before = &set;
    if (literal) text += lower(lowest(set));
  }
  return literal ? std::max(odds, known_odds(text)) : odds;
}

PairOdds pair_odds(std::uint8_t first, std::uint8_t second, const std::array<std::uint8_t, 16>& kind_of) {
  const auto& all = bytes();
  // Of a byte in either case, where the model is at `row`. What is no letter likes to be repeated: 000, //, ==.
  constexpr double kRepeated = 0.4;
  const auto odds_of = [&](unsigned byte, const char* row, unsigned before = 256) {
    double sum = 0;
    for (const unsigned c : {byte & ~0x20U, byte | 0x20U}) {
      double share = all[c].symbol < kTextDigit ? 0.5 : all[c].share[0];
      if (all[c].symbol >= kTextDigit && (before | 0x20U) == (byte | 0x20U)) share = std::max(share, kRepeated / 2);
      sum += half_bits(row[all[c].symbol]) * share;
    }
    return sum;
  };
  // Two of one symbol, as '@' and '`' are, or a letter: what stands behind them is the same.
  const auto third = [&](unsigned a, unsigned b) {
    return kTextThird[all[a | 0x20U].symbol * kTextSymbols + all[b | 0x20U].symbol];
  };
  const auto second_row = [&](unsigned a) { return kTextSecond[all[a | 0x20U].symbol]; };
  std::array<double, 8> in_front{}, behind{};
  PairOdds odds;
  const double pair = odds_of(first, kTextFirst) * odds_of(second, second_row(first), first);
  for (unsigned c = 0; c < 128; ++c) {
    if ((c & 0x20) == 0) continue;  // each case once
    const std::size_t kind = kind_of[c & 15];
    in_front[kind] +=
        odds_of(c, kTextFirst) * odds_of(first, second_row(c), c) * odds_of(second, third(c, first), first);
    const double next = odds_of(c, third(first, second), second);
    behind[kind] += next;
    for (unsigned d = 0; d < 128; ++d)
      if ((d & 0x20) != 0) odds.behind[kind][kind_of[d & 15]] += pair * next * odds_of(d, third(second, c), c);
  }
  for (std::size_t i = 0; i < in_front.size(); ++i)
    for (std::size_t j = 0; j < behind.size(); ++j) odds.around[i][j] = in_front[i] * behind[j];
  return odds;
}

}  // namespace launchgate::secrets
