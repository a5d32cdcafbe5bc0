#include "libscan/config/suppressor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libscan/core/sha1.hpp"
#include "libscan/core/sha256.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::config {
namespace {

std::string secret_key(std::string_view path, std::string_view digest) {
  std::string key(path);
  key += '\0';
  key += digest;
  return key;
}

std::string_view plural(std::size_t n, std::string_view one, std::string_view many) { return n == 1 ? one : many; }

}  // namespace

Suppressor::Suppressor(std::function<bool(std::string_view)> is_our_rule) : is_our_rule_(std::move(is_our_rule)) {}

void Suppressor::add(const std::vector<Ignore>& ignores, std::string_view today) {
  for (const Ignore& i : ignores)
    ignores_.push_back({i, i.path.empty() ? std::nullopt : std::optional(Glob(i.path)),
                        !i.expires.empty() && i.expires < today, 0});  // dates sort as text
}

void Suppressor::add(const std::vector<BaselineEntry>& entries, std::string_view file) {
  for (const BaselineEntry& e : entries) baseline_.try_emplace(e.fingerprint, BaselineUse{printable(file), e.line});
}

void Suppressor::add(const KnownFindings& known) {
  for (const KnownPlace& p : known.places) places_[p.path].push_back({p, known.file});
  for (const KnownSecret& s : known.secrets) secrets_.try_emplace(secret_key(s.path, s.digest), known.file);
  warnings_.insert(warnings_.end(), known.warnings.begin(), known.warnings.end());
}

std::optional<std::string> Suppressor::judge(const Finding& f) {
  // All are asked, so that an entry beside another is not called unused.
  auto ignored = by_ignore(f), known = by_baseline(f), listed = by_place(f);
  return ignored ? ignored : known ? known : listed;
}

std::optional<std::string> Suppressor::by_ignore(const Finding& f) {
  std::optional<std::string> why;
  for (IgnoreUse& i : ignores_) {
    if (!i.ignore.rule.empty() && i.ignore.rule != f.rule) continue;
    if (!i.ignore.fingerprint.empty() && i.ignore.fingerprint != f.fingerprint) continue;
    if (i.path && !i.path->matches(f.where.path)) continue;
    ++i.used;
    if (!i.expired && !why)
      why = fmt::format("ignored at {}: {}", i.ignore.where, ellipsize(printable(i.ignore.reason), 200));
  }
  return why;
}

std::optional<std::string> Suppressor::by_baseline(const Finding& f) {
  const auto at = baseline_.find(f.fingerprint);
  if (at == baseline_.end()) return std::nullopt;
  at->second.used = true;
  return fmt::format("known in the baseline, {}:{}", at->second.file, at->second.line);
}

bool Suppressor::holds(const KnownPlace& p, const Finding& f) const {
  const std::uint32_t line = f.where.span.line;
  if (line < p.line || line > p.end_line) return false;
  if (!p.commit.empty() && p.commit != f.where.commit) return false;
  return p.rule.empty() || p.rule == f.rule || (is_our_rule_ && !is_our_rule_(p.rule));
}

std::optional<std::string> Suppressor::by_place(const Finding& f) {
  const auto at = places_.find(f.where.path);
  if (at == places_.end()) return std::nullopt;
  std::optional<std::string> why;
  for (PlaceUse& p : at->second) {
    if (!holds(p.place, f)) continue;
    p.used = true;
    if (!why) why = "listed at " + p.place.where;
  }
  return why;
}

std::string_view Suppressor::knows_secret(std::string_view path, std::string_view secret) const {
  if (secrets_.empty()) return {};
  for (const std::string& digest : {sha1_hex(secret), hex(sha256(secret))})
    if (const auto at = secrets_.find(secret_key(path, digest)); at != secrets_.end()) return at->second;
  return {};
}

void Suppressor::note_ignores(bool whole, std::vector<Note>& out) const {
  for (const IgnoreUse& i : ignores_) {
    if (i.expired && i.used > 0)
      out.push_back({Note::Level::warning,
                     fmt::format("{}: this ignore expired on {} and no longer hides {} {}", i.ignore.where,
                                 i.ignore.expires, i.used, plural(i.used, "finding", "findings")),
                     "mend what it hid, or give it a new date and a reason that is still true"});
    else if (i.expired || (whole && i.used == 0))
      out.push_back({Note::Level::info,
                     i.expired ? fmt::format("{}: this ignore expired on {}", i.ignore.where, i.ignore.expires)
                               : i.ignore.where + ": this ignore hides nothing",
                     "remove it"});
  }
}

void Suppressor::note_baselines(std::vector<Note>& out) const {
  std::map<std::string, std::pair<std::size_t, std::size_t>> unused;  // file -> unused, all
  const auto count = [&](const std::string& file, bool used) {
    auto& [none, all] = unused[file];
    none += used ? 0 : 1;
    ++all;
  };
  for (const auto& [fingerprint, use] : baseline_) count(use.file, use.used);
  for (const auto& [path, uses] : places_)
    for (const PlaceUse& p : uses) count(p.file, p.used);
  for (const auto& [file, counts] : unused)
    if (counts.first > 0)
      out.push_back(
          {Note::Level::info,
           fmt::format("{} of {} {} of {} hide nothing any more", counts.first, counts.second,
                       plural(counts.second, "entry", "entries"), file),
           "delete them, unless another scan (such as --history) needs them; `launchgate baseline show` marks them"});
}

std::vector<Note> Suppressor::notes(bool whole) const {
  std::vector<Note> out;
  for (const std::string& w : warnings_) out.push_back({Note::Level::warning, w, ""});
  note_ignores(whole, out);
  if (whole) note_baselines(out);
  return out;
}

}  // namespace launchgate::config
