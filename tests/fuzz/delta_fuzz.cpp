// Any bytes as base and delta: applied within bounds or refused. The first byte says how long the base is.
#include <cstdint>
#include <string>
#include <string_view>

#include "libscan/git/delta.hpp"

using namespace launchgate::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string base(bytes.substr(0, data[0]));
  std::string_view delta = bytes.substr(base.size());
  const auto sizes = take_delta_sizes(delta);
  if (!sizes || sizes->result > (1U << 20)) return 0;
  const auto room = static_cast<std::size_t>(sizes->result);
  std::string out(room, '\0');
  apply_delta(base, delta, out.data(), room);
  return 0;
}
