// The sieve: which parts of a text can hold a front match at all. It runs over the bytes several times faster than
// Hyperscan does, and of source text leaves less than a hundredth for it to look at. That takes a processor with AVX2
// at least (key_finder.hpp); on others the sieve lets everything by, and Hyperscan looks at all of it.
//
// Its tables are one block of bytes: made once by the build, and used where the program is mapped.
//
// Thread-safety: immutable after construction; each thread passes buffers of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"
#include "libscan/secrets/anchor.hpp"
#include "libscan/secrets/byte_finder.hpp"
#include "libscan/secrets/key_finder.hpp"
#include "libscan/secrets/tail_automaton.hpp"
#include "libscan/secrets/tail_check.hpp"

namespace launchgate::secrets {

class FlatWriter;

class Sieve {
 public:
  Sieve() = default;  // lets everything by
  // How often the tail of an anchor may stand before it is looked at, see TailCheck.
  static constexpr std::uint32_t kPatience = 64;
  explicit Sieve(std::vector<Anchor> anchors, KeyFinder::Form form = KeyFinder::fastest(),
                 std::uint32_t patience = kPatience);

  // For what `base` is for and for `more`; what was made for `base` is not made again.
  static Sieve joined(const Sieve& base, std::vector<Anchor> more);
  std::vector<Anchor> anchors() const;

  // From the bytes of another one. `lasting` bytes are as sound as the program and outlive the sieve, which looks
  // things up in them; others are copied and checked: nothing when they are damaged.
  static Sieve over_lasting(std::string_view bytes);
  static std::optional<Sieve> copy_of(std::string_view bytes);
  std::string_view bytes() const noexcept { return bytes_; }

  // Replaces `parts` by the ranges of `text` outside of which no front match lies: rising, disjoint.
  void sift(std::string_view text, std::vector<ByteRange>& parts) const;

 private:
  static constexpr unsigned kSlotBits = 11;

  struct Slot {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
  };
  static constexpr std::uint16_t kNone = 0xffff;
  // Of what follows no byte is padding: the same rules give the same bytes.
  // What is compared first, close together: the first eight bytes of the literal.
  struct Head {
    std::uint64_t value = 0;
    std::uint64_t mask = 0;
    std::uint8_t gram = 0;
    std::uint8_t size = 0;
    std::uint8_t follow_count = 0;
    std::uint8_t unused = 0;
    std::uint16_t follow = 0;    // in follows_, where follow_count says that there is one
    std::uint16_t must = kNone;  // in musts_
  };
  // What is looked at where that stands: the second eight bytes, and what an anchor covers (anchor.hpp).
  struct Rest {
    std::uint64_t value = 0;
    std::uint64_t mask = 0;
    std::uint32_t before = 0;
    std::uint32_t after = 0;
    std::uint32_t tail = kNone;  // in tails_
    std::uint32_t unused = 0;
  };
  struct Set {
    std::uint64_t words[4] = {};
    bool holds(unsigned char c) const noexcept { return (words[c >> 6] >> (c & 63) & 1) != 0; }
  };
  struct Tail {
    std::uint32_t begin = 0;  // of its pattern in tail_text_
    std::uint32_t size = 0;
    std::uint32_t classes = 0;  // in tail_classes_
    std::uint32_t steps = 0;    // in tail_steps_, as many as it has states times `width`
    std::uint32_t width = 0;    // 0: no automaton
    std::uint32_t unused = 0;
    std::uint64_t accepting = 0;
  };

  static std::string flatten(std::vector<Anchor> anchors, const Sieve* base);
  bool view(std::string_view bytes, KeyFinder::Form form, std::uint32_t patience);  // false: no such bytes
  bool sound() const noexcept;                                                      // every number names something
  bool sound(const Tail&) const noexcept;
  static void write_tails(const std::vector<std::string>& patterns, const Sieve* base, FlatWriter& out);
  std::optional<TailAutomaton> automaton_of(std::string_view pattern) const;
  void own(std::string_view bytes);

  static bool stands(const Head&, const Rest&, const Set*, std::string_view text) noexcept;  // at the beginning of text
  void check(std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const;
  void check_slot(std::size_t number, std::string_view text, std::size_t at, std::vector<ByteRange>& parts) const;
  std::size_t longest_tail(std::size_t number, const Head&, std::string_view behind) const;

  std::unique_ptr<std::uint64_t[]> owned_;  // where bytes_ lies, unless it was there before
  std::string_view bytes_;
  std::span<const Slot> slots_;
  std::span<const Head> heads_;  // by slot
  std::span<const Rest> rests_;  // parallel to it
  std::span<const Set> follows_;
  std::span<const Tail> tails_;
  std::span<const TailAutomaton::Classes> tail_classes_;
  std::span<const std::uint8_t> tail_steps_;
  std::string_view tail_text_;
  std::vector<ByteFinder> musts_;        // of the anchors, each once
  std::unique_ptr<TailCheck[]> checks_;  // parallel to tails_
  std::uint32_t patience_ = kPatience;
  KeyFinder keys_;
};

}  // namespace launchgate::secrets
