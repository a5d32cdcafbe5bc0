// The render function of every output format; registry.cpp gives them their names.
#pragma once

#include <string>

#include "adapters/adapter.hpp"

namespace launchgate::adapters {

std::string render_text(const Report&, const Verdict*, const RenderOptions&);
std::string render_json(const Report&, const Verdict*, const RenderOptions&);
std::string render_jsonl(const Report&, const Verdict*, const RenderOptions&);

}  // namespace launchgate::adapters
