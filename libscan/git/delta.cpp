#include "libscan/git/delta.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace launchgate::git {
namespace {

std::optional<std::uint64_t> take_size(std::string_view& text) noexcept {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63 && !text.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

// The operands of a copy: of four offset and three size bytes those whose bit is set.
bool take_operands(unsigned command, const unsigned char*& at, const unsigned char* end, std::uint32_t& offset,
                   std::uint32_t& length) noexcept {
  if (end - at < 7 && end - at < std::popcount(command & 0x7f)) return false;
  length = 0;
  if ((command & 0x01) != 0) offset = *at++;
  if ((command & 0x02) != 0) offset |= std::uint32_t{*at++} << 8;
  if ((command & 0x04) != 0) offset |= std::uint32_t{*at++} << 16;
  if ((command & 0x08) != 0) offset |= std::uint32_t{*at++} << 24;
  if ((command & 0x10) != 0) length = *at++;
  if ((command & 0x20) != 0) length |= std::uint32_t{*at++} << 8;
  if ((command & 0x40) != 0) length |= std::uint32_t{*at++} << 16;
  return true;
}

// Most pieces are short: where there is room, a fixed number of bytes is copied instead of calling memcpy.
void copy_piece(char* to, const char* from, std::size_t length, std::size_t room_at_both) noexcept {
  constexpr std::size_t kShort = 32;
  if (length <= kShort && room_at_both >= kShort)
    std::memcpy(to, from, kShort);
  else
    std::memcpy(to, from, length);
}

template <class OnCopy>
bool apply(std::string_view base, std::string_view instructions, char* out, std::size_t size, OnCopy on_copy) {
  const char* const begin = out;
  const auto* at = reinterpret_cast<const unsigned char*>(instructions.data());
  const auto* const end = at + instructions.size();
  while (at < end) {
    const unsigned command = *at++;
    std::uint32_t length = command;
    if ((command & 0x80) != 0) {
      std::uint32_t offset = 0;
      if (!take_operands(command, at, end, offset, length)) return false;
      if (length == 0) length = 0x10000;
      if (offset > base.size() || length > base.size() - offset || length > size) return false;
      copy_piece(out, base.data() + offset, length, std::min(size, base.size() - offset));
      on_copy(CopiedRange{offset, static_cast<std::size_t>(out - begin), length});
    } else {
      if (length == 0 || length > static_cast<std::size_t>(end - at) || length > size) return false;
      copy_piece(out, reinterpret_cast<const char*>(at), length, std::min(size, static_cast<std::size_t>(end - at)));
      at += length;
    }
    out += length;
    size -= length;
  }
  return size == 0;
}

}  // namespace

std::optional<DeltaSizes> take_delta_sizes(std::string_view& delta) noexcept {
  const auto base = take_size(delta);
  const auto result = base ? take_size(delta) : std::nullopt;
  if (!result) return std::nullopt;
  return DeltaSizes{*base, *result};
}

bool apply_delta(std::string_view base, std::string_view instructions, char* out, std::size_t size) noexcept {
  return apply(base, instructions, out, size, [](const CopiedRange&) {});
}

bool apply_delta(std::string_view base, std::string_view instructions, char* out, std::size_t size,
                 std::vector<CopiedRange>& copies) {
  const std::size_t first = copies.size();
  return apply(base, instructions, out, size, [&](const CopiedRange& copy) {
    if (copies.size() > first) {
      CopiedRange& last = copies.back();
      if (last.from + last.length == copy.from && last.to + last.length == copy.to) {
        last.length += copy.length;
        return;
      }
    }
    copies.push_back(copy);
  });
}

}  // namespace launchgate::git
