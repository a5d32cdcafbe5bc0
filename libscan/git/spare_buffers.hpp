// Buffers that nobody uses just now, for contents of all sizes one after another. Fresh memory of the system costs a
// page fault for every 4 KiB, more than filling it with the content; and a buffer much too large would be held for a
// small one. Thread-safety: one per thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "libscan/git/inflate.hpp"

namespace launchgate::git {

class SpareBuffers {
 public:
  // Room for at least `size` bytes: the smallest that will do, unless even that is far too large.
  Buffer take(std::size_t size) {
    auto best = spare_.end();
    for (auto at = spare_.begin(); at != spare_.end(); ++at)
      if (at->capacity() >= size && (best == spare_.end() || at->capacity() < best->capacity())) best = at;
    Buffer buffer;
    if (best != spare_.end() && best->capacity() / 4 <= size + kSmall) {
      buffer = std::move(*best);
      held_ -= buffer.capacity();
      spare_.erase(best);
    } else {
      buffer.room(size + size / 8);  // the next version is a little larger more often than not
    }
    return buffer;
  }
  void give(Buffer buffer) {
    if (buffer.capacity() == 0 || buffer.capacity() > kMost) return;
    held_ += buffer.capacity();
    spare_.push_back(std::move(buffer));
    while (held_ > kMost || spare_.size() > kMostBuffers) {  // the one that was not needed for longest
      held_ -= spare_.front().capacity();
      spare_.erase(spare_.begin());
    }
  }

 private:
  static constexpr std::size_t kSmall = std::size_t{64} << 10;
  static constexpr std::size_t kMost = std::size_t{6} << 20;
  static constexpr std::size_t kMostBuffers = 64;

  std::vector<Buffer> spare_;
  std::size_t held_ = 0;
};

}  // namespace launchgate::git
