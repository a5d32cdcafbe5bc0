#include "adapters/escape.hpp"

#include <algorithm>
#include <cctype>

#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

constexpr char kHexLower[] = "0123456789abcdef";
constexpr char kHexUpper[] = "0123456789ABCDEF";

bool ascii_graphic(char c) noexcept { return c > ' ' && c < 0x7f; }
bool ascii_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool ascii_alphanumeric(char c) noexcept { return ascii_letter(c) || (c >= '0' && c <= '9'); }

// The value of a well-formed sequence of 1 to 4 bytes.
char32_t decoded(std::string_view sequence) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0);
  char32_t value = byte(0) & (0xff >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) value = value << 6 | (byte(i) & 0x3f);
  return value;
}

// Legal in JSON, yet able to move a terminal's cursor, end a line or turn the reading direction (see printable()).
bool escaped_in_json(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void append_json_escape(std::string& out, char32_t c) {
  switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHexLower[(c >> shift) & 15]);
}

void append_percent(std::string& out, char c) {
  const auto u = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(kHexUpper[u >> 4]);
  out.push_back(kHexUpper[u & 15]);
}

// One line of a finished text, without its end.
void append_inert_line(std::string& out, std::string_view line) {
  const std::size_t colons = line.find("::");
  // The runner trims every kind of Unicode blank, so anything that is no ASCII graphic counts as one here.
  const bool leading =
      colons != std::string_view::npos &&
      std::none_of(line.begin(), line.begin() + static_cast<long>(colons), [](char c) { return ascii_graphic(c); });
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char next = i + 1 < line.size() ? line[i + 1] : '\0';
    if (leading && i == colons)
      out += "\\x3a";
    else if (line[i] == '#' && i > 0 && line[i - 1] == '#' && (next == '[' || ascii_letter(next)))
      out += "\\x23";
    else
      out.push_back(line[i]);
  }
}

// `s`, printable and with the pair `##` broken everywhere: for formats whose lines are commands themselves.
std::string plain(std::string_view s) { return ci_inert("|" + printable(s)).substr(1); }

std::string github_escaped(std::string_view s, bool property) {
  std::string out;
  for (const char c : s) {
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
      append_percent(out, c);
    else
      out.push_back(c);
  }
  return out;
}

bool plain_link(std::string_view word) noexcept {
  constexpr std::string_view kAllowed = "-._~/?#=&%:+,;@";
  return word.starts_with("https://") && word.size() > 8 && std::all_of(word.begin(), word.end(), [&](char c) {
           return ascii_alphanumeric(c) || kAllowed.find(c) != std::string_view::npos;
         });
}

std::string code_of_entities(std::string_view shown) {
  std::string out = "<code>";
  for (const char c : shown) {
    if (ascii_graphic(c) && !ascii_alphanumeric(c))
      out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else
      out.push_back(c);
  }
  return out + "</code>";
}

bool follows_www(std::string_view word) noexcept {
  return word.size() >= 3 && std::all_of(word.end() - 3, word.end(), [](char c) { return c == 'w' || c == 'W'; });
}

// Prose without spaces in it. Only what could mean something there is escaped, to keep the source readable.
void append_markdown_word(std::string& out, std::string_view word) {
  // Punctuation behind a link is the sentence's.
  const std::size_t end = word.find_last_not_of(".,;:)") + 1;
  if (plain_link(word.substr(0, end))) {
    out += '<';
    out += word.substr(0, end);
    out += '>';
    word.remove_prefix(end);
  }
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const bool first_of_word = i == 0;
    if (c == '@')
      out += "@<!-- -->";  // a mention needs the name right behind the sign
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == ':' && word.substr(i).starts_with("://"))
      out += "&#58;";  // a link that is not plain https://
    else if (c == '.' && follows_www(word.substr(0, i)))
      out += "&#46;";  // GFM makes a link of "www." too
    else if (std::string_view("\\`*_[]#|~$").find(c) != std::string_view::npos ||
             (first_of_word && std::string_view("-+=:").find(c) != std::string_view::npos))
      (out += '\\') += c;
    else
      out.push_back(c);
  }
}

