// The sieve: which parts of a text can hold a front match at all. It runs over the bytes several times faster than
// Hyperscan does, and of source text leaves less than a hundredth for it to look at. That takes a processor with AVX2
// at least (key_finder.hpp); on others the sieve lets everything by, and Hyperscan looks at all of it.
//
// Thread-safety: immutable after construction; each thread passes buffers of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"
#include "libscan/secrets/anchor.hpp"
#include "libscan/secrets/byte_finder.hpp"
#include "libscan/secrets/key_finder.hpp"
#include "libscan/secrets/rule_codec.hpp"
#include "libscan/secrets/tail_check.hpp"

namespace launchgate::secrets {

class Sieve {
 public:
  Sieve() = default;  // lets everything by
  // How often the tail of an anchor may stand before it is looked at, see TailCheck.
  static constexpr std::uint32_t kPatience = 64;
  explicit Sieve(std::vector<Anchor> anchors, KeyFinder::Form form = KeyFinder::fastest(),
                 std::uint32_t patience = kPatience);

  // Replaces `parts` by the ranges of `text` outside of which no front match lies: rising, disjoint.
  void sift(std::string_view text, std::vector<ByteRange>& parts) const;

  void write(ByteWriter&) const;
  static Sieve read(ByteReader&);

 private:
  static constexpr unsigned kSlotBits = 11;

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
  void fill_heads(std::uint32_t patience);

  static bool stands(const Anchor&, std::string_view text) noexcept;  // at the beginning of text
  void check(std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const;
  void check_slot(std::size_t number, std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const;

  std::vector<Anchor> anchors_;    // by slot
  std::vector<Head> heads_;        // parallel to it
  std::vector<ByteFinder> musts_;  // of the anchors, each once
  std::vector<std::unique_ptr<TailCheck>> tails_;
  std::vector<Slot> slots_;
  KeyFinder keys_;
};

}  // namespace launchgate::secrets
