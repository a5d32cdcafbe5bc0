// What follows an anchor, looked at before Hyperscan is called: `key` is everywhere in source text, and what makes it
// the key of something stands right behind it. An anchored search dies at the first wrong byte; a call of Hyperscan
// would read all that a match could have.
//
// Thread-safety: const use from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace launchgate::secrets {

class TailCheck {
 public:
  // Not compiled before it was asked `patience` times, which takes some hundred microseconds: a hook asks less often.
  TailCheck(std::string pattern, std::uint32_t patience);
  ~TailCheck();

  static constexpr std::size_t kNone = std::string_view::npos;
  // How many bytes the longest match at the start of `text` has; kNone when there is none. All of the text as long as
  // the pattern is not compiled, which is never too little.
  std::size_t longest(std::string_view text) const;
  const std::string& pattern() const noexcept { return pattern_; }

 private:
  const re2::RE2* compiled() const;

  std::string pattern_;
  std::uint32_t patience_;
  mutable std::atomic<std::uint32_t> asked_ = 0;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> regex_;
};

}  // namespace launchgate::secrets
