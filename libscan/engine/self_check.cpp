#include "libscan/engine/self_check.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>
#include <vector>

#include "libscan/secrets/blob_scanner.hpp"

namespace launchgate::engine {
namespace {

Result<std::vector<Finding>> found_in(std::string_view text, const secrets::Matcher& rules, const std::string& id_key) {
  secrets::BlobOptions options;
  options.id_key = id_key;
  auto scanner = secrets::BlobScanner::create(rules, std::move(options));
  if (!scanner) return Unexpected{scanner.error()};
  std::vector<Finding> found;
  scanner->scan(text, Location{}, found);
  return found;
}

Result<void> check(std::string_view rendered, const secrets::Matcher& rules, const std::string& id_key,
                   const std::set<std::string>& known) {
  const auto found = found_in(rendered, rules, id_key);
  if (!found) return Unexpected{found.error()};
  for (const Finding& f : *found)
    if (known.count(f.secret_id) == 1)
      return fail(ErrorCode::internal,
                  fmt::format("the output would hold a value that rule {} found; it was not written", f.rule),
                  "please report this, with the format and the kind of file, never with the value");
  return {};
}

// Every path the report names, a line each.
std::string paths_of(const Report& report) {
  std::set<std::string_view> paths;
  for (const Finding& f : report.findings) paths.insert(f.where.path);
  for (const Skipped& s : report.coverage.skipped) paths.insert(s.examples.begin(), s.examples.end());
  return fmt::format("{}\n", fmt::join(paths, "\n"));
}

}  // namespace

OutputCheck output_check(const Report& report, std::shared_ptr<const secrets::Matcher> rules, std::string id_key) {
  // A value too short to show an end of (core/redact.hpp) may well be a word that stands in a report for other reasons.
  const auto long_enough = [](const Finding& f) { return !f.secret_id.empty() && f.masked != "…"; };
  std::set<std::string> known;
  for (const Finding& f : report.findings)
    if (long_enough(f)) known.insert(f.secret_id);
  if (known.empty()) return [](std::string_view) { return Result<void>(); };
  // The name of a file is told to everybody who sees the tree, and without it no finding in it could be told: a value
  // that is part of one (a rule of one's own may take any `re_...`) is nothing that the report gives away.
  if (const auto named = found_in(paths_of(report), *rules, id_key))
    for (const Finding& f : *named) known.erase(f.secret_id);
  return [known = std::move(known), rules = std::move(rules), id_key = std::move(id_key)](std::string_view rendered) {
    return check(rendered, *rules, id_key, known);
  };
}

}  // namespace launchgate::engine
