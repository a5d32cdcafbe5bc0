#include "libscan/secrets/value_shown.hpp"

#include <algorithm>
#include <iterator>

#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_place.hpp"
#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kReach = 24 << 10;  // of a description; the help of a function with many parameters takes 20

std::string_view before(std::string_view text, std::size_t at, std::size_t reach) {
  const std::size_t from = at - std::min(at, reach);
  return text.substr(from, at - from);
}

// The line that `head` ends in, as far as it goes.
std::string_view last_line(std::string_view head) { return head.substr(head.rfind('\n') + 1); }  // npos + 1: all of it

std::string_view without_blanks_behind(std::string_view s) {
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

// Of Python: behind three quotes that begin a line and follow the line of a definition, which ends in a colon, or that
// are given to what Ansible reads a module's documentation from,
// https://docs.ansible.com/ansible/latest/dev_guide/developing_modules_documenting.html.
bool is_in_doc_string(std::string_view text, std::size_t at) {
  const std::string_view head = before(text, at, kReach);
  const std::size_t twin = head.rfind("\"\"\""), single = head.rfind("'''");
  const std::size_t open = twin == head.npos ? single : single == head.npos ? twin : std::max(twin, single);
  if (open == head.npos) return false;
  const std::string_view opener = last_line(head.substr(0, open));
  if (starts_with_any(opener, {"EXAMPLES = ", "DOCUMENTATION = ", "RETURN = "})) return true;
  const std::size_t first = std::min(opener.find_first_not_of(" \t"), opener.size());
  if (first != opener.size() && opener.substr(first) != "r") return false;
  return without_blanks_behind(head.substr(0, open - opener.size())).ends_with(':');
}

// Of Elixir: what follows "@doc" or "@moduledoc", https://hexdocs.pm/elixir/writing-documentation.html.
bool is_in_elixir_doc(std::string_view text, std::size_t at) {
  const std::string_view head = before(text, at, kReach);
  const std::size_t open = head.rfind("\"\"\"");
  if (open == head.npos) return false;
  const std::string_view opener = last_line(head.substr(0, open));
  return contains_any(opener, {"@doc ", "@moduledoc ", "@typedoc "});
}

// Of Go: the text in backquotes that a command shows its users, https://pkg.go.dev/github.com/spf13/cobra#Command.
bool is_in_usage(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongestUsage = 4096;
  constexpr std::string_view kFields[] = {"example", "long", "usage", "description"};
  const std::string_view head = before(text, at, kLongestUsage);
  const std::size_t open = head.rfind('`');
  if (open == head.npos) return false;
  std::string_view field = without_blanks_behind(head.substr(0, open));
  if (!field.ends_with(':') && !field.ends_with('=')) return false;
  field = without_blanks_behind(field.substr(0, field.size() - 1));
  std::size_t begin = field.size();
  while (begin > 0 && is_name_char(field[begin - 1])) --begin;
  Pieces pieces(field.substr(begin));
  Piece last;
  while (pieces.next(last)) {
  }
  return any_of(kFields, last.text);  // "Example:", "const loginExample ="
}

// Of PowerShell: about_Comment_Based_Help,
// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_comment_based_help.
bool is_in_help(std::string_view text, std::size_t at) {
  const std::string_view head = before(text, at, kReach);
  const std::size_t open = head.rfind("<#");
  if (open == head.npos || head.find("#>", open) != head.npos) return false;
  return contains_any(head.substr(open), {".SYNOPSIS", ".DESCRIPTION", ".EXAMPLE"});
}

// Of Perl: perlpod, https://perldoc.perl.org/perlpod. A paragraph that begins with "=head1" opens it, "=cut" ends it.
bool is_in_pod(std::string_view text, std::size_t at) {
  const std::string_view head = before(text, at, kReach);
  const std::size_t sign = head.rfind("\n=");
  if (sign == head.npos || head.substr(sign + 2).starts_with("cut")) return false;
  return starts_with_any(head.substr(sign + 2), {"head", "item", "over", "back", "pod", "begin", "end", "for"});
}

}  // namespace

bool is_in_doc_comment(std::string_view text, std::size_t at, std::string_view path) noexcept {
  if (is_powershell(path)) return is_in_help(text, at);
  if (file_kind(path) != FileKind::code) return false;
  if (path.ends_with(".py") && is_in_doc_string(text, at)) return true;
  if ((path.ends_with(".ex") || path.ends_with(".exs")) && is_in_elixir_doc(text, at)) return true;
  if (path.ends_with(".go") && is_in_usage(text, at)) return true;
  if ((path.ends_with(".pm") || path.ends_with(".pl")) && is_in_pod(text, at)) return true;
  const std::size_t line = line_begin(text, at);
  const std::size_t first = text.find_first_not_of(" \t", line);
  return first < at && text[first] == '*' && first + 1 < text.size() && is_space(text[first + 1]);
}

namespace {

bool ends_in_example(std::string_view lower_line) {
  constexpr std::string_view kEnds[] = {"example:", "examples:", "e.g:", "e.g.:", "e.g."};
  return std::any_of(std::begin(kEnds), std::end(kEnds), [&](std::string_view e) { return lower_line.ends_with(e); });
}

}  // namespace

