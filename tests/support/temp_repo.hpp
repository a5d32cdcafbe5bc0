// Real repositories for tests: a temporary folder that removes itself, files in it, git run in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libscan/git/environment.hpp"

namespace launchgate::testing {

class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();
  const std::string& path() const noexcept { return path_; }  // absolute, symlinks resolved

  // Writes a file below the folder, making parents. Any bytes but NUL in `name`.
  void write(std::string_view name, std::string_view content) const;
  void make_dir(std::string_view name) const;
  void remove(std::string_view name) const;  // file or folder with all it holds

 private:
  std::string path_;
};

struct Output {
  int status = -1;
  std::string out;
  std::string err;
};

// Runs a program without a shell, in `dir`, with a fixed environment (no user configuration, fixed author) plus
// `extra` variables. `input` is its stdin.
Output run(const std::vector<std::string>& argv, const std::string& dir,
           const std::vector<std::pair<std::string, std::string>>& extra = {}, std::string_view input = {});

// git, which must succeed: the test ends with its error text otherwise. Returns its stdout.
std::string run_git(const std::string& dir, std::vector<std::string> arguments,
                    const std::vector<std::pair<std::string, std::string>>& extra = {}, std::string_view input = {});

// The variables run() sets, as our own code wants them.
git::Environment test_environment(const std::vector<std::pair<std::string, std::string>>& extra = {});

std::vector<std::string> split(std::string_view text, char separator);  // no empty piece at the end

}  // namespace launchgate::testing
