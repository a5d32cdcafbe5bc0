// A regular expression for texts of strangers: RE2's syntax and its promise of linear time, behind a small door so
// that rooms which may not include RE2 can search too. Thread-safety: const use from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libscan/core/result.hpp"

namespace launchgate::secrets {

class Pattern {
 public:
  // Errors (ErrorCode::config): what RE2 says is wrong.
  static Result<Pattern> compile(std::string_view expression);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  bool found_in(std::string_view text) const;
  int groups() const;
  // The first group of the first match, or the whole match when the expression has no group.
  std::optional<std::string> capture(std::string_view text) const;

 private:
  struct Impl;
  explicit Pattern(std::unique_ptr<Impl>) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace launchgate::secrets
