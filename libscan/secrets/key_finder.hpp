// Where in a text may an anchor stand? Every anchor is looked up by a key, three or four bytes of its literal
// (anchor.hpp). This finds all places of a block where a key stands and few others: the first step of the sieve, and
// the one that sees every byte.
//
// Thread-safety: immutable after construction.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "libscan/secrets/anchor.hpp"
#include "libscan/secrets/key_pairs.hpp"

namespace launchgate::secrets {

// What the forms look keys up in: plain memory, so that the build can make it once (flat_bytes.hpp).
struct KeyTables {
  static constexpr unsigned kGramBits = 13;
  static constexpr std::size_t kCells = 6;

  std::uint8_t grams[std::size_t{1} << kGramBits]{};       // by hash of three bytes: classes of the fourth
  std::uint32_t pairs[std::size_t{1} << kPairCellBits]{};  // of the AVX2 form
  std::uint8_t cells[kCells][128]{};                       // of the AVX-512 form

  static KeyTables of(const std::vector<Anchor>& anchors);

 private:
  void fill_for_avx2(const std::vector<Anchor>& anchors);
  void fill_for_avx512(const std::vector<Anchor>& anchors);
};

class KeyFinder {
 public:
  enum class Form : std::uint8_t {
    none,       // no way that is faster than Hyperscan itself
    byte_wise,  // slower than Hyperscan itself: the oracle of the tests
    avx2,       // key_finder_avx2.cpp
    avx512,     // key_finder_avx512.cpp; takes VBMI, VBMI2 and GFNI (Ice Lake, Zen 4 and later)
  };
  static bool supported(Form) noexcept;
  static Form fastest() noexcept;

  static constexpr std::size_t kBlock = 4096;  // places looked at in one call, at most: they fit 16 bits and the cache
  static constexpr std::size_t kSpare = 64;    // room behind them that find() may write to
  static constexpr std::size_t kLookAhead =
      64;  // bytes behind a place that find() may read, and does without at the end
  using Places = std::array<std::uint16_t, kBlock + kSpare>;

  KeyFinder() = default;
  KeyFinder(const KeyTables& tables, Form form) : form_(form), tables_(&tables) {}  // of a supported form; a view

  Form form() const noexcept { return form_; }

  // Gives the places below `size`, rising, where a key may stand, and their number. `text` goes on for two bytes behind
  // `size` at least.
  std::size_t find(std::string_view text, std::size_t size, Places& places) const;

  // Whether these four bytes, or the first three of them, may be a key.
  bool maybe(std::uint32_t key) const noexcept {
    const std::uint32_t at = hash(key & 0xffffff) >> (32 - KeyTables::kGramBits);
    return (tables_->grams[at] >> (key >> 24 & 7) & 1) != 0;
  }

  // What stands at `at` as a key of four bytes; of three at the very end of the text.
  static std::uint32_t key_at(std::string_view text, std::size_t at) noexcept {
    if (text.size() - at < sizeof(std::uint32_t)) return gram_at(text.data() + at);
    return four_bytes_at(text.data() + at);
  }
  static std::uint32_t four_bytes_at(const char* text) noexcept {
    std::uint32_t key = 0;
    std::memcpy(&key, text, sizeof key);
    return key | 0x20202020;
  }
  static std::uint32_t hash(std::uint32_t key) noexcept { return key * 0x9e3779b1U; }

 private:
  std::size_t find_byte_wise(std::string_view text, std::size_t size, Places& places) const;
  using Marks = std::array<std::uint64_t, kBlock / 64>;
  std::size_t mark_by_avx2(std::string_view text, std::size_t size, Marks& marks) const;
  std::size_t find_by_avx2(std::string_view text, std::size_t size, Places& places) const;
  // Gives some more places, which find() drops, among them such as lie behind `size`.
  std::size_t find_by_avx512(std::string_view text, std::size_t size, Places& places) const;

  Form form_ = Form::none;
  const KeyTables* tables_ = nullptr;
};

}  // namespace launchgate::secrets
