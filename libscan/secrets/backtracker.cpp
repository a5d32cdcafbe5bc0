#include "libscan/secrets/backtracker.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace launchgate::secrets {
namespace {

bool word_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool holds(regex::Assertion assertion, std::string_view text, std::size_t at) noexcept {
  const auto at_boundary = [&] {
    const bool before = at > 0 && word_byte(text[at - 1]), behind = at < text.size() && word_byte(text[at]);
    return before != behind;
  };
  switch (assertion) {
    case regex::Assertion::begin_text: return at == 0;
    case regex::Assertion::end_text: return at == text.size();
    case regex::Assertion::begin_line: return at == 0 || text[at - 1] == '\n';
    case regex::Assertion::end_line: return at == text.size() || text[at] == '\n';
    case regex::Assertion::word_boundary: return at_boundary();
    case regex::Assertion::no_word_boundary: return !at_boundary();
  }
  return false;
}

// Up to eight bytes as a number, the first one lowest.
std::uint64_t first_bytes(const char* text, std::size_t size) noexcept {
  std::uint64_t value = 0;
  if (std::endian::native == std::endian::little && size >= sizeof value) {
    std::memcpy(&value, text, sizeof value);
    return value;
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(size, sizeof value); ++i)
    value |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  return value;
}

}  // namespace

// One match: a place in the text, the step that is next, and the choices that are still open.
class Backtracker::Run {
  static constexpr std::size_t kBytesAStep = 8;

 public:
  Run(const Backtracker& program, std::string_view text, std::size_t begin, std::int64_t& budget, Scratch& scratch)
      : program_(program),
        text_(text),
        budget_(budget),
        at_(begin),
        step_(program.start_),
        frames_(scratch.frames_),
        undo_(scratch.undo_),
        registers_(scratch.registers_) {
    frames_.clear();
    undo_.clear();
    registers_.assign(program.registers_, kUnset);
  }

  Outcome run() {
    for (; budget_ > 0; --budget_) {
      const Step& step = program_.steps_[step_];
      if (step.op == Op::accept) return Outcome::match;
      if (!take(step) && !go_back()) return Outcome::none;
    }
    return Outcome::gave_up;
  }

  std::size_t at() const noexcept { return at_; }

 private:
  bool holds(std::uint16_t set, std::size_t at) const noexcept {
    return program_.sets_[set].holds(static_cast<unsigned char>(text_[at]));
  }
  // May a step that reads one of `set` first be taken here? kAny: it may read nothing.
  bool goes_on(std::uint16_t set, std::size_t at) const noexcept {
    return set == kAny || (at < text_.size() && holds(set, at));
  }
  void set_register(std::uint32_t index, std::size_t value) {
    if (!frames_.empty()) undo_.push_back({index, registers_[index]});
    registers_[index] = value;
  }
  void leave_open(std::uint32_t step, std::size_t at, std::size_t limit = 0, std::uint32_t branch = 0) {
    frames_.push_back({at, limit, step, branch, static_cast<std::uint32_t>(undo_.size())});
  }

  // Takes a step; false when the match cannot go on with it.
  bool take(const Step& step) {
    switch (step.op) {
      case Op::literal: {
        const std::size_t left = text_.size() - at_;
        if (left < step.size || (first_bytes(text_.data() + at_, left) & step.mask) != step.value) return false;
        at_ += step.size;
        break;
      }
      case Op::set:
        if (at_ == text_.size() || !holds(step.set, at_)) return false;
        ++at_;
        break;
      case Op::run: return step.lazy ? take_least(step) : take_most(step);
      case Op::fork: return choose(step, true);
      case Op::dispatch: {
        const unsigned byte = at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : 256;
        return take_branch(program_.tables_[step.other].of[byte], 0);
      }
      case Op::save: set_register(step.other, at_); break;
      case Op::restart: set_register(step.other, 0); break;
      case Op::repeat: return take_repeat(step);
      case Op::assertion:
        if (!secrets::holds(static_cast<regex::Assertion>(step.size), text_, at_)) return false;
        break;
      case Op::accept: break;
    }
    step_ = step.next;
    return true;
  }

  // `other` and `next`, in the order of the step's greed; the second is left open.
  bool choose(const Step& step, bool may_other) {
    const bool other = may_other && goes_on(step.set, at_), next = goes_on(step.ahead, at_);
    if (!other && !next) return false;
    const bool other_first = other && (!next || !step.lazy);
    if (other && next) leave_open(step_, at_, 0, other_first ? 0 : 1);
    go_on(step, other_first);
    return true;
  }
  void go_on(const Step& step, bool other) {
    if (other && step.op == Op::repeat) set_register(step.counter, registers_[step.counter] + 1);
    step_ = other ? step.other : step.next;
  }

