// Reading a saved report back. The one user of nlohmann/json here; it is used without exceptions.
#include <fmt/format.h>

#include <array>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "adapters/report_json.hpp"

namespace launchgate::adapters {
namespace {

using Json = nlohmann::json;

// Collects the first thing that is wrong, so that the mapping below reads as a list of members.
struct Problem {
  std::string text;  // empty = none so far
  void set(std::string what) {
    if (text.empty()) text = std::move(what);
  }
};

// One JSON object and the path to it, for messages: "/findings/3".
class Reader {
 public:
  Reader(const Json& json, std::string path, Problem& problem)
      : json_(json), path_(std::move(path)), problem_(problem) {
    if (!json_.is_object()) problem_.set(path_ + " is no object");
  }

  void read(const char* name, std::string& to) const {
    const Json* j = member(name);
    if (j != nullptr && check(j->is_string(), name, "a string")) to = j->get_ref<const std::string&>();
  }
  void read(const char* name, bool& to) const {
    const Json* j = member(name);
    if (j != nullptr && check(j->is_boolean(), name, "true or false")) to = j->get<bool>();
  }
  void read(const char* name, double& to) const {
    const Json* j = member(name);
    if (j == nullptr || !check(j->is_number() || j->is_null(), name, "a number or null")) return;
    to = j->is_null() ? std::numeric_limits<double>::infinity() : j->get<double>();
  }
  template <std::unsigned_integral Integer>
  requires(!std::same_as<Integer, bool>) void read(const char* name, Integer& to) const {
    const Json* j = member(name);
    if (j == nullptr || !check(j->is_number_unsigned(), name, "a whole number of 0 or more")) return;
    const auto n = j->get<std::uint64_t>();
    if (check(n <= std::numeric_limits<Integer>::max(), name, "a smaller number")) to = static_cast<Integer>(n);
  }
  void read(const char* name, std::vector<std::string>& to) const {
    each(name, [&](const Json& j, const std::string& at) {
      if (j.is_string())
        to.push_back(j.get_ref<const std::string&>());
      else
        problem_.set(at + " is no string");
    });
  }
  // A word of a closed vocabulary: `words[i]` stands for the i-th enumerator.
  template <class Enum, std::size_t N>
  void read(const char* name, Enum& to, const std::array<std::string_view, N>& words) const {
    std::string word;
    read(name, word);
    for (std::size_t i = 0; i < N; ++i) {
      if (words[i] != word) continue;
      to = static_cast<Enum>(i);
      return;
    }
    problem_.set(fmt::format("{}/{} is none of the words it may be", path_, name));
  }

  template <class Visit>
  void each(const char* name, Visit visit) const {
    const Json* j = member(name);
    if (j == nullptr || !check(j->is_array(), name, "an array")) return;
    std::size_t i = 0;
    for (const Json& element : *j) visit(element, fmt::format("{}/{}/{}", path_, name, i++));
  }
  template <class T>
  void read(const char* name, std::vector<T>& to, T (*from)(const Reader&)) const {
    each(name, [&](const Json& j, const std::string& at) { to.push_back(from(Reader(j, at, problem_))); });
  }
  Reader object(const char* name) const {
    static const Json kEmpty = Json::object();
    const Json* j = member(name);
    return Reader(j == nullptr ? kEmpty : *j, path_ + "/" + name, problem_);
  }

  // Present and not null.
  bool has(const char* name) const { return json_.is_object() && json_.contains(name) && !json_[name].is_null(); }
  void read_if_present(const char* name, std::string& to) const {
    if (has(name)) read(name, to);
  }
  void read_if_present(const char* name, std::optional<bool>& to) const {
    if (has(name)) read(name, to.emplace());
  }
  void complain(const char* name, std::string_view what) const {
    problem_.set(fmt::format("{}/{} {}", path_, name, what));
  }

