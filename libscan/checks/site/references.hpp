// What a page or script refers to, found in its text. Pure functions, linear in the text; whatever they find is only a
// guess until it was fetched and looks like what it should be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace launchgate::checks::site {

// Quoted strings that end in .js or .mjs (a query may follow), as written, each once: what bundlers leave of dynamic
// imports, preload lists and manifests. At most `limit`.
struct ScriptNames {
  std::vector<std::string> names;
  bool computed = false;  // the text also puts such names together at run time: not all can be known
};
ScriptNames script_names(std::string_view text, std::size_t limit);

// The target of the last "//# sourceMappingURL=" comment (or "//@", or the CSS form), empty when there is none.
// https://tc39.es/ecma426/ section 11
std::string_view source_map_reference(std::string_view script);

struct EmbeddedSource {
  std::string name;  // as the map names it, "webpack://app/./src/config.ts"; may be empty
  std::string text;
};

// The sources a map carries with it, sections included. Not ok: `json` is no source map.
struct SourceMap {
  bool ok = false;
  std::vector<EmbeddedSource> sources;  // those with content
};
SourceMap read_source_map(std::string_view json);

// "webpack://app/./src/config.ts?1a2b" -> "src/config.ts": what rules that look at paths should see.
std::string source_path(std::string_view name);

}  // namespace launchgate::checks::site
