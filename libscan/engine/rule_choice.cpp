#include "libscan/engine/rule_choice.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "libscan/core/text.hpp"
#include "libscan/engine/rule_cache.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/rule_loader.hpp"

namespace launchgate::engine {
namespace {

constexpr std::size_t kMaxRuleFile = std::size_t{16} << 20;

class Chooser {
 public:
  Chooser(const RuleOptions& options, std::vector<Note>& notes) : options_(options), notes_(notes) {}

  bool only_builtin() const { return options_.builtin && !changed_; }
  secrets::RuleSet take() {
    if (only_builtin()) set_ = secrets::builtin_rules();
    return std::move(set_);
  }

  Result<void> choose() {
    if (auto r = add_gitleaks_config(); !r) return r;
    for (const auto* files : {&options_.configured, &options_.files})
      for (const std::string& file : *files)
        if (auto r = add_file(file); !r) return r;
    return {};
  }

 private:
  Result<void> add_gitleaks_config() {
    if (options_.gitleaks_config) return add_file(*options_.gitleaks_config);
    if (options_.gitleaks_config_toml) return add(*options_.gitleaks_config_toml, "GITLEAKS_CONFIG_TOML");
    const std::string in_root = options_.root + "/.gitleaks.toml";
    if (options_.root.empty() || ::access(in_root.c_str(), F_OK) != 0) return {};
    return add_file(in_root);
  }

  Result<void> add_file(const std::string& path) {
    auto text = read_rule_file(path);
    if (!text) return Unexpected{text.error()};
    return add(*text, path);
  }

  Result<void> add(const std::string& text, const std::string& name) {
    if (only_builtin()) set_ = secrets::builtin_rules();
    secrets::LoadOptions load;
    load.defaults = changed_ || options_.builtin ? &set_ : &secrets::builtin_rules();
    load.read_file = read_rule_file;
    auto loaded = secrets::load_rules(text, name, load);
    if (!loaded) return Unexpected{loaded.error()};
    for (std::string& w : loaded->warnings) notes_.push_back({Note::Level::warning, std::move(w), ""});
    notes_.push_back({Note::Level::info, "rules: also from " + printable(name), ""});
    set_ = loaded->extends_defaults ? std::move(loaded->rules) : secrets::merge_rules(std::move(set_), loaded->rules);
    changed_ = true;
    return {};
  }

  const RuleOptions& options_;
  std::vector<Note>& notes_;
  secrets::RuleSet set_;
  bool changed_ = false;
};

}  // namespace

Result<std::string> read_rule_file(const std::string& path) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::config, fmt::format("{}: cannot read the rule file: {}", printable(path), why),
                "check the path; it is taken relative to the current folder");
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return refuse(std::strerror(errno));
  std::string text;
  char buffer[16 << 10];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, n);
    if (text.size() > kMaxRuleFile) return refuse("it is larger than 16 MiB");
  }
  if (std::ferror(file.get()) != 0) return refuse(std::strerror(errno));
  return text;
}

Result<secrets::RuleSet> choose_rule_set(const RuleOptions& options, std::vector<Note>& notes) {
  Chooser chooser(options, notes);
  if (auto r = chooser.choose(); !r) return Unexpected{r.error()};
  return chooser.take();
}

Result<ChosenRules> choose_rules(const RuleOptions& options) {
  std::vector<Note> notes;
  Chooser chooser(options, notes);
  if (auto r = chooser.choose(); !r) return Unexpected{r.error()};
  auto matcher =
      chooser.only_builtin() ? secrets::builtin_matcher() : compile_cached(chooser.take(), options.cache_dir);
  if (!matcher) return Unexpected{matcher.error()};
  return ChosenRules{std::move(*matcher), std::move(notes)};
}

std::function<bool(std::string_view)> knows_rule(std::shared_ptr<const secrets::Matcher> matcher) {
  return [matcher = std::move(matcher)](std::string_view id) {
    return secrets::find_rule(matcher->rules(), id) != nullptr;
  };
}

std::vector<RuleInfo> rule_infos(const secrets::RuleSet& rules) {
  std::vector<RuleInfo> out;
  out.reserve(rules.rules.size());
  for (const secrets::Rule& r : rules.rules) {
    if (r.skip_report) continue;
    out.push_back(
        {r.id, r.description.empty() ? r.id : r.description, r.why, r.fix, r.url, r.severity, r.confidence, r.tags});
  }
  return out;
}

}  // namespace launchgate::engine
