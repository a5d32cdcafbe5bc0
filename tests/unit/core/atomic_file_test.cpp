#include "libscan/core/atomic_file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using launchgate::testing::TempDir;
namespace fs = std::filesystem;

namespace {

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::size_t files_in(const std::string& dir) {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(dir)) ++n;
  return n;
}

mode_t mode_of(const std::string& path) {
  struct stat s {};
  REQUIRE(::stat(path.c_str(), &s) == 0);
  return s.st_mode & 07777;
}

}  // namespace

TEST_CASE("a file is made, and replaced, and nothing else is left beside it") {
  const TempDir dir;
  const std::string path = dir.path() + "/report.json";
  REQUIRE(write_file_atomically(path, std::string("one\0two", 7)));
  CHECK(read(path) == std::string("one\0two", 7));
  REQUIRE(write_file_atomically(path, ""));
  CHECK(read(path).empty());
  CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("a path without a folder is relative to where we are") {
  const TempDir dir;
  const fs::path before = fs::current_path();
  fs::current_path(dir.path());
  const auto written = write_file_atomically("here.txt", "x");
  fs::current_path(before);
  REQUIRE(written);
  CHECK(read(dir.path() + "/here.txt") == "x");
}

TEST_CASE("an existing file keeps its permissions, a new one has the umask's, owner_only is 0600") {
  const TempDir dir;
  const mode_t umask_before = ::umask(027);
  const std::string path = dir.path() + "/f";
  REQUIRE(write_file_atomically(path, "x"));
  ::umask(umask_before);
  CHECK(mode_of(path) == 0640);
  fs::permissions(path, fs::perms(0604));
  REQUIRE(write_file_atomically(path, "y"));
  CHECK(mode_of(path) == 0604);
  REQUIRE(write_file_atomically(path, "z", true));
  CHECK(mode_of(path) == 0600);
}

TEST_CASE("a symbolic link stays one, and its target is replaced") {
  const TempDir dir;
  dir.write("real/file", "old");
  fs::create_symlink("real/file", dir.path() + "/link");
  REQUIRE(write_file_atomically(dir.path() + "/link", "new"));
  CHECK(fs::is_symlink(dir.path() + "/link"));
  CHECK(read(dir.path() + "/real/file") == "new");
}

TEST_CASE("devices are written to, not replaced") {
  CHECK(write_file_atomically("/dev/null", "gone"));
  CHECK(fs::is_character_file("/dev/null"));
  const auto full = write_file_atomically("/dev/full", "x");
  REQUIRE_FALSE(full);
  CHECK(full.error().code == ErrorCode::io);
  CHECK(full.error().what == "/dev/full: cannot write: No space left on device");
  CHECK_FALSE(full.error().hint.empty());
}

TEST_CASE("when the disk is full the old file stands and no temporary is left") {
  const TempDir dir;
  const std::string path = dir.path() + "/f";
  REQUIRE(write_file_atomically(path, "old"));
  struct rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  struct rlimit small = before;
  small.rlim_cur = 4096;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto written = write_file_atomically(path, std::string(100'000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::io);
  CHECK(read(path) == "old");
  CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("folders that are missing, and a folder in the way, are told") {
  const TempDir dir;
  const auto missing = write_file_atomically(dir.path() + "/no/such/f", "x");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().what.find("/no/such/f: cannot write: No such file or directory") != std::string::npos);
  CHECK_FALSE(write_file_atomically(dir.path(), "x"));
  CHECK_FALSE(write_file_atomically("", "x"));
}

TEST_CASE("readers see one whole version or another while eight threads write") {
  const TempDir dir;
  const std::string path = dir.path() + "/f";
  REQUIRE(write_file_atomically(path, std::string(9000, '0')));
  std::vector<std::thread> writers;
  for (char c = '1'; c <= '8'; ++c)
    writers.emplace_back([&path, c] {
      for (int i = 0; i < 5; ++i) (void)write_file_atomically(path, std::string(9000, c));
    });
  for (int i = 0; i < 200; ++i) {
    const std::string seen = read(path);
    REQUIRE(seen.size() == 9000);
    REQUIRE(seen == std::string(9000, seen[0]));
  }
  for (std::thread& t : writers) t.join();
  CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("a signal in the middle leaves the file as it was or as it is to be, and nothing beside it") {
  const TempDir dir;
  const std::string path = dir.path() + "/report.json";
  const std::string text(1 << 20, 'x');
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGTERM, SIGINT, SIGHUP, SIGTERM, SIGINT}) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      std::signal(signal, SIG_DFL);  // the test framework has a handler of its own
      for (;;) (void)write_file_atomically(path, text);
    }
    while (!fs::exists(path)) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    REQUIRE(::kill(child, signal) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    CHECK(files_in(dir.path()) == 1);
    CHECK(read(path).size() == text.size());
  }
}
