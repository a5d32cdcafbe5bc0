// The ledger against what CI does to it: writers at once, torn writes, re-runs, skewed clocks, lost and forged state.
#include "libscan/gate/ledger.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "libscan/gate/event_lines.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/net/http_curl.hpp"
#include "tests/support/temp_repo.hpp"
#include "tests/support/test_server.hpp"

using namespace launchgate;
using namespace launchgate::gate;
using launchgate::testing::run_git;
using launchgate::testing::TempDir;

namespace {

Event event(std::uint64_t number, Outcome outcome, std::string release = "r1", std::uint32_t attempt = 1) {
  Event e;
  e.run = {"prod",
           std::move(release),
           "run" + std::to_string(number),
           number,
           attempt,
           static_cast<std::int64_t>(number) * 60'000};
  e.check = "login";
  e.outcome = outcome;
  e.reason = "HTTP 500";
  return e;
}

Run next_run(std::uint64_t number) { return {"prod", "r1", "run" + std::to_string(number), number, 1, 0}; }

Decision judged(const History& history, Outcome seen) {
  CheckResult c;
  c.id = "login";
  c.outcome = seen;
  c.attempts = {{seen, 0, 1, ""}};
  if (seen == Outcome::fail) c.attempts.push_back(c.attempts.front());
  Report report;
  report.checks = {c};
  Policy policy;
  policy.scope = Scope::release;
  return judge(report, history, policy).verdict.decision;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::set<std::string> ids(const std::vector<Event>& events) {
  std::set<std::string> result;
  for (const Event& e : events) result.insert(event_id(e));
  return result;
}

}  // namespace

TEST_CASE("events survive the trip through lines, whatever their strings hold") {
  Event e = event(7, Outcome::flaky);
  e.run.env = "pröd \"x\"\n";
  e.check = "a\\b\x01";
  e.n = 3;
  e.ms = 12.5;
  const std::string text = event_lines({e});
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  const ParsedEvents parsed = parse_event_lines(text);
  CHECK(parsed.problem.empty());
  REQUIRE(parsed.events.size() == 1);
  CHECK(event_id(parsed.events[0]) == event_id(e));
  CHECK(parsed.events[0].outcome == Outcome::flaky);
  CHECK(parsed.events[0].ms == 12.5);
  CHECK(event_lines(parsed.events) == text);
}

TEST_CASE("a torn last line is left out; anything else unreadable is told, wherever the text is cut or changed") {
  const std::string text = event_lines({event(1, Outcome::fail), event(2, Outcome::fail)});
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    const ParsedEvents parsed = parse_event_lines(text.substr(0, cut));
    REQUIRE(parsed.problem.empty());
    REQUIRE(parsed.events.size() == (cut > text.find('\n')    ? (cut + 1 == text.size() ? 2u : 1u)
                                     : cut == text.find('\n') ? 1u
                                                              : 0u));
  }
  const auto problem = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return parse_event_lines(changed).problem;
  };
  CHECK(problem("\"v\":1", "\"v\":2") == "line 1 is of a version this launchgate does not know");
  CHECK(problem("\"run_number\":2", "\"run_number\":true") == "line 2 lacks a member");
  CHECK(problem("\"login\"", "\"logout\"") == "line 1 was changed: its id does not fit");
  CHECK(problem("{", "") == "line 1 is no JSON object");
  CHECK(parse_event_lines("\n\n").problem.empty());
  CHECK_FALSE(parse_event_lines(std::string(100'000, '[') + "\n").problem.empty());
}

TEST_CASE("a ledger that has grown too long forgets its oldest runs, not its latest") {
  std::vector<Event> events;
  for (std::uint64_t i = 1; i <= kMaxLedgerEvents + 5; ++i) events.push_back(event(i, Outcome::pass));
  const std::vector<Event> kept = prune(std::move(events));
  REQUIRE(kept.size() == kMaxLedgerEvents);
  CHECK(kept.front().run.number == 6);
  CHECK(kept.back().run.number == kMaxLedgerEvents + 5);
}

TEST_CASE("file: absent, then known; re-runs are runs of their own, repeats are not") {
  const TempDir dir;
  net::SystemClock clock;
  const std::string path = dir.path() + "/ledger.jsonl";
  auto ledger = open_file_ledger(path, clock);
  CHECK(ledger->load(next_run(1)).state == History::State::absent);
  REQUIRE(ledger->append({event(1, Outcome::fail)}));
  REQUIRE(ledger->append({event(1, Outcome::fail)}));
  const History h = ledger->load(next_run(2));
  CHECK(h.state == History::State::known);
  CHECK(h.events.size() == 1);
  CHECK(judged(h, Outcome::fail) == Decision::block);
  REQUIRE(ledger->append({event(1, Outcome::pass, "r1", 2)}));
  CHECK(judged(ledger->load(next_run(2)), Outcome::fail) == Decision::hold);
}

TEST_CASE("file: unreadable is lost, promotes nothing, and is kept aside when the next run writes") {
  const TempDir dir;
  net::SystemClock clock;
  const std::string path = dir.path() + "/ledger.jsonl";
  for (const std::string& content : {std::string("garbage\n"), std::string("{}\n"), std::string("\0\n", 2)}) {
    dir.write("ledger.jsonl", content);
    auto ledger = open_file_ledger(path, clock);
    const History lost = ledger->load(next_run(2));
    CHECK(lost.state == History::State::lost);
    CHECK(lost.problem.find("line 1 ") != std::string::npos);
    CHECK(judged(lost, Outcome::fail) == Decision::block);
    CHECK(judged(lost, Outcome::inconclusive) == Decision::hold);
    REQUIRE(ledger->append({event(3, Outcome::pass)}));
    CHECK(read(path + ".unreadable") == content);
    CHECK(ledger->load(next_run(4)).state == History::State::known);
  }
  CHECK(open_file_ledger(dir.path(), clock)->load(next_run(1)).state == History::State::lost);
  // A folder named by mistake is told and stays where it is, with all that is in it.
  dir.write("notes/kept", "x");
  const auto refused = open_file_ledger(dir.path() + "/notes", clock)->append({event(1, Outcome::pass)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().hint == "move it away, or name another file as the ledger");
  CHECK(read(dir.path() + "/notes/kept") == "x");
  // The folder of the documented place is made, one that is missing with its own folder is not.
  CHECK(open_file_ledger(dir.path() + "/.launchgate/l", clock)->append({event(1, Outcome::pass)}));
  CHECK_FALSE(open_file_ledger(dir.path() + "/no/such/ledger", clock)->append({event(1, Outcome::pass)}));
}

TEST_CASE("file: eight writing processes lose nothing, and no reader ever sees half a ledger") {
  const TempDir dir;
  const std::string path = dir.path() + "/ledger.jsonl";
  constexpr int kWriters = 8, kEach = 5;
  std::vector<pid_t> children;
  for (int w = 0; w < kWriters; ++w) {
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
      net::SystemClock clock;
      auto ledger = open_file_ledger(path, clock);
      bool good = true;
      for (int i = 0; i < kEach; ++i)
        good = good && ledger->append({event(static_cast<std::uint64_t>(100 * w + i + 1), Outcome::fail)}).has_value();
      ::_exit(good ? 0 : 1);
    }
    children.push_back(pid);
  }
  net::SystemClock clock;
  auto reader = open_file_ledger(path, clock);
  std::size_t seen = 0;
  for (int i = 0; i < 100; ++i) {
    const History h = reader->load(next_run(10'000));
    REQUIRE(h.state != History::State::lost);
    REQUIRE(h.events.size() >= seen);
    seen = h.events.size();
  }
  for (const pid_t pid : children) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  CHECK(ids(reader->load(next_run(10'000)).events).size() == kWriters * kEach);
}

TEST_CASE("git: a ref of the remote, compare-and-swap between eight clones, nothing touched locally") {
  const TempDir dir;
  run_git(dir.path(), {"init", "-q", "--bare", "remote.git"});
  net::SystemClock clock;
  constexpr int kWriters = 8;
  for (int w = 0; w < kWriters; ++w) {
    const std::string name = "clone" + std::to_string(w);
    run_git(dir.path(), {"init", "-q", name});
    run_git(dir.path() + "/" + name, {"remote", "add", "origin", dir.path() + "/remote.git"});
  }
  const auto open = [&](int w) {
    return open_git_ledger(dir.path() + "/clone" + std::to_string(w), "refs/launchgate/prod", clock);
  };
  CHECK(open(0)->load(next_run(1)).state == History::State::absent);

  std::vector<std::thread> writers;
  std::mutex mutex;
  std::vector<std::string> problems;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&, w] {
      const auto written = open(w)->append({event(static_cast<std::uint64_t>(w + 1), Outcome::fail)});
      const std::lock_guard lock(mutex);
      if (!written) problems.push_back(written.error().what);
    });
  for (std::thread& t : writers) t.join();
  CHECK(problems == std::vector<std::string>{});

  const History h = open(3)->load(next_run(100));
  CHECK(h.state == History::State::known);
  CHECK(h.events.size() == kWriters);
  CHECK(judged(h, Outcome::fail) == Decision::block);
  CHECK(judged(h, Outcome::pass) == Decision::promote);
  CHECK(run_git(dir.path() + "/clone3", {"for-each-ref"}).empty());
  CHECK(run_git(dir.path() + "/clone3", {"status", "--porcelain"}).empty());
}

TEST_CASE("git: a branch whose name ends like the ref is not taken for it") {
  const TempDir dir;
  net::SystemClock clock;
  run_git(dir.path(), {"init", "-q", "--bare", "remote.git"});
  run_git(dir.path(), {"init", "-q", "work"});
  const std::string work = dir.path() + "/work";
  run_git(work, {"remote", "add", "origin", dir.path() + "/remote.git"});
  auto ledger = open_git_ledger(work, "refs/launchgate/prod", clock);
  dir.write("work/events.jsonl", event_lines({event(1, Outcome::pass)}));
  run_git(work, {"add", "events.jsonl"});
  run_git(work, {"commit", "-q", "-m", "x"});
  REQUIRE(ledger->append({event(2, Outcome::fail)}));
  run_git(work, {"push", "-q", "origin", "HEAD:refs/heads/refs/launchgate/prod"});  // ls-remote lists it first
  CHECK(open_git_ledger(work, "refs/launchgate/other", clock)->load(next_run(2)).state == History::State::absent);
  const History h = ledger->load(next_run(3));
  CHECK(h.state == History::State::known);
  REQUIRE(h.events.size() == 1);
  CHECK(h.events[0].outcome == Outcome::fail);
  const auto refused = ledger->append({event(3, Outcome::fail)});  // git pushes to no name that may mean two refs
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("matches more than one") != std::string::npos);
}

TEST_CASE("git: no remote is lost, a forged ref is lost and is not overwritten, and no URL password is shown") {
  const TempDir dir;
  net::FakeClock clock;
  run_git(dir.path(), {"init", "-q", "--bare", "remote.git"});
  run_git(dir.path(), {"init", "-q", "work"});
  const std::string work = dir.path() + "/work";
  auto ledger = open_git_ledger(work, "refs/launchgate/prod", clock);
  CHECK(ledger->load(next_run(1)).state == History::State::lost);

  const std::string password = net::random_hex(8);
  run_git(work, {"remote", "add", "origin",
                 "http://user:" + password + "@127.0.0.1:" + std::to_string(tests::closed_port()) + "/x.git"});
  const History unreachable = ledger->load(next_run(1));
  CHECK(unreachable.state == History::State::lost);
  CHECK(unreachable.problem.find(password) == std::string::npos);
  const auto refused = ledger->append({event(1, Outcome::pass)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find(password) == std::string::npos);

  run_git(work, {"remote", "set-url", "origin", dir.path() + "/remote.git"});
  dir.write("work/events.jsonl", "not ours\n");
  run_git(work, {"add", "events.jsonl"});
  run_git(work, {"commit", "-q", "-m", "x"});
  run_git(work, {"push", "-q", "origin", "HEAD:refs/launchgate/prod"});
  CHECK(ledger->load(next_run(1)).state == History::State::lost);
  CHECK_FALSE(ledger->append({event(1, Outcome::pass)}));
  CHECK(run_git(work, {"ls-remote", "origin", "refs/launchgate/prod"})
            .starts_with(run_git(work, {"rev-parse", "HEAD"}).substr(0, 40)));
}

TEST_CASE("status: conclusions are posted as commit statuses and read back; anything but a list of them is lost") {
  const std::string sha(40, 'c');
  std::mutex mutex;
  std::string posted;
  int status = 200;
  std::string token = net::random_hex(10);
  tests::TestServer server([&](const tests::Received& r, tests::Connection& c) {
    const std::lock_guard lock(mutex);
    if (r.header("authorization") != "Bearer " + token) return c.reply(401, "{}");
    if (r.method == "POST" && r.path == "/repos/o/n/statuses/" + sha) {
      posted += (posted.empty() ? "" : ",") + r.body;
      return c.reply(201, "{}");
    }
    if (r.path == "/repos/o/n/commits/" + sha + "/statuses") return c.reply(status, "[" + posted + "]");
    c.reply(404, "{}");
  });
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  auto ledger = open_status_ledger({server.origin(), "o/n", token}, *http);
  Run run = next_run(3);
  run.release = sha;
  CHECK(ledger->load(run).state == History::State::absent);
  Event attempt = event(1, Outcome::fail, sha);
  attempt.n = 1;
  REQUIRE(ledger->append({event(1, Outcome::pass, sha), event(2, Outcome::fail, sha), attempt}));
  CHECK(posted.find("\"state\":\"failure\"") != std::string::npos);
  CHECK(posted.find("\"context\":\"launchgate/prod/login\"") != std::string::npos);
  CHECK(std::count(posted.begin(), posted.end(), '{') == 2);  // conclusions, not the attempts on the way
  const History h = ledger->load(run);
  CHECK(h.state == History::State::known);
  REQUIRE(h.events.size() == 2);
  CHECK(event_id(h.events[1]) == event_id(event(2, Outcome::fail, sha)));
  CHECK(judged(h, Outcome::fail) == Decision::block);

  // Of another environment, whose name begins the same, and of this one what is no event.
  posted += R"(,{"context":"launchgate/production/login","description":"fail run=1 n=1.1 t=5 x"})";
  posted += R"(,{"context":"launchgate/prod/login","description":"fail run= n=x"},{"context":7},5)";
  CHECK(ledger->load(run).events.size() == 2);
  status = 500;
  CHECK(ledger->load(run).state == History::State::lost);
  CHECK(ledger->load(next_run(3)).state == History::State::lost);  // "r1" is no commit id
  token += "x";
  const auto refused = ledger->append({event(3, Outcome::pass, sha)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "commit status: HTTP 401");
}

TEST_CASE("status: the ledger is read to its last page, and no further than GitHub keeps statuses") {
  const std::string sha(40, 'c');
  std::mutex mutex;
  std::vector<std::string> pages;
  int asked = 0;
  tests::TestServer server([&](const tests::Received& r, tests::Connection& c) {
    const std::lock_guard lock(mutex);
    ++asked;
    const std::size_t at = r.target.find("&page=");
    const std::size_t page = at == std::string::npos ? 0 : std::stoul(r.target.substr(at + 6));
    c.reply(200, page >= 1 && page <= pages.size() ? pages[page - 1] : "[]");
  });
  const auto filler = [](int n) {  // statuses of other tools
    std::string out;
    for (int i = 0; i < n; ++i) out += std::string(i == 0 ? "" : ",") + R"({"context":"ci/build","description":"ok"})";
    return out;
  };
  const std::string failed = R"({"context":"launchgate/prod/login","description":"fail run=2 n=2.1 t=5 x"})";
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  auto ledger = open_status_ledger({server.origin(), "o/n", "t"}, *http);
  Run run = next_run(3);
  run.release = sha;
  pages = {"[" + filler(100) + "]", "[" + failed + "]"};
  CHECK(ledger->load(run).events.size() == 1);
  CHECK(asked == 2);
  pages = {"[" + filler(99) + "]", "[" + failed + "]"};  // a page that is not full is the last
  CHECK(ledger->load(run).state == History::State::absent);
  CHECK(asked == 3);
  pages.assign(20, "[" + filler(100) + "]");
  CHECK(ledger->load(run).state == History::State::absent);
  CHECK(asked == 13);
}

TEST_CASE("the place of a ledger is read strictly") {
  net::RealServices real;
  const LedgerPlace place{".", {}};
  for (const char* bad : {"", "file:", "git:", "git:main", "redis:x", "status", "git:refs/", "git:refs/a b",
                          "git:refs/../a", "git:refs/a/", "git:refs/a:b", "git:refs/a.lock"}) {
    CAPTURE(bad);
    CHECK_FALSE(open_ledger(bad, place, real.services()));
  }
  CHECK(open_ledger("file:x", place, real.services()));
  CHECK(open_ledger("git:refs/launchgate/prod", place, real.services()));
  CHECK_FALSE(open_ledger("status:", place, real.services()));
}
