#include "cmd/program.hpp"

#include <cstdio>

#include "libscan/core/verdict.hpp"

namespace launchgate {

int run_program(int, char**) noexcept {
  std::puts("launchgate " LG_VERSION);
  return exit_code::usage;
}

}  // namespace launchgate
