// launchgate.toml, as far as a scan is concerned: [scan] and [[ignore]]. Its other tables belong to the checks of the
// deployed site; this reader lets them pass and knows only their names.
//
// A mistake is an error that names FILE:LINE:COLUMN; an unknown key names the nearest known one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/core/severity.hpp"

namespace launchgate::config {

// [[ignore]]: findings that are accepted, and why. Every condition that is given must hold.
struct Ignore {
  std::string rule;         // rule id; empty = any
  std::string path;         // glob (core/glob.hpp); empty = any
  std::string fingerprint;  // empty = any
  std::string reason;       // never empty
  std::string expires;      // last day it holds, "2026-01-31"; empty = for good
  std::string where;        // "FILE:LINE:COLUMN"
};

struct Settings {
  // [scan]
  std::optional<Severity> fail_on;
  std::optional<std::uint64_t> max_file_size;  // bytes
  std::optional<unsigned> threads;
  std::vector<std::string> exclude;  // globs of paths that are not looked at (and counted as skipped)
  std::vector<std::string> rules;    // rule files, relative to this file
  std::string baseline;              // relative to this file; empty = the usual place

  std::vector<Ignore> ignores;
};

// `other_keys`: top-level keys that someone else reads, e.g. checks::smoke::root_key_names().
Result<Settings> read_settings(std::string_view toml, std::string_view file,
                               std::span<const std::string_view> other_keys = {});

// The top-level keys read_settings reads itself: what a reader of the file's other tables has to let pass.
std::span<const std::string_view> settings_key_names() noexcept;

// "2026-02-29" is none.
bool is_date(std::string_view text) noexcept;

}  // namespace launchgate::config
