// The semantics of the gate as one table, then properties over every small case, then a simulation.
#include "libscan/gate/judge.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

using namespace launchgate;
using namespace launchgate::gate;

namespace {

// P pass, F fail, I could not be judged, ~ flaky, S skipped
Outcome outcome(char c) {
  switch (c) {
    case 'P': return Outcome::pass;
    case 'F': return Outcome::fail;
    case '~': return Outcome::flaky;
    case 'S': return Outcome::skipped;
    default: return Outcome::inconclusive;
  }
}

std::vector<Attempt> attempts(std::string_view letters) {
  std::vector<Attempt> result;
  for (const char c : letters) result.push_back({outcome(c), 0, 1, ""});
  return result;
}

CheckResult check(std::string id, std::string_view letters, Outcome declared) {
  CheckResult c;
  c.id = std::move(id);
  c.outcome = declared;
  c.attempts = attempts(letters);
  c.reason = "seen";
  return c;
}

constexpr std::int64_t kMinute = 60'000;

// Earlier runs, oldest first, a minute apart: their conclusions on the check, as above; in lower case ("f", "p") those
// of another release; "_" is a hole of two hours.
History history(std::string_view letters, History::State state = History::State::known) {
  History h;
  h.state = state;
  h.run = {"prod", "r1", "now", 1000, 1, 0};
  std::int64_t t = 0;
  std::uint64_t number = 1;
  for (const char c : letters) {
    t += c == '_' ? 120 * kMinute : kMinute;
    if (c == '_') continue;
    const bool other = c == 'f' || c == 'p';
    Event e;
    e.run = {"prod", other ? "r0" : "r1", "run" + std::to_string(number), number, 1, t};
    ++number;
    e.check = "c";
    e.outcome = outcome(other ? static_cast<char>(c - 'a' + 'A') : c);
    h.events.push_back(e);
  }
  h.run.unix_ms = t + kMinute;
  return h;
}

struct Row {
  const char* why;
  Scope scope;
  unsigned consecutive;
  const char* earlier;   // runs before this one
  const char* attempts;  // of this run
  char declared;         // what the runner says of the check
  char proven;           // what the judge makes of it
  Decision decision;
};

constexpr auto kRun = Scope::run, kRelease = Scope::release, kProbe = Scope::probe;
constexpr auto kPromote = Decision::promote, kHold = Decision::hold, kBlock = Decision::block;

// clang-format off
const Row kTable[] = {
  // in one run: every pass starts the count afresh, what could not be judged neither counts nor clears
  {"a pass is proof",                                 kRun,     2, "",     "P",     'P', 'P', kPromote},
  {"one failure is not confirmed, and no proof",      kRun,     2, "",     "F",     'F', 'I', kHold},
  {"twice in a row",                                  kRun,     2, "",     "FF",    'F', 'F', kBlock},
  {"failed, then passed: flaky, and told",            kRun,     2, "",     "FP",    '~', '~', kPromote},
  {"not twice in a row",                              kRun,     2, "",     "FPF",   'F', 'I', kHold},
  {"twice in a row, later",                           kRun,     2, "",     "FPFF",  'F', 'F', kBlock},
  {"later luck does not take a confirmed one back",   kRun,     2, "",     "FFP",   'F', 'F', kBlock},
  {"nothing could be judged",                         kRun,     2, "",     "I",     'I', 'I', kHold},
  {"nothing could be judged, twice",                  kRun,     2, "",     "II",    'I', 'I', kHold},
  {"a pass after doubt is a pass",                    kRun,     2, "",     "IP",    'P', 'P', kPromote},
  {"doubt after a failure confirms nothing",          kRun,     2, "",     "FI",    'I', 'I', kHold},
  {"doubt between failures clears nothing",           kRun,     2, "",     "FIF",   'F', 'F', kBlock},
  {"doubt, then one failure",                         kRun,     2, "",     "IF",    'F', 'I', kHold},
  {"a skipped attempt is no pass",                    kRun,     2, "",     "S",     'P', 'I', kHold},
  {"no attempt at all is no pass",                    kRun,     2, "",     "",      'P', 'I', kHold},
  {"no attempt at all is no failure",                 kRun,     2, "",     "",      'F', 'I', kHold},
  {"one strike where the policy says one",            kRun,     1, "",     "F",     'F', 'F', kBlock},
  {"zero strikes means one",                          kRun,     0, "",     "F",     'F', 'F', kBlock},
  {"two of three",                                    kRun,     3, "",     "FF",    'F', 'I', kHold},
  {"three of three",                                  kRun,     3, "",     "FFF",   'F', 'F', kBlock},
  // the runner's doubt counts, its certainty does not
  {"the runner was offline while it failed",          kRun,     2, "",     "FF",    'I', 'I', kHold},
  {"the release changed while it passed",             kRun,     2, "",     "P",     'I', 'I', kHold},
  {"skipped is skipped, whatever was tried",          kRun,     2, "",     "P",     'S', 'S', kHold},
  {"said to pass, seen to fail",                      kRun,     2, "",     "FF",    'P', 'F', kBlock},
  {"said to pass, seen to be flaky",                  kRun,     2, "",     "FP",    'P', '~', kPromote},
  {"said to fail, seen to pass: a contradiction",     kRun,     2, "",     "P",     'F', 'I', kHold},
  {"said to be flaky, seen to pass",                  kRun,     2, "",     "P",     '~', '~', kPromote},
  // the default has no memory
  {"earlier failures are nothing to this run",        kRun,     2, "FFF",  "P",     'P', 'P', kPromote},
  {"earlier failures do not confirm this one",        kRun,     2, "FFF",  "F",     'F', 'I', kHold},
  {"earlier passes do not excuse this one",           kRun,     2, "PPP",  "FF",    'F', 'F', kBlock},
  // across runs of one release: confirmed in this run, and in the run before
  {"first confirmed failure of the release",          kRelease, 2, "",     "FF",    'F', 'F', kHold},
  {"second run in a row",                             kRelease, 2, "F",    "FF",    'F', 'F', kBlock},
  {"a pass between",                                  kRelease, 2, "FP",   "FF",    'F', 'F', kHold},
  {"a flaky run between is a pass between",           kRelease, 2, "F~",   "FF",    'F', 'F', kHold},
  {"a run in doubt between clears nothing",           kRelease, 2, "FI",   "FF",    'F', 'F', kBlock},
  {"a skipped run between clears nothing",            kRelease, 2, "FS",   "FF",    'F', 'F', kBlock},
  {"unconfirmed in this run is no strike",            kRelease, 2, "F",    "F",     'F', 'I', kHold},
  {"another release's failure is not this one's",     kRelease, 2, "f",    "FF",    'F', 'F', kHold},
  {"another release's pass does not clear",           kRelease, 2, "Fp",   "FF",    'F', 'F', kBlock},
  {"time does not matter to a release",               kRelease, 2, "F_",   "FF",    'F', 'F', kBlock},
  {"fresh proof promotes whatever was",               kRelease, 2, "FFF",  "P",     'P', 'P', kPromote},
  {"earlier proof does not promote",                  kRelease, 2, "PPP",  "I",     'I', 'I', kHold},
  {"two of three runs",                               kRelease, 3, "F",    "FFF",   'F', 'F', kHold},
  {"three of three runs",                             kRelease, 3, "FF",   "FFF",   'F', 'F', kBlock},
  // scheduled probes: one attempt each, in a row without a hole
  {"first failed probe",                              kProbe,   2, "",     "F",     'F', 'F', kHold},
  {"second failed probe",                             kProbe,   2, "F",    "F",     'F', 'F', kBlock},
  {"a good probe between",                            kProbe,   2, "FP",   "F",     'F', 'F', kHold},
  {"whatever the release",                            kProbe,   2, "f",    "F",     'F', 'F', kBlock},
  {"another release's good probe clears",             kProbe,   2, "Fp",   "F",     'F', 'F', kHold},
  {"a row with a hole in it is no row",               kProbe,   2, "F_",   "F",     'F', 'F', kHold},
  {"the hole is before the row",                      kProbe,   3, "F_F",  "F",     'F', 'F', kHold},
  {"a row after a hole",                              kProbe,   3, "F_FF", "F",     'F', 'F', kBlock},
  {"doubt between probes clears nothing",             kProbe,   2, "FI",   "F",     'F', 'F', kBlock},
  {"recovered",                                       kProbe,   2, "FF",   "P",     'P', 'P', kPromote},
  {"doubt does not bridge a hole",                    kProbe,   2, "F_I",  "F",     'F', 'F', kHold},
  {"a skipped probe between clears nothing",          kProbe,   2, "FS",   "F",     'F', 'F', kBlock},
  {"a flaky probe between is a good one",             kProbe,   2, "F~",   "F",     'F', 'F', kHold},
  {"doubt now is no strike, whatever was",            kProbe,   2, "FF",   "I",     'I', 'I', kHold},
  {"nothing was tried, whatever was",                 kProbe,   2, "PPP",  "",      'P', 'I', kHold},
  {"one strike blocks at once",                       kProbe,   1, "",     "F",     'F', 'F', kBlock},
  {"a probe's failure stands, though a repeat passed",kProbe,   2, "F",    "FP",    '~', 'F', kBlock},
  {"one confirmed failure blocks at once",            kRelease, 1, "",     "F",     'F', 'F', kBlock},
  {"flaky now is a pass, whatever was",               kRelease, 2, "F",    "FP",    '~', '~', kPromote},
  {"doubt now is no strike either",                   kRelease, 2, "F",    "FI",    'I', 'I', kHold},
  {"the runner's doubt outweighs earlier failures",   kRelease, 2, "FF",   "FF",    'I', 'I', kHold},
  {"skipped now promotes nothing, whatever was",      kRelease, 2, "PP",   "",      'S', 'S', kHold},
};
// clang-format on

Policy policy_of(Scope scope, unsigned consecutive) {
  Policy p;
  p.scope = scope;
  p.consecutive = consecutive;
  p.max_gap_ms = 60.0 * kMinute;
  return p;
}

Report report_of(std::vector<CheckResult> checks) {
  Report r;
  r.checks = std::move(checks);
  return r;
}

}  // namespace

