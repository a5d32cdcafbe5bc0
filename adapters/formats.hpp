// The render function of every output format; registry.cpp gives them their names.
#pragma once

#include <string>

#include "adapters/adapter.hpp"

namespace launchgate::adapters {

std::string render_text(const Report&, const Verdict*, const RenderOptions&);
std::string render_json(const Report&, const Verdict*, const RenderOptions&);
std::string render_jsonl(const Report&, const Verdict*, const RenderOptions&);
std::string render_sarif(const Report&, const Verdict*, const RenderOptions&);
std::string render_github(const Report&, const Verdict*, const RenderOptions&);
std::string render_github_summary(const Report&, const Verdict*, const RenderOptions&);
std::string render_github_output(const Report&, const Verdict*, const RenderOptions&);
std::string render_gitlab(const Report&, const Verdict*, const RenderOptions&);
std::string render_gitlab_secret_detection(const Report&, const Verdict*, const RenderOptions&);
std::string render_rdjsonl(const Report&, const Verdict*, const RenderOptions&);
std::string render_csv(const Report&, const Verdict*, const RenderOptions&);
std::string render_junit(const Report&, const Verdict*, const RenderOptions&);
std::string render_html(const Report&, const Verdict*, const RenderOptions&);
std::string render_markdown(const Report&, const Verdict*, const RenderOptions&);

}  // namespace launchgate::adapters
