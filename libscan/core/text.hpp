// Bytes of unknown origin made fit for people: UTF-8 handling, lines and columns, printable forms.
// Nothing here throws on bad input: bytes that are no UTF-8 count as one character each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace launchgate {

// Length in bytes of the UTF-8 character at the front of `s` (1..4); 1 for a byte that starts none.
std::size_t utf8_length(std::string_view s) noexcept;

// Characters in `s`: well-formed UTF-8 sequences count one, every other byte counts one.
std::size_t count_characters(std::string_view s) noexcept;

// Valid UTF-8 that cannot move a cursor, end a line or fake a direction: control characters, the
// bidirectional overrides (U+202A..U+202E, U+2066..U+2069) and malformed bytes become \xNN or \u{NNNN}.
// A tab becomes one space. Use it on every foreign string that goes to a terminal, an annotation or a log.
std::string printable(std::string_view s);

// Valid UTF-8 with everything kept but malformed bytes, which become U+FFFD. For JSON and XML values.
std::string valid_utf8(std::string_view s);

// At most `width` characters, with '…' where something was cut from the end.
std::string ellipsize(std::string_view s, std::size_t width);

// Nearest of `names` to `name` by edit distance, when close enough to be a slip; empty otherwise.
// For "did you mean": at most max(1, size/3) edits.
template <class Range>
std::string_view nearest(std::string_view name, const Range& names);

std::size_t edit_distance(std::string_view a, std::string_view b);

// Walks a text forward and tells line and column (1-based, columns in characters). Lines end at LF; the CR
// of a CRLF is a character of its line. Positions must be asked in rising order; each byte is looked at once.
class LineCounter {
 public:
  // `text` must outlive the counter. A text that is a window of a longer one starts at `line`/`column`.
  explicit LineCounter(std::string_view text, std::uint32_t line = 1, std::uint32_t column = 1) noexcept
      : text_(text), line_(line), column_(column) {}

  struct Place {
    std::uint32_t line;
    std::uint32_t column;
  };
  Place at(std::size_t offset) noexcept;  // offset >= every earlier one, <= text.size()

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  std::uint32_t line_;
  std::uint32_t column_;
};

template <class Range>
std::string_view nearest(std::string_view name, const Range& names) {
  std::string_view best;
  std::size_t best_distance = name.size() / 3 + 2;  // one more than the most we accept
  if (name.size() < 3) best_distance = 2;
  for (std::string_view candidate : names) {
    const std::size_t d = edit_distance(name, candidate);
    if (d < best_distance) best = candidate, best_distance = d;
  }
  return best;
}

}  // namespace launchgate
