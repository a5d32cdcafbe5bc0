// Any bytes in every place of a report that holds foreign text, through every output format: the output is valid
// UTF-8, leaves terminals alone, issues no CI command, and has the structure its format promises. The same bytes are
// also read as a saved report; one that is accepted is written, read and written again without a difference.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/issues.hpp"
#include "adapters/registry.hpp"
#include "adapters/report_json.hpp"
#include "tests/support/ci_commands.hpp"

using namespace launchgate;

namespace {

void require(bool holds, const char* what, std::string_view format) {
  if (holds) return;
  std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(format.size()), format.data(), what);
  std::abort();
}

constexpr std::size_t kMaxPiece = 80;  // each stands in some hundred places of fifteen outputs

// Deals the input out in pieces that end at NUL, round and round.
class Pieces {
 public:
  explicit Pieces(std::string_view data) {
    for (std::size_t at = 0; at <= data.size() && all_.size() < 64;) {
      const std::size_t end = std::min(data.find('\0', at), data.size());
      all_.emplace_back(data.substr(at, std::min(end - at, kMaxPiece)));
      at = end + 1;
    }
  }
  const std::string& next() { return all_[at_++ % all_.size()]; }

 private:
  std::vector<std::string> all_;
  std::size_t at_ = 0;
};

Location location(Pieces& in, std::uint32_t line) {
  Location where;
  where.path = in.next();
  where.span = {line, line, line, line + 3};
  where.commit = in.next();
  where.author = in.next();
  where.date = in.next();
  where.url = in.next();
  return where;
}

Finding finding(Pieces& in, std::uint32_t n) {
  Finding f;
  f.rule = in.next();
  f.severity = static_cast<Severity>(n % 3);
  f.where = location(in, n % 4);
  f.message = in.next();
  f.masked = in.next();
  f.fingerprint = in.next();
  f.secret_id = in.next();
  f.reasons = {in.next(), in.next()};
  f.fix = in.next();
  f.line_hash = in.next();
  f.excerpt = {n, {in.next(), in.next()}, n * 7, n * 40};
  f.also = {in.next()};
  return f;
}

CheckResult check(Pieces& in, std::uint32_t n) {
  CheckResult c;
  c.id = in.next();
  c.title = in.next();
  c.outcome = static_cast<Outcome>(n % 5);
  c.reason = in.next();
  c.fix = in.next();
  c.where = location(in, n);
  c.attempts = {{c.outcome, 1.5, 2.5, in.next()}};
  return c;
}

Report report(Pieces& in) {
  Report r;
  r.version = in.next();
  r.mode = in.next();
  r.target = in.next();
  for (std::uint32_t i = 0; i < 4; ++i) r.findings.push_back(finding(in, i));
  for (std::uint32_t i = 0; i < 5; ++i) r.checks.push_back(check(in, i));
  RuleInfo rule;
  rule.id = in.next();
  rule.title = in.next();
  rule.why = in.next();
  rule.fix = in.next();
  rule.url = in.next();
  rule.tags = {in.next()};
  r.rules = {rule};
  r.coverage.skip(in.next(), in.next(), true);
  r.coverage.skip(in.next(), in.next());
  r.notes = {{Note::Level::warning, in.next(), in.next()}};
  return r;
}

std::size_t lines(std::string_view s) { return static_cast<std::size_t>(std::count(s.begin(), s.end(), '\n')); }

bool json(std::string_view s) { return nlohmann::json::accept(s.begin(), s.end()); }

bool json_lines(std::string_view s) {
  for (; !s.empty(); s.remove_prefix(s.find('\n') + 1))
    if (s.find('\n') == std::string_view::npos || !json(s.substr(0, s.find('\n')))) return false;
  return true;
}

// No `<` but those of our own tags, no attribute that ends early.
bool junit(std::string_view s) {
  constexpr std::string_view kTags[] = {"?xml",  "testsuite", "properties", "testcase",  "failure",
                                        "error", "skipped",   "system-out", "system-err"};
  for (std::size_t at = s.find('<'); at != std::string_view::npos; at = s.find('<', at + 1)) {
    std::string_view rest = s.substr(at + 1);
    if (rest.starts_with('/')) rest.remove_prefix(1);
    if (std::none_of(std::begin(kTags), std::end(kTags), [&](std::string_view t) { return rest.starts_with(t); }))
      return false;
    const std::string_view tag = rest.substr(0, rest.find('>'));
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return false;
  }
  return true;
}

// Quoted or numeric fields, the same number in each row.
bool csv(std::string_view s, std::size_t rows) {
  std::size_t fields = 1, seen = 0, wanted = 0;
  bool quoted = false;
  for (const char c : s) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',') ++fields;
    if (c != '\n') continue;
    if (wanted == 0) wanted = fields;
    if (fields != wanted) return false;
    fields = 1;
    ++seen;
  }
  return !quoted && seen == rows;
}

void check_structure(std::string_view name, std::string_view out, std::size_t issues) {
  if (name == "json" || name == "sarif" || name == "gitlab" || name == "gitlab-secret-detection")
    require(json(out), "is no JSON", name);
  if (name == "jsonl" || name == "rdjsonl") require(json_lines(out), "is no JSON a line", name);
  if (name == "jsonl") require(lines(out) == issues, "has not one line an issue", name);
  if (name == "github-output") require(lines(out) == 6, "has other lines than its own", name);
  if (name == "junit") require(junit(out), "has a tag that is not ours", name);
  if (name == "csv") require(csv(out, issues + 1), "has rows of other widths", name);
}

void check_every_format(const Report& r, const Verdict* verdict) {
  const std::size_t issues = adapters::Issues(r).all().size();
  for (const adapters::Adapter& adapter : adapters::all()) {
    adapters::RenderOptions options;
    options.verbose = true;
    options.width = 40;
    const std::string out = adapter.render(r, verdict, options);
    require(testing::is_utf8(out), "is no UTF-8", adapter.name);
    require(!testing::moves_terminal(out), "holds control characters", adapter.name);
    for (const testing::CiCommand& c : testing::ci_commands(out))
      require(adapter.name == "github" && (c.name == "error" || c.name == "warning" || c.name == "notice"),
              "issues a foreign command", adapter.name);
    check_structure(adapter.name, out, issues);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 16384) return 0;
  Pieces pieces(text);
  const Report r = report(pieces);
  const Verdict verdict{Decision::hold, {pieces.next(), pieces.next()}};
  check_every_format(r, &verdict);

  if (const auto saved = adapters::report_from_json(text, "fuzz")) {
    const Verdict* v = saved->verdict ? &*saved->verdict : nullptr;
    check_every_format(saved->report, v);
    const std::string written = adapters::report_to_json(saved->report, v);
    const auto again = adapters::report_from_json(written, "again");
    require(again.has_value(), "does not read back", "json");
    require(adapters::report_to_json(again->report, again->verdict ? &*again->verdict : nullptr) == written,
            "reads back as something else", "json");
  }
  return 0;
}
