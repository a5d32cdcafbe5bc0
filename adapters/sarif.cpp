// SARIF 2.1.0 in the shape GitHub code scanning wants it. Where the standard leaves a choice, GitHub's documentation
// ("SARIF support for code scanning") and its upload action decide:
//  - a clean run still lists its rules, for an alert closes only when a later upload of the same category lacks it;
//  - of more than 5,000 results GitHub keeps 5,000, in an order it does not promise: we cut, worst first, and say so;
//  - `security-severity` makes a security alert of it: a number in a string, critical only *over* 9.0;
//  - only the first location counts, and there must be one: what has none points at the configuration;
//  - `primaryLocationLineHash` decides which alert a result is; it is computed from the file where that was at hand
//    (core/line_hash.hpp), exactly as GitHub's action would, else from what was found, which survives edits better.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "adapters/escape.hpp"
#include "adapters/finding_json.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "adapters/json_writer.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

constexpr std::size_t kMaxResults = 5000;
constexpr std::size_t kMaxRules = 25000;
constexpr std::size_t kMaxTags = 10;
constexpr std::size_t kMaxRuleText = 1000;  // GitHub: 1,024 characters
constexpr std::size_t kMaxMessage = 4000;

std::string_view level(Severity s) {
  switch (s) {
    case Severity::launch_blocker: return "error";
    case Severity::high_risk: return "warning";
    case Severity::can_wait: return "note";
  }
  return "warning";
}

std::string_view security_severity(Severity s) {
  switch (s) {
    case Severity::launch_blocker: return "9.5";  // critical
    case Severity::high_risk: return "8.0";       // high
    case Severity::can_wait: return "3.0";        // low
  }
  return "8.0";
}

// Runs with different questions must not close each other's alerts; tree, index and range ask the same one.
std::string category(const Report& report, const RenderOptions& options) {
  std::string name = options.category;
  if (name.empty()) {
    name = "launchgate";
    for (const std::string_view other : {"history", "url", "smoke", "gate"})
      if (report.mode == other) name += "-" + report.mode;
  }
  return printable(name) + "/";  // what stands behind the last slash would be the run's id
}

// "[text](target)" is a link in a SARIF message (section 3.11.6), with a target of the text's own choosing.
std::string message_text(std::string_view s, std::size_t most) {
  std::string text = ellipsize(printable(s), most);
  for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 2))
    text.insert(at + 1, " ");
  return text.empty() ? "(no text)" : text;
}

void write_text(JsonWriter& json, std::string_view key, std::string_view s, std::size_t most = kMaxRuleText) {
  json.key(key).object().member("text", message_text(s, most)).end_object();
}

// "forge-token" -> "ForgeToken": the readable rule name SARIF asks for.
std::string camel(std::string_view id) {
  std::string out;
  bool start = true;
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9')) out += start && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    start = !letter;
  }
  return out.empty() ? "Rule" : out.substr(0, 255);
}

class SarifRun {
 public:
  SarifRun(const Report& report, const RenderOptions& options)
      : report_(report), options_(options), issues_(report), ranked_(issues_.worst_first()), json_(out_) {
    omitted_ = ranked_.size() - std::min(ranked_.size(), kMaxResults);
    ranked_.resize(ranked_.size() - omitted_);
    collect_rules();
  }

  std::string render() {
    json_.object().line(1).member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_.line(1).member("version", "2.1.0").line(1).key("runs").array().object();
    tool();
    json_.line(2).key("automationDetails").object().member("id", category(report_, options_)).end_object();
    json_.line(2).member("columnKind", "unicodeCodePoints");
    invocation();
    json_.line(2).key("results").array();
    Ordinals ordinals;
    for (const Finding* f : ranked_) result(*f, ordinals);
    if (!ranked_.empty()) json_.end_line(2);
    json_.end_array().end_line(1).end_object().end_array().end_line(0).end_object();
    return std::move(out_) + "\n";
  }

