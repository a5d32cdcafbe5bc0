#include "tests/support/reports.hpp"

#include <limits>

#include "libscan/core/fingerprint.hpp"

namespace launchgate::testing {
namespace {

constexpr char kCommit[] = "3f786850e387550fdab836ed7e6dc881de23001b";

RuleInfo token_rule() {
  RuleInfo r;
  r.id = "forge-token";
  r.title = "Forge personal access token";
  r.why = "Whoever holds it acts as its owner on every repository the token reaches.";
  r.fix = "Revoke it at https://forge.example/settings/tokens, then read it from the environment.";
  r.url = "https://forge.example/docs/tokens";
  r.severity = Severity::launch_blocker;
  r.confidence = Confidence::high;
  r.tags = {"token"};
  return r;
}

RuleInfo dotenv_rule() {
  RuleInfo r;
  r.id = "dotenv-tracked";
  r.title = "Tracked .env file";
  r.fix = "Remove it with `git rm --cached .env` and ignore it.";
  r.severity = Severity::can_wait;
  return r;
}

Finding token(std::string path, std::uint32_t line) {
  const RuleInfo rule = token_rule();
  Finding f;
  f.rule = rule.id;
  f.severity = rule.severity;
  f.confidence = rule.confidence;
  f.where.path = std::move(path);
  f.where.span = {line, 8, line, 48};
  f.masked = "frg_…9fQ";
  f.message = "Forge personal access token (frg_…9fQ).";
  f.fingerprint = fingerprint(rule.id, "one value");
  f.secret_id = secret_id("one value");
  f.reasons = {"checksum valid", "key name says token"};
  f.fix = rule.fix;
  f.line_hash = "f80f1b99aa44b74:1";
  f.excerpt = {line, {"token: frg_…9fQ  # for the deploy"}, 8, 8};
  return f;
}

Finding dotenv() {
  const RuleInfo rule = dotenv_rule();
  Finding f;
  f.rule = rule.id;
  f.severity = rule.severity;
  f.confidence = Confidence::medium;
  f.where.path = ".env";
  f.message = "Tracked .env file.";
  f.fingerprint = fingerprint(rule.id, ".env");
  f.fix = rule.fix;
  return f;
}

Finding assignment() {
  Finding f;
  f.rule = "generic-assignment";
  f.severity = Severity::high_risk;
  f.confidence = Confidence::low;
  f.where.path = "src/größe/日本 (1).ts";
  f.where.span = {120, 3, 122, 1};
  f.masked = "…";
  f.message = "Value assigned to a name that says password (…).";
  f.fingerprint = fingerprint(f.rule, "another value");
  f.secret_id = secret_id("another value");
  f.reasons = {"key name says password"};
  f.fix = "Move the value to a secret store.";
  f.excerpt = {120, {"const größe = \"…\""}, 16, 1};
  return f;
}

Report base(std::string mode) {
  Report r;
  r.version = "0.1.0";
  r.mode = std::move(mode);
  r.target = ".";
  r.rules = {dotenv_rule(), token_rule()};
  r.coverage.files = 1234;
  r.coverage.bytes = 5678901;
  return r;
}

ReportCase clean() { return {"clean", base("tree"), std::nullopt}; }

ReportCase tree() {
  Report r = base("tree");
  r.findings = {dotenv(), token("config/app.yml", 12), token("config/app.yml", 40), assignment()};
  r.findings[1].also = {"src/deploy.ts:3", ".github/deploy.sh:9"};
  r.coverage.skip("binary", "logo.png");
  r.coverage.skip("binary", "photo.jpg");
  r.coverage.skip("symlink", "current");
  r.notes = {{Note::Level::info, "3 baseline entries are unused.", "Run `launchgate baseline update`."}};
  return {"tree", std::move(r), std::nullopt};
}

ReportCase history() {
  Report r = base("history");
  Finding f = token("old/deploy.sh", 7);
  f.where.commit = kCommit;
  f.where.author = "Ann Example";
  f.where.date = "2024-02-29T12:00:00+01:00";
  f.line_hash.clear();
  f.story = Story{true, "new/deploy.sh", {"main", "origin/main", "v1.0"}, 12, 7, {}};
  f.story->secret = SecretStory{kCommit, f.where.date, kCommit, f.where.date, 3, true};
  Finding removed = token("old/deploy.sh", 8);
  removed.where = f.where;
  removed.where.span.line = 8;
  removed.line_hash.clear();
  removed.story = Story{false, "", {}, 0, 0, {}};
  r.findings = {f, removed};
  r.coverage.commits = 56;
  r.shard = "2/4";
  r.fail_on = Severity::can_wait;
  return {"history", std::move(r), std::nullopt};
}

ReportCase undecided() {
  Report r = base("range");
  r.coverage.skip("unreadable", "secrets/prod.key", true);
  r.coverage.skip("too-large", "dump.sql");
  r.notes = {{Note::Level::error, "The base of the range is not in this clone.", "Check out with fetch-depth: 0."}};
  return {"undecided", std::move(r), Verdict{Decision::hold, {"1 file could not be read."}}};
}

CheckResult check(std::string id, std::string title, Outcome outcome, std::uint32_t line) {
  CheckResult c;
  c.id = std::move(id);
  c.title = std::move(title);
  c.outcome = outcome;
  c.where.path = "launchgate.toml";
  c.where.span = {line, 1, line, 1};
  return c;
}

ReportCase gate() {
  Report r = base("gate");
  CheckResult login = check("login-page", "Login page load time", Outcome::pass, 5);
  login.reason = "p95 412 ms of 800 ms over 3 samples.";
  login.budget_ms = 800;
  login.samples = {{612.5, true, {12, 20, 41, 500, 39.5}}, {398, false, {0, 0, 0, 380, 18}}, {412, false, {}}};
  login.attempts = {{Outcome::pass, 0, 1450, "3 of 3 within the budget"}};
  CheckResult api = check("api", "API health", Outcome::fail, 10);
  api.reason = "GET /api/health answered 503 twice in a row.";
  api.fix = "Look at the log of the release; run `launchgate smoke` again when it is mended.";
  api.attempts = {{Outcome::fail, 1450, 31, "status 503, expected 200"}, {Outcome::fail, 16481, 29, "status 503"}};
  api.budget_ms = 500;
  api.samples = {{std::numeric_limits<double>::infinity(), false, {}}};
  CheckResult auth = check("auth", "Auth flow success rate", Outcome::flaky, 14);
  auth.reason = "Failed once, then 10 of 10 logins succeeded.";
  auth.attempts = {{Outcome::fail, 2000, 900, "9 of 10 logins"}, {Outcome::pass, 17900, 880, "10 of 10 logins"}};
  CheckResult dashboard = check("dashboard", "Dashboard", Outcome::inconclusive, 19);
  dashboard.reason = "The server answered 429 and asked to wait longer than the deadline.";
  dashboard.fix = "Run it again later.";
  dashboard.attempts = {{Outcome::inconclusive, 19000, 12, "status 429"}};
  CheckResult browser = check("browser", "Page load in a browser", Outcome::skipped, 24);
  browser.reason = "Switched off in the configuration.";
  r.checks = {login, api, auth, dashboard, browser};
  Finding page = token("", 3);
  page.where.url = "https://shop.example/app.js";
  page.line_hash.clear();
  r.findings = {page, token("web/src/keys.ts", 3)};
  return {"gate", std::move(r), Verdict{Decision::block, {"api failed twice in a row.", "2 launch blockers."}}};
}

// `s` in every place of a report that can hold foreign text.
void add_everywhere(Report& r, const std::string& s) {
  Finding f = token(s, 1);
  f.where.author = f.where.commit = f.where.date = s;
  f.message = f.masked = f.fix = f.line_hash = s;
  f.reasons = {s, s};
  f.also = {s};
  f.excerpt = {1, {s}, 1, 1000};
  f.story = Story{true, s, {s}, 2, 1, {}};
  f.story->secret = SecretStory{s, s, s, s, 2, true};
  r.findings.push_back(f);
  f.where.path.clear();
  f.where.url = s;
  r.findings.push_back(f);
  CheckResult c = check(s, s, Outcome::fail, 1);
  c.where.path = c.reason = c.fix = s;
  c.attempts = {{Outcome::fail, 0, 1, s}, {Outcome::fail, 0, 1, s}};
  r.checks.push_back(c);
  c.outcome = Outcome::inconclusive;
  r.checks.push_back(c);
  RuleInfo rule = token_rule();
  rule.id = rule.title = rule.why = rule.fix = rule.url = s;
  rule.tags = {s};
  r.rules.push_back(rule);
  r.coverage.skip(s, s, true);
  r.notes.push_back({Note::Level::error, s, s});
}

ReportCase hostile() {
  Report r = base("gate");
  for (const std::string& s : hostile_strings()) add_everywhere(r, s);
  for (const Outcome o : {Outcome::pass, Outcome::skipped, Outcome::flaky}) {
    for (const std::string& s : hostile_strings()) {
      r.checks.push_back(check(s, s, o, 1));
      r.checks.back().reason = s;
      r.checks.back().attempts = {{Outcome::pass, 0, 1, s}};
    }
  }
  r.target = hostile_strings().front();
  return {"hostile", std::move(r), Verdict{Decision::block, hostile_strings()}, false};
}

// A small hostile report, to be read by eye.
ReportCase escapes() {
  Report r = base("gate");
  add_everywhere(r, "\n::error::##[error]%,: <b>&'\"`|[a](b)@me \x1b[2J\xff]]>");
  r.rules.pop_back();
  r.findings[1].message = r.findings[1].where.url = "=cmd|' /C calc'!A0";
  return {"escapes", std::move(r), Verdict{Decision::hold, {"::error::x"}}};
}

// More than every format takes: levels past ten a step, a table past what is shown at once.
ReportCase many() {
  Report r = base("tree");
  for (std::uint32_t i = 1; i <= 15; ++i) {
    Finding f = token("a.txt", i);
    f.severity = i % 5 == 0 ? Severity::can_wait : Severity::launch_blocker;
    r.findings.push_back(f);
  }
  return {"many", std::move(r), std::nullopt};
}

}  // namespace

adapters::RenderOptions golden_options() {
  adapters::RenderOptions options;
  options.width = 100;
  options.started = "2026-01-02T03:04:05";
  options.finished = "2026-01-02T03:04:25";
  options.commit = kCommit;
  return options;
}

std::vector<std::string> hostile_strings() {
  return {
      "::error file=a::pwned",
      "a\n::error::pwned",
      "a\r\n  ::set-output name=x::pwned",
      "\xc2\xa0::warning::pwned",
      "x ##[error]pwned",
      "###[set-env name=PATH]pwned",
      "##vso[task.setvariable variable=x]pwned",
      "##teamcity[message text='pwned']",
      "\x1b[2J\x1b]0;pwned\x07",
      "\xff\xfe\x80 bytes \xed\xa0\x80",
      "]]></failure><testcase name='pwned'/><![CDATA[",
      "=HYPERLINK(\"http://evil.example\",\"pwned\")",
      "+1+cmd|' /C calc'!A0",
      "@everyone [pwned](javascript:alert(1)) <img src=x onerror=alert(1)>",
      "`code` ``` | cell | <!-- launchgate --> --> </details>",
      "\xe2\x80\xaepwned\xe2\x81\xa6",
      "\xef\xbf\xbe\xef\xbf\xbf\xef\xbb\xbf\xe2\x80\xa8",
      "\",\"severity\":\"can-wait\"}\n{\"rule\":\"pwned",
      "a,b:c%0A;d]",
      "../../etc/passwd",
      "C:\\windows\\system32",
      "http://evil.example/x",
      "EOF\nname=pwned",
  };
}

std::vector<ReportCase> report_cases() {
  return {clean(), tree(), history(), undecided(), gate(), many(), escapes(), hostile()};
}

}  // namespace launchgate::testing
