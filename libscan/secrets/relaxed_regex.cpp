// A pass over the text of the expression, in RE2's syntax (https://github.com/google/re2/wiki/Syntax). Repeats of one
// byte are relaxed, where bytes count repetitions, and those of a few bytes ("(?:[^"\\]|\\.){0,30}"), where no more
// bytes than the limit are no more repetitions. Any other group that is itself repeated stays as it is: of its groups
// RE2 shows the last repetition only, so the others could not be counted. And RE2 counts to 1,000 at most, so that
// longer repeats are written in blocks, "(?:x{100}){0,32}x{0,99}": these are one repeat of x.
#include "libscan/secrets/relaxed_regex.hpp"

#include <cctype>

namespace launchgate::secrets {
namespace {

class Relaxer {
 public:
  explicit Relaxer(std::string_view regex) : in_(regex) {}

  std::optional<RelaxedRegex> run() {
    if (!alternatives(true, 0) || at_ != in_.size() || out_.limits.empty()) return std::nullopt;
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kShort = 8;  // unrolled, it costs little
  static constexpr int kDeepest = 50;
  static constexpr std::size_t kMostLimits = 24;

  struct Repeat {
    std::size_t size = 0;  // of its text, without the '?' of a lazy one; 0: none stands here
    std::string_view min;
    std::size_t most = 0;  // 0: no counted repeat, or without an end
  };

  bool more() const { return at_ < in_.size(); }
  void copy(std::size_t size) {
    out_.text += in_.substr(at_, size);
    at_ += size;
  }

  // Up to a ')' or the end. False: syntax it does not read.
  bool alternatives(bool relax, int depth) {
    if (depth > kDeepest) return false;
    while (more() && in_[at_] != ')') {
      if (in_[at_] == '(') {
        if (relax && blocks()) continue;
        if (!group(relax, depth)) return false;
        continue;
      }
      const std::size_t size = atom_size();
      if (size == 0) return false;
      one_byte(in_.substr(at_, size), relax);
    }
    return true;
  }

  // What is written in blocks, as one endless repeat; false, and nothing read, when no such thing stands here.
  bool blocks() {
    const std::size_t begin = at_;
    std::string_view byte;
    std::size_t block = 0, most = 0;
    while (in_.substr(at_, 3) == "(?:" && in_.size() > at_ + 3) {
      at_ += 3;
      const std::string_view atom = in_.substr(at_, in_[at_] == '(' ? 0 : atom_size());
      at_ += atom.size();
      const Repeat inner = repeat_here();
      at_ += inner.size;
      const bool exact = inner.size > 0 && inner.size == inner.min.size() + 2 && !zero_width(atom);
      if (!exact || atom.empty() || in_.substr(at_, 4) != "){0," || (block > 0 && atom != byte)) break;
      ++at_;
      const Repeat outer = repeat_here();
      at_ += outer.size;
      if ((block > 0 && block != number(inner.min)) || outer.most == 0 || (more() && in_[at_] == '?')) break;
      byte = atom;
      block = number(inner.min);
      most += block * outer.most;
      if (!in_.substr(at_).starts_with(byte)) continue;
      at_ += byte.size();
      const Repeat rest = repeat_here();
      if (rest.most + 1 != block || rest.min != "0" || out_.limits.size() == kMostLimits ||
          in_.substr(at_ + rest.size, 1) == "?")
        break;
      put_endless(byte, {rest.size, rest.min, most + rest.most});
      return true;
    }
    at_ = begin;
    return false;
  }

  // A group and its repeat; read a second time without relaxing when it turns out to be repeated.
  bool group(bool relax, int depth) {
    const std::size_t begin = at_;
    const std::size_t text_size = out_.text.size(), group_count = out_.groups.size(), limits = out_.limits.size();
    const std::size_t next_group = next_group_;
    if (!open() || !body(relax, depth)) return false;
    const Repeat repeat = repeat_here();
    if (relax && repeat.most > kShort && next_group_ == next_group && limits < kMostLimits &&
        consumes(in_.substr(begin, at_ - begin))) {
      const std::string inside = out_.text.substr(text_size);
      out_.text.resize(text_size);
      put_endless(inside, repeat);
      return true;
    }
    if (repeat.size > 0 && in_[at_] != '?' && out_.limits.size() > limits) {
      at_ = begin;
      out_.text.resize(text_size);
      out_.groups.resize(group_count);
      out_.limits.resize(limits);
      next_group_ = next_group;
      if (!open() || !body(false, depth)) return false;
    }
    copy(repeat.size);
    copy_lazy(repeat);
    return true;
  }

  // "(", "(?:" or "(?flags:"; "(?flags)" is complete with that.
  bool open() {
    if (in_.substr(at_, 2) != "(?") {
      out_.groups.push_back(next_group_++);
      copy(1);
      return true;
    }
    std::size_t end = at_ + 2;
    while (end < in_.size() && (std::isalpha(static_cast<unsigned char>(in_[end])) != 0 || in_[end] == '-')) ++end;
    if (end == in_.size() || (in_[end] != ':' && in_[end] != ')')) return false;  // a name, or no RE2
    complete_ = in_[end] == ')';
    copy(end + 1 - at_);
    return true;
  }

  bool body(bool relax, int depth) {
    if (complete_) {
      complete_ = false;
      return true;
    }
    if (!alternatives(relax, depth + 1) || !more()) return false;
    copy(1);
    return true;
  }

  void one_byte(std::string_view atom, bool relax) {
    at_ += atom.size();
    const Repeat repeat = repeat_here();
    const bool counted = repeat.most > kShort && !zero_width(atom);
    if (!relax || !counted || out_.limits.size() == kMostLimits) {
      at_ -= atom.size();
      copy(atom.size() + repeat.size);
      copy_lazy(repeat);
      return;
    }
    put_endless(atom, repeat);
  }

  // In place of `what` and the repeat that stands here.
  void put_endless(std::string_view what, const Repeat& repeat) {
    out_.limits.push_back({next_group_++, repeat.most});
    out_.text += '(';
    out_.text += what;
    out_.text += '{';
    out_.text += repeat.min;
    out_.text += ",}";
    at_ += repeat.size;
    copy_lazy(repeat);
    out_.text += ')';
  }

  // Does each alternative of a group that captures nothing begin with one byte that must be there?
  static bool consumes(std::string_view group) {
    if (!group.starts_with("(?:")) return false;
    Relaxer alternative(group.substr(3));
    bool first = true;
    while (alternative.in_[alternative.at_] != ')') {
      if (alternative.in_[alternative.at_] == '|') {
        if (first) return false;
        first = true;
        ++alternative.at_;
        continue;
      }
      const std::size_t size = alternative.in_[alternative.at_] == '(' ? 0 : alternative.atom_size();
      if (size == 0 || zero_width(alternative.in_.substr(alternative.at_, size))) return false;
      alternative.at_ += size;
      if (first && alternative.repeat_here().size > 0) return false;
      alternative.at_ += alternative.repeat_here().size;
      first = false;
    }
    return !first;
  }

  void copy_lazy(const Repeat& repeat) {
    if (repeat.size > 0 && more() && in_[at_] == '?') copy(1);
  }

  static bool zero_width(std::string_view atom) {
    constexpr std::string_view kAssertions = "bBAzZG";
    return atom == "^" || atom == "$" ||
           (atom.size() == 2 && atom[0] == '\\' && kAssertions.find(atom[1]) != atom.npos);
  }

  // Bytes of the one-byte expression that stands here; 0 for what is not read.
  std::size_t atom_size() const {
    if (in_[at_] == '[') return class_size();
    if (in_[at_] != '\\') return 1;
    if (at_ + 1 == in_.size()) return 0;
    const char c = in_[at_ + 1];
    if (c == 'x') return at_ + 4 <= in_.size() && in_[at_ + 2] != '{' ? 4 : 0;
    constexpr std::string_view kNotRead = "QEpPCkKugG";
    return std::isdigit(static_cast<unsigned char>(c)) != 0 || kNotRead.find(c) != kNotRead.npos ? 0 : 2;
  }

  std::size_t class_size() const {
    std::size_t i = at_ + 1;
    if (i < in_.size() && in_[i] == '^') ++i;
    if (i < in_.size() && in_[i] == ']') ++i;
    while (i < in_.size() && in_[i] != ']') {
      if (in_.substr(i, 2) == "[:") {
        const std::size_t end = in_.find(":]", i + 2);
        if (end == in_.npos) return 0;
        i = end + 2;
      } else {
        i += in_[i] == '\\' ? 2 : 1;
      }
    }
    return i < in_.size() ? i + 1 - at_ : 0;
  }

  // "*", "+", "?", "{n}", "{n,}" or "{n,m}"; anything else is no repeat.
  Repeat repeat_here() const {
    if (!more()) return {};
    if (in_[at_] == '*' || in_[at_] == '+' || in_[at_] == '?') return {1, {}, 0};
    if (in_[at_] != '{') return {};
    const std::size_t end = in_.find('}', at_);
    if (end == in_.npos) return {};
    const std::string_view inside = in_.substr(at_ + 1, end - at_ - 1);
    const std::size_t comma = inside.find(',');
    const std::string_view min = inside.substr(0, comma);
    const std::string_view max = comma == inside.npos ? std::string_view{} : inside.substr(comma + 1);
    constexpr std::string_view kDigits = "0123456789";
    if (min.empty() || min.find_first_not_of(kDigits) != min.npos || max.find_first_not_of(kDigits) != max.npos)
      return {};
    return {inside.size() + 2, min, max != min ? number(max) : 0};
  }

  static std::size_t number(std::string_view digits) {
    std::size_t value = 0;
    for (const char digit : digits.substr(0, 6)) value = 10 * value + static_cast<std::size_t>(digit - '0');
    return value;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  RelaxedRegex out_{{}, {0}, {}};
  std::size_t next_group_ = 1;
  bool complete_ = false;  // the group just opened was a "(?flags)"
};

}  // namespace

std::optional<RelaxedRegex> relax_regex(std::string_view regex) { return Relaxer(regex).run(); }

}  // namespace launchgate::secrets