void append_markdown_prose(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    append_markdown_word(out, text.substr(0, end));
    if (end < text.size()) out.push_back(' ');
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string ci_inert(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    append_inert_line(out, text.substr(0, end));
    if (end < text.size()) out.push_back('\n');
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void append_json_string(std::string& out, std::string_view s) {
  out.push_back('"');
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t length = utf8_length(s.substr(i));
    const char32_t c = decoded(s.substr(i, length));
    if (length == 1 && c >= 0x80)
      out += "\xef\xbf\xbd";
    else if (c == '"' || c == '\\')
      (out += '\\') += static_cast<char>(c);
    else if (escaped_in_json(c))
      append_json_escape(out, c);
    else if (c == '#' && i > 0 && s[i - 1] == '#')
      out += "\\u0023";
    else
      out += s.substr(i, length);
    i += length;
  }
  out.push_back('"');
}

std::string xml(std::string_view s) {
  const std::string shown = printable(s);
  std::string out;
  out.reserve(shown.size());
  for (std::size_t i = 0; i < shown.size();) {
    const std::string_view sequence = std::string_view(shown).substr(i, utf8_length(std::string_view(shown).substr(i)));
    const char32_t c = decoded(sequence);
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '#': out += i > 0 && shown[i - 1] == '#' ? "&#35;" : "#"; break;
      case ':': out += i > 0 && shown[i - 1] == ':' ? "&#58;" : ":"; break;
      case 0xfffe:
      case 0xffff: out += "\xef\xbf\xbd"; break;  // no Char of XML 1.0 section 2.2
      default: out += sequence;
    }
    i += sequence.size();
  }
  return out;
}

std::string csv_field(std::string_view s) {
  std::string out = "\"";
  const std::string shown = plain(s);
  // What spreadsheets start a formula with (OWASP, "CSV Injection"); blanks before it do not stop them.
  const std::size_t first = shown.find_first_not_of(' ');
  if (first != std::string::npos && std::string_view("=+-@|%").find(shown[first]) != std::string_view::npos)
    out += '\'';
  for (const char c : shown) {
    if (c == '"') out += '"';
    out.push_back(c);
  }
  return out + '"';
}

std::string github_message(std::string_view s) { return github_escaped(plain(s), false); }
std::string github_property(std::string_view s) { return github_escaped(plain(s), true); }

std::string markdown(std::string_view s) {
  const std::string shown = printable(s);
  std::string out;
  std::string_view rest = shown;
  while (!rest.empty()) {  // `a command` in a message stays code
    const std::size_t open = rest.find('`');
    const std::size_t close = open == std::string_view::npos ? open : rest.find('`', open + 1);
    if (close == std::string_view::npos) {
      append_markdown_prose(out, rest);
      break;
    }
    append_markdown_prose(out, rest.substr(0, open));
    out += markdown_code(rest.substr(open + 1, close - open - 1));
    rest.remove_prefix(close + 1);
  }
  return out;
}

std::string markdown_code(std::string_view s) {
  const std::string shown = printable(s);
  if (shown.empty()) return {};
  std::size_t longest = 0, run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  // GFM splits table cells before it looks at code, and `\\|` ends one even in code: no escape is safe but entities.
  if (shown.find('|') != std::string::npos) return code_of_entities(shown);
  const std::string fence(longest + 1, '`');
  const std::string_view pad = shown.front() == '`' || shown.back() == '`' ? " " : "";
  return fence + std::string(pad) + shown + std::string(pad) + fence;
}

std::string relative_uri(std::string_view path) {
  while (path.starts_with("./") || path.starts_with('/')) path.remove_prefix(path.front() == '/' ? 1 : 2);
  std::string out;
  for (const char c : path) {
    // RFC 3986 unreserved and what a path segment may hold; a colon could pass for a scheme.
    if (ascii_alphanumeric(c) || std::string_view("-._~/!$&'()*+,;=@").find(c) != std::string_view::npos)
      out.push_back(c);
    else
      append_percent(out, c);
  }
  return out;
}

}  // namespace launchgate::adapters
