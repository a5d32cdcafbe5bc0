#include "libscan/secrets/rule_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

#include "libscan/config/toml.hpp"
#include "libscan/core/text.hpp"
#include "libscan/secrets/readers.hpp"
#include "libscan/secrets/validators.hpp"

namespace launchgate::secrets {
namespace {

using config::Place;
using config::Table;
using config::TableReader;
using config::Value;

// Keys of betterleaks, a relative of gitleaks, that we know and do not act on.
constexpr std::array<std::string_view, 3> kForeignTopKeys{"betterleaksMinVersion", "prefilter", "filter"};
constexpr std::array<std::string_view, 5> kForeignRuleKeys{"prefilter", "filter", "validate", "specificity",
                                                           "tokenEfficiency"};

std::string lowered(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return std::tolower(c); });
  return s;
}

std::vector<std::string> lowered(std::vector<std::string> all) {
  for (std::string& s : all) s = lowered(std::move(s));
  return all;
}

// Go writes a named group (?<name>…) too; RE2 only (?P<name>…).
std::string re2_syntax(std::string_view go) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < go.size(); ++i) {
    out += go[i];
    if (go[i] == '\\' && i + 1 < go.size()) {
      out += go[++i];
    } else if (in_class) {
      in_class = go[i] != ']';
    } else if (go[i] == '[') {
      in_class = true;
      // A bracket that comes first is a member: []abc] and [^]abc].
      if (go.substr(i + 1).starts_with("^")) out += go[++i];
      if (go.substr(i + 1).starts_with("]")) out += go[++i];
    } else if (go.substr(i).starts_with("(?<") && i + 3 < go.size() && go[i + 3] != '=' && go[i + 3] != '!') {
      out += "?P";
      ++i;
    }
  }
  return out;
}

// "e4}…": hexadecimal, up to the brace.
bool beyond_ascii(std::string_view digits) {
  digits = digits.substr(0, digits.find('}'));
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.size() > 2 || (digits.size() == 2 && digits[0] >= '8');
}

// Go's expressions see characters, ours bytes: files are of any encoding. Beyond ASCII a set or a class of characters
// means something else then.
bool sees_characters(std::string_view regex) {
  bool in_class = false;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    const std::string_view rest = regex.substr(i);
    if (in_class && static_cast<unsigned char>(regex[i]) >= 0x80) return true;
    if (rest.starts_with("\\p") || rest.starts_with("\\P")) return true;
    if (rest.starts_with("\\x{") && beyond_ascii(rest.substr(3))) return true;
    if (regex[i] == '\\')
      ++i;
    else
      in_class = in_class ? regex[i] != ']' : regex[i] == '[';
  }
  return false;
}

class FileReader {
 public:
  explicit FileReader(std::string_view file) : file_(file) {}

  Result<RuleFile> read(const Table& top) {
    TableReader r = reader(top, {1, 1}, "");
    out_.own.title = r.string("title").value_or("");
    r.string("description");
    r.string("minVersion");  // a version of gitleaks: says nothing about us
    ignore_foreign(r, kForeignTopKeys);
    if (const Table* extend = r.table("extend"))
      if (auto ok = read_extend(*extend, r.place_of("extend")); !ok) return Unexpected{ok.error()};
    for (const Value* rule : r.tables("rules"))
      if (auto ok = read_rule(*rule); !ok) return Unexpected{ok.error()};
    if (auto ok = read_allowlists(r, "", out_.own.allowlists); !ok) return Unexpected{ok.error()};
    if (auto ok = r.finish(); !ok) return Unexpected{ok.error()};
    return std::move(out_);
  }

 private:
  TableReader reader(const Table& table, Place place, std::string context) const {
    return {table, place, file_, std::move(context), /*ignore_case=*/true};
  }

  std::string where(Place p) const { return fmt::format("{}:{}:{}", printable(file_), p.line, p.column); }

  void warn(const TableReader& r, Place at, std::string_view what) {
    out_.warnings.push_back(r.error_at(at, what).error.what);
  }

