// Tables as they lie in memory, one behind the other in one block of bytes: what the program embeds is used where it
// is mapped, page by page as it is needed, and what the cache holds after one copy. Private to one build of launchgate
// on one kind of machine: whoever stores such bytes keeps a version tag with them.
//
// An array is its count as eight bytes, its elements, and zeros up to the next multiple of eight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace launchgate::secrets {

class FlatWriter {
 public:
  template <class T>
  void array(std::span<const T> all) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kAlignment);
    static_assert(std::has_unique_object_representations_v<T>,
                  "padding would make the bytes differ from build to build");
    const std::uint64_t count = all.size();
    out_.append(reinterpret_cast<const char*>(&count), sizeof count);
    out_.append(reinterpret_cast<const char*>(all.data()), all.size_bytes());
    out_.append(-out_.size() % kAlignment, '\0');
  }
  void bytes(std::string_view s) { array(std::span<const char>(s)); }
  std::string take() { return std::move(out_); }

  static constexpr std::size_t kAlignment = 8;

 private:
  std::string out_;
};

// Views into `bytes`, which must begin at a multiple of FlatWriter::kAlignment and outlive them. What is no such block
// is told by ok(); what the elements say is not looked at.
class FlatReader {
 public:
  explicit FlatReader(std::string_view bytes)
      : left_(bytes), ok_(reinterpret_cast<std::uintptr_t>(bytes.data()) % FlatWriter::kAlignment == 0) {}

  template <class T>
  std::span<const T> array() {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= FlatWriter::kAlignment);
    std::uint64_t count = 0;
    if (!ok_ || left_.size() < sizeof count) return fail<T>();
    std::memcpy(&count, left_.data(), sizeof count);
    left_.remove_prefix(sizeof count);
    if (count > left_.size() / sizeof(T)) return fail<T>();
    const std::size_t size = static_cast<std::size_t>(count) * sizeof(T),
                      padded = size + -size % FlatWriter::kAlignment;
    if (padded > left_.size()) return fail<T>();
    const std::span<const T> all(reinterpret_cast<const T*>(left_.data()), static_cast<std::size_t>(count));
    left_.remove_prefix(padded);
    return all;
  }
  std::string_view bytes() {
    const std::span<const char> all = array<char>();
    return {all.data(), all.size()};
  }
  bool ok() const noexcept { return ok_; }
  bool at_end() const noexcept { return ok_ && left_.empty(); }

 private:
  template <class T>
  std::span<const T> fail() {
    ok_ = false;
    return {};
  }

  std::string_view left_;
  bool ok_;
};

}  // namespace launchgate::secrets
