// How the matching goes: tokens are consumed left to right; at a mismatch the most recent '*' takes one byte more, and
// when it would have to take a '/', the most recent '**' does. Older stars never need a second look: a '*' cannot leave
// its path component and a '**' may eat anything, so the earliest place where the tokens between two stars fit is
// always as good as any later one.
#include "libscan/core/wildmatch.hpp"

#include <optional>

namespace launchgate {
namespace {

constexpr bool upper(unsigned c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool lower(unsigned c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool digit(unsigned c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool alpha(unsigned c) noexcept { return upper(c) || lower(c); }
constexpr bool graph(unsigned c) noexcept { return c > 0x20 && c < 0x7f; }
// Git's isspace() knows these four only.
constexpr bool space(unsigned c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

using Predicate = bool (*)(unsigned) noexcept;
struct Class {
  std::string_view name;
  Predicate holds;
};
constexpr Class kClasses[] = {
    {"alnum", [](unsigned c) noexcept { return alpha(c) || digit(c); }},
    {"alpha", alpha},
    {"blank", [](unsigned c) noexcept { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned c) noexcept { return c < 0x20 || c == 0x7f; }},
    {"digit", digit},
    {"graph", graph},
    {"lower", lower},
    {"print", [](unsigned c) noexcept { return c >= 0x20 && c < 0x7f; }},
    {"punct", [](unsigned c) noexcept { return graph(c) && !alpha(c) && !digit(c); }},
    {"space", space},
    {"upper", upper},
    {"xdigit", [](unsigned c) noexcept { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }},
};

const Class* find_class(std::string_view name) noexcept {
  for (const Class& c : kClasses)
    if (c.name == name) return &c;
  return nullptr;
}

}  // namespace

Wildmatch::Wildmatch(std::string_view pattern, bool ignore_case) : ignore_case_(ignore_case) {
  tokens_.reserve(pattern.size());
  const auto add_byte = [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    tokens_.push_back({Kind::byte, ignore_case_ ? fold_ascii(byte) : byte});
  };
  for (std::size_t at = 0; at < pattern.size() && !never_;) {
    switch (pattern[at]) {
      case '?': tokens_.push_back({Kind::any}), ++at; break;
      case '*': at = compile_stars(pattern, at); break;
      case '[':
        at = compile_set(pattern, at);
        never_ = at == std::string_view::npos;
        break;
      case '\\':
        never_ = at + 1 == pattern.size();  // nothing to escape
        if (!never_) add_byte(pattern[at + 1]);
        at += 2;
        break;
      default: add_byte(pattern[at]), ++at; break;
    }
  }
}

std::size_t Wildmatch::compile_stars(std::string_view pattern, std::size_t at) {
  std::size_t end = pattern.find_first_not_of('*', at);
  if (end == std::string_view::npos) end = pattern.size();
  const std::string_view rest = pattern.substr(end);
  const bool component =
      (at == 0 || pattern[at - 1] == '/') && (rest.empty() || rest.front() == '/' || rest.substr(0, 2) == "\\/");
  if (end - at < 2 || !component) {
    tokens_.push_back({Kind::star});
  } else if (!rest.empty() && rest.front() == '/') {
    tokens_.push_back({Kind::directories});
    ++end;
  } else {
    tokens_.push_back({Kind::double_star});
  }
  return end;
}

std::size_t Wildmatch::compile_set(std::string_view pattern, std::size_t at) {
  constexpr std::size_t kMalformed = std::string_view::npos;
  const auto peek = [&](std::size_t i) -> int {
    return i < pattern.size() ? static_cast<unsigned char>(pattern[i]) : -1;
  };
  Set set;
  ++at;
  const bool negated = peek(at) == '!' || peek(at) == '^';
  if (negated) ++at;
  int previous = 0;  // low end of a range that may follow; 0: none
  // A ']' in first place is a member.
  for (bool first = true; first || peek(at) != ']'; first = false, ++at) {
    int c = peek(at);
    if (c < 0) return kMalformed;
    if (c == '-' && previous != 0 && peek(at + 1) >= 0 && peek(at + 1) != ']') {
      int high = peek(++at);
      if (high == '\\' && (high = peek(++at)) < 0) return kMalformed;
      for (int member = previous; member <= high; ++member) {
        set.set(static_cast<std::size_t>(member));
        if (ignore_case_) set.set(fold_ascii(static_cast<unsigned char>(member)));
      }
      previous = 0;
    } else if (c == '[' && peek(at + 1) == ':') {
      const std::size_t close = pattern.find(']', at + 2);
      if (close == std::string_view::npos) return kMalformed;
      if (close == at + 2 || pattern[close - 1] != ':') {  // no ":]": an ordinary '['
        set.set('[');
        previous = '[';
        continue;
      }
      const Class* named = find_class(pattern.substr(at + 2, close - at - 3));
      if (named == nullptr) return kMalformed;
      for (unsigned member = 0; member < 256; ++member) {
        if (!named->holds(member)) continue;
        set.set(member);
        if (ignore_case_ && named->name == "upper") set.set(fold_ascii(static_cast<unsigned char>(member)));
      }
      at = close;
      previous = 0;
    } else {
      if (c == '\\' && (c = peek(++at)) < 0) return kMalformed;
      set.set(static_cast<std::size_t>(c));
      previous = c;
    }
  }
  if (negated) set.flip();
  set.reset('/');
  tokens_.push_back({Kind::set, 0, static_cast<std::uint16_t>(sets_.size())});
  sets_.push_back(set);
  return sets_.size() > UINT16_MAX ? kMalformed : at + 1;
}

bool Wildmatch::single(const Token& token, unsigned char c) const noexcept {
  if (ignore_case_) c = fold_ascii(c);
  switch (token.kind) {
    case Kind::byte: return token.byte == c;
    case Kind::any: return c != '/';
    default: return sets_[token.set].test(c);
  }
}

bool Wildmatch::matches(std::string_view text) const noexcept {
  if (never_) return false;
  // Where to resume: the token after the star, and how far into the text the star reaches so far.
  struct Resume {
    std::size_t token, text;
    Kind kind;
  };
  std::optional<Resume> star, deep;
  std::size_t i = 0, j = 0;
  for (;;) {
    if (i == tokens_.size()) {
      if (j == text.size()) return true;
    } else if (const Token& token = tokens_[i]; token.kind == Kind::star) {
      star = Resume{++i, j, Kind::star};
      continue;
    } else if (token.kind == Kind::double_star || token.kind == Kind::directories) {
      deep = Resume{++i, j, token.kind};
      star.reset();
      continue;
    } else if (j < text.size() && single(token, static_cast<unsigned char>(text[j]))) {
      ++i, ++j;
      continue;
    }
    if (star && star->text < text.size() && text[star->text] != '/') {
      ++star->text;
    } else if (deep && deep->text < text.size()) {
      const std::size_t slash = deep->kind == Kind::directories ? text.find('/', deep->text) : deep->text;
      if (slash == std::string_view::npos) return false;
      deep->text = slash + 1;
      star.reset();
    } else {
      return false;
    }
    const Resume& from = star ? *star : *deep;
    i = from.token, j = from.text;
  }
}

}  // namespace launchgate
