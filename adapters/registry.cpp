#include "adapters/registry.hpp"

#include <algorithm>

#include "adapters/formats.hpp"

namespace launchgate::adapters {
namespace {

constexpr Adapter kAdapters[] = {
    {"text", "for people: code frames, what to do, a summary", ".txt", render_text},
    {"json", "the whole report, to keep, to read back and to merge", ".json", render_json, true},
    {"jsonl", "one finding a line", ".jsonl", render_jsonl},
    {"sarif", "SARIF 2.1.0 as GitHub code scanning reads it", ".sarif", render_sarif, true},
    {"github", "annotations of a GitHub Actions step", ".txt", render_github},
    {"github-summary", "Markdown to append to GITHUB_STEP_SUMMARY", ".md", render_github_summary},
    {"github-output", "counts and verdict to append to GITHUB_OUTPUT", ".env", render_github_output},
    {"gitlab", "GitLab code quality report", ".json", render_gitlab},
    {"gitlab-secret-detection", "GitLab secret detection report", ".json", render_gitlab_secret_detection},
    {"junit", "JUnit XML, each check and each issue a test case", ".xml", render_junit},
    {"rdjsonl", "for reviewdog: review comments on any forge", ".jsonl", render_rdjsonl},
    {"csv", "one finding a row, for spreadsheets", ".csv", render_csv},
    {"html", "one static page: checks with their measurements, findings", ".html", render_html},
    {"markdown", "body of a pull request comment", ".md", render_markdown},
};

}  // namespace

std::span<const Adapter> all() noexcept { return kAdapters; }

const Adapter* find(std::string_view name) noexcept {
  const auto* at = std::find_if(std::begin(kAdapters), std::end(kAdapters),
                                [&](const Adapter& adapter) { return adapter.name == name; });
  return at == std::end(kAdapters) ? nullptr : at;
}

}  // namespace launchgate::adapters