bool is_under_example(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kNear = 1024, kMostLines = 12;
  std::string_view head = before(text, at, kNear);
  for (std::size_t lines = 0; lines <= kMostLines; ++lines) {
    std::string_view line = last_line(head);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == line.npos || (line[first] != '#' && !line.substr(first).starts_with("//"))) return false;
    const Lowered says(without_blanks_behind(line));
    if (lines > 0 && ends_in_example(says.text)) return true;
    if (line.size() == head.size()) return false;
    head.remove_suffix(line.size() + 1);
  }
  return false;
}

bool is_asserted(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kNear = 512;
  std::string_view line = last_line(before(text, at, kNear));
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  for (const std::string_view call : {"self.", "this.", "$this->", "self::"})
    if (line.starts_with(call)) line.remove_prefix(call.size());
  return starts_with_any(line, {"assert", "expect(", "refute"});
}

bool is_in_picture_address(std::string_view text, ByteRange value) noexcept {
  constexpr std::size_t kNear = 2048;
  constexpr std::string_view kPictures[] = {"png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "ico", "mp4", "webm"};
  std::string_view head = before(text, value.begin, kNear);
  head.remove_prefix(head.find_last_of(" \t\r\n\"'`<>()") + 1);  // npos + 1: nothing
  const std::string_view place = head.substr(0, head.find('?'));
  if (!head.starts_with("https://") || place.size() == head.size()) return false;
  return any_of(kPictures, place.substr(place.rfind('.') + 1));
}

bool is_sent_to_this_machine(std::string_view text, ByteRange value) noexcept {
  constexpr std::size_t kNear = 512;
  const std::size_t line = before(text, value.begin, kNear).size();
  std::string_view command = text.substr(value.begin - line, line + kNear);
  const std::string_view head = last_line(command.substr(0, line));
  command.remove_prefix(line - head.size());
  std::size_t end = command.find('\n');
  while (end != command.npos && end > 0 && command[end - 1] == '\\') end = command.find('\n', end + 1);
  command = command.substr(0, end);
  const std::size_t scheme = command.find("://");
  if (head.find("curl ") == head.npos || scheme == command.npos) return false;
  return starts_with_any(command.substr(scheme + 3), {"localhost", "127.0.0.1", "[::1]", "0.0.0.0"}) &&
         command.find("://", scheme + 3) == command.npos;
}

bool is_in_signed_address(std::string_view text, ByteRange value) noexcept {
  constexpr std::size_t kNear = 2048;
  constexpr std::string_view kBorders = " \t\r\n\"'`<>()";
  std::string_view head = before(text, value.begin, kNear);
  head.remove_prefix(head.find_last_of(kBorders) + 1);  // npos + 1: nothing
  if (!head.starts_with("https://") || head.find('?') == head.npos) return false;
  std::string_view whole = text.substr(value.begin - head.size(), head.size() + kNear);
  whole = whole.substr(0, whole.find_first_of(kBorders));
  const auto says = [&](std::string_view part) { return whole.find(part) != whole.npos; };
  // Of keys that last it shows the id, which opens nothing, and what was signed is over within a week.
  if (head.ends_with("X-Amz-Credential=") && says("X-Amz-Expires=") && says("X-Amz-Signature=")) return true;
  return (says("AWSAccessKeyId=ASIA") && says("&Expires=") && says("Signature=")) ||
         (says("X-Amz-Credential=ASIA") && says("X-Amz-Expires=") && says("X-Amz-Signature="));
}

namespace {

bool is_base58(char c) { return is_alnum(c) && c != '0' && c != 'O' && c != 'I' && c != 'l'; }

// 32 bytes, or the 64 of a signature.
bool is_address(std::string_view word) {
  return (word.size() == 43 || word.size() == 44 || word.size() == 87 || word.size() == 88) &&
         std::all_of(word.begin(), word.end(), is_base58) && std::any_of(word.begin(), word.end(), is_digit) &&
         std::any_of(word.begin(), word.end(), is_upper) && std::any_of(word.begin(), word.end(), is_lower);
}

}  // namespace

bool is_among_addresses(std::string_view text, ByteRange value) noexcept {
  constexpr std::size_t kNear = 600, kFewest = 2;
  const std::string_view v = text.substr(value.begin, value.end - value.begin);
  if (v.size() > 44 || !is_address(v)) return false;
  const std::size_t from = value.begin - std::min(value.begin, kNear);
  const std::string_view near = text.substr(from, value.end + kNear - from);
  std::size_t others = 0;
  for (std::size_t begin = 0; begin < near.size();) {
    std::size_t end = begin;
    while (end < near.size() && is_alnum(near[end])) ++end;
    const std::string_view word = near.substr(begin, end - begin);
    others += word != v && is_address(word);
    begin = end + 1;
  }
  return others >= kFewest;
}

bool is_shown_as_example(std::string_view text, ByteRange value) {
  constexpr std::string_view kShown[] = {"placeholder", "example", "examples", "sample"};
  constexpr std::size_t kNear = 32;
  const std::size_t from = value.begin - std::min(value.begin, kNear);
  std::string_view head = text.substr(from, value.begin - from);
  const std::size_t end = head.find_last_not_of(" \t\"'`=:>{[\\");
  if (end == head.npos || end + 1 == head.size()) return false;
  head = head.substr(0, end + 1);
  std::size_t begin = head.size();
  while (begin > 0 && is_name_char(head[begin - 1])) --begin;
  return any_of(kShown, head.substr(begin));
}

}  // namespace launchgate::secrets