  // One warning a key, at its first place: catalogues of betterleaks hold hundreds.
  template <class Keys>
  void ignore_foreign(TableReader& r, const Keys& keys) {
    for (const std::string_view key : keys)
      if (r.raw(key) != nullptr && foreign_seen_.insert(key).second)
        warn(r, r.place_of(key), fmt::format("'{}' is a key of betterleaks and has no effect here", key));
  }

  Result<void> read_extend(const Table& table, Place place) {
    TableReader r = reader(table, place, "[extend]");
    out_.extend.use_default = r.boolean("useDefault").value_or(false);
    out_.extend.path = r.string("path").value_or("");
    out_.extend.disabled_rules = r.strings("disabledRules");
    out_.extend.where = where(r.place_of(out_.extend.path.empty() ? "useDefault" : "path"));
    out_.extend.disabled_where = where(r.place_of("disabledRules"));
    if (!r.string("url").value_or("").empty())
      r.reject(r.place_of("url"), "'url' is not supported: rules are never fetched from the network",
               "download the file, review it, and name it in 'path'");
    if (out_.extend.use_default && !out_.extend.path.empty())
      r.reject(r.place_of("path"), "'path' and 'useDefault' cannot be used together",
               "put useDefault = true into the file that 'path' names");
    if (auto ok = r.finish(); !ok) return ok;
    if (!out_.extend.disabled_rules.empty() && !out_.extend.use_default && out_.extend.path.empty())
      warn(r, r.place_of("disabledRules"), "'disabledRules' has no effect without 'useDefault' or 'path'");
    return {};
  }

  // ---- one rule ------------------------------------------------------------------------------------------------

  Result<void> read_rule(const Value& value) {
    const Table& table = std::get<Table>(value.data);
    Rule rule;
    rule.id = reader(table, value.place, "").string("id").value_or("");
    const std::string name = rule.id.empty() ? "[[rules]]" : fmt::format("[[rules]] '{}'", rule.id);
    TableReader r = reader(table, value.place, name);
    rule.id = r.string("id").value_or("");
    rule.description = r.string("description").value_or("");
    std::tie(rule.regex, rule.regex_where) = expression(r, "regex");
    std::tie(rule.path, rule.path_where) = expression(r, "path");
    rule.secret_group = count(r, "secretGroup").value_or(0);
    rule.entropy = r.number("entropy").value_or(0);
    rule.keywords = keywords(r);
    rule.tags = r.strings("tags");
    read_flag(r, "skipReport", rule.skip_report, rule.stated.skip_report);
    read_own_keys(r, rule);
    ignore_foreign(r, kForeignRuleKeys);
    if (auto ok = read_allowlists(r, name, rule.allowlists); !ok) return ok;
    for (const Value* required : r.tables("required", "rules.required"))
      if (auto ok = read_required(*required, name, rule); !ok) return ok;
    if (!(rule.entropy >= 0)) r.reject(r.place_of("entropy"), "'entropy' must not be negative");
    if (rule.entropy >= 8)
      warn(r, r.place_of("entropy"), "no secret has more than 8 bits a byte of entropy: the rule finds nothing");
    if (auto ok = r.finish(); !ok) return ok;
    if (rule.id.empty()) return r.error_at(value.place, "the rule has no 'id'", "give it one: id = \"my-token\"");
    add(std::move(rule), r, value.place);
    return {};
  }

  // The later of two rules with one id counts, as in gitleaks.
  void add(Rule rule, const TableReader& r, Place place) {
    const auto [at, is_new] = out_.where.emplace(rule.id, where(place));
    if (!is_new) {
      warn(r, place, fmt::format("the id is taken by the rule at {}, which this one replaces", at->second));
      at->second = where(place);
      std::erase_if(out_.own.rules, [&](const Rule& other) { return other.id == rule.id; });
    }
    out_.own.rules.push_back(std::move(rule));
  }

