// Runs one program to its end without a shell: words in, output out, in bounded time and memory.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace launchgate::gate {

struct Ran {
  int status = -1;    // exit code; -1: could not be started, killed, out of time or too talkative
  std::string out;    // stdout
  std::string error;  // stderr, its first few KiB
};

struct Program {
  std::vector<std::string> words;  // words[0] is found by PATH
  std::string folder = ".";
  std::vector<std::pair<std::string, std::string>> env;  // added to our own environment
  std::string_view input;
  int timeout_ms = 60'000;
  std::size_t max_out = std::size_t{32} << 20;
};

// Thread-safe.
Ran run_program_to_end(const Program& program);

}  // namespace launchgate::gate
