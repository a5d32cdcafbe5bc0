#include "libscan/git/delta.hpp"

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
      length = 0;
      for (unsigned i = 0; i < 7; ++i) {
        if ((command >> i & 1) == 0) continue;
        if (at == end) return false;
        if (i < 4)
          offset |= static_cast<std::uint32_t>(*at++) << 8 * i;
        else
          length |= static_cast<std::uint32_t>(*at++) << 8 * (i - 4);
      }
      if (length == 0) length = 0x10000;
      if (offset > base.size() || length > base.size() - offset || length > size) return false;
      std::memcpy(out, base.data() + offset, length);
      on_copy(CopiedRange{offset, static_cast<std::size_t>(out - begin), length});
    } else {
      if (length == 0 || length > static_cast<std::size_t>(end - at) || length > size) return false;
      std::memcpy(out, at, length);
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
