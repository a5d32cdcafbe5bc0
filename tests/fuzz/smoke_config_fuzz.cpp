// Any bytes as launchgate.toml: the first mistake with its place, or a configuration that can be explained.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "libscan/checks/smoke/config.hpp"

using namespace launchgate;
using namespace launchgate::checks::smoke;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ConfigRequest plan;
  if (const auto config = read_config(text, "f.toml", plan)) {
    if (config->checks.empty() || explain(*config).empty()) std::abort();
  } else if (config.error().what.rfind("f.toml:", 0) != 0) {
    std::abort();
  }
  ConfigRequest real;
  real.env = [](std::string_view name) { return std::optional<std::string>("value-of-" + std::string(name)); };
  if (const auto config = read_config(text, "f.toml", real))
    if (config->base.empty()) std::abort();
  return 0;
}