TEST_CASE("the semantics table") {
  for (const Row& row : kTable) {
    CAPTURE(row.why);
    const Judgement j = judge(report_of({check("c", row.attempts, outcome(row.declared))}), history(row.earlier),
                              policy_of(row.scope, row.consecutive));
    CHECK(to_string(j.checks.at(0).outcome) == to_string(outcome(row.proven)));
    CHECK(to_string(j.verdict.decision) == to_string(row.decision));
    CHECK(j.verdict.reasons.empty() == (row.decision == kPromote && row.proven == 'P'));
  }
}

TEST_CASE("zero checks prove nothing") {
  CHECK(judge(report_of({}), history(""), Policy{}).verdict.decision == kHold);
  Policy scan_only;
  scan_only.checks_wanted = false;
  CHECK(judge(report_of({}), history(""), scan_only).verdict.decision == kPromote);
}

TEST_CASE("a required check that is absent holds, though others pass") {
  Policy p;
  p.required = {"c", "login"};
  const Judgement j = judge(report_of({check("c", "P", Outcome::pass)}), history(""), p);
  CHECK(j.verdict.decision == kHold);
  CHECK(j.verdict.reasons == std::vector<std::string>{"login did not run"});
}

TEST_CASE("checks and findings below the gate level are told and decide nothing") {
  CheckResult minor = check("minor", "FF", Outcome::fail);
  minor.severity = Severity::can_wait;
  Report r = report_of({check("c", "P", Outcome::pass), minor});
  Finding f;
  f.severity = Severity::can_wait;
  r.findings.push_back(f);
  const Judgement j = judge(r, history(""), Policy{});
  CHECK(j.verdict.decision == kPromote);
  CHECK(j.checks.at(1).outcome == Outcome::fail);

  SUBCASE("unless they are required by name") {
    Policy p;
    p.required = {"minor"};
    CHECK(judge(r, history(""), p).verdict.decision == kBlock);
  }
  SUBCASE("and alone they prove nothing") {
    CHECK(judge(report_of({minor}), history(""), Policy{}).verdict.decision == kHold);
    minor = check("minor", "P", Outcome::pass);
    minor.severity = Severity::can_wait;
    CHECK(judge(report_of({minor}), history(""), Policy{}).verdict.decision == kHold);
  }
}

