// The small commands: version, help, and how errors are said.
#include <fmt/format.h>

#include "cmd/pages.hpp"
#include "cmd/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/secrets/front_database.hpp"

namespace launchgate::cmd {

int report_error(const Error& error, Console& console) {
  std::string text = fmt::format("launchgate: {}\n", error.what);
  if (!error.hint.empty()) text += fmt::format("  {}\n", error.hint);
  console.write_error(text);
  return exit_code_of(error);
}

int run_version(const Options& options, Console& console) {
  const char* engine = secrets::FrontDatabase::library_version();
  const std::string text =
      options.json
          ? fmt::format("{{\"name\":\"launchgate\",\"version\":\"{}\",\"hyperscan\":\"{}\"}}\n", LG_VERSION, engine)
          : fmt::format("launchgate {} (Hyperscan {})\n", LG_VERSION, engine);
  return console.write_out(text) ? exit_code::clean : exit_code::internal;
}

int run_help(const Options& options, Console& console) {
  if (options.markdown) return console.write_out(cli_page()) ? exit_code::clean : exit_code::internal;
  const Command* command = nullptr;
  if (!options.words.empty()) {
    std::string name = options.words[0];
    if (options.words.size() > 1) name += " " + options.words[1];
    command = find_command(name);
    if (command == nullptr)
      return report_error(
          {ErrorCode::usage, fmt::format("no command '{}'", printable(name)), "`launchgate help` lists them"}, console);
  }
  return console.write_out(help_text(command)) ? exit_code::clean : exit_code::internal;
}

}  // namespace launchgate::cmd
