#include "tests/support/temp_repo.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace launchgate::testing {
namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

Variables base_variables() {
  const char* path = std::getenv("PATH");
  return {{"PATH", path != nullptr ? path : "/usr/bin:/bin"},
          {"HOME", "/nonexistent"},
          {"LC_ALL", "C"},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"GIT_AUTHOR_NAME", "Ann Author"},
          {"GIT_AUTHOR_EMAIL", "ann@example.org"},
          {"GIT_AUTHOR_DATE", "1700000000 +0000"},
          {"GIT_COMMITTER_NAME", "Carl Committer"},
          {"GIT_COMMITTER_EMAIL", "carl@example.org"},
          {"GIT_COMMITTER_DATE", "1700000000 +0000"}};
}

std::string drain(int fd) {
  std::string out;
  char buffer[16384];
  for (ssize_t n; (n = ::read(fd, buffer, sizeof buffer)) > 0;) out.append(buffer, static_cast<std::size_t>(n));
  ::close(fd);
  return out;
}

}  // namespace

TempDir::TempDir() {
  const char* base = std::getenv("TMPDIR");
  std::string name = std::string(base != nullptr ? base : "/tmp") + "/lg-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  path_ = std::filesystem::canonical(name).string();
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TempDir::write(std::string_view name, std::string_view content) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void TempDir::make_dir(std::string_view name) const {
  std::filesystem::create_directories(std::filesystem::path(path_) / name);
}

void TempDir::remove(std::string_view name) const { std::filesystem::remove_all(std::filesystem::path(path_) / name); }

Output run(const std::vector<std::string>& argv, const std::string& dir, const Variables& extra,
           std::string_view input) {
  Variables variables = base_variables();
  variables.insert(variables.end(), extra.begin(), extra.end());
  std::vector<std::string> texts;
  for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
  std::vector<char*> environment, arguments;
  // Later ones win: getenv takes the first it meets.
  for (auto text = texts.rbegin(); text != texts.rend(); ++text) environment.push_back(text->data());
  environment.push_back(nullptr);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  int in[2], out[2], err[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0)
    throw std::runtime_error("pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, dir.c_str());
  ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]), ::close(out[1]), ::close(err[1]);
  if (failed != 0) throw std::runtime_error("cannot start " + argv.front());

  Output result;
  std::thread feeder([&] {
    for (std::size_t at = 0; at < input.size();) {
      const ssize_t n = ::write(in[1], input.data() + at, input.size() - at);
      if (n <= 0) break;
      at += static_cast<std::size_t>(n);
    }
    ::close(in[1]);
  });
  std::thread complaints([&] { result.err = drain(err[0]); });
  result.out = drain(out[0]);
  feeder.join();
  complaints.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string run_git(const std::string& dir, std::vector<std::string> arguments, const Variables& extra,
                    std::string_view input) {
  arguments.insert(arguments.begin(), "git");
  Output output = run(arguments, dir, extra, input);
  if (output.status == 0) return std::move(output.out);
  std::string line;
  for (const std::string& argument : arguments) line += argument + " ";
  throw std::runtime_error(line + "(" + std::to_string(output.status) + "): " + output.err);
}

git::Environment test_environment(const Variables& extra) {
  git::Environment environment;
  for (const auto& [name, value] : base_variables()) environment.set(name, value);
  for (const auto& [name, value] : extra) environment.set(name, value);
  return environment;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    pieces.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return pieces;
}

}  // namespace launchgate::testing
