// The sieve: which parts of a text can hold a front match at all. It runs over the bytes several times faster than
// Hyperscan does, and of source text leaves a few per cent for it to look at. That takes a processor with AVX-512 VBMI
// and GFNI; on others the sieve lets everything by, and Hyperscan looks at all of it.
//
// Thread-safety: immutable after construction; each thread passes buffers of its own.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"
#include "libscan/secrets/anchor.hpp"
#include "libscan/secrets/byte_finder.hpp"
#include "libscan/secrets/rule_codec.hpp"
#include "libscan/secrets/tail_check.hpp"

namespace launchgate::secrets {

class Sieve {
 public:
  enum class Form {
    fast,       // by vectors, or not at all
    byte_wise,  // slower than Hyperscan itself: the oracle of the tests
  };

  Sieve() = default;  // lets everything by
  // How often the tail of an anchor may stand before it is looked at, see TailCheck.
  static constexpr std::uint32_t kPatience = 64;
  explicit Sieve(std::vector<Anchor> anchors, Form form = Form::fast, std::uint32_t patience = kPatience);

  // Replaces `parts` by the ranges of `text` outside of which no front match lies: rising, disjoint.
  void sift(std::string_view text, std::vector<ByteRange>& parts) const;

  void write(ByteWriter&) const;
  static Sieve read(ByteReader&);

 private:
  static constexpr unsigned kSlotBits = 11;
  static constexpr unsigned kBitmapBits = 15;
  static constexpr std::size_t kBlock = 4096;  // bytes sifted at a time: their places fit 16 bits and the cache

  struct Slot {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
  };
  // What is compared first, close together: the first eight bytes of the literal.
  static constexpr std::uint16_t kNoMust = 0xffff, kNoTail = 0xffff;
  struct Head {
    std::uint64_t value = 0;
    std::uint64_t mask = 0;
    std::uint8_t gram = 0;
    std::uint16_t must = kNoMust;  // in musts_
    std::uint16_t tail = kNoTail;  // in tails_
  };
  // Tables of the vector form; see sieve.cpp.
  struct alignas(64) Tables {
    static constexpr std::size_t kCount = 6;
    std::uint8_t cell[kCount][128];
  };

  static std::uint32_t hash(std::uint32_t key) noexcept { return key * 0x9e3779b1U; }
  std::uint64_t marked(std::uint32_t key) const noexcept {
    const std::uint32_t at = hash(key) >> (32 - kBitmapBits);
    return bitmap_[at >> 6] >> (at & 63) & 1;
  }
  bool maybe(std::uint32_t key) const noexcept { return (marked(key) | marked(key & 0xffffff)) != 0; }
  void fill_tables();
  void fill_heads(std::uint32_t patience);

  // Both give the places below `size` where a key may stand; there are two bytes more in the text at least.
  std::size_t find_keys(std::string_view text, std::size_t size, std::uint16_t* places) const;
  std::size_t find_keys_by_vectors(std::string_view text, std::size_t size, std::uint16_t* places) const;

  static bool stands(const Anchor&, std::string_view text) noexcept;  // at the beginning of text
  void check(std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const;
  void check_slot(std::size_t number, std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const;

  std::vector<Anchor> anchors_;    // by slot
  std::vector<Head> heads_;        // parallel to it
  std::vector<ByteFinder> musts_;  // of the anchors, each once
  std::vector<std::unique_ptr<TailCheck>> tails_;
  std::vector<Slot> slots_;
  std::array<std::uint64_t, (std::size_t{1} << kBitmapBits) / 64> bitmap_{};
  Tables tables_{};
  bool vectors_ = false;
  bool active_ = false;
};

}  // namespace launchgate::secrets
