// GitLab code quality: one array of issues. GitLab shows issues of one fingerprint as one, so it is made of what was
// found, the file and an ordinal, never of the line; it reads check_name, description, fingerprint, severity, location.
// The format has no word for "could not be judged": such a gap is an issue of its own, so that it is seen.
#include <algorithm>

#include "adapters/escape.hpp"
#include "adapters/formats.hpp"
#include "adapters/issues.hpp"
#include "adapters/json_writer.hpp"
#include "libscan/core/sha256.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::adapters {
namespace {

std::string_view gitlab_severity(Severity s) {
  switch (s) {
    case Severity::launch_blocker: return "blocker";
    case Severity::high_risk: return "critical";
    case Severity::can_wait: return "minor";
  }
  return "critical";
}

// Relative to the repository, with '/' only: GitLab links nothing else.
std::string gitlab_path(std::string_view path) {
  std::string out = valid_utf8(path);
  std::replace(out.begin(), out.end(), '\\', '/');
  std::size_t from = 0;
  while (out.compare(from, 2, "./") == 0 || out.compare(from, 1, "/") == 0) from += out[from] == '/' ? 1 : 2;
  out.erase(0, from);
  if (out.size() > 2 && out[1] == ':' && out[2] == '/') out.insert(0, "_");  // would pass for a Windows drive
  return out;
}

class CodeQuality {
 public:
  explicit CodeQuality(const RenderOptions& options) : options_(options), json_(out_) { json_.array(); }

  void issue(std::string_view name, std::string_view text, std::string_view id, std::string_view severity,
             std::string_view path, std::uint32_t line) {
    std::string shown_path = gitlab_path(path);
    if (shown_path.empty()) shown_path = gitlab_path(options_.config_path);
    empty_ = false;
    json_.line(1).object().member("description", text.empty() ? name : text);
    json_.member("check_name", "launchgate." + std::string(name)).member("fingerprint", id);
    json_.member("severity", severity).key("location").object().member("path", shown_path);
    json_.key("lines").object().member("begin", line).end_object().end_object().end_object();
  }

  std::string finish() {
    if (!empty_) json_.end_line(0);
    json_.end_array();
    return std::move(out_) + "\n";
  }

 private:
  const RenderOptions& options_;
  std::string out_;
  JsonWriter json_;
  bool empty_ = true;
};

}  // namespace

std::string render_gitlab(const Report& report, const Verdict*, const RenderOptions& options) {
  CodeQuality quality(options);
  Ordinals ordinals;
  const Issues issues(report);
  for (const Finding* f : issues.all())
    quality.issue(f->rule, message_and_fix(*f), unique_id(*f, ordinals.next(*f)), gitlab_severity(f->severity),
                  file_of(*f, options), line_of(*f));
  for (const Gap& gap : gaps(report)) {
    const bool placed = gap.where != nullptr && !gap.where->path.empty();
    quality.issue("undecided", "Undecided: " + gap.text, hex(sha256("undecided" + gap.id), 32), "major",
                  placed ? gap.where->path : options.config_path, placed ? std::max(1U, gap.where->span.line) : 1);
  }
  return quality.finish();
}

}  // namespace launchgate::adapters
