#include "libscan/secrets/rule_loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "libscan/core/text.hpp"
#include "libscan/secrets/rule_file.hpp"

namespace launchgate::secrets {
namespace {

namespace fs = std::filesystem;

std::string normal(const fs::path& path) { return path.lexically_normal().generic_string(); }

std::string shown(std::string_view id) { return "'" + ellipsize(printable(id), 80) + "'"; }

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  Result<LoadedRules> load(std::string_view toml, const std::string& name) {
    auto rules = assemble(toml, name);
    if (!rules) return Unexpected{rules.error()};
    out_.rules = *std::move(rules);
    if (auto ok = check_complete(); !ok) return Unexpected{ok.error()};
    if (auto ok = check_required(); !ok) return Unexpected{ok.error()};
    if (!options_.partial) check_targets();
    return std::move(out_);
  }

 private:
  // What the file says on top of what it extends. The recursion goes through extended(), which bounds it.
  Result<RuleSet> assemble(std::string_view toml, const std::string& name) {
    auto file = parse_rule_file(toml, name);
    if (!file) return Unexpected{file.error()};
    std::move(file->warnings.begin(), file->warnings.end(), std::back_inserter(out_.warnings));
    where_.insert(file->where.begin(), file->where.end());
    required_.insert(file->required.begin(), file->required.end());
    targets_.insert(targets_.end(), file->targets.begin(), file->targets.end());
    chain_.push_back(normal(name));
    auto base = extended(file->extend, name);
    chain_.pop_back();
    if (!base) return base;
    return merge_rules(disable(*std::move(base), file->extend), file->own);
  }

  Result<RuleSet> extended(const Extend& extend, const std::string& file) {
    if (!extend.path.empty()) return extend_file(extend, file);
    if (!extend.use_default) return RuleSet{};
    if (options_.defaults == nullptr)
      return refuse(extend, "'useDefault' cannot be used here: these are the default rules");
    if (too_deep()) return refuse_depth(extend);
    out_.extends_defaults = true;
    return *options_.defaults;
  }

  Result<RuleSet> extend_file(const Extend& extend, const std::string& from) {
    if (!options_.read_file) return refuse(extend, "'path' cannot be used here", "put all rules into this file");
    std::string path = normal(fs::path(from).parent_path() / extend.path);
    auto text = options_.read_file(path);
    if (!text && path != normal(extend.path)) {
      auto as_written = options_.read_file(extend.path);
      if (as_written) path = normal(extend.path), text = std::move(as_written);
    }
    if (!text) return refuse(extend, "cannot extend: " + text.error().what, text.error().hint);
    if (std::find(chain_.begin(), chain_.end(), path) != chain_.end())
      return refuse(extend, shown(path) + " extends itself, by way of this file", "remove one of the two");
    if (too_deep()) return refuse_depth(extend);
    return assemble(*text, path);
  }

  bool too_deep() const { return chain_.size() > kMaxExtendDepth; }

  static Unexpected refuse_depth(const Extend& extend) {
    return refuse(extend, fmt::format("files extend each other more than {} deep", kMaxExtendDepth),
                  "put the rules of the innermost files into one");
  }

  static Unexpected refuse(const Extend& extend, const std::string& what, std::string hint = {}) {
    return fail(ErrorCode::config, fmt::format("{}: in [extend]: {}", extend.where, what), std::move(hint));
  }

  RuleSet disable(RuleSet base, const Extend& extend) {
    if (!extend.use_default && extend.path.empty()) return base;
    for (const std::string& id : extend.disabled_rules)
      if (std::erase_if(base.rules, [&](const Rule& r) { return r.id == id; }) == 0)
        warn(extend.disabled_where, fmt::format("disabledRules: what is extended has no rule {}", shown(id)));
    return base;
  }

  Result<void> check_complete() {
    std::vector<Rule>& rules = out_.rules.rules;
    for (const Rule& r : rules) {
      if (!r.regex.empty() || !r.path.empty() || !r.names.empty()) continue;
      if (!out_.extends_defaults)
        return fail(ErrorCode::config,
                    fmt::format("{}: rule {} has neither 'regex' nor 'path'", place_of(r), shown(r.id)),
                    "to change a rule of the catalogue, say so: [extend] useDefault = true");
      warn(place_of(r), fmt::format("launchgate's catalogue has no rule {}, so what is said about it has no effect; "
                                    "allowlists for all rules are written [[allowlists]]",
                                    shown(r.id)));
    }
    std::erase_if(rules, [](const Rule& r) { return r.regex.empty() && r.path.empty() && r.names.empty(); });
    return {};
  }

