// What is accepted in this run, and by whom: launchgate.toml, the baseline, inline tags, and what other scanners left
// in the repository. Nothing vanishes: what is excused is counted in a note of the report.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "libscan/config/settings.hpp"
#include "libscan/config/suppressor.hpp"
#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"

namespace launchgate::engine {

// `config_file` empty: ROOT/launchgate.toml if there is one, else no settings. A file that is named must exist.
// Paths in what is returned (rule files, baseline) are ready to be opened.
Result<config::Settings> load_settings(const std::string& root, const std::string& config_file);

struct SuppressionSources {
  std::string root;           // where the usual files are looked for; empty = nowhere
  std::string baseline_file;  // --baseline or [scan] baseline, of any known format; empty = ROOT/launchgate-baseline
  std::string today;          // "2026-01-31"; empty = the day it is, UTC
  bool honoured = true;       // false (--no-ignores): everything is reported
};

class Suppression {
 public:
  // `is_our_rule` is asked what the names in ignores mean. Reads, as far as they exist: the baseline, .gitleaksignore,
  // .betterleaksignore, .secrets.baseline.
  static Result<Suppression> load(const config::Settings& settings, const SuppressionSources& sources,
                                  std::function<bool(std::string_view)> is_our_rule);

  // For secrets::FindingOptions; lives as long as this object, moved or not. Null when nobody asks for secrets.
  const config::Suppressor* known() const noexcept;

  // Paths that are not looked at, for ScanContext; lives as long as this object.
  std::span<const Glob> exclude() const noexcept { return exclude_; }

  // A digest of all that decides what is excused and excluded, today: ignores that expire make it change.
  const std::string& digest() const noexcept { return digest_; }

  // Takes out of `report` what is excused and what lies in excluded paths, and notes how much that was. `whole`:
  // everything there is was looked at, so what hides nothing is named too.
  void apply(Report& report, bool whole);

 private:
  std::unique_ptr<config::Suppressor> suppressor_;
  std::vector<Glob> exclude_;
  bool honoured_ = true;
  std::string digest_;
};

}  // namespace launchgate::engine
