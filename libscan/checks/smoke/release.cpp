#include "libscan/checks/smoke/release.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"

namespace launchgate::checks::smoke {
namespace {

constexpr int kParallel = 16;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\"");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n\"") - first + 1));
}

struct Round {
  bool all = false;    // every address answered with the release
  bool mixed = false;  // some did
  std::string detail;
};

// A release is no secret and looks like one: it is shown whole.
std::string shown(const Run& run, const std::string& release) {
  return "'" + ellipsize(printable(run.config().secrets.mask(release.substr(0, 200))), 64) + "'";
}

Round ask_all(Run& run, const ReleaseSpec& spec) {
  run.look_up_addresses();  // a deployment may be a change of addresses
  const auto routes = run.all_routes(run.config().connection);
  std::vector<net::Request> requests;
  for (const Route& route : routes) {
    Flow flow(run, run.config().connection, route, true);
    auto request = flow.prepare(spec.send);
    if (!request) return {false, false, request.error().what};
    request->jar = nullptr;
    request->fresh = true;
    request->timeout_ms = static_cast<int>(std::clamp<double>(run.left_ms(), 1, request->timeout_ms));
    requests.push_back(std::move(*request));
  }
  const auto responses = run.services().http.send_all(requests, kParallel);
  Round round;
  std::size_t good = 0;
  for (std::size_t i = 0; i < responses.size(); ++i) {
    const net::Response& r = responses[i];
    std::string got, says;
    if (!r.ok()) {
      says = fmt::format("fails ({}: {})", to_string(r.failure), run.show(r.error));
    } else if (r.status != 200) {
      says = fmt::format("answers status {}", r.status);
    } else {
      if (!spec.json.empty())
        got = json_scalar(r.body, spec.json).value_or("");
      else if (!spec.header.empty())
        got = r.header(spec.header) == nullptr ? "" : *r.header(spec.header);
      else
        got = trimmed(r.body);
      says = got.empty() ? "answers without a release" : "answers " + shown(run, got);
    }
    if (same_release(got, spec.equals)) ++good;
    const std::string& address = routes[i].address;
    const std::string line = address.empty() ? "the site " + says : printable(address) + " " + says;
    if (round.detail.size() < 600) round.detail += (round.detail.empty() ? "" : ", ") + line;
  }
  round.all = good == responses.size() && good > 0;
  round.mixed = good > 0 && good < responses.size();
  return round;
}

Tried inconclusive(std::string detail) {
  Tried out;
  out.detail = std::move(detail);
  return out;
}

}  // namespace

// An abbreviated commit id is the beginning of the whole one. Of digits alone it is one only beside a whole one:
// build 2026120 is not build 20261201.
bool same_release(std::string_view got, std::string_view wanted) noexcept {
  if (got.empty() || wanted.empty()) return false;
  if (got == wanted) return true;
  const auto is_hex = [](std::string_view s) {
    return s.size() >= 7 && s.size() <= 64 && s.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  };
  const std::size_t common = std::min(got.size(), wanted.size()), longer = std::max(got.size(), wanted.size());
  const bool whole = longer == 40 || longer == 64;
  if (!whole && got.substr(0, common).find_first_not_of("0123456789") == std::string_view::npos) return false;
  return is_hex(got) && is_hex(wanted) && net::equal_ignoring_case(got.substr(0, common), wanted.substr(0, common));
}

Tried await_release(Run& run) {
  const ReleaseSpec& spec = *run.config().release;
  const double start = run.clock().now_ms(), end = start + spec.wait_ms;
  for (unsigned agreed = 0;;) {
    const Round round = ask_all(run, spec);
    agreed = round.all ? agreed + 1 : 0;
    if (agreed >= spec.agree) {
      Tried out;
      out.outcome = Outcome::pass;
      out.detail =
          fmt::format("{} is live after {}", shown(run, spec.equals), show_duration(run.clock().now_ms() - start));
      return out;
    }
    if (round.all) continue;  // agreeing rounds follow each other at once, each on new connections
    if (run.clock().now_ms() + spec.every_ms > end)
      return inconclusive(fmt::format("{} is not live{} after {}: {}", shown(run, spec.equals),
                                      round.mixed ? " everywhere" : "", show_duration(spec.wait_ms), round.detail));
    run.clock().sleep_for(spec.every_ms);
  }
}

Tried confirm_release(Run& run) {
  const Round round = ask_all(run, *run.config().release);
  if (!round.all)
    return inconclusive(fmt::format("the release changed while it was tested{}: {}",
                                    round.mixed ? " (versions are mixed)" : "", round.detail));
  Tried out;
  out.outcome = Outcome::pass;
  out.detail = "still live after the last check";
  return out;
}

}  // namespace launchgate::checks::smoke
