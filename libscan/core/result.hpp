// Result<T>: a value, or an Error that says what went wrong and how to mend it.
//
// The names follow std::expected (C++23), so a later move to it is a change of alias.
// No exception leaves a public launchgate function; every failure travels in one of these.
// Thread-safety: a Result is a plain value; distinct objects may be used from distinct threads.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace launchgate {

// What kind of failure it is. exit_code() in core/verdict.hpp turns it into the process's exit code.
enum class ErrorCode {
  usage,      // the command line asks for something that does not exist
  config,     // a rule file or configuration is wrong
  io,         // the system refused: not found, not permitted, disk full
  undecided,  // something asked for could not be looked at (shallow clone, dead server)
  internal,   // a fault of launchgate itself
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string what;  // one sentence: where and what, e.g. "rules.toml:12:3: unknown key 'regexp'"
  std::string hint;  // what the reader can do about it; may be empty
};

// Wraps an Error on its way into a Result: `return Unexpected{Error{...}};`
struct Unexpected {
  Error error;
};

inline Unexpected fail(ErrorCode code, std::string what, std::string hint = {}) {
  return Unexpected{Error{code, std::move(what), std::move(hint)}};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}                     // NOLINT: implicit
  Result(Unexpected failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}  // NOLINT: implicit

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Unexpected failure) : error_(std::move(failure.error)), failed_(true) {}  // NOLINT: implicit

  bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return has_value(); }
  const Error& error() const& {
    assert(failed_);
    return error_;
  }
  Error&& error() && {
    assert(failed_);
    return std::move(error_);
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace launchgate
