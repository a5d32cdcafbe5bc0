// launchgate ci init: a first CI configuration, written where the CI looks for it: at the root of the repository.
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "cmd/run.hpp"
#include "libscan/core/atomic_file.hpp"
#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/repository.hpp"

extern char** environ;

namespace launchgate::cmd {
namespace {

struct Recipe {
  std::string_view name;
  std::string_view folder;  // made when missing; empty = the root
  std::string_view path;
  std::string_view text;
};

// docs/ci.md shows the same; tests/cli/hooks holds them together.
constexpr std::array kRecipes{
    Recipe{
        "github", ".github/workflows", ".github/workflows/launchgate.yml",
        R"yml(# What a change brings in, on every push and pull request; findings appear as annotations and under Security.
name: launchgate
on:
  push:
  pull_request:
  merge_group: # a required check that does not run here blocks the queue for ever
permissions:
  contents: read
  security-events: write # for upload-sarif
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # a shallow clone ends in "could not decide"
      - uses: launchgate/launchgate@v)yml" LG_VERSION R"yml(
        with:
          args: scan --range auto
          sarif: launchgate.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always() && hashFiles('launchgate.sarif') != ''
        with:
          sarif_file: launchgate.sarif
)yml"},
    Recipe{
        "gitlab", "", ".gitlab-ci.yml",
        R"yml(# What a change brings in; findings appear in the merge request's code quality widget. The image of this job needs
# launchgate on PATH; the component in launchgate's docs/ci.md downloads a release instead.
launchgate:
  stage: test
  variables:
    GIT_DEPTH: "0" # a shallow clone ends in "could not decide"
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH
  script:
    - launchgate scan --range auto --out gitlab=gl-code-quality-report.json --out junit=launchgate.xml
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      junit: launchgate.xml
)yml"},
};

const Recipe* choose(const Options& options, const std::string& root) {
  const std::string name = !options.words.empty()                       ? options.words[0]
                           : git::path_exists(root + "/.gitlab-ci.yml") ? "gitlab"
                                                                        : "github";
  for (const Recipe& r : kRecipes)
    if (r.name == name) return &r;
  return nullptr;
}

Result<void> make_folders(const std::string& root, std::string_view folder) {
  for (std::size_t at = 0; at != std::string_view::npos && !folder.empty();) {
    at = folder.find('/', at + 1);
    const std::string part = fmt::format("{}/{}", root, folder.substr(0, at));
    if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST)
      return fail(ErrorCode::io, fmt::format("{}: cannot be made: {}", printable(part), git::errno_text(errno)));
  }
  return {};
}

}  // namespace

int run_ci_init(const Options& options, Console& console) {
  auto target = git::find_target(".", git::Environment::from(environ));
  if (!target) return report_error(target.error(), console);
  if (target->root.empty())
    return report_error({ErrorCode::usage, "ci init: a bare repository has no files", "go to a clone of it"}, console);
  const Recipe* recipe = choose(options, target->root);
  if (recipe == nullptr)
    return report_error({ErrorCode::usage, fmt::format("ci init: no recipe '{}'", printable(options.words[0])),
                         "github or gitlab; docs/ci.md has more"},
                        console);
  const std::string path = fmt::format("{}/{}", target->root, recipe->path);
  if (options.stdout_only) return print_out(recipe->text, console);
  if (git::path_exists(path))
    return report_error({ErrorCode::usage, fmt::format("ci init: {} exists and is left as it is", printable(path)),
                         fmt::format("`launchgate ci init {} --stdout` prints what to add", recipe->name)},
                        console);
  if (auto made = make_folders(target->root, recipe->folder); !made) return report_error(made.error(), console);
  if (auto written = write_file_atomically(path, recipe->text); !written) return report_error(written.error(), console);
  const std::string said = fmt::format("wrote {}: commit it to turn the gate on\n", printable(path));
  return print_out(said, console);
}

}  // namespace launchgate::cmd
