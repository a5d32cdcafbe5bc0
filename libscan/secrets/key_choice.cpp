// Anchor after anchor moves to the key that costs least while the others stay, until none moves.
#include "libscan/secrets/key_choice.hpp"

#include <map>
#include <memory>

#include "libscan/secrets/key_pairs.hpp"
#include "libscan/secrets/text_odds.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kKey = 4;

class PairTable {
 public:
  PairTable() : cells_(std::size_t{1} << kPairCellBits) {}

  void add(const Anchor& anchor, std::size_t gram) { count(anchor, gram, +1); }
  void remove(const Anchor& anchor, std::size_t gram) { count(anchor, gram, -1); }

  // How much more often a place passes, of all places, with this key marked as well.
  double cost_of(const Anchor& anchor, std::size_t gram) {
    const std::array<PairMark, 2> marks = pair_marks(anchor, gram);
    double cost = 0;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      Cell& cell = cells_[marks[i].cell];
      if (!cell.odds)
        cell.odds =
            std::make_unique<PairOdds>(pair_odds(anchor.value[gram + 1 - i], anchor.value[gram + 2 - i], kByteClass));
      const std::uint32_t bits = bits_of(cell);
      if ((bits | marks[i].bits) != bits) cost += passing(*cell.odds, bits | marks[i].bits) - passing(*cell.odds, bits);
    }
    return cost;
  }

 private:
  struct Cell {
    std::array<std::uint32_t, 32> count{};  // of the keys that mark each bit
    std::unique_ptr<PairOdds> odds;         // of the pair
  };

  void count(const Anchor& anchor, std::size_t gram, int change) {
    for (const PairMark& mark : pair_marks(anchor, gram))
      for (unsigned bit = 0; bit < 32; ++bit)
        if ((mark.bits >> bit & 1) != 0) cells_[mark.cell].count[bit] += static_cast<std::uint32_t>(change);
  }

  static std::uint32_t bits_of(const Cell& cell) {
    std::uint32_t bits = 0;
    for (unsigned bit = 0; bit < 32; ++bit) bits |= (cell.count[bit] > 0 ? 1U : 0U) << bit;
    return bits;
  }

  // Half of all places are even, the others odd.
  static double passing(const PairOdds& odds, std::uint32_t bits) {
    return (sum(odds.around, bits) + sum(odds.behind, bits >> 16)) / 2;
  }
  static double sum(const PairOdds::Table& table, std::uint32_t bits) {
    double all = 0;
    for (unsigned i = 0; i < 8; ++i)
      for (unsigned j = 0; j < 8; ++j)
        if ((bits >> i & bits >> (8 + j) & 1) != 0) all += table[i][j];
    return all;
  }

  std::vector<Cell> cells_;
};

// How often text holds the key itself, in either case.
double odds_of_key(const Anchor& anchor, std::size_t gram) {
  std::vector<regex::ByteSet> bytes;
  for (std::size_t i = gram; i < gram + kKey; ++i) {
    const unsigned value = anchor.value[i];
    bytes.push_back(regex::ByteSet().set(value));
    if (anchor.mask[i] != 0xff || (value >= 'a' && value <= 'z')) bytes.back().set(value ^ 0x20);
  }
  return text_odds(bytes);
}

}  // namespace

void choose_keys(std::vector<Anchor>& anchors, std::size_t settled) {
  constexpr int kRounds = 4;
  constexpr double kCheck = 3;     // comparing the anchors of a key, against seeing that a place is none
  constexpr double kNew = 0.0001;  // the AVX-512 form lets more by, the more grams there are
  constexpr double kGain = 1e-9;   // less is no reason to move
  PairTable table;
  std::map<std::uint32_t, int> grams;  // how many anchors use each
  for (const Anchor& a : anchors) table.add(a, a.gram), ++grams[gram_of(a)];
  bool moved = true;
  for (int round = 0; round < kRounds && moved; ++round) {
    moved = false;
    for (std::size_t i = settled; i < anchors.size(); ++i) {
      Anchor& a = anchors[i];
      if (a.size <= kKey) continue;
      const std::uint8_t before = a.gram;
      table.remove(a, a.gram), --grams[gram_of(a)];
      const auto cost = [&] {
        return table.cost_of(a, a.gram) + kCheck * odds_of_key(a, a.gram) + (grams[gram_of(a)] == 0 ? kNew : 0);
      };
      double least = cost();
      std::uint8_t best = before;
      for (a.gram = 0; a.gram + kKey <= a.size; ++a.gram)
        if (const double c = cost(); c < least - kGain) best = a.gram, least = c;
      a.gram = best;
      table.add(a, a.gram), ++grams[gram_of(a)];
      moved = moved || best != before;
    }
  }
}

}  // namespace launchgate::secrets
