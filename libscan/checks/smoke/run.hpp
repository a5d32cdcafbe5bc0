// One run of the smoke tests as its checks see it: configuration, ports, time left, and which address to use now.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/spec.hpp"
#include "libscan/checks/smoke/template.hpp"
#include "libscan/net/services.hpp"

namespace launchgate::checks::smoke {

// Where requests go: one address of the site, or (empty) whatever the name resolves to.
struct Route {
  net::Family family = net::Family::any;
  std::string address;
};

// What a signed-in visitor carries.
struct Session {
  net::CookieJar jar;
  std::string bearer;
  Captures captures;
};

class Run {
 public:
  // Looks up the addresses of `config.base`. `config` must outlive the run.
  Run(const Config& config, net::Services services);

  const Config& config() const noexcept { return config_; }
  net::Services& services() noexcept { return services_; }
  net::Clock& clock() const noexcept { return services_.clock; }

  // gate.deadline counts from here: waiting for the release is not the checks' time.
  void begin_checks();
  double started_ms() const noexcept { return started_; }
  double left_ms() const { return std::max(0.0, deadline_ - services_.clock.now_ms()); }
  // Sleeps, but never past the deadline; false when that would have been needed.
  bool sleep_until(double now_ms);

  unsigned attempt() const noexcept { return attempt_; }
  // The next attempt starts as a stranger: the name looked up anew, other addresses where there are any, no open
  // connection and no session kept.
  void start_attempt(unsigned number, const std::string& check);

  // Asks the name again: what was true when the run began may be what the deployment changed.
  void look_up_addresses();

  // One route per address family to be asserted; the address changes with the attempt.
  std::vector<Route> routes(const Connection& connection) const;
  // Every address of the site, for the release barrier.
  std::vector<Route> all_routes(const Connection& connection) const;
  // Can this machine reach anything? Asks the configured control hosts, else the kernel. False: `why`, in words.
  bool online(std::string& why);

  // Foreign text made fit for a report: secrets masked, printable, short.
  std::string show(std::string_view foreign, std::size_t width = 100) const;
  void note(Note::Level level, std::string text, std::string hint = {});
  std::vector<Note> take_notes() { return std::move(notes_); }

  std::map<std::string, Session> sessions;         // by login check, of its last success
  std::map<std::string, std::int64_t> totp_steps;  // last step used, by login check

 private:
  const Config& config_;
  net::Services services_;
  double started_, deadline_;
  unsigned attempt_ = 0;
  net::Addresses addresses_;
  bool lack_told_ = false;
  std::vector<Note> notes_;
};

// What stands between an answer and judging it.
struct Trouble {
  Outcome outcome = Outcome::fail;
  std::string why;
  bool unreached = false;
  double retry_after_ms = 0;
  bool late = false;  // no answer in time
};

// One visitor: a jar, a bearer token, captured values, one route.
class Flow {
 public:
  // `fresh`: the first request opens a new connection.
  Flow(Run& run, const Connection& connection, Route route, bool fresh);

  // The request a configuration asks for, with the visitor's session. Fails when its URL is not ours.
  Result<net::Request> prepare(const Send& send);
  // A request of the recipe's own.
  Result<net::Request> prepare(std::string_view method, std::string_view target, bool page = true);
  net::Response send(net::Request request);
  // Sends one step and judges it; captures what it asks for. nullopt: all is well.
  std::optional<Trouble> perform(const Step& step, net::Response& response);

  Run& run() noexcept { return run_; }
  const Connection& connection() const noexcept { return connection_; }
  Session session;
  double spent_ms = 0;  // in requests, so far
  Phases phases;        // of them, added

 private:
  Run& run_;
  const Connection& connection_;
  Route route_;
  bool fresh_;
};

// Failure of transport, rate limit or challenge page; nullopt when the answer can be judged.
std::optional<Trouble> trouble_of(const Run& run, const Connection& connection, const net::Response& response);

// Why `response` is not what was expected; empty when it is. `default_status`: what is good when none is given.
enum class DefaultStatus { success, below_400 };
std::string unmet(const Run& run, const Expect& expect, const net::Response& response, const net::CookieJar& jar,
                  DefaultStatus default_status = DefaultStatus::success);

// The value a capture asks for; nullopt when it is not there.
std::optional<std::string> captured(const Capture& capture, const net::Response& response, const net::CookieJar& jar);

// The string (or number, boolean as text) at a JSON pointer of a body; nullopt when it is not there or no scalar.
std::optional<std::string> json_scalar(std::string_view body, std::string_view pointer);

}  // namespace launchgate::checks::smoke
