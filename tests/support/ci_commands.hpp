// What CI systems would read as a command in a program's output: an oracle for tests, written from the runners'
// grammars and apart from the code that escapes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace launchgate::testing {

struct CiCommand {
  std::string name;     // "error", "vso[task.setvariable", …
  std::string line;     // as printed
  std::string message;  // unescaped, for GitHub's `::` commands
};

std::vector<CiCommand> ci_commands(std::string_view output);

// Well-formed by RFC 3629, decided byte by byte.
bool is_utf8(std::string_view s);

// Control characters other than line ends, and characters that turn the reading direction.
bool moves_terminal(std::string_view s);

}  // namespace launchgate::testing
