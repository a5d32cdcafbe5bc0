#include "libscan/engine/self_check.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>
#include <vector>

#include "libscan/secrets/blob_scanner.hpp"

namespace launchgate::engine {
namespace {

Result<void> check(std::string_view rendered, const secrets::Matcher& rules, const std::string& id_key,
                   const std::set<std::string>& known) {
  secrets::BlobOptions options;
  options.id_key = id_key;
  auto scanner = secrets::BlobScanner::create(rules, std::move(options));
  if (!scanner) return Unexpected{scanner.error()};
  std::vector<Finding> found;
  scanner->scan(rendered, Location{}, found);
  for (const Finding& f : found)
    if (known.count(f.secret_id) == 1)
      return fail(ErrorCode::internal,
                  fmt::format("the output would hold a value that rule {} found; it was not written", f.rule),
                  "please report this, with the format and the kind of file, never with the value");
  return {};
}

}  // namespace

OutputCheck output_check(const Report& report, std::shared_ptr<const secrets::Matcher> rules, std::string id_key) {
  // A value too short to show an end of (core/redact.hpp) may well be a word that stands in a report for other reasons.
  const auto long_enough = [](const Finding& f) { return !f.secret_id.empty() && f.masked != "…"; };
  std::set<std::string> known;
  for (const Finding& f : report.findings)
    if (long_enough(f)) known.insert(f.secret_id);
  if (known.empty()) return [](std::string_view) { return Result<void>(); };
  return [known = std::move(known), rules = std::move(rules), id_key = std::move(id_key)](std::string_view rendered) {
    return check(rendered, *rules, id_key, known);
  };
}

}  // namespace launchgate::engine
