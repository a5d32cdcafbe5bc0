// launchgate hook install: puts launchgate into a repository's git hooks.
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "cmd/run.hpp"
#include "libscan/core/atomic_file.hpp"
#include "libscan/core/text.hpp"
#include "libscan/git/config.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/repository.hpp"

extern char** environ;

namespace launchgate::cmd {
namespace {

constexpr std::string_view kMark = "# installed by `launchgate hook install`";

struct Hook {
  std::string_view name;
  std::string_view arguments;
  std::string_view what;
  std::string_view bypass;    // how to go around it once; a server's hook has no such way
  std::string_view variable;  // what launchgate is told in the environment
};

constexpr std::array kHooks{
    Hook{"pre-commit", "scan --staged", "keeps secrets out of commits",
         "; `git commit --no-verify` goes around it once", ""},
    Hook{"pre-push", "scan --range auto", "keeps secrets out of what is pushed",
         "; `git push --no-verify` goes around it once", "LAUNCHGATE_PUSH_REMOTE=\"$1\""},
    Hook{"pre-receive", "scan --range auto", "keeps secrets out of a server's repository", "", ""},
};

const Hook* find_hook(std::string_view name) {
  for (const Hook& h : kHooks)
    if (h.name == name) return &h;
  return nullptr;
}

// A hook whose program is gone must not pass in silence.
std::string script(const Hook& hook) {
  return fmt::format(
      "#!/bin/sh\n"
      "{}\n"
      "# {}{}.\n"
      "command -v launchgate >/dev/null || {{\n"
      "  echo 'launchgate is not on PATH: nothing was checked. Install it, or remove this hook.' >&2\n"
      "  exit 1\n"
      "}}\n"
      "{}exec launchgate {} --quiet\n",
      kMark, hook.what, hook.bypass, hook.variable.empty() ? "" : fmt::format("export {}\n", hook.variable),
      hook.arguments);
}

// Where git looks for hooks: core.hooksPath, relative to where hooks run, or the common folder's.
std::string hooks_folder(const git::Repository& repository, const git::Environment& env) {
  git::Config config;
  const git::Config::Context context{repository.git_dir, ""};
  config.add_system_and_global(env, context);
  // A file that cannot be read was told by find_target() already.
  (void)config.add_file(repository.common_dir + "/config", git::Config::Scope::local, env, context);
  config.add_command(env);
  const auto path = config.get("core.hookspath");
  if (!path || path->empty()) return repository.common_dir + "/hooks";
  const std::string expanded = git::expand_home(*path, env);
  return git::join_path(repository.bare() ? repository.git_dir : repository.work_tree, expanded);
}

// Where a line is to be added by hand: husky calls .husky/NAME from .husky/_/NAME, which it writes anew.
std::string own_place(const std::string& path) {
  constexpr std::string_view kHusky = "/.husky/_/";
  const std::size_t at = path.rfind(kHusky);
  if (at == std::string::npos) return "it";
  return printable(path.substr(0, at) + "/.husky/" + path.substr(at + kHusky.size()));
}

Result<std::string> install(const Hook& hook, const git::Environment& env) {
  auto target = git::find_target(".", env);
  if (!target) return Unexpected{target.error()};
  if (!target->repository)
    return fail(ErrorCode::usage, "hook install: this folder is in no git repository",
                "go to one, or `git init` first");
  const std::string folder = hooks_folder(*target->repository, env);
  const std::string path = fmt::format("{}/{}", folder, hook.name);
  auto old = git::read_small_file(path, std::size_t{1} << 20);
  if (!old) return Unexpected{old.error()};
  if (*old && (*old)->find(kMark) == std::string::npos)
    return fail(ErrorCode::usage, fmt::format("hook install: {} exists and is not launchgate's", printable(path)),
                fmt::format("add this line to {}: {}{}launchgate {} --quiet || exit 1", own_place(path), hook.variable,
                            hook.variable.empty() ? "" : " ", hook.arguments));
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST)
    return fail(ErrorCode::io, fmt::format("{}: cannot be made: {}", printable(folder), git::errno_text(errno)));
  if (auto written = write_file_atomically(path, script(hook)); !written) return Unexpected{written.error()};
  if (::chmod(path.c_str(), 0755) != 0)
    return fail(ErrorCode::io,
                fmt::format("{}: cannot be made executable: {}", printable(path), git::errno_text(errno)));
  return path;
}

}  // namespace

int run_hook_install(const Options& options, Console& console) {
  const std::string name = options.words.empty() ? "pre-commit" : options.words[0];
  const Hook* hook = find_hook(name);
  if (hook == nullptr)
    return report_error({ErrorCode::usage, fmt::format("hook install: no hook '{}'", printable(name)),
                         "pre-commit (the default), pre-push or pre-receive"},
                        console);
  auto path = install(*hook, git::Environment::from(environ));
  if (!path) return report_error(path.error(), console);
  const std::string said = fmt::format("{}: {}\n", printable(*path), hook->what);
  return print_out(said, console);
}

}  // namespace launchgate::cmd
