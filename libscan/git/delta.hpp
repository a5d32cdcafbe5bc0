// Git's delta: instructions that make one object out of another (gitformat-pack(5), "Deltified representation").
//
//   size of the base, size of the result, each seven bits a byte; then instructions:
//   1xxxxxxx [offset] [size]  copy from the base; the seven bits say which offset and size bytes are there
//   0sssssss <s bytes>        insert; s = 0 is reserved
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libscan/core/copied_range.hpp"

namespace launchgate::git {

struct DeltaSizes {
  std::uint64_t base = 0;
  std::uint64_t result = 0;
};

// Takes the two sizes off the front of `delta`; no value when they are cut short or absurd.
std::optional<DeltaSizes> take_delta_sizes(std::string_view& delta) noexcept;

// Carries the instructions out. `out` has exactly `size` bytes of room. False when they would read or write outside,
// use the reserved instruction, or do not fill `out`: then its content is meaningless.
bool apply_delta(std::string_view base, std::string_view instructions, char* out, std::size_t size) noexcept;

// The same, and what was copied: appended to `copies` in order of the result, neighbours that continue each other as
// one.
bool apply_delta(std::string_view base, std::string_view instructions, char* out, std::size_t size,
                 std::vector<CopiedRange>& copies);

}  // namespace launchgate::git
