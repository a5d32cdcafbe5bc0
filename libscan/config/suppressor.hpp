// Which findings are known and accepted, and who said so: [[ignore]] of launchgate.toml, the baseline, and what
// other scanners left in the repository. A finding that is suppressed is counted by its caller, never just gone.
//
// judge() counts what is used, so that entries that no longer hide anything can be named: one thread, or a lock.
// knows_secret() is const and may be asked from any thread while nothing is added.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "libscan/config/baseline.hpp"
#include "libscan/config/known_findings.hpp"
#include "libscan/config/settings.hpp"
#include "libscan/core/finding.hpp"
#include "libscan/core/glob.hpp"
#include "libscan/core/report.hpp"

namespace launchgate::config {

class Suppressor {
 public:
  // `is_our_rule`: an entry of another scanner that names a rule we do not have holds for any rule at its place.
  explicit Suppressor(std::function<bool(std::string_view)> is_our_rule = {});

  // `today` is "2026-01-31" in UTC; an ignore holds through the day it expires on.
  void add(const std::vector<Ignore>& ignores, std::string_view today);
  void add(const std::vector<BaselineEntry>& entries, std::string_view file);
  void add(const KnownFindings& known);

  // Why the finding does not count ("ignored at launchgate.toml:3:1: made-up keys"), or nothing.
  std::optional<std::string> judge(const Finding& finding);

  // For the one place that holds a secret's bytes: is it listed for that path? Names the list, or empty.
  std::string_view knows_secret(std::string_view path, std::string_view secret) const;
  bool wants_secrets() const noexcept { return !secrets_.empty(); }

  // Expired ignores and, when `whole` (everything was looked at, so that nothing used can have been missed), those
  // that hid nothing.
  std::vector<Note> notes(bool whole) const;

 private:
  struct IgnoreUse {
    Ignore ignore;
    std::optional<Glob> path;
    bool expired = false;
    std::size_t used = 0;
  };
  struct BaselineUse {
    std::string file;
    std::uint32_t line = 0;
    bool used = false;
  };
  struct PlaceUse {
    KnownPlace place;
    std::string file;
    bool used = false;
  };

  std::optional<std::string> by_ignore(const Finding& f);
  std::optional<std::string> by_baseline(const Finding& f);
  std::optional<std::string> by_place(const Finding& f);
  bool holds(const KnownPlace& place, const Finding& f) const;
  void note_ignores(bool whole, std::vector<Note>& out) const;
  void note_baselines(std::vector<Note>& out) const;

  std::function<bool(std::string_view)> is_our_rule_;
  std::vector<IgnoreUse> ignores_;
  std::unordered_map<std::string, BaselineUse> baseline_;          // by fingerprint
  std::unordered_map<std::string, std::vector<PlaceUse>> places_;  // by path
  std::unordered_map<std::string, std::string> secrets_;           // path, NUL, digest -> file
  std::vector<std::string> warnings_;
};

}  // namespace launchgate::config
