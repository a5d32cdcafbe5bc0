// The sieve: which rules may match in a text, and about where. It looks for their anchors (anchor.hpp) and runs over
// the bytes several times faster than Hyperscan does. That takes a processor with AVX2 at least (key_finder.hpp);
// without, it does not work, and Hyperscan looks for the front forms instead.
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

#include "libscan/secrets/anchor.hpp"
#include "libscan/secrets/byte_finder.hpp"
#include "libscan/secrets/byte_table.hpp"
#include "libscan/secrets/key_finder.hpp"
#include "libscan/secrets/tail_automaton.hpp"

namespace launchgate::secrets {

class FlatWriter;

// An anchor of a pattern stands in the text, and what follows it may be a match.
struct AnchorHit {
  std::uint32_t id = 0;    // of the pattern
  std::uint32_t lead = 0;  // Anchor::Use::lead
  std::size_t end = 0;     // of the anchor
};

class Sieve {
 public:
  Sieve() = default;  // does not work
  explicit Sieve(std::vector<Anchor> anchors, KeyFinder::Form form = KeyFinder::fastest());

  // For what `base` is for, as new_ids[id] where that is not kNoId, and for `more`; what was made for `base` is not
  // made again.
  static constexpr std::uint32_t kNoId = 0xffffffff;
  static Sieve joined(const Sieve& base, std::span<const std::uint32_t> new_ids, std::vector<Anchor> more);
  std::vector<Anchor> anchors() const;

  // From the bytes of another one. `lasting` bytes are as sound as the program and outlive the sieve, which looks
  // things up in them; others are copied and checked: nothing when they are damaged.
  static Sieve over_lasting(std::string_view bytes);
  static std::optional<Sieve> copy_of(std::string_view bytes);
  std::string_view bytes() const noexcept { return bytes_; }

  // False: this processor has no way that is faster than Hyperscan, or there are no anchors to look for.
  bool works() const noexcept { return keys_.form() != KeyFinder::Form::none; }

  // Appends the hits in `text`, nearly in the order of their ends. A hit depends on the anchor and on as many bytes
  // behind it as a match of the pattern may have, and one.
  void find(std::string_view text, std::vector<AnchorHit>& hits) const;
  bool any_in(std::string_view text) const;  // true as well where it does not work

 private:
  static constexpr unsigned kSlotBits = 11;
  static constexpr std::size_t kTogether = 32;

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
    std::uint32_t after = 0;
    std::uint32_t tail = kNone;   // in tails_
    std::uint32_t first_use = 0;  // in uses_
    std::uint32_t use_count = 0;
  };
  struct Use {
    std::uint32_t id = 0;
    std::uint32_t tail = kNone;  // in tails_; kNone: that of the anchor will do
    std::uint32_t lead = 0;
  };
  struct Tail {
    std::uint32_t begin = 0;  // of its pattern in tail_text_
    std::uint32_t size = 0;
    std::uint32_t classes = 0;  // in tail_classes_
    std::uint32_t steps = 0;    // in tail_steps_, as many as it has states times `width`
    std::uint32_t width = 0;    // 0: no automaton
  };

  static unsigned slot_of(std::uint32_t gram) noexcept { return KeyFinder::hash(gram) >> (32 - kSlotBits); }

  static std::string flatten(std::vector<Anchor> anchors, const Sieve* base);
  bool view(std::string_view bytes, KeyFinder::Form form);  // false: no such bytes
  bool sound() const noexcept;                              // every number names something
  bool sound(const Tail&) const noexcept;
  static void write_tails(const std::vector<std::string>& patterns, const Sieve* base, FlatWriter& out);
  std::optional<TailAutomaton> automaton_of(std::string_view pattern) const;
  void own(std::string_view bytes);

  static bool stands(const Head&, const Rest&, const ByteTable*,
                     std::string_view text) noexcept;  // at the beginning of text
  void check(std::string_view text, std::size_t from, std::span<const std::uint16_t> places,
             std::vector<AnchorHit>& hits) const;
  void look_behind(std::size_t anchor, std::string_view text, std::size_t begin, std::vector<AnchorHit>& hits) const;
  bool may_follow(const Head&, const Rest&, std::string_view behind) const;
  TailSteps::Answer look_at_tail(std::uint32_t number, std::string_view behind) const;

  std::unique_ptr<std::uint64_t[]> owned_;  // where bytes_ lies, unless it was there before
  std::string_view bytes_;
  std::span<const Slot> slots_;
  std::span<const Head> heads_;  // by slot
  std::span<const Rest> rests_;  // parallel to it
  std::span<const ByteTable> follows_;
  std::span<const Tail> tails_;
  std::span<const TailAutomaton::Classes> tail_classes_;
  std::span<const std::uint8_t> tail_steps_;
  std::string_view tail_text_;
  std::span<const Use> uses_;
  std::vector<ByteFinder> musts_;  // of the anchors, each once
  KeyFinder keys_;
};

}  // namespace launchgate::secrets
