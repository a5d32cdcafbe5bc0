// Any bytes as what a site serves: script, source map, probed file. Names found are views of what is there, in bounds.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "libscan/checks/site/exposure.hpp"
#include "libscan/checks/site/references.hpp"

using namespace launchgate::checks::site;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const ScriptNames found = script_names(text, 20);
  if (found.names.size() > 20) std::abort();
  for (const std::string& name : found.names)
    if (name.empty() || text.find(name) == std::string::npos) std::abort();
  const std::string_view map = source_map_reference(text);
  if (!map.empty() && text.find(map) == std::string::npos) std::abort();
  const SourceMap sources = read_source_map(text);
  if (!sources.ok && !sources.sources.empty()) std::abort();
  for (const EmbeddedSource& s : sources.sources) source_path(s.name);
  source_path(text);
  for (const Probe& probe : probes())
    if (probe.judge != nullptr)
      if (const auto x = probe.judge(probe.path, text); x && x->message.size() > 4000) std::abort();
  return 0;
}
