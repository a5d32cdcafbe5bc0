// Any bytes as a baseline, ours or another scanner's: an error or entries, and ours survives being written again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libscan/config/baseline.hpp"
#include "libscan/config/known_findings.hpp"

using namespace launchgate::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto entries = parse_baseline(text, "f")) {
    const std::string once = format_baseline(*entries);
    const auto again = parse_baseline(once, "f");
    if (!again || format_baseline(*again) != once) std::abort();
  }
  for (const KnownPlace& p : read_gitleaks_ignore(text, "f").places)
    if (p.path.empty() || p.line != p.end_line) std::abort();
  if (const auto known = read_known_findings(text, "f"))
    for (const KnownSecret& s : known->secrets)
      if (s.digest.size() != 40 && s.digest.size() != 64) std::abort();
  return 0;
}
