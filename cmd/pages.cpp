// The pages of docs/ that are made from the program itself: `./dev docs` writes them, CI compares them.
#include <fmt/format.h>

#include "cmd/options.hpp"
#include "cmd/pages.hpp"
#include "libscan/core/severity.hpp"

namespace launchgate::cmd {
namespace {

// '|' ends a table cell and '<' begins HTML.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|')
      out += "\\|";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

std::string flag_table(std::span<const Flag> flags) {
  std::string out = "| option | what it does |\n|---|---|\n";
  for (const Flag& f : flags)
    out += fmt::format("| `{}{}{}` | {} |\n", f.name, f.value.empty() ? "" : " ", cell(f.value), cell(f.help));
  return out + "\n";
}

// The first command with the very same options as `c`, which may be `c` itself.
const Command& first_with_flags_of(const Command& c) {
  for (const Command& other : commands())
    if (other.flags.data() == c.flags.data() && other.flags.size() == c.flags.size()) return other;
  return c;
}

}  // namespace

std::string cli_page() {
  std::string out =
      "# The command line\n\n"
      "Made by `./dev docs` from the program's own table; `launchgate help COMMAND` prints the same.\n\n"
      "Exit codes, every command: `0` clean or PROMOTE, `1` findings at or over `--fail-on` or BLOCK, `2` usage or\n"
      "configuration (nothing was scanned or sent), `3` could not decide or HOLD, `4` internal error.\n\n"
      "Options of every command:\n\n";
  out += flag_table(common_flags());
  for (const Command& c : commands()) {
    out += fmt::format("## launchgate {}{}{}\n\n{}.\n\n", c.name, c.words.empty() ? "" : " ", c.words, c.summary);
    if (c.flags.empty()) continue;
    const Command& first = first_with_flags_of(c);
    out += first.name == c.name ? flag_table(c.flags) : fmt::format("Options: those of `{}`.\n\n", first.name);
  }
  out.pop_back();
  return out;
}

std::string catalogue_page(const secrets::RuleSet& rules) {
  std::string out =
      "# The built-in rules\n\n"
      "Made by `./dev docs` from `rules/*.toml`; `launchgate rules show ID` tells more about one.\n\n"
      "| rule | severity | confidence | finds |\n|---|---|---|---|\n";
  for (const secrets::Rule& r : rules.rules) {
    if (r.skip_report) continue;
    std::string what = r.url.empty() ? cell(r.description) : fmt::format("[{}]({})", cell(r.description), r.url);
    for (const std::string& entry : r.names)
      what.append(&entry == &r.names.front() ? ": " : ", ").append(cell(entry.substr(0, entry.find(':'))));
    out += fmt::format("| `{}` | {} | {} | {} |\n", r.id, to_string(r.severity), to_string(r.confidence), what);
  }
  return out;
}

}  // namespace launchgate::cmd