 private:
  // Every rule that ran, then those results name without one (checks, rules of merged reports).
  void collect_rules() {
    for (const RuleInfo& rule : report_.rules)
      if (rules_.size() < kMaxRules && index_.emplace(rule.id, rules_.size()).second) {
        rules_.push_back(rule);
        rules_.back().tags.insert(rules_.back().tags.begin(), "security");
      }
    for (const Finding* f : ranked_) {
      if (rules_.size() >= kMaxRules || !index_.emplace(f->rule, rules_.size()).second) continue;
      const auto check = std::find_if(report_.checks.begin(), report_.checks.end(),
                                      [&](const CheckResult& c) { return c.id == f->rule; });
      RuleInfo rule;
      rule.id = f->rule;
      rule.title = check == report_.checks.end() || check->title.empty() ? f->rule : check->title;
      rule.fix = f->fix;
      rule.severity = f->severity;
      rule.confidence = f->confidence;
      rule.tags = {check == report_.checks.end() ? "security" : "deployment"};
      rules_.push_back(std::move(rule));
    }
  }

  void tool() {
    json_.line(2).key("tool").object().key("driver").object();
    json_.member("name", "launchgate").member("semanticVersion", report_.version.empty() ? "0.0.0" : report_.version);
    json_.key("rules").array();
    for (const RuleInfo& r : rules_) rule(r);
    if (!rules_.empty()) json_.end_line(2);
    json_.end_array().end_object().end_object();
  }

  void rule(const RuleInfo& r) {
    const std::string& title = r.title.empty() ? r.id : r.title;
    json_.line(3).object().member("id", r.id);
    // A name that only repeats the id breaks rule SARIF1001.
    if (const std::string name = camel(r.id); name.size() != r.id.size()) json_.member("name", name);
    write_text(json_, "shortDescription", title);
    write_text(json_, "fullDescription", r.why.empty() ? title + "." : r.why);
    json_.key("help").object();
    json_.member("text", message_text(title + ". " + r.why + (r.why.empty() ? "" : " ") + r.fix, kMaxMessage));
    json_.member("markdown", help_markdown(r, title)).end_object();
    if (r.url.starts_with("https://")) json_.member("helpUri", uri(r.url));
    json_.key("defaultConfiguration").object().member("level", level(r.severity)).end_object();
    json_.key("properties").object().key("tags").array();
    for (std::size_t i = 0; i < std::min(r.tags.size(), kMaxTags); ++i) json_.value(r.tags[i]);
    json_.end_array().member("precision", to_string(r.confidence));
    // A slow login page is an alert, but no security alert.
    if (r.tags.front() == "security")
      json_.member("security-severity", security_severity(r.severity));
    else
      json_.member("problem.severity", r.severity == Severity::can_wait ? "recommendation" : level(r.severity));
    json_.end_object().end_object();
  }

  static std::string help_markdown(const RuleInfo& r, const std::string& title) {
    std::string out = "**" + markdown(title) + "**";
    if (!r.why.empty()) out += "\n\n" + markdown(r.why);
    if (!r.fix.empty()) out += "\n\nWhat to do: " + markdown(r.fix);
    if (!r.url.empty()) out += "\n\n" + markdown(r.url);
    return out;
  }