  void read_own_keys(TableReader& r, Rule& rule) {
    read_word(r, "severity", parse_severity, "\"launch-blocker\", \"high-risk\" or \"can-wait\"", rule.severity,
              rule.stated.severity);
    read_word(r, "confidence", parse_confidence, "\"high\", \"medium\" or \"low\"", rule.confidence,
              rule.stated.confidence);
    rule.why = r.string("why").value_or("");
    rule.fix = r.string("fix").value_or("");
    rule.url = r.string("url").value_or("");
    rule.validator = r.string("validator").value_or("");
    if (!rule.validator.empty() && find_validator(rule.validator) == nullptr)
      reject_name(r, "validator", rule.validator, validators());
    rule.reader = r.string("reader").value_or("");
    if (!rule.reader.empty() && find_reader(rule.reader) == nullptr) reject_name(r, "reader", rule.reader, readers());
    read_flag(r, "judge_value", rule.judge_value, rule.stated.judge_value);
    read_flag(r, "binary", rule.binary, rule.stated.binary);
    rule.names = r.strings("names");
    if (!rule.names.empty() && !(rule.regex.empty() && rule.path.empty()))
      r.reject(r.place_of("names"), "'names' is for rules without 'regex' and 'path'",
               "such a rule renames what the generic rules find beside these names");
    rule.samples = r.strings("samples");
    rule.non_samples = r.strings("non_samples");
  }

  // `known`: what goes by such names.
  template <class Known>
  static void reject_name(TableReader& r, std::string_view key, std::string_view name, Known known) {
    std::vector<std::string_view> names;
    for (const auto& one : known) names.push_back(one.name);
    const std::string_view near = name.size() > 64 ? "" : nearest(name, names);
    r.reject(r.place_of(key), fmt::format("there is no {} '{}'", key, ellipsize(printable(name), 40)),
             near.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : fmt::format("did you mean '{}'?", near));
  }

  static void read_flag(TableReader& r, std::string_view key, bool& to, bool& stated) {
    const std::optional<bool> value = r.boolean(key);
    stated = value.has_value();
    to = value.value_or(false);
  }

  template <class Parse, class Enum>
  static void read_word(TableReader& r, std::string_view key, Parse parse, std::string_view choices, Enum& to,
                        bool& stated) {
    const auto word = r.string(key);
    if (!word) return;
    const auto value = parse(*word);
    stated = true;
    if (value)
      to = *value;
    else
      r.reject(r.place_of(key), fmt::format("'{}' cannot be '{}'", key, ellipsize(printable(*word), 40)),
               fmt::format("write {}", choices));
  }

  static std::pair<std::string, Place> placed(TableReader& r, std::string_view key) {
    std::string text = r.string(key).value_or("");
    const Value* value = r.raw(key);
    return {std::move(text), value == nullptr ? Place{} : value->place};
  }

  // An expression with its place; both empty when there is none.
  std::pair<std::string, std::string> expression(TableReader& r, std::string_view key) {
    const auto [text, place] = placed(r, key);
    if (text.empty()) return {};
    if (sees_characters(text))
      warn(r, place, fmt::format("'{}' has a set or class of characters beyond ASCII, and matches bytes here", key));
    return {re2_syntax(text), where(place)};
  }

