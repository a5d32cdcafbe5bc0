// The Clock port: everything that waits or asks the time goes through it, so that fifteen seconds of retry
// spacing cost a test nothing.
//
// Units: milliseconds as double, as in core/report.hpp. Thread-safety: SystemClock yes, FakeClock no.
#pragma once

#include <cstdint>

namespace launchgate::net {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual double now_ms() = 0;                  // steady: never jumps, its zero means nothing
  virtual std::int64_t unix_ms() = 0;           // wall clock, since 1970-01-01T00:00:00Z
  virtual void sleep_until(double now_ms) = 0;  // returns at once when that moment has passed
  void sleep_for(double ms) { sleep_until(now_ms() + ms); }
};

class SystemClock final : public Clock {
 public:
  double now_ms() override;
  std::int64_t unix_ms() override;
  void sleep_until(double now_ms) override;
};

// A clock that stands still until someone sleeps on it or advances it.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::int64_t unix_ms = 1'750'000'000'000) : unix_start_(unix_ms) {}
  double now_ms() override { return now_; }
  std::int64_t unix_ms() override { return unix_start_ + static_cast<std::int64_t>(now_); }
  void sleep_until(double now_ms) override {
    if (now_ms > now_) slept_ += now_ms - now_, now_ = now_ms;
  }
  void advance(double ms) { now_ += ms; }
  double slept_ms() const { return slept_; }

 private:
  double now_ = 0;
  double slept_ = 0;
  std::int64_t unix_start_;
};

}  // namespace launchgate::net
