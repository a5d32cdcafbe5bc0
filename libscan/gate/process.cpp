#include "libscan/gate/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

extern char** environ;

namespace launchgate::gate {
namespace {

constexpr std::size_t kMaxError = 8 << 10;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { close(read), close(write); }
  static void close(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

// Our environment with `extra` on top, as exec wants it.
std::vector<std::string> environment(const Program& program) {
  std::vector<std::string> lines;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string_view line = *e;
    const bool replaced = std::any_of(program.env.begin(), program.env.end(), [&](const auto& pair) {
      return line.size() > pair.first.size() && line.starts_with(pair.first) && line[pair.first.size()] == '=';
    });
    if (!replaced) lines.emplace_back(line);
  }
  for (const auto& [name, value] : program.env) lines.push_back(std::string(name).append("=").append(value));
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (std::string& w : words) result.push_back(w.data());
  result.push_back(nullptr);
  return result;
}

pid_t start(const Program& program, const Pipe& in, const Pipe& out, const Pipe& error) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error.write, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, program.folder.c_str());
  std::vector<std::string> words = program.words, lines = environment(program);
  pid_t pid = -1;
  const int failed =
      ::posix_spawnp(&pid, words[0].c_str(), &actions, nullptr, pointers(words).data(), pointers(lines).data());
  posix_spawn_file_actions_destroy(&actions);
  return failed != 0 ? -1 : pid;
}

// Feeds and drains all three pipes until the program has closed its ends. False: out of time or too much output.
bool converse(const Program& program, Pipe& in, Pipe& out, Pipe& error, Ran& ran) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(program.timeout_ms);
  std::string_view input = program.input;
  ::fcntl(in.write, F_SETFL, O_NONBLOCK);
  if (input.empty()) Pipe::close(in.write);
  while (out.read >= 0 || error.read >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd fds[] = {{out.read, POLLIN, 0}, {error.read, POLLIN, 0}, {in.write, POLLOUT, 0}};
    if (::poll(fds, 3, static_cast<int>(left)) < 0 && errno != EINTR) return false;
    char buffer[16 << 10];
    for (const int i : {0, 1}) {
      if (fds[i].revents == 0) continue;
      int& fd = i == 0 ? out.read : error.read;
      const ssize_t n = ::read(fd, buffer, sizeof buffer);
      if (n <= 0) {
        Pipe::close(fd);
      } else if (i == 0) {
        ran.out.append(buffer, static_cast<std::size_t>(n));
        if (ran.out.size() > program.max_out) return false;
      } else if (ran.error.size() < kMaxError) {
        ran.error.append(buffer, static_cast<std::size_t>(n));
      }
    }
    if (fds[2].revents != 0) {
      const ssize_t n = ::write(in.write, input.data(), input.size());
      if (n > 0) input.remove_prefix(static_cast<std::size_t>(n));
      if (input.empty() || (n < 0 && errno != EAGAIN && errno != EINTR)) Pipe::close(in.write);
    }
  }
  return true;
}

}  // namespace

Ran run_program_to_end(const Program& program) {
  Ran ran;
  Pipe in, out, error;
  if (in.read < 0 || out.read < 0 || error.read < 0) {
    ran.error = "no pipe to be had";
    return ran;
  }
  const pid_t pid = start(program, in, out, error);
  if (pid < 0) {
    ran.error = program.words[0] + " cannot be started: is it installed?";
    return ran;
  }
  Pipe::close(in.read), Pipe::close(out.write), Pipe::close(error.write);
  const bool whole = converse(program, in, out, error, ran);
  if (!whole) {
    ::kill(pid, SIGKILL);
    ran.error = program.words[0] + " took too long or said too much";
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (whole && WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

}  // namespace launchgate::gate
