#include "cmd/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "libscan/core/text.hpp"

namespace launchgate::cmd {
namespace {

std::string usage_hint(const Command* command) {
  return command == nullptr ? "`launchgate help` lists the commands"
                            : fmt::format("see `launchgate help {}`", command->name);
}

void bind(CLI::App& app, const Flag& flag, Options& options) {
  const std::string name(flag.name), help(flag.help);
  std::visit(
      [&](auto member) {
        auto& target = options.*member;
        using T = std::remove_reference_t<decltype(target)>;
        if constexpr (std::is_same_v<T, bool>) {
          app.add_flag(name, target, help);
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          const bool many = flag.value.ends_with("...");  // values up to the next flag; otherwise one, repeatable
          app.add_option(name, target, help)->expected(1, many ? 1 << 20 : 1)->take_all();
        } else {
          app.add_option(name, target, help);
        }
      },
      flag.field);
}

std::vector<std::string_view> flag_names(const Command& command) {
  std::vector<std::string_view> names;
  for (const Flag& f : command.flags) names.push_back(f.name);
  for (const Flag& f : common_flags()) names.push_back(f.name);
  return names;
}

Unexpected unknown_flag(const Command& command, std::string_view word) {
  const std::string_view flag = word.substr(0, word.find('='));
  const auto names = flag_names(command);
  const std::string_view near = nearest(flag, names);
  return fail(ErrorCode::usage, fmt::format("{}: unknown option {}", command.name, printable(flag)),
              near.empty() ? usage_hint(&command) : fmt::format("did you mean {}?", near));
}

// One or two words of argv name the command; the rest are its arguments.
const Command* command_of(int argc, const char* const* argv, int& used) {
  if (argc > 2) {
    if (const Command* two = find_command(fmt::format("{} {}", argv[1], argv[2]))) return used = 2, two;
  }
  used = 1;
  return find_command(argv[1]);
}

// --rules takes any number of values, so a PATH behind it lands among them: the first value that is no .toml file.
void sort_out_words(Options& o, std::size_t max_words) {
  const auto looks_like_rules = [](const std::string& v) { return v.ends_with(".toml"); };
  const auto stray = std::find_if_not(o.rules.begin(), o.rules.end(), looks_like_rules);
  if (o.rules.size() > 1 && stray != o.rules.begin() && stray != o.rules.end() && o.words.size() < max_words) {
    o.words.insert(o.words.end(), stray, o.rules.end());
    o.rules.erase(stray, o.rules.end());
  }
}

}  // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  Options options;
  if (argc < 2) return fail(ErrorCode::usage, "no command given", usage_hint(nullptr));
  int used = 0;
  const Command* command = command_of(argc, argv, used);
  if (command == nullptr) {
    const bool two = argc > 2 && argv[2][0] != '-';
    return unknown_command(std::vector<std::string>(argv + 1, argv + (two ? 3 : 2)));
  }
  options.command = std::string(command->name);

  CLI::App app;
  app.set_help_flag();
  bool help = false;
  app.add_flag("-h,--help", help);
  for (const Flag& f : command->flags) bind(app, f, options);
  for (const Flag& f : common_flags()) bind(app, f, options);
  if (command->max_words > 0) app.add_option("words", options.words)->expected(0, static_cast<int>(command->max_words));
  app.allow_extras();
  std::vector<std::string> arguments(argv + 1 + used, argv + argc);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them last first
  try {
    app.parse(arguments);
  } catch (const CLI::Error& e) {
    return fail(ErrorCode::usage, fmt::format("{}: {}", command->name, printable(e.what())), usage_hint(command));
  }
  if (help) {
    options.command = "help";
    options.words = {std::string(command->name)};
    return options;
  }
  for (const std::string& extra : app.remaining()) {
    if (extra == "--") continue;  // what follows are words, whatever they begin with; CLI11 keeps the mark itself
    if (extra.size() > 1 && extra[0] == '-') return unknown_flag(*command, extra);
    return fail(ErrorCode::usage, fmt::format("{}: unexpected argument '{}'", command->name, printable(extra)),
                usage_hint(command));
  }
  sort_out_words(options, command->max_words);
  return options;
}

namespace {

// "rules" alone: the commands it could be the beginning of.
std::string commands_of(std::string_view family) {
  std::string out;
  for (const Command& c : commands())
    if (c.name.starts_with(std::string(family) + " "))
      out += (out.empty() ? "`launchgate " : ", `launchgate ") + std::string(c.name) + "`";
  return out;
}

std::string flag_lines(std::span<const Flag> flags) {
  std::string out;
  for (const Flag& f : flags)
    out += fmt::format("  {:<28} {}\n", f.value.empty() ? std::string(f.name) : fmt::format("{} {}", f.name, f.value),
                       f.help);
  return out;
}

}  // namespace

Unexpected unknown_command(std::span<const std::string> words) {
  const std::string name = fmt::format("{}", fmt::join(words, " "));
  const std::string what = fmt::format("unknown command '{}'", printable(name));
  if (!words.empty())
    if (const std::string family = commands_of(words[0]); !family.empty())
      return fail(ErrorCode::usage, what, "there are " + family);
  std::vector<std::string_view> names;
  for (const Command& c : commands()) names.push_back(c.name);
  std::string_view near = nearest(name, names);
  if (near.empty() && !words.empty()) near = nearest(words[0], names);
  return fail(ErrorCode::usage, what,
              near.empty() ? usage_hint(nullptr) : fmt::format("did you mean `launchgate {}`?", near));
}

std::string help_text(const Command* command) {
  if (command == nullptr) {
    std::string out = "launchgate decides whether a release may go out.\n\nusage: launchgate COMMAND [OPTIONS]\n\n";
    for (const Command& c : commands()) out += fmt::format("  {:<18} {}\n", c.name, c.summary);
    return out +
           "\nStart with `launchgate scan` inside a repository. `launchgate help COMMAND` tells more.\n"
           "Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 could not decide, 4 internal error.\n";
  }
  std::string out = fmt::format("usage: launchgate {} {}{}\n\n{}.\n\n", command->name, command->words,
                                command->words.empty() ? "[OPTIONS]" : " [OPTIONS]", command->summary);
  return out + flag_lines(command->flags) + (command->flags.empty() ? "" : "\n") + flag_lines(common_flags());
}

}  // namespace launchgate::cmd
