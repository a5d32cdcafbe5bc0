// What CI systems would read as a command in a program's output: an oracle for tests, written from the runners'
// grammars and apart from the code that escapes. Header-only, so that fuzz targets have it too.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace launchgate::testing {

struct CiCommand {
  std::string name;     // "error", "vso[task.setvariable", …
  std::string line;     // as printed
  std::string message;  // unescaped, for GitHub's `::` commands
};

namespace detail {

inline std::vector<std::string_view> lines(std::string_view s) {
  // .NET's line reader, which the runner uses, ends a line at LF, CR or CRLF.
  std::vector<std::string_view> out;
  while (!s.empty()) {
    const std::size_t end = std::min(s.find_first_of("\r\n"), s.size());
    out.push_back(s.substr(0, end));
    s.remove_prefix(std::min(end + 1, s.size()));
  }
  return out;
}

// The runner trims Unicode white space: these are all there are beyond ASCII's.
inline std::string_view trimmed(std::string_view s) {
  static const std::string_view kBlanks[] = {" ",
                                             "\t",
                                             "\v",
                                             "\f",
                                             "\xc2\x85",
                                             "\xc2\xa0",
                                             "\xe1\x9a\x80",
                                             "\xe2\x80\x80",
                                             "\xe2\x80\x81",
                                             "\xe2\x80\x82",
                                             "\xe2\x80\x83",
                                             "\xe2\x80\x84",
                                             "\xe2\x80\x85",
                                             "\xe2\x80\x86",
                                             "\xe2\x80\x87",
                                             "\xe2\x80\x88",
                                             "\xe2\x80\x89",
                                             "\xe2\x80\x8a",
                                             "\xe2\x80\xa8",
                                             "\xe2\x80\xa9",
                                             "\xe2\x80\xaf",
                                             "\xe2\x81\x9f",
                                             "\xe3\x80\x80"};
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : kBlanks)
      if (s.starts_with(blank)) s.remove_prefix(blank.size()), again = true;
  }
  return s;
}

inline std::string unescaped(std::string s) {
  const std::pair<std::string_view, std::string_view> kPairs[] = {{"%0D", "\r"}, {"%0A", "\n"}, {"%25", "%"}};
  for (const auto& [from, to] : kPairs)
    for (std::size_t at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size()))
      s.replace(at, from.size(), to);
  return s;
}

// "##[" or "##word[", anywhere in the line; empty when there is none.
inline std::string old_command(const std::string& line) {
  for (std::size_t at = line.find("##"); at != std::string::npos; at = line.find("##", at + 1)) {
    std::size_t end = at + 2;
    while (end < line.size() && std::isalpha(static_cast<unsigned char>(line[end])) != 0) ++end;
    if (end < line.size() && line[end] == '[') return line.substr(at, end - at);
  }
  return {};
}

}  // namespace detail

inline std::vector<CiCommand> ci_commands(std::string_view output) {
  std::vector<CiCommand> out;
  for (const std::string_view raw : detail::lines(output)) {
    const std::string line(raw);
    const std::string_view text = detail::trimmed(raw);
    if (text.starts_with("::")) {
      const std::size_t end = text.find("::", 2);
      if (end != std::string_view::npos) {
        const std::string_view head = text.substr(2, end - 2);
        out.push_back(
            {std::string(head.substr(0, head.find(' '))), line, detail::unescaped(std::string(text.substr(end + 2)))});
        continue;
      }
    }
    const std::string old = detail::old_command(line);
    if (!old.empty()) out.push_back({old, line, {}});
  }
  return out;
}

// Well-formed by RFC 3629, decided byte by byte.
inline bool is_utf8(std::string_view s) {
  const auto in = [&](std::size_t i, int low, int high) {
    if (i >= s.size()) return false;
    const int byte = static_cast<unsigned char>(s[i]);
    return byte >= low && byte <= high;
  };
  for (std::size_t i = 0; i < s.size();) {  // the table of RFC 3629 section 4
    if (in(i, 0x00, 0x7f))
      i += 1;
    else if (in(i, 0xc2, 0xdf) && in(i + 1, 0x80, 0xbf))
      i += 2;
    else if ((in(i, 0xe0, 0xe0) && in(i + 1, 0xa0, 0xbf) && in(i + 2, 0x80, 0xbf)) ||
             ((in(i, 0xe1, 0xec) || in(i, 0xee, 0xef)) && in(i + 1, 0x80, 0xbf) && in(i + 2, 0x80, 0xbf)) ||
             (in(i, 0xed, 0xed) && in(i + 1, 0x80, 0x9f) && in(i + 2, 0x80, 0xbf)))
      i += 3;
    else if ((in(i, 0xf0, 0xf0) && in(i + 1, 0x90, 0xbf) && in(i + 2, 0x80, 0xbf) && in(i + 3, 0x80, 0xbf)) ||
             (in(i, 0xf1, 0xf3) && in(i + 1, 0x80, 0xbf) && in(i + 2, 0x80, 0xbf) && in(i + 3, 0x80, 0xbf)) ||
             (in(i, 0xf4, 0xf4) && in(i + 1, 0x80, 0x8f) && in(i + 2, 0x80, 0xbf) && in(i + 3, 0x80, 0xbf)))
      i += 4;
    else
      return false;
  }
  return true;
}

// Control characters other than line ends, and characters that turn the reading direction.
inline bool moves_terminal(std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto byte = static_cast<unsigned char>(s[i]);
    if ((byte < 0x20 && s[i] != '\n' && s[i] != '\r') || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < s.size() && static_cast<unsigned char>(s[i + 1]) < 0xa0) return true;  // C1
    const std::string_view three = s.substr(i, 3);
    if (three >= "\xe2\x80\xa8" && three <= "\xe2\x80\xae") return true;
    if (three >= "\xe2\x81\xa6" && three <= "\xe2\x81\xa9" && three.size() == 3) return true;
  }
  return false;
}

}  // namespace launchgate::testing