TEST_CASE("a finding at the gate level blocks, something not looked at holds, and blocking reasons come first") {
  Report r = report_of({check("c", "P", Outcome::pass)});
  r.coverage.skip("too-large", "big.bin");
  CHECK(judge(r, history(""), Policy{}).verdict.decision == kPromote);
  r.coverage.skip("unreadable", "secret.env", true);
  CHECK(judge(r, history(""), Policy{}).verdict.decision == kHold);
  r.findings.emplace_back();
  const Verdict v = judge(r, history(""), Policy{}).verdict;
  CHECK(v.decision == kBlock);
  REQUIRE(v.reasons.size() == 2);
  CHECK(v.reasons[0] == "1 finding at or over high-risk");
  CHECK(v.reasons[1] == "not looked at: 1 unreadable, e.g. secret.env");
}

TEST_CASE("strict holds what is flaky") {
  Policy p;
  p.strict = true;
  CHECK(judge(report_of({check("c", "FP", Outcome::flaky)}), history(""), p).verdict.decision == kHold);
}

TEST_CASE("a lost ledger: a release run is judged by itself, a probe counts as the first, required state holds") {
  const Report failing = report_of({check("c", "FF", Outcome::fail)});
  const Report passing = report_of({check("c", "P", Outcome::pass)});
  History lost = history("", History::State::lost);
  lost.problem = "remote unreachable";

  const Judgement release = judge(failing, lost, policy_of(kRelease, 2));
  CHECK(release.verdict.decision == kBlock);
  REQUIRE(release.notes.size() == 1);
  CHECK(release.notes[0].text == "the ledger of earlier runs is lost: remote unreachable");
  CHECK(judge(failing, lost, policy_of(kProbe, 2)).verdict.decision == kHold);
  CHECK(judge(passing, lost, policy_of(kRelease, 2)).verdict.decision == kPromote);

  Policy required = policy_of(kRelease, 2);
  required.state_required = true;
  CHECK(judge(passing, lost, required).verdict.decision == kHold);
  CHECK(judge(passing, history("", History::State::absent), required).verdict.decision == kPromote);
  CHECK(judge(failing, history("", History::State::absent), policy_of(kRelease, 2)).verdict.decision == kHold);
}