  bool take_repeat(const Step& step) {
    const std::size_t times = registers_[step.counter];
    if (times >= step.min) return choose(step, step.max == regex::kUnlimited || times < step.max);
    if (!goes_on(step.set, at_)) return false;
    go_on(step, true);
    return true;
  }

  bool take_branch(std::uint32_t list, std::uint32_t branch) {
    const std::uint32_t count = program_.lists_[list];
    if (branch == count) return false;
    if (branch + 1 < count) leave_open(step_, at_, list, branch + 1);
    step_ = program_.lists_[list + 1 + branch];
    return true;
  }

  // Where a run that begins here must end at the latest.
  std::size_t end_of_run(const Step& step) noexcept {
    const std::size_t most = text_.size() - at_ > step.max ? at_ + step.max : text_.size();
    std::size_t end = at_;
    while (end < most && holds(step.set, end)) ++end;
    pay_for(end - at_);
    return end;
  }
  // Bytes that were read beyond the one of the step.
  void pay_for(std::size_t bytes) noexcept { budget_ -= static_cast<std::int64_t>(bytes / kBytesAStep); }

  bool take_most(const Step& step) {
    const std::size_t end = end_of_run(step);
    if (end - at_ < step.min) return false;
    const std::size_t least = at_ + step.min;
    if (step.final) {
      if (!goes_on(step.ahead, end)) return false;
      at_ = end;
      step_ = step.next;
      return true;
    }
    return cut_run(step, end, least);
  }
  // Goes on behind the longest run that ends in [least, end] and has the right byte behind it.
  bool cut_run(const Step& step, std::size_t end, std::size_t least) {
    const std::size_t longest = end;
    while (!goes_on(step.ahead, end))
      if (end-- == least) return pay_for(longest - least), false;
    pay_for(longest - end);
    if (end > least) leave_open(step_, end - 1, least);
    at_ = end;
    step_ = step.next;
    return true;
  }

  bool take_least(const Step& step) {
    std::size_t least = at_;
    for (std::uint32_t n = 0; n < step.min; ++n, ++least)
      if (least == text_.size() || !holds(step.set, least)) return false;
    const std::size_t most = text_.size() - at_ > step.max ? at_ + step.max : text_.size();
    return extend_run(step, least, most);
  }
  // The shortest run that has `end` bytes of the text or more.
  bool extend_run(const Step& step, std::size_t end, std::size_t most) {
    const std::size_t shortest = end;
    while (!goes_on(step.ahead, end)) {
      if (end == most || !holds(step.set, end)) return pay_for(end - shortest), false;
      ++end;
    }
    pay_for(end - shortest);
    if (end < most && holds(step.set, end)) leave_open(step_, end + 1, most);
    at_ = end;
    step_ = step.next;
    return true;
  }

  // To the last choice that has another way; false when there is none.
  bool go_back() {
    while (!frames_.empty()) {
      const Scratch::Frame frame = frames_.back();
      frames_.pop_back();
      for (; undo_.size() > frame.undo; undo_.pop_back()) registers_[undo_.back().index] = undo_.back().value;
      at_ = frame.at;
      step_ = frame.step;
      if (take_up(program_.steps_[frame.step], frame)) return true;
    }
    return false;
  }
  bool take_up(const Step& step, const Scratch::Frame& frame) {
    switch (step.op) {
      case Op::run: return step.lazy ? extend_run(step, frame.at, frame.limit) : cut_run(step, frame.at, frame.limit);
      case Op::dispatch: return take_branch(static_cast<std::uint32_t>(frame.limit), frame.branch);
      default: return go_on(step, frame.branch != 0), true;
    }
  }

  const Backtracker& program_;
  std::string_view text_;
  std::int64_t& budget_;
  std::size_t at_;
  std::uint32_t step_;
  std::vector<Scratch::Frame>& frames_;
  std::vector<Scratch::Undo>& undo_;
  std::vector<std::size_t>& registers_;
};

Backtracker::Outcome Backtracker::match_at(std::string_view text, std::size_t begin, std::int64_t& budget,
                                           Scratch& scratch) const {
  Run run(*this, text, begin, budget, scratch);
  const Outcome outcome = run.run();
  if (outcome == Outcome::match) {
    scratch.registers_[0] = begin;
    scratch.registers_[1] = run.at();
  }
  return outcome;
}

}  // namespace launchgate::secrets
