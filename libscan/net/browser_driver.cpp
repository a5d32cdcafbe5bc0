#include "libscan/net/browser_driver.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "libscan/core/text.hpp"

extern char** environ;

namespace launchgate::net {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kProgram = "chromedriver";
constexpr auto kPause = std::chrono::milliseconds(10);
constexpr auto kGrace = std::chrono::seconds(2);  // between asking and killing

// Of the program by PATH; empty: it is not there.
std::string find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  for (std::string_view rest = path == nullptr ? "" : path; !rest.empty();) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    std::string file = std::string(rest.substr(0, colon)) + "/" + std::string(name);
    if (colon > 0 && ::access(file.c_str(), X_OK) == 0) return file;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return "";
}

// Every running process with its parent, from /proc.
std::vector<std::pair<pid_t, pid_t>> process_table() {
  std::vector<std::pair<pid_t, pid_t>> table;
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size()) continue;
    std::string line;
    std::ifstream stat(at->path() / "stat");
    std::getline(stat, line);  // "PID (any name) STATE PARENT …"
    const std::size_t close = line.rfind(')');
    if (close == std::string::npos || close + 4 >= line.size()) continue;
    table.emplace_back(pid, static_cast<pid_t>(std::strtol(line.c_str() + close + 4, nullptr, 10)));
  }
  return table;
}

// A browser makes process groups of its own, so those are found by their parents.
std::vector<pid_t> descendants(pid_t root) {
  const auto table = process_table();
  std::vector<pid_t> found{root};
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto& [pid, parent] : table)
      if (parent == found[i] && std::find(found.begin(), found.end(), pid) == found.end()) found.push_back(pid);
  found.erase(found.begin());
  return found;
}

class ChromeDriver final : public Driver {
 public:
  ChromeDriver(pid_t pid, std::string folder) : pid_(pid), folder_(std::move(folder)) {}
  ~ChromeDriver() override {
    end_processes();
    for (int i = 0; i < 20; ++i) {  // a dying browser may still write
      std::error_code error;
      fs::remove_all(folder_, error);
      if (!error && !fs::exists(folder_, error)) break;
      std::this_thread::sleep_for(kPause);
    }
  }

  bool ended() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ < 0;
  }

  // "… was started successfully on port N." in its log; 0: not yet.
  int port() const {
    std::ifstream in(folder_ + "/log");
    for (std::string line; std::getline(in, line);) {
      constexpr std::string_view kSays = "started successfully on port ";
      const std::size_t at = line.find(kSays);
      if (at != std::string::npos) return std::atoi(line.c_str() + at + kSays.size());
    }
    return 0;
  }

  std::string last_words() const {
    std::ifstream in(folder_ + "/log");
    std::string last;
    for (std::string line; std::getline(in, line);)
      if (!line.empty()) last = line;
    return ellipsize(printable(last), 200);
  }

 private:
  void end_processes() {
    if (pid_ < 0) return;
    const std::vector<pid_t> others = descendants(pid_);
    ::kill(-pid_, SIGTERM);
    const auto until = SteadyClock::now() + kGrace;
    const pid_t group = pid_;
    while (!ended() && SteadyClock::now() < until) std::this_thread::sleep_for(kPause);
    ::kill(-group, SIGKILL);
    for (const pid_t pid : others) ::kill(pid, SIGKILL);
    while (pid_ > 0 && ::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  pid_t pid_;
  std::string folder_;
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (std::string& w : words) out.push_back(w.data());
  out.push_back(nullptr);
  return out;
}

// Our environment, but with every file the driver and its browser write below `folder`.
std::vector<std::string> environment(const std::string& folder) {
  std::vector<std::string> lines;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string_view line = *e;
    const bool ours = line.starts_with("TMPDIR=") || line.starts_with("HOME=") || line.starts_with("XDG_");
    if (!ours) lines.emplace_back(line);
  }
  lines.push_back("TMPDIR=" + folder);
  lines.push_back("HOME=" + folder);
  return lines;
}

pid_t spawn(const std::string& program, const std::string& folder) {
  std::vector<std::string> words{program, "--port=0"}, lines = environment(folder);
  const std::vector<char*> argv = pointers(words), envp = pointers(lines);
  const int log = ::open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t us = ::getpid();
  const pid_t pid = log < 0 || nothing < 0 ? -1 : ::fork();
  if (pid == 0) {  // only what is safe between fork and exec
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != us) ::_exit(127);
    ::dup2(nothing, 0), ::dup2(log, 1), ::dup2(log, 2);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  if (pid > 0) ::setpgid(pid, pid);
  if (log >= 0) ::close(log);
  if (nothing >= 0) ::close(nothing);
  return pid;
}

}  // namespace

Result<std::unique_ptr<Driver>> ChromeDrivers::start(int timeout_ms) {
  const std::string program = find_program(kProgram);
  if (program.empty())
    return fail(ErrorCode::undecided, "no WebDriver is there: chromedriver is not in PATH",
                "install chromium-driver, or name a running one by webdriver");
  const char* tmp = std::getenv("TMPDIR");
  std::string folder = std::string(tmp == nullptr || *tmp == '\0' ? "/tmp" : tmp) + "/launchgate-browser-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr)
    return fail(ErrorCode::undecided, "no temporary folder for the browser can be made");
  const pid_t pid = spawn(program, folder);
  auto driver = std::make_unique<ChromeDriver>(pid, folder);
  if (pid < 0) return fail(ErrorCode::undecided, "chromedriver cannot be started");
  const auto until = SteadyClock::now() + std::chrono::milliseconds(timeout_ms);
  while (SteadyClock::now() < until) {
    if (const int port = driver->port(); port > 0 && port < 65536) {
      driver->url = "http://127.0.0.1:" + std::to_string(port);
      return std::unique_ptr<Driver>(std::move(driver));
    }
    if (driver->ended())
      return fail(ErrorCode::undecided, "chromedriver ended before it listened: " + driver->last_words());
    std::this_thread::sleep_for(kPause);
  }
  return fail(ErrorCode::undecided, "chromedriver did not listen in time: " + driver->last_words());
}

}  // namespace launchgate::net
