// The visible list of output formats: --format, --out, help and the golden tests walk it.
#pragma once

#include <span>
#include <string_view>

#include "adapters/adapter.hpp"

namespace launchgate::adapters {

std::span<const Adapter> all() noexcept;              // in the order help shows them
const Adapter* find(std::string_view name) noexcept;  // null when there is none of that name

}  // namespace launchgate::adapters
