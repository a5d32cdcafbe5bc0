// The whole program behind main(): parse, run, render, exit code.
#pragma once

namespace launchgate {

int run_program(int argc, char** argv) noexcept;

}  // namespace launchgate
