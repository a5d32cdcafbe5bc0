// One anchored match of an expression, with its groups, by backtracking: what RE2 would find, sooner.
//
// Why not RE2 alone. It compiles an expression into an automaton before it looks at the first byte, a millisecond for
// one that counts and has many alternatives, and 15 of them for the worst of the catalogue; a repository with one
// leaked key waits for that. And where an expression has groups and more than some hundred steps, its slowest engine
// is left. Backtracking needs no automaton, takes the same way in the same order of preference, and on the texts that
// are met reads each byte once or twice. On text made to be slow it can take exponential time; therefore a match has a
// budget of steps, and the caller goes to RE2 when that is used up.
//
// Equal to RE2 in Latin-1 mode: tests/unit/secrets/backtracker_test.cpp and the fuzz target of that name compare.
// Thread-safety: a program is immutable after compile(); each thread has its own Scratch.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libscan/secrets/byte_table.hpp"
#include "libscan/secrets/regex_ast.hpp"

namespace launchgate::secrets {

class Backtracker {
 public:
  // Nothing for what is beyond regex::parse_with_groups(), for a repeat of what may be empty, whose reading differs
  // from engine to engine, and for expressions of more than kMaxSteps steps.
  static std::optional<Backtracker> compile(std::string_view regex);

  enum class Outcome : std::uint8_t { match, none, gave_up };
  static constexpr std::size_t kUnset = static_cast<std::size_t>(-1);

  // Buffers, used again and again.
  class Scratch {
   public:
    // Where group n begins and ends, 0 is the whole: groups()[2 * n] and [2 * n + 1], kUnset where it took no part.
    const std::vector<std::size_t>& groups() const noexcept { return registers_; }

   private:
    friend class Backtracker;
    struct Frame {  // a choice that is still open
      std::size_t at;
      std::size_t limit;  // of a run: the last place to go back to, or on to
      std::uint32_t step;
      std::uint32_t branch;
      std::uint32_t undo;
    };
    struct Undo {
      std::uint32_t index;
      std::size_t value;
    };
    std::vector<Frame> frames_;
    std::vector<Undo> undo_;
    std::vector<std::size_t> registers_;
  };

  // The match that begins at text[begin]; assertions see all of `text`. `budget`: steps it may take, less those it took
  // on return.
  Outcome match_at(std::string_view text, std::size_t begin, std::int64_t& budget, Scratch& scratch) const;

  // Groups of the expression, without the whole.
  std::uint32_t group_count() const noexcept { return groups_; }
  // The first place in [from, to) of `text` where a match that is not empty may begin, by its first three bytes; `to`
  // when there is none. Asking this spares nearly all calls of match_at().
  std::size_t next_start(std::string_view text, std::size_t from, std::size_t to) const noexcept {
    if (only_at_begin_ && from > 0) return to;
    const auto kinds = [&](std::size_t n, std::size_t at) { return starts_[n][static_cast<unsigned char>(text[at])]; };
    for (const std::size_t whole = std::min(to, text.size() - std::min(text.size(), kPrefix - 1)); from < whole; ++from)
      if ((kinds(0, from) & kinds(1, from + 1) & kinds(2, from + 2)) != 0) return from;
    while (from < to && kinds(0, from) == 0) ++from;
    return from;
  }

 private:
  static constexpr std::size_t kMaxSteps = 1 << 16;
  static constexpr std::size_t kPrefix = 3;

  enum class Op : std::uint8_t {
    literal,   // up to eight bytes, letters of either case
    set,       // one byte
    run,       // many bytes of a set, as many as will do, or as few
    fork,      // `other` first, then `next`
    dispatch,  // the branches that go on with this byte
    save,      // a register takes the place
    restart,   // a register counts from 0
    repeat,    // once more `other`, or on to `next`
    assertion,
    accept,
  };
  struct Step {
    Op op = Op::accept;
    std::uint8_t size = 0;  // literal: bytes; assertion: which
    bool lazy = false;      // run, repeat
    bool final = false;     // run: none but the longest can go on
    std::uint16_t set = 0;  // set, run; repeat, fork: what `other` may begin with
    std::uint16_t ahead = 0;
    std::uint32_t next = 0;
    std::uint32_t other = 0;  // fork, repeat: a step; dispatch: its table; save, restart: a register
    std::uint32_t min = 0, max = 0;
    std::uint32_t counter = 0;  // repeat: a register
    std::uint64_t value = 0, mask = 0;
  };
  // Which branches go on with a byte: lists_[of[byte]] is how many, and behind it they stand. 256: at the end of text.
  struct Table {
    std::array<std::uint32_t, 257> of{};
  };
  static constexpr std::uint16_t kAny = 0;  // sets_[kAny] has all bytes

  class Compiler;
  class Starts;
  class Run;

  std::uint16_t add_set(const regex::ByteSet&);
  std::uint16_t byte_set(const Step& literal, unsigned place);

  std::vector<Step> steps_;
  std::vector<ByteTable> sets_;
  std::vector<Table> tables_;
  std::vector<std::uint32_t> lists_;
  std::uint32_t start_ = 0;
  std::uint32_t groups_ = 0;
  std::uint32_t registers_ = 0;
  // Ways to begin, dealt out to eight kinds: which of them have a byte at their first, second and third place.
  std::array<std::array<std::uint8_t, 256>, kPrefix> starts_{};
  bool only_at_begin_ = false;  // of the text: the expression begins with \A
};

}  // namespace launchgate::secrets
