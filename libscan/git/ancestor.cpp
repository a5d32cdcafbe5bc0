#include "libscan/git/ancestor.hpp"

#include <charconv>

#include "libscan/git/commit_walk.hpp"

namespace launchgate::git {
namespace {

// More generations than anybody counts by hand; a number that is larger is libgit2's to judge.
constexpr std::uint32_t kMaxSteps = 100'000;

}  // namespace

std::optional<AncestorPath> parse_ancestor(std::string_view text) {
  const std::size_t first = text.find_first_of("~^");  // no name of a ref has one of them
  if (first == 0 || first == std::string_view::npos) return std::nullopt;
  AncestorPath path{text.substr(0, first), {}};
  for (std::size_t at = first; at < text.size();) {
    const char kind = text[at++];
    if (kind != '~' && kind != '^') return std::nullopt;
    std::uint32_t number = 1;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    const bool given = end != text.data() + at;
    if (given && error != std::errc()) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
    if (number == 0) continue;  // the commit itself
    const std::uint32_t steps = kind == '~' ? number : 1;
    if (steps > kMaxSteps - path.parent.size()) return std::nullopt;
    path.parent.insert(path.parent.end(), steps, kind == '~' ? 1 : number);
  }
  return path;
}

Result<std::optional<Oid>> find_ancestor(ObjectReader& objects, Oid commit, const std::vector<std::uint32_t>& parent) {
  for (const std::uint32_t which : parent) {
    auto object = objects.read(commit, ObjectType::commit);
    if (!object) return Unexpected{std::move(object).error()};
    const auto header = parse_commit(object->bytes);
    if (!header || which > header->parents.size()) return std::optional<Oid>();
    commit = header->parents[which - 1];
    auto here = objects.exists(commit);
    if (!here) return Unexpected{std::move(here).error()};
    if (!*here) return std::optional<Oid>();
  }
  return std::optional(commit);
}

}  // namespace launchgate::git
