// The ledger as GitHub commit statuses: each conclusion on a check is one status of the release's commit, seen in the
// pull request as launchgate/ENV/CHECK. GitHub keeps every status it was ever given for a commit, so the list of them
// is the ledger; what an event needs beyond that stands in the description, which has room for 140 characters
// (docs.github.com/rest/commits/statuses). Attempts within a run are not posted: a conclusion is what later runs count.
#include <fmt/format.h>

#include <charconv>

#include "libscan/core/text.hpp"
#include "libscan/gate/event_lines.hpp"
#include "libscan/gate/json_text.hpp"
#include "libscan/gate/ledger.hpp"

namespace launchgate::gate {
namespace {

constexpr int kPageSize = 100, kMaxPages = 10;  // GitHub keeps at most 1000 statuses per commit and context

bool is_commit_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view state_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
    case Outcome::flaky: return "success";
    case Outcome::fail: return "failure";
    default: return "error";
  }
}

// "fail run=77 n=12.1 t=1790000000000 reason"; the run's id has no blanks, or none of this would be read back.
std::string describe(const Event& e) {
  return ellipsize(fmt::format("{} run={} n={}.{} t={} {}", to_string(e.outcome), e.run.id, e.run.number, e.run.attempt,
                               e.run.unix_ms, e.reason),
                   kMaxGitHubDescription);
}

template <class Number>
bool take_number(std::string_view& text, std::string_view before, Number& number) {
  if (!text.starts_with(before)) return false;
  text.remove_prefix(before.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc();
}

bool read_description(std::string_view text, Event& e) {
  const std::size_t blank = text.find(" run=");
  if (blank == std::string_view::npos) return false;
  bool known = false;
  for (const Outcome o : {Outcome::pass, Outcome::flaky, Outcome::fail, Outcome::inconclusive, Outcome::skipped})
    if (to_string(o) == text.substr(0, blank)) e.outcome = o, known = true;
  text.remove_prefix(blank + 5);
  const std::size_t id_end = text.find(' ');
  if (!known || id_end == std::string_view::npos) return false;
  e.run.id = text.substr(0, id_end);
  text.remove_prefix(id_end);
  return take_number(text, " n=", e.run.number) && take_number(text, ".", e.run.attempt) &&
         take_number(text, " t=", e.run.unix_ms);
}

class StatusLedger final : public Ledger {
 public:
  StatusLedger(GitHub github, net::Http& http) : github_(std::move(github)), http_(http) {}

  History load(const Run& run) override {
    History history;
    history.run = run;
    const auto lost = [&](std::string why) {
      history.state = History::State::lost;
      history.problem = std::move(why);
      return history;
    };
    if (!is_commit_id(run.release)) return lost("the release is no commit id, so it has no commit statuses");
    const std::string prefix = "launchgate/" + run.env + "/";
    for (int page = 1; page <= kMaxPages; ++page) {
      const net::Response response = http_.send(
          request("GET", fmt::format("commits/{}/statuses?per_page={}&page={}", run.release, kPageSize, page), ""));
      if (!response.ok() || response.status != 200) return lost("commit statuses: " + github_trouble(response));
      const auto statuses = JsonObject::parse_array(response.body, kMaxLedgerBytes);
      if (!statuses) return lost("commit statuses: the reply is no JSON list");
      for (const JsonObject& status : *statuses) {
        const std::string context = status.string("context");
        Event e;
        if (!context.starts_with(prefix) || !read_description(status.string("description"), e)) continue;
        e.run.env = run.env;
        e.run.release = run.release;
        e.check = context.substr(prefix.size());
        history.events.push_back(std::move(e));
      }
      if (statuses->size() < kPageSize) break;
    }
    history.events = merge_events(std::move(history.events), {});
    if (history.events.empty()) history.state = History::State::absent;
    return history;
  }

  Result<void> append(const std::vector<Event>& events) override {
    std::vector<net::Request> requests;
    for (const Event& e : events) {
      if (e.n != 0) continue;
      if (!is_commit_id(e.run.release))
        return fail(ErrorCode::config, "the release is no commit id, so it can have no commit status",
                    "pass --release COMMIT, or use another ledger");
      JsonObject body;
      body.set("state", state_of(e.outcome))
          .set("context", "launchgate/" + e.run.env + "/" + e.check)
          .set("description", describe(e));
      requests.push_back(request("POST", "statuses/" + e.run.release, body.line()));
    }
    for (const net::Response& response : http_.send_all(requests, 4))
      if (!response.ok() || response.status != 201)
        return fail(ErrorCode::io, "commit status: " + github_trouble(response),
                    "the token needs permission to write commit statuses");
    return {};
  }

 private:
  net::Request request(std::string method, const std::string& path, std::string body) const {
    return github_request(github_, std::move(method), path, std::move(body));
  }

  GitHub github_;
  net::Http& http_;
};

}  // namespace

std::unique_ptr<Ledger> open_status_ledger(GitHub github, net::Http& http) {
  return std::make_unique<StatusLedger>(std::move(github), http);
}

}  // namespace launchgate::gate