 private:
  const Json* member(const char* name) const {
    if (!json_.is_object()) return nullptr;
    const auto at = json_.find(name);
    if (at != json_.end()) return &*at;
    problem_.set(fmt::format("{} has no \"{}\"", path_.empty() ? "the report" : path_, name));
    return nullptr;
  }
  bool check(bool right, const char* name, std::string_view wanted) const {
    if (!right) problem_.set(fmt::format("{}/{} is not {}", path_, name, wanted));
    return right;
  }

  const Json& json_;
  std::string path_;
  Problem& problem_;
};

constexpr std::array<std::string_view, 3> kSeverities{"can-wait", "high-risk", "launch-blocker"};
constexpr std::array<std::string_view, 3> kConfidences{"low", "medium", "high"};
constexpr std::array<std::string_view, 5> kOutcomes{"pass", "flaky", "fail", "inconclusive", "skipped"};
constexpr std::array<std::string_view, 3> kLevels{"info", "warning", "error"};
constexpr std::array<std::string_view, 3> kDecisions{"PROMOTE", "HOLD", "BLOCK"};

// False for anything but pairs of hex digits that name no NUL: a path holds none.
bool bytes_of_hex(std::string_view hex, std::string& out) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (hex.size() % 2 != 0) return false;
  out.clear();
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0 || high + low == 0) return false;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return true;
}

Location location(const Reader& r) {
  Location where;
  r.read("path", where.path);
  if (r.has("path_hex")) {
    std::string hex;
    r.read("path_hex", hex);
    if (!bytes_of_hex(hex, where.path)) r.complain("path_hex", "is not pairs of hex digits");
  }
  r.read("line", where.span.line);
  r.read("column", where.span.column);
  r.read("end_line", where.span.end_line);
  r.read("end_column", where.span.end_column);
  r.read_if_present("commit", where.commit);
  r.read_if_present("author", where.author);
  r.read_if_present("date", where.date);
  r.read_if_present("url", where.url);
  return where;
}

Excerpt excerpt(const Reader& r) {
  Excerpt e;
  r.read("first_line", e.first_line);
  r.read("lines", e.lines);
  r.read("mark_column", e.mark_column);
  r.read("mark_width", e.mark_width);
  return e;
}

Story story(const Reader& r) {
  Story s;
  if (r.has("versions")) r.read("versions", s.versions);
  r.read_if_present("in_head", s.in_head);
  r.read_if_present("head_path", s.head_path);
  if (r.has("ref_count")) {
    r.read("refs", s.refs);
    r.read("ref_count", s.ref_count);
  }
  if (r.has("order")) r.read("order", s.order);
  if (!r.has("secret")) return s;
  const Reader of = r.object("secret");
  SecretStory& secret = s.secret.emplace();
  of.read("first_commit", secret.first_commit);
  of.read_if_present("first_date", secret.first_date);
  of.read("last_commit", secret.last_commit);
  of.read_if_present("last_date", secret.last_date);
  of.read("commits", secret.commits);
  of.read_if_present("in_head", secret.in_head);
  return s;
}

Finding finding(const Reader& r) {
  Finding f;
  r.read("rule", f.rule);
  r.read("severity", f.severity, kSeverities);
  r.read("confidence", f.confidence, kConfidences);
  f.where = location(r);
  r.read("message", f.message);
  r.read("masked", f.masked);
  r.read("fingerprint", f.fingerprint);
  r.read("secret_id", f.secret_id);
  r.read("reasons", f.reasons);
  r.read("fix", f.fix);
  r.read_if_present("line_hash", f.line_hash);
  if (r.has("also")) r.read("also", f.also);
  if (r.has("history")) f.story = story(r.object("history"));
  if (r.has("excerpt")) f.excerpt = excerpt(r.object("excerpt"));
  return f;
}

Attempt attempt(const Reader& r) {
  Attempt a;
  r.read("outcome", a.outcome, kOutcomes);
  r.read("started_ms", a.started_ms);
  r.read("duration_ms", a.duration_ms);
  r.read("detail", a.detail);
  return a;
}

