// zlib streams through libdeflate, and the room they go to. Thread-safety: one of each per thread.
#pragma once

#include <libdeflate.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace launchgate::git {

// Room for bytes that is reused and never cleared.
class Buffer {
 public:
  // At least `size` bytes; what was in it is lost when it has to grow.
  char* room(std::size_t size) {
    if (capacity_ < size) {
      data_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    return data_.get();
  }
  char* data() noexcept { return data_.get(); }
  const char* data() const noexcept { return data_.get(); }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
};

class Inflater {
 public:
  Inflater() : decompressor_(libdeflate_alloc_decompressor()) {}

  enum class Outcome { done, more_room, damaged };
  // Inflates the stream at the start of `deflated`, whatever follows it, to at most `room` bytes; `size` is how many.
  Outcome inflate(std::string_view deflated, char* out, std::size_t room, std::size_t& size) noexcept {
    if (decompressor_ == nullptr) return Outcome::damaged;
    switch (libdeflate_zlib_decompress(decompressor_.get(), deflated.data(), deflated.size(), out, room, &size)) {
      case LIBDEFLATE_SUCCESS: return Outcome::done;
      case LIBDEFLATE_INSUFFICIENT_SPACE: return Outcome::more_room;
      default: return Outcome::damaged;
    }
  }
  // The same for a stream whose size is known.
  bool inflate_exactly(std::string_view deflated, char* out, std::size_t size) noexcept {
    std::size_t made = 0;
    return inflate(deflated, out, size, made) == Outcome::done && made == size;
  }

 private:
  struct Free {
    void operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace launchgate::git
