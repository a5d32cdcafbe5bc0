// One issue a line, in the contract's key order. The same object is an entry of the json report's "findings".
#include "adapters/finding_json.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"

namespace launchgate::adapters {

std::string render_jsonl(const Report& report, const Verdict*, const RenderOptions&) {
  const Issues issues(report);
  std::string out;
  for (const Finding* f : issues.all()) {
    JsonWriter json(out);
    json.object();
    write_finding_members(json, *f);
    json.end_object();
    out += '\n';
  }
  return out;
}

}  // namespace launchgate::adapters