  static std::optional<std::uint32_t> count(TableReader& r, std::string_view key) {
    const auto n = r.integer(key);
    if (!n) return std::nullopt;
    if (*n >= 0 && *n <= 1'000'000'000) return static_cast<std::uint32_t>(*n);
    r.reject(r.place_of(key), fmt::format("'{}' must not be negative or over 1000000000", key));
    return std::nullopt;
  }

  std::vector<std::string> keywords(TableReader& r) {
    std::vector<std::string> all = lowered(r.strings("keywords"));
    if (std::erase(all, "") != 0) warn(r, r.place_of("keywords"), "an empty keyword says nothing and is ignored");
    return all;
  }

  Result<void> read_required(const Value& value, const std::string& rule_name, Rule& rule) {
    TableReader r = reader(std::get<Table>(value.data), value.place, rule_name + ", required");
    Required required;
    required.rule = r.string("id").value_or("");
    required.within_lines = count(r, "withinLines");
    required.within_columns = count(r, "withinColumns");
    if (auto ok = r.finish(); !ok) return ok;
    if (required.rule.empty()) return r.error_at(value.place, "'id' is missing", "name the rule that must match too");
    out_.required.emplace(std::pair(rule.id, required.rule), where(r.place_of("id")));
    rule.required.push_back(std::move(required));
    return {};
  }

  // ---- allowlists ----------------------------------------------------------------------------------------------

  // `allowlists` and the older `allowlist`, of a rule or (owner empty) of the file.
  Result<void> read_allowlists(TableReader& r, const std::string& owner, std::vector<Allowlist>& out) {
    const std::string_view section = owner.empty() ? "allowlists" : "rules.allowlists";
    const auto now = r.tables("allowlists", section);
    const auto old = r.tables("allowlist", section);
    if (r.has("allowlists") && r.has("allowlist")) {
      const Place place = r.place_of("allowlist");
      return r.error_at(place, "'allowlist' cannot be used beside 'allowlists'", "rename it to 'allowlists'");
    }
    const std::string context = owner.empty() ? "[[allowlists]]" : owner + ", allowlist";
    for (const auto* lists : {&now, &old})
      for (const Value* list : *lists)
        if (auto ok = read_allowlist(*list, context, owner.empty(), out); !ok) return ok;
    return {};
  }

  Result<void> read_allowlist(const Value& value, const std::string& context, bool global,
                              std::vector<Allowlist>& out) {
    TableReader r = reader(std::get<Table>(value.data), value.place, context);
    Allowlist list;
    list.description = r.string("description").value_or("");
    list.all = read_condition(r);
    list.commits = lowered(r.strings("commits"));
    list.paths = patterns(r, "paths");
    list.target = read_target(r);
    list.regexes = patterns(r, "regexes");
    list.stopwords = lowered(r.strings("stopwords"));
    if (global) list.target_rules = r.strings("targetRules");
    for (const std::string& id : list.target_rules) out_.targets.emplace_back(id, where(r.place_of("targetRules")));
    if (std::find(list.stopwords.begin(), list.stopwords.end(), "") != list.stopwords.end())
      r.reject(r.place_of("stopwords"), "an empty stopword would allow everything", "remove it");
    if (auto ok = r.finish(); !ok) return ok;
    if (list.commits.empty() && list.paths.empty() && list.regexes.empty() && list.stopwords.empty())
      return r.error_at(value.place, "the allowlist allows nothing",
                        "give it at least one of commits, paths, regexes, stopwords, or remove it");
    out.push_back(std::move(list));
    return {};
  }

  static bool read_condition(TableReader& r) {
    const std::string word = lowered(r.string("condition").value_or(""));
    if (!word.empty() && word != "or" && word != "||" && word != "and" && word != "&&")
      r.reject(r.place_of("condition"), "'condition' is neither \"OR\" nor \"AND\"",
               "\"OR\": one kind of criterion is enough; \"AND\": every kind that is given must hold");
    return word == "and" || word == "&&";
  }

  static Allowlist::Target read_target(TableReader& r) {
    const std::string word = lowered(r.string("regexTarget").value_or(""));
    if (word == "match") return Allowlist::Target::match;
    if (word == "line") return Allowlist::Target::line;
    if (!word.empty() && word != "secret")
      r.reject(r.place_of("regexTarget"), "'regexTarget' names no part of a finding",
               "write \"secret\", \"match\" or \"line\"");
    return Allowlist::Target::secret;
  }

  std::vector<Pattern> patterns(TableReader& r, std::string_view key) const {
    std::vector<Pattern> out;
    const std::vector<std::string> texts = r.strings(key);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Place place = std::get<config::Array>(r.raw(key)->data)[i].place;
      if (texts[i].empty())
        r.reject(place, fmt::format("an empty expression in '{}' allows everything", key), "remove it");
      out.push_back({re2_syntax(texts[i]), where(place)});
    }
    return out;
  }

  std::string_view file_;
  RuleFile out_;
  std::set<std::string_view> foreign_seen_;
};

}  // namespace

Result<RuleFile> parse_rule_file(std::string_view toml, std::string_view file_name) {
  const auto top = config::parse_toml(toml, file_name);
  if (!top) return Unexpected{top.error()};
  return FileReader(file_name).read(*top);
}

}  // namespace launchgate::secrets