  Result<void> check_required() {
    const std::set<std::string_view> known = ids();
    for (const Rule& r : out_.rules.rules)
      for (const Required& required : r.required)
        if (!known.contains(required.rule)) {
          const std::string_view near = required.rule.size() > 64 ? "" : nearest(required.rule, known);
          return fail(ErrorCode::config,
                      fmt::format("{}: rule {} requires {}, which does not exist", place_of(r, required), shown(r.id),
                                  shown(required.rule)),
                      near.empty() ? "define it in this file" : fmt::format("did you mean {}?", shown(near)));
        }
    return {};
  }

  void check_targets() {
    const std::set<std::string_view> known = ids();
    for (const auto& [id, where] : targets_)
      if (!known.contains(id)) warn(where, fmt::format("targetRules: there is no rule {} here", shown(id)));
  }

  std::set<std::string_view> ids() const {
    std::set<std::string_view> all;
    for (const Rule& r : out_.rules.rules) all.insert(r.id);
    return all;
  }

  const std::string& place_of(const Rule& r) const {
    const auto at = where_.find(r.id);
    return at == where_.end() ? r.regex_where : at->second;
  }

  const std::string& place_of(const Rule& r, const Required& required) const {
    const auto at = required_.find({r.id, required.rule});
    return at == required_.end() ? place_of(r) : at->second;
  }

  void warn(const std::string& where, const std::string& what) { out_.warnings.push_back(where + ": " + what); }

  const LoadOptions& options_;
  LoadedRules out_;
  std::vector<std::string> chain_;            // files being read, outermost first
  std::map<std::string, std::string> where_;  // rule id -> its place, the outermost file's
  std::vector<std::pair<std::string, std::string>> targets_;
  std::map<std::pair<std::string, std::string>, std::string> required_;
};

// ---- merging -----------------------------------------------------------------------------------------------------

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& s : from)
    if (std::find(to.begin(), to.end(), s) == to.end()) to.push_back(s);
}

void override_if_set(std::string& to, const std::string& from) {
  if (!from.empty()) to = from;
}

template <class T>
void override_if(bool stated, T& to, T from) {
  if (stated) to = from;
}

// A stated key stays stated, so that merging in steps gives what merging at once does.
template <class T>
void override_if(bool stated, T& to, T from, bool& to_stated) {
  override_if(stated, to, from);
  to_stated |= stated;
}

void forget_expression(Rule& r) {
  r.secret_group = 0;
  r.validator.clear();
  r.reader.clear();
  r.judge_value = r.binary = false;
  r.samples.clear();
  r.non_samples.clear();
}

void override_rule(Rule& base, const Rule& extra) {
  if (!extra.regex.empty() && extra.regex != base.regex) forget_expression(base);
  override_if_set(base.description, extra.description);
  override_if_set(base.regex, extra.regex);
  override_if_set(base.regex_where, extra.regex_where);
  override_if_set(base.path, extra.path);
  override_if_set(base.path_where, extra.path_where);
  override_if(extra.secret_group != 0, base.secret_group, extra.secret_group);
  override_if(extra.entropy != 0, base.entropy, extra.entropy);
  append_new(base.keywords, extra.keywords);
  append_new(base.tags, extra.tags);
  append_new(base.names, extra.names);
  append(base.allowlists, extra.allowlists);
  append(base.required, extra.required);
  override_if(extra.stated.skip_report, base.skip_report, extra.skip_report, base.stated.skip_report);

  override_if(extra.stated.severity, base.severity, extra.severity, base.stated.severity);
  override_if(extra.stated.confidence, base.confidence, extra.confidence, base.stated.confidence);
  override_if(extra.stated.judge_value, base.judge_value, extra.judge_value, base.stated.judge_value);
  override_if(extra.stated.binary, base.binary, extra.binary, base.stated.binary);
  override_if_set(base.why, extra.why);
  override_if_set(base.fix, extra.fix);
  override_if_set(base.url, extra.url);
  override_if_set(base.validator, extra.validator);
  override_if_set(base.reader, extra.reader);
  append(base.samples, extra.samples);
  append(base.non_samples, extra.non_samples);
}

}  // namespace

Result<LoadedRules> load_rules(std::string_view toml, std::string_view file_name, const LoadOptions& options) {
  return Loader(options).load(toml, std::string(file_name));
}

RuleSet merge_rules(RuleSet base, const RuleSet& extra) {
  std::map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < base.rules.size(); ++i) at.emplace(base.rules[i].id, i);
  for (const Rule& rule : extra.rules) {
    const auto known = at.find(rule.id);
    if (known == at.end())
      base.rules.push_back(rule);
    else
      override_rule(base.rules[known->second], rule);
  }
  std::sort(base.rules.begin(), base.rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  append(base.allowlists, extra.allowlists);
  if (base.title.empty()) base.title = extra.title;
  return base;
}

}  // namespace launchgate::secrets
