// The small commands: version, help, and how errors are said.
#include <fmt/format.h>

#include "adapters/escape.hpp"
#include "cmd/pages.hpp"
#include "cmd/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/secrets/front_database.hpp"

namespace launchgate::cmd {

Error stdout_lost() { return {ErrorCode::io, "stdout: cannot be written", "is the disk full, or the pipe closed?"}; }

int print_out(std::string_view text, Console& console) {
  if (console.write_out(adapters::ci_inert(text))) return exit_code::clean;
  return report_error(stdout_lost(), console);
}

// The last door for foreign names, whoever made the sentence: CI systems read commands from stderr too.
int report_error(const Error& error, Console& console) {
  std::string text = fmt::format("launchgate: {}\n", printable(error.what));
  if (!error.hint.empty()) text += fmt::format("  {}\n", printable(error.hint));
  console.write_error(adapters::ci_inert(text));
  return exit_code_of(error);
}

int run_version(const Options& options, Console& console) {
  const char* engine = secrets::FrontDatabase::library_version();
  const std::string text =
      options.json
          ? fmt::format("{{\"name\":\"launchgate\",\"version\":\"{}\",\"hyperscan\":\"{}\"}}\n", LG_VERSION, engine)
          : fmt::format("launchgate {} (Hyperscan {})\n", LG_VERSION, engine);
  return print_out(text, console);
}

int run_help(const Options& options, Console& console) {
  if (options.markdown) return print_out(cli_page(), console);
  const Command* command = nullptr;
  if (!options.words.empty()) {
    std::string name = options.words[0];
    if (options.words.size() > 1) name += " " + options.words[1];
    command = find_command(name);
    if (command == nullptr) return report_error(unknown_command(options.words).error, console);
  }
  return print_out(help_text(command), console);
}

}  // namespace launchgate::cmd
