// The Verdict: may this go out? And the one table of exit codes every command uses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"

namespace launchgate {

enum class Decision { promote, hold, block };
std::string_view to_string(Decision) noexcept;  // "PROMOTE" | "HOLD" | "BLOCK"

struct Verdict {
  Decision decision = Decision::hold;  // positive proof only: nothing promotes by default
  std::vector<std::string> reasons;    // most important first; masked
};

// The contract's table; docs and help print it from here.
namespace exit_code {
inline constexpr int clean = 0;      // clean / PROMOTE
inline constexpr int findings = 1;   // findings at or over --fail-on / BLOCK
inline constexpr int usage = 2;      // usage or configuration error: nothing was scanned or sent
inline constexpr int undecided = 3;  // something asked for was not looked at / HOLD
inline constexpr int internal = 4;   // internal error, or our own output failed its self-check
}  // namespace exit_code

int exit_code_of(const Verdict&) noexcept;
int exit_code_of(const Error&) noexcept;  // io counts as undecided: it was asked for and not looked at

}  // namespace launchgate
