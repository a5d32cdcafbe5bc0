#include "libscan/core/verdict.hpp"

namespace launchgate {

std::string_view to_string(Decision d) noexcept {
  switch (d) {
    case Decision::promote: return "PROMOTE";
    case Decision::hold: return "HOLD";
    case Decision::block: return "BLOCK";
  }
  return "HOLD";
}

int exit_code_of(const Verdict& v) noexcept {
  switch (v.decision) {
    case Decision::promote: return exit_code::clean;
    case Decision::hold: return exit_code::undecided;
    case Decision::block: return exit_code::findings;
  }
  return exit_code::internal;
}

int exit_code_of(const Error& e) noexcept {
  switch (e.code) {
    case ErrorCode::usage:
    case ErrorCode::config: return exit_code::usage;
    case ErrorCode::io:
    case ErrorCode::undecided: return exit_code::undecided;
    case ErrorCode::internal: return exit_code::internal;
  }
  return exit_code::internal;
}

}  // namespace launchgate