  // An absolute URL with everything percent-encoded that no URI may hold.
  static std::string uri(std::string_view url) {
    std::string out;
    for (const char c : url) {
      if (c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos)
        out.push_back(c);
      else
        fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
  }

  void invocation() {
    json_.line(2).key("invocations").array().object().member("executionSuccessful", decided(report_));
    json_.key("toolExecutionNotifications").array();
    for (const Gap& gap : gaps(report_))
      notification("error", "Undecided: " + gap.text + (gap.fix.empty() ? "" : " " + gap.fix));
    for (const Skipped& s : report_.coverage.skipped)
      if (!s.undecided) notification("note", "Left out " + not_looked_at(s, 3) + ".");
    for (const Note& n : report_.notes) {
      const std::string_view at = n.level == Note::Level::error     ? "error"
                                  : n.level == Note::Level::warning ? "warning"
                                                                    : "note";
      notification(at, n.text + (n.hint.empty() ? "" : " " + n.hint));
    }
    if (omitted_ > 0)
      notification("warning",
                   fmt::format("{} less severe results are left out: GitHub keeps {}.", omitted_, kMaxResults));
    json_.end_array().end_object().end_array();
  }

  void notification(std::string_view level, const std::string& text) {
    json_.object().member("level", level);
    write_text(json_, "message", text, kMaxMessage);
    json_.end_object();
  }

  void result(const Finding& f, Ordinals& ordinals) {
    json_.line(3).object().member("ruleId", f.rule);
    if (const auto at = index_.find(f.rule); at != index_.end()) json_.member("ruleIndex", at->second);
    json_.member("level", level(f.severity));
    write_text(json_, "message", message_and_fix(f), kMaxMessage);
    location(f);
    const std::string id = unique_id(f, ordinals.next(f));
    json_.key("partialFingerprints").object();
    json_.member("primaryLocationLineHash", is_line_hash(f.line_hash) ? f.line_hash : id.substr(0, 16) + ":1");
    json_.member("launchgate/v1", id).end_object();
    json_.key("properties").object().member("confidence", to_string(f.confidence));
    json_.member_unless_empty("fingerprint", f.fingerprint).member_unless_empty("secretId", f.secret_id);
    json_.member_unless_empty("commit", f.where.commit).member_unless_empty("author", f.where.author);
    json_.member_unless_empty("date", f.where.date).member_unless_empty("url", f.where.url);
    if (f.story) write_story(json_.key("history"), *f.story);
    json_.end_object().end_object();
  }

  // Reports read from files may hold anything.
  static bool is_line_hash(std::string_view s) {
    const std::size_t colon = s.find(':');
    const auto only = [](std::string_view part, std::string_view allowed) {
      return !part.empty() && part.size() <= 16 && part.find_first_not_of(allowed) == std::string_view::npos;
    };
    return colon != std::string_view::npos && only(s.substr(0, colon), "0123456789abcdef") &&
           only(s.substr(colon + 1), "0123456789") && s[colon + 1] != '0';
  }

  void location(const Finding& f) {
    std::string path = relative_uri(file_of(f, options_));
    if (path.empty()) path = relative_uri(RenderOptions().config_path);
    const std::uint32_t line = line_of(f);
    const bool placed = !f.where.path.empty() && f.where.span.line > 0;
    const std::uint32_t column = placed ? std::max(1U, f.where.span.column) : 1;
    const std::uint32_t end_line = placed ? std::max(line, f.where.span.end_line) : line;
    std::uint32_t end_column = placed ? std::max(1U, f.where.span.end_column) : 1;
    if (end_line == line) end_column = std::max(end_column, column);
    json_.key("locations").array().object().key("physicalLocation").object();
    json_.key("artifactLocation").object().member("uri", path).member("uriBaseId", "%SRCROOT%").end_object();
    json_.key("region").object().member("startLine", line).member("startColumn", column);
    json_.member("endLine", end_line).member("endColumn", end_column);
    json_.end_object().end_object().end_object().end_array();
  }

  const Report& report_;
  const RenderOptions& options_;
  const Issues issues_;
  std::vector<const Finding*> ranked_;
  std::size_t omitted_ = 0;
  std::vector<RuleInfo> rules_;                         // their first tag says what kind of alert they raise
  std::unordered_map<std::string, std::size_t> index_;  // rule id -> index in rules_
  std::string out_;
  JsonWriter json_;
};

}  // namespace

std::string render_sarif(const Report& report, const Verdict*, const RenderOptions& options) {
  return SarifRun(report, options).render();
}

}  // namespace launchgate::adapters