Sample sample(const Reader& r) {
  Sample s;
  r.read("ms", s.ms);
  r.read("cold", s.cold);
  r.read("dns", s.phases.dns);
  r.read("connect", s.phases.connect);
  r.read("tls", s.phases.tls);
  r.read("wait", s.phases.wait);
  r.read("transfer", s.phases.transfer);
  return s;
}

CheckResult check(const Reader& r) {
  CheckResult c;
  r.read("id", c.id);
  r.read("title", c.title);
  r.read("outcome", c.outcome, kOutcomes);
  r.read("severity", c.severity, kSeverities);
  r.read("reason", c.reason);
  r.read("fix", c.fix);
  c.where = location(r.object("where"));
  r.read("attempts", c.attempts, attempt);
  r.read("samples", c.samples, sample);
  r.read("budget_ms", c.budget_ms);
  return c;
}

RuleInfo rule(const Reader& r) {
  RuleInfo i;
  r.read("id", i.id);
  r.read("title", i.title);
  r.read("why", i.why);
  r.read("fix", i.fix);
  r.read("url", i.url);
  r.read("severity", i.severity, kSeverities);
  r.read("confidence", i.confidence, kConfidences);
  r.read("tags", i.tags);
  return i;
}

Skipped skipped(const Reader& r) {
  Skipped s;
  r.read("reason", s.reason);
  r.read("count", s.count);
  r.read("undecided", s.undecided);
  r.read("examples", s.examples);
  return s;
}

Note note(const Reader& r) {
  Note n;
  r.read("level", n.level, kLevels);
  r.read("text", n.text);
  r.read("hint", n.hint);
  return n;
}

SavedReport saved_report(const Reader& r) {
  SavedReport saved;
  Report& report = saved.report;
  r.read("version", report.version);
  r.read("mode", report.mode);
  r.read("target", report.target);
  r.read("fail_on", report.fail_on, kSeverities);
  r.read_if_present("shard", report.shard);
  if (r.has("verdict")) {
    const Reader v = r.object("verdict");
    saved.verdict.emplace();
    v.read("decision", saved.verdict->decision, kDecisions);
    v.read("reasons", saved.verdict->reasons);
  }
  const Reader coverage = r.object("coverage");
  coverage.read("files", report.coverage.files);
  coverage.read("bytes", report.coverage.bytes);
  coverage.read("commits", report.coverage.commits);
  coverage.read("skipped", report.coverage.skipped, skipped);
  r.read("findings", report.findings, finding);
  r.read("checks", report.checks, check);
  r.read("rules", report.rules, rule);
  r.read("notes", report.notes, note);
  return saved;
}

// Deeper than any report of ours; nlohmann's parser does not recurse, but what it builds should stay shallow.
constexpr int kMaxDepth = 16;

}  // namespace

Result<SavedReport> report_from_json(std::string_view text, std::string_view name) {
  bool too_deep = false;
  const auto shallow = [&](int depth, Json::parse_event_t, Json&) { return !(too_deep |= depth > kMaxDepth); };
  const Json json = Json::parse(text.begin(), text.end(), shallow, /*allow_exceptions=*/false);
  const std::string hint = "Write it with --format json or --out json=FILE.";
  if (json.is_discarded() || !json.is_object() || too_deep || json.value("format", Json()) != kReportFormat)
    return fail(ErrorCode::config, fmt::format("{}: not a launchgate report", name), hint);
  if (json.value("format_version", Json()) != kReportFormatVersion)
    return fail(ErrorCode::config,
                fmt::format("{}: report format {} is not the one this program reads ({})", name,
                            json.value("format_version", Json()).dump(-1, ' ', true, Json::error_handler_t::replace),
                            kReportFormatVersion),
                "Use the same launchgate version for every shard and for merge.");
  Problem problem;
  SavedReport saved = saved_report(Reader(json, "", problem));
  if (!problem.text.empty()) return fail(ErrorCode::config, fmt::format("{}: {}", name, problem.text), hint);
  return saved;
}

}  // namespace launchgate::adapters
