// The process's surroundings, in one object so that tests can pass their own: streams, terminal, environment.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace launchgate::cmd {

class Console {
 public:
  virtual ~Console() = default;
  virtual bool write_out(std::string_view text) = 0;  // false: the pipe is closed or the disk is full
  virtual void write_error(std::string_view text) = 0;
  virtual std::optional<std::string> env(std::string_view name) const = 0;
  virtual bool out_is_terminal() const = 0;
  virtual unsigned width() const = 0;        // columns of the terminal; 80 when it is none
  virtual std::int64_t now() const = 0;      // seconds since 1970
  virtual std::int64_t started() const = 0;  // the same, when the program began
};

// The real one.
Console& process_console();

}  // namespace launchgate::cmd
