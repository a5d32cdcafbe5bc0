// rules list | show | test
#include <fmt/format.h>

#include <algorithm>

#include "cmd/pages.hpp"
#include "cmd/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/engine/rule_choice.hpp"
#include "libscan/engine/suppression.hpp"
#include "libscan/git/repository.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/rule_lint.hpp"
#include "libscan/secrets/rule_loader.hpp"
#include "libscan/secrets/rule_samples.hpp"

extern char** environ;

namespace launchgate::cmd {
namespace {

// The rules that `launchgate scan` would use here.
Result<secrets::RuleSet> chosen(const Options& options, Console& console) {
  auto target = git::find_target(".", git::Environment::from(environ));
  if (!target) return Unexpected{target.error()};
  auto settings = engine::load_settings(target->root, options.config);
  if (!settings) return Unexpected{settings.error()};
  engine::RuleOptions o;
  o.root = target->root;
  o.configured = settings->rules;
  o.files = options.rules;
  o.builtin = !options.no_default_rules;
  read_gitleaks_environment(o, console);
  std::vector<Note> notes;
  auto rules = engine::choose_rule_set(o, notes);
  if (rules && !options.quiet)
    for (const Note& n : notes)
      if (n.level == Note::Level::warning)
        console.write_error(fmt::format("launchgate: warning: {}\n", printable(n.text)));
  return rules;
}

std::string counted(std::size_t n, std::string_view what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

}  // namespace

int run_rules_list(const Options& options, Console& console) {
  auto rules = chosen(options, console);
  if (!rules) return report_error(rules.error(), console);
  if (options.markdown) return print_out(catalogue_page(*rules), console);
  std::string out;
  for (const secrets::Rule& r : rules->rules)
    out += fmt::format("{:<34} {:<15} {}\n", printable(r.id), to_string(r.severity), printable(r.description));
  return print_out(out + fmt::format("{} rules\n", rules->rules.size()), console);
}

int run_rules_show(const Options& options, Console& console) {
  if (options.words.empty())
    return report_error({ErrorCode::usage, "rules show: which rule?", "`launchgate rules list` names them"}, console);
  auto rules = chosen(options, console);
  if (!rules) return report_error(rules.error(), console);
  const std::string& id = options.words[0];
  const auto at =
      std::find_if(rules->rules.begin(), rules->rules.end(), [&](const secrets::Rule& r) { return r.id == id; });
  if (at == rules->rules.end()) {
    std::vector<std::string_view> names;
    for (const secrets::Rule& r : rules->rules) names.push_back(r.id);
    const std::string_view near = nearest(id, names);
    return report_error({ErrorCode::usage, fmt::format("rules show: no rule '{}'", printable(id)),
                         near.empty() ? "`launchgate rules list` names them; a file of rules is added with --rules FILE"
                                      : fmt::format("did you mean {}? `launchgate rules list` names them all", near)},
                        console);
  }
  std::string out = fmt::format("{}  ({}, confidence {})\n{}\n", at->id, to_string(at->severity),
                                to_string(at->confidence), at->description);
  const auto line = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {:<10} {}\n", label, printable(value));
  };
  line("why", at->why);
  line("fix", at->fix);
  line("url", at->url);
  line("regex", at->regex);
  line("path", at->path);
  line("keywords", fmt::format("{}", fmt::join(at->keywords, ", ")));
  line("validator", at->validator);
  return print_out(out, console);
}

// Loads each file by itself, so that a complaint is about that file; then cost and samples.
int run_rules_test(const Options& options, Console& console) {
  if (options.words.empty())
    return report_error({ErrorCode::usage, "rules test: which file?", "name one or more rule files in TOML"}, console);
  std::size_t complaints = 0, rules_seen = 0, samples_seen = 0;
  for (const std::string& file : options.words) {
    auto text = engine::read_rule_file(file);
    if (!text) return report_error(text.error(), console);
    secrets::LoadOptions load;
    load.defaults = &secrets::builtin_rules();
    load.read_file = engine::read_rule_file;
    auto loaded = secrets::load_rules(*text, file, load);
    if (!loaded) return report_error(loaded.error(), console);
    auto outcome = secrets::test_samples(loaded->rules);
    if (!outcome) return report_error(outcome.error(), console);
    auto found = secrets::lint_rules(loaded->rules);
    found.insert(found.end(), outcome->failures.begin(), outcome->failures.end());
    for (const secrets::LintFinding& c : found)
      console.write_error(fmt::format("{}: rule '{}': {}\n", printable(c.where.empty() ? file : c.where),
                                      printable(c.rule), printable(c.what)));
    complaints += found.size();
    rules_seen += loaded->rules.rules.size();
    samples_seen += outcome->samples;
  }
  const int printed = print_out(fmt::format("{}, {}, {}\n", counted(rules_seen, "rule"),
                                            counted(samples_seen, "sample"), counted(complaints, "complaint")),
                                console);
  return complaints > 0 ? exit_code::findings : printed;
}

}  // namespace launchgate::cmd
