// A driver's life: found by PATH, told to listen, ended with everything it started, and nothing left on disk.
#include "libscan/net/browser_driver.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace launchgate;
namespace fs = std::filesystem;

namespace {

// A folder with a `chromedriver` of the given script, alone in PATH before the system's.
struct FakeProgram {
  fs::path folder;
  std::string old_path = std::getenv("PATH");

  explicit FakeProgram(const std::string& script) {
    std::string name = fs::temp_directory_path() / "lg-driver-XXXXXX";
    folder = ::mkdtemp(name.data());
    fs::create_directory(folder / "tmp");
    if (!script.empty()) {
      std::ofstream(folder / "chromedriver") << "#!/bin/bash\n" << script;
      fs::permissions(folder / "chromedriver", fs::perms::owner_all);
    }
    ::setenv("PATH", script.empty() ? folder.c_str() : (folder.string() + ":/usr/bin:/bin").c_str(), 1);
    ::setenv("TMPDIR", (folder / "tmp").c_str(), 1);
    ::setenv("LG_TEST_FOLDER", folder.c_str(), 1);
  }
  ~FakeProgram() {
    ::setenv("PATH", old_path.c_str(), 1);
    ::unsetenv("TMPDIR");
    ::unsetenv("LG_TEST_FOLDER");
    fs::remove_all(folder);
  }
  bool nothing_left() const { return fs::is_empty(folder / "tmp"); }
};

// Gone, or dead and only waiting for its parent to take note.
bool gone(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  const std::size_t close = line.rfind(')');
  return close == std::string::npos || line[close + 2] == 'Z' || line[close + 2] == 'X';
}

bool goes(pid_t pid) {
  for (int i = 0; i < 200 && !gone(pid); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return gone(pid);
}

}  // namespace

TEST_CASE("everything a driver started ends with it, process groups of their own included") {
  FakeProgram fake(R"(trap '' TERM
setsid bash -c 'trap "" TERM; echo $$ >"$LG_TEST_FOLDER/grandchild"; sleep 60 & wait; wait' &
echo $$ >"$LG_TEST_FOLDER/self"
echo junk >"$TMPDIR/profile"
while [ ! -s "$LG_TEST_FOLDER/grandchild" ]; do sleep 0.01; done
echo "ChromeDriver was started successfully on port 12345."
while :; do sleep 0.05; done
)");
  net::ChromeDrivers drivers;
  pid_t self = 0, grandchild = 0;
  {
    auto driver = drivers.start(10'000);
    REQUIRE(driver);
    CHECK((*driver)->url == "http://127.0.0.1:12345");
    std::ifstream(fake.folder / "self") >> self;
    std::ifstream(fake.folder / "grandchild") >> grandchild;
    REQUIRE(self > 0);
    REQUIRE(grandchild > 0);
    CHECK_FALSE(gone(self));
    CHECK_FALSE(gone(grandchild));
    CHECK_FALSE(fake.nothing_left());
  }
  CHECK(goes(self));
  CHECK(goes(grandchild));
  CHECK(fake.nothing_left());
}

TEST_CASE("no driver, one that ends at once and one that never listens are told apart") {
  net::ChromeDrivers drivers;
  {
    FakeProgram none("");
    const auto driver = drivers.start(1'000);
    REQUIRE_FALSE(driver);
    CHECK(driver.error().code == ErrorCode::undecided);
    CHECK(driver.error().what.find("not in PATH") != std::string::npos);
  }
  {
    FakeProgram broken("echo 'cannot open shared object'; exit 3\n");
    const auto driver = drivers.start(5'000);
    REQUIRE_FALSE(driver);
    CHECK(driver.error().what.find("cannot open shared object") != std::string::npos);
    CHECK(broken.nothing_left());
  }
  {
    FakeProgram silent("while :; do sleep 0.05; done\n");
    const auto driver = drivers.start(100);
    REQUIRE_FALSE(driver);
    CHECK(driver.error().what.find("in time") != std::string::npos);
    CHECK(silent.nothing_left());
  }
}
