// Any bytes as a ledger: each line an event or a problem that is told; what was read survives being written again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libscan/gate/event_lines.hpp"

using namespace launchgate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = gate::parse_event_lines(text);
  if (parsed.problem.find('\n') != std::string::npos) std::abort();
  const auto again = gate::parse_event_lines(gate::event_lines(parsed.events));
  if (!again.problem.empty() || again.events.size() != parsed.events.size()) std::abort();
  return 0;
}
