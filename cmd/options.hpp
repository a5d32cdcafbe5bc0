// The command line as data. Every command is a row of the table in commands.cpp with its flags; help, parsing and
// docs/cli.md all walk that table, so a flag is declared once.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libscan/core/result.hpp"

namespace launchgate::cmd {

// What the command line said, unjudged. One field per flag; a command reads the ones it declares.
struct Options {
  std::string command;
  std::vector<std::string> words;  // positional arguments

  // scan
  bool staged = false, history = false, unreachable = false, stdin_blob = false, all_files = false, explain = false;
  bool since_last = false;
  std::string range, name, url, shard, baseline;
  unsigned threads = 0;
  std::string max_file_size, fail_on;
  bool no_ignores = false;

  // rules
  std::vector<std::string> rules;
  bool no_default_rules = false;

  // smoke, gate, promote-check
  std::string environment, release, verdict, max_age, purpose, ledger, deployment;
  bool force = false, stdout_only = false;

  // output
  std::string config, format;
  std::vector<std::string> out;
  bool no_color = false, quiet = false, verbose = false, json = false, markdown = false;
};

using Field =
    std::variant<bool Options::*, unsigned Options::*, std::string Options::*, std::vector<std::string> Options::*>;

struct Flag {
  std::string_view name;   // "--threads"
  std::string_view value;  // "N" as help shows it; empty for a switch
  std::string_view help;   // one line
  Field field;
};

class Console;

struct Command {
  std::string_view name;   // "scan", "baseline create"
  std::string_view words;  // positional arguments as help shows them: "[PATH]"
  std::size_t max_words;
  std::string_view summary;  // one line
  std::span<const Flag> flags;
  int (*run)(const Options&, Console&);
};

// The table, in the order help shows it.
std::span<const Command> commands() noexcept;
const Command* find_command(std::string_view name) noexcept;
std::span<const Flag> common_flags() noexcept;

// Parses argv[1..]. The command's name may be two words ("rules list"). An unknown command or flag is an Error of
// kind usage with the nearest name.
Result<Options> parse_options(int argc, const char* const* argv);

// With the nearest name, or the commands that begin so.
Unexpected unknown_command(std::span<const std::string> words);

std::string help_text(const Command* command);  // null: the overview

}  // namespace launchgate::cmd
