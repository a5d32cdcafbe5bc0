#include "libscan/gate/event_lines.hpp"

#include <fmt/format.h>

#include <optional>

#include "libscan/core/text.hpp"
#include "libscan/gate/json_text.hpp"

namespace launchgate::gate {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxLine = 64u << 10;

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (const Outcome o : {Outcome::pass, Outcome::flaky, Outcome::fail, Outcome::inconclusive, Outcome::skipped})
    if (to_string(o) == text) return o;
  return std::nullopt;
}

// Why `line` is no event of ours; empty when `event` is filled.
std::string read_event(std::string_view line, Event& event) {
  const auto object = JsonObject::parse(line, kMaxLine);
  if (!object) return "is no JSON object";
  if (object->integer("v") != kVersion) return "is of a version this launchgate does not know";
  const auto number = object->integer("run_number"), attempt = object->integer("run_attempt"), n = object->integer("n"),
             t = object->integer("t");
  const auto outcome = parse_outcome(object->string("outcome"));
  const auto small = [](const std::optional<std::int64_t>& i) { return i && *i >= 0 && *i <= UINT32_MAX; };
  if (!number || *number < 0 || !small(attempt) || !small(n) || !t || !outcome) return "lacks a member";
  event.run = {object->string("env"),
               object->string("release"),
               object->string("run_id"),
               static_cast<std::uint64_t>(*number),
               static_cast<std::uint32_t>(*attempt),
               *t};
  event.check = object->string("check");
  event.n = static_cast<std::uint32_t>(*n);
  event.outcome = *outcome;
  event.reason = printable(object->string("reason"));
  event.ms = object->number("ms").value_or(0);
  if (object->string("id") != event_id(event)) return "was changed: its id does not fit";
  return "";
}

}  // namespace

std::string event_lines(const std::vector<Event>& events) {
  std::string text;
  for (const Event& e : events) {
    JsonObject object;
    object.set("v", kVersion)
        .set("id", event_id(e))
        .set("env", e.run.env)
        .set("release", e.run.release)
        .set("check", e.check)
        .set("t", e.run.unix_ms)
        .set("run_id", e.run.id)
        .set("run_number", static_cast<std::int64_t>(e.run.number))
        .set("run_attempt", static_cast<std::int64_t>(e.run.attempt))
        .set("n", static_cast<std::int64_t>(e.n))
        .set("outcome", to_string(e.outcome))
        .set("reason", ellipsize(e.reason, 300))
        .set("ms", e.ms);
    text += object.line() + "\n";
  }
  return text;
}

ParsedEvents parse_event_lines(std::string_view text) {
  ParsedEvents parsed;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const bool whole = end != std::string_view::npos;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(whole ? end + 1 : text.size());
    if (line.empty()) continue;
    Event event;
    const std::string problem = read_event(line, event);
    if (problem.empty()) {
      parsed.events.push_back(std::move(event));
    } else if (whole && parsed.problem.empty()) {
      parsed.problem = fmt::format("line {} {}", number, problem);
    }
  }
  return parsed;
}

std::vector<Event> prune(std::vector<Event> events) {
  if (events.size() > kMaxLedgerEvents)
    events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(kMaxLedgerEvents));
  return events;
}

}  // namespace launchgate::gate