TEST_CASE("judging a run twice counts it once") {
  const Report failing = report_of({check("c", "FF", Outcome::fail)});
  History h = history("");
  const Judgement first = judge(failing, h, policy_of(kRelease, 2));
  h.events = merge_events(h.events, first.events);
  CHECK(judge(failing, h, policy_of(kRelease, 2)).verdict.decision == kHold);
  h.run.attempt = 2;  // "re-run failed jobs" is another run
  CHECK(judge(failing, h, policy_of(kRelease, 2)).verdict.decision == kBlock);
}

TEST_CASE("the server's numbers order runs, not the clocks of runners") {
  History h = history("FP");  // the pass is the later run
  h.events[0].run.unix_ms = 10'000 * kMinute;
  CHECK(failures_before(h, "c", policy_of(kRelease, 2)) == 0);
  h = history("PF");
  h.events[1].run.unix_ms = -5;
  CHECK(failures_before(h, "c", policy_of(kRelease, 2)) == 1);
  h = history("F");
  h.run.number = 1;  // an older run, judged late, does not count what came after it
  h.events[0].run.number = 7;
  CHECK(failures_before(h, "c", policy_of(kRelease, 2)) == 0);
  // A clock that is hours ahead is as far away as one that is behind: the row of probes is not to be trusted.
  h = history("F");
  h.events[0].run.unix_ms = h.run.unix_ms + 120 * kMinute;
  CHECK(failures_before(h, "c", policy_of(kProbe, 2)) == 0);
  h.events[0].run.unix_ms = h.run.unix_ms + 2 * kMinute;
  CHECK(failures_before(h, "c", policy_of(kProbe, 2)) == 1);
  h = history("F");
  h.events[0].run.env = "staging";
  CHECK(failures_before(h, "c", policy_of(kRelease, 2)) == 0);
}

