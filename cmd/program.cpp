#include "cmd/program.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <array>
#include <csignal>
#include <cstring>
#include <exception>

#include "cmd/run.hpp"

namespace launchgate {
namespace {

using namespace cmd;

// `launchgate --help`, `-h`, `--version`: everyone tries these first.
const char* command_for(const char* word) {
  if (std::strcmp(word, "--help") == 0 || std::strcmp(word, "-h") == 0) return "help";
  if (std::strcmp(word, "--version") == 0 || std::strcmp(word, "-V") == 0) return "version";
  return word;
}

int run(int argc, const char* const* argv, Console& console) {
  std::vector<const char*> words(argv, argv + argc);
  if (argc == 1) {
    console.write_error(help_text(nullptr));
    return exit_code::usage;
  }
  words[1] = command_for(words[1]);
  auto options = parse_options(argc, words.data());
  if (!options) return report_error(options.error(), console);
  return find_command(options->command)->run(*options, console);
}

// Large contents come and go in all sizes. glibc would learn from the first ones to keep them on its heap (mallopt(3),
// M_MMAP_THRESHOLD: "dynamic"), where the gaps between them are never given back: a third more memory on a history.
//
// With the threshold fixed, so is the one for shrinking the heap, at 128 KiB: a regular expression's search that takes
// and frees a quarter of a megabyte would grow and shrink it each time, a thirteenth of a scan of application code.
void keep_large_blocks_off_the_heap() {
#ifdef M_MMAP_THRESHOLD
  ::mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  ::mallopt(M_TRIM_THRESHOLD, 4 * 1024 * 1024);
#endif
}

}  // namespace

int run_program(int argc, char** argv) noexcept {
  keep_large_blocks_off_the_heap();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write(), told by exit code
  Console& console = process_console();
  try {
    return run(argc, argv, console);
  } catch (const std::exception& e) {  // out of memory, or a fault of ours
    console.write_error(fmt::format("launchgate: internal error: {}\n", e.what()));
  } catch (...) {
    console.write_error("launchgate: internal error\n");
  }
  return exit_code::internal;
}

}  // namespace launchgate
