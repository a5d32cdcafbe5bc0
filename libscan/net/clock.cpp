#include "libscan/net/clock.hpp"

#include <ctime>

#include <cerrno>
#include <cmath>

namespace launchgate::net {
namespace {

double read_ms(clockid_t id) noexcept {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

}  // namespace

double SystemClock::now_ms() { return read_ms(CLOCK_MONOTONIC); }

std::int64_t SystemClock::unix_ms() { return static_cast<std::int64_t>(read_ms(CLOCK_REALTIME)); }

// An absolute wait, so that interruptions and late wake-ups do not add up.
void SystemClock::sleep_until(double now_ms) {
  if (!(now_ms > 0)) return;
  timespec until{};
  until.tv_sec = static_cast<time_t>(now_ms / 1e3);
  until.tv_nsec = static_cast<long>(std::fmod(now_ms, 1e3) * 1e6);
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace launchgate::net
