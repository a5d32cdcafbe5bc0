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
#include <string_view>

namespace re2 {
class RE2;
}

namespace launchgate::secrets {

// The compiled form of one pattern, which the caller keeps and gives each time: there are some hundred of these, and a
// run that needs none touches none.
class TailCheck {
 public:
  TailCheck();
  ~TailCheck();

  static constexpr std::size_t kNone = std::string_view::npos;
  // How many bytes the longest match of `pattern` at the start of `text` has; kNone when there is none. All of the text
  // as long as the pattern is not compiled, which is never too little. That takes some hundred microseconds and is not
  // done before it was asked `patience` times: a hook asks less often.
  std::size_t longest(std::string_view pattern, std::uint32_t patience, std::string_view text) const;

 private:
  const re2::RE2* compiled(std::string_view pattern, std::uint32_t patience) const;

  mutable std::atomic<std::uint32_t> asked_ = 0;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> regex_;
};

}  // namespace launchgate::secrets
