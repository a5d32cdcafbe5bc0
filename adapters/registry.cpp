#include "adapters/registry.hpp"

#include <algorithm>

#include "adapters/formats.hpp"

namespace launchgate::adapters {
namespace {

constexpr Adapter kAdapters[] = {
    {"text", "for people: code frames, what to do, a summary", ".txt", render_text},
    {"json", "the whole report, to keep, to read back and to merge", ".json", render_json},
    {"jsonl", "one finding a line", ".jsonl", render_jsonl},
};

}  // namespace

std::span<const Adapter> all() noexcept { return kAdapters; }

const Adapter* find(std::string_view name) noexcept {
  const auto* at = std::find_if(std::begin(kAdapters), std::end(kAdapters),
                                [&](const Adapter& adapter) { return adapter.name == name; });
  return at == std::end(kAdapters) ? nullptr : at;
}

}  // namespace launchgate::adapters
