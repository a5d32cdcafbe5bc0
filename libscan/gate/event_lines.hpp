// Events as the ledger stores them: one JSON object a line, each carrying its id.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/gate/event.hpp"

namespace launchgate::gate {

// What a ledger may weigh. A run of ten checks writes some 3 KiB; prune() keeps files far below this.
inline constexpr std::size_t kMaxLedgerBytes = std::size_t{32} << 20;
inline constexpr std::size_t kMaxLedgerEvents = 20'000;

std::string event_lines(const std::vector<Event>& events);

struct ParsedEvents {
  std::vector<Event> events;
  std::string problem;  // empty: every line was read; else what is wrong with the first bad one. Printable
};

// A last line without its end that cannot be read was cut off by a crash and is left out. Everything else that cannot
// be read is a problem: a line that is no event, of a later version, or whose id does not fit what it says.
ParsedEvents parse_event_lines(std::string_view text);

// The latest kMaxLedgerEvents; `events` in event_before order.
std::vector<Event> prune(std::vector<Event> events);

}  // namespace launchgate::gate