// Every check with up to four attempts of every kind, under every declaration, scope and history: PROMOTE only with
// a fresh pass that no confirmed failure came before and no failure came after.
TEST_CASE("no fault promotes: every small case") {
  std::vector<std::string> words{""};
  for (std::size_t from = 0, length = 0; length < 4; ++length) {
    const std::size_t to = words.size();
    for (; from < to; ++from)
      for (const char c : {'P', 'F', 'I', 'S'}) words.push_back(words[from] + c);
  }
  const std::string_view earlier[] = {"", "P", "F", "FF", "PPP", "fp", "F_"};
  std::size_t promoted = 0, cases = 0;
  for (const std::string& word : words) {
    std::string told;  // what counts, in order
    for (const char c : word)
      if (c == 'P' || c == 'F') told += c;
    for (const char declared : {'P', 'F', 'I', 'S', '~'})
      for (const Scope scope : {kRun, kRelease, kProbe})
        for (const auto state : {History::State::known, History::State::absent, History::State::lost})
          for (const std::string_view before : earlier) {
            const Judgement j = judge(report_of({check("c", word, outcome(declared)), check("d", "P", Outcome::pass)}),
                                      history(before, state), policy_of(scope, 2));
            const bool proof = !told.empty() && told.back() == 'P' && told.find("FF") == std::string::npos &&
                               (scope != kProbe || told.find('F') == std::string::npos) && declared != 'I' &&
                               declared != 'S' && declared != 'F';
            REQUIRE((j.verdict.decision == kPromote) == proof);
            // Nothing but two failures in a row, or the history an opt-in asks for, blocks.
            if (j.verdict.decision == kBlock) REQUIRE(told.find('F') != std::string::npos);
            promoted += proof;
            ++cases;
          }
  }
  CHECK(promoted > 0);
  CHECK(cases == words.size() * 5 * 3 * 3 * 7);
}

TEST_CASE("simulated: at 1 % transient failures at most 0.1 % of good releases are blocked") {
  std::mt19937 random(20'260'101);
  std::bernoulli_distribution transient(0.01);
  constexpr int kReleases = 100'000, kChecks = 4;
  int blocked = 0, held = 0;
  for (int i = 0; i < kReleases; ++i) {
    std::vector<CheckResult> checks;
    for (int c = 0; c < kChecks; ++c) {
      std::string word;  // the runner repeats a failed check once
      for (int n = 0; n < 2 && (n == 0 || word == "F"); ++n) word += transient(random) ? 'F' : 'P';
      checks.push_back(check(std::string(1, static_cast<char>('a' + c)), word, outcome(word.back())));
      if (word == "FP") checks.back().outcome = Outcome::flaky;
    }
    const Decision d = judge(report_of(std::move(checks)), history(""), Policy{}).verdict.decision;
    blocked += d == kBlock;
    held += d == kHold;
  }
  MESSAGE("blocked " << blocked << " of " << kReleases << " good releases");
  CHECK(blocked <= kReleases / 1000);
  CHECK(blocked > 0);  // 4 checks x 1 % x 1 %: the simulation does simulate
  CHECK(held == 0);
}

TEST_CASE("events: merging is commutative, associative, idempotent, and the more cautious of two stays") {
  std::mt19937 random(7);
  const auto some = [&] {
    std::vector<Event> events;
    for (int i = 0; i < 12; ++i) {
      Event e;
      e.run = {"prod",       "r", "run" + std::to_string(random() % 3),
               random() % 3, 1,   static_cast<std::int64_t>(random() % 5)};
      e.check = std::string(1, static_cast<char>('a' + random() % 2));
      e.n = random() % 2;
      e.outcome = static_cast<Outcome>(random() % 5);
      events.push_back(e);
    }
    return events;
  };
  const auto shape = [](const std::vector<Event>& events) {
    std::vector<std::string> lines;
    for (const Event& e : events)
      lines.push_back(event_id(e) + std::string(to_string(e.outcome)) + std::to_string(e.run.unix_ms) +
                      std::to_string(e.run.number));
    return lines;
  };
  for (int i = 0; i < 200; ++i) {
    const auto a = some(), b = some(), c = some();
    const auto ab = merge_events(a, b);
    REQUIRE(shape(ab) == shape(merge_events(b, a)));
    REQUIRE(shape(ab) == shape(merge_events(ab, a)));
    REQUIRE(shape(merge_events(ab, c)) == shape(merge_events(a, merge_events(b, c))));
  }
  Event pass, fail;
  pass.outcome = Outcome::pass;
  fail.outcome = Outcome::fail;
  CHECK(merge_events({pass}, {fail}).at(0).outcome == Outcome::fail);
  CHECK(merge_events({fail}, {pass}).at(0).outcome == Outcome::fail);
}
