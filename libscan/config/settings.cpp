#include "libscan/config/settings.hpp"

#include <fmt/format.h>

#include <array>

#include "libscan/config/toml.hpp"
#include "libscan/core/glob.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"

namespace launchgate::config {
namespace {

constexpr std::int64_t kMaxThreads = 256;
constexpr std::string_view kTitle = "title", kScan = "scan", kIgnore = "ignore";
constexpr std::array kKeys{kTitle, kScan, kIgnore};

class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  Result<Settings> read(const Table& top, std::span<const std::string_view> other_keys) {
    TableReader r(top, {1, 1}, file_, "");
    r.string(kTitle);
    for (const std::string_view key : other_keys) r.raw(key);
    if (const Table* scan = r.table(kScan))
      if (auto ok = read_scan(*scan, r.place_of(kScan)); !ok) return Unexpected{ok.error()};
    for (const Value* ignore : r.tables(kIgnore))
      if (auto ok = read_ignore(*ignore); !ok) return Unexpected{ok.error()};
    if (auto ok = r.finish(); !ok) return Unexpected{ok.error()};
    return std::move(out_);
  }

 private:
  Result<void> read_scan(const Table& table, Place place) {
    TableReader r(table, place, file_, "[scan]");
    read_fail_on(r);
    read_max_file_size(r);
    if (const auto threads = r.integer("threads")) {
      if (*threads < 1 || *threads > kMaxThreads)
        r.reject(r.place_of("threads"), fmt::format("'threads' must be from 1 to {}", kMaxThreads),
                 "leave it out for one a core");
      else
        out_.threads = static_cast<unsigned>(*threads);
    }
    out_.exclude = globs(r, "exclude");
    out_.rules = r.strings("rules");
    out_.baseline = r.string("baseline").value_or("");
    return r.finish();
  }

  void read_fail_on(TableReader& r) {
    const auto word = r.string("fail_on");
    if (!word) return;
    out_.fail_on = parse_severity(*word);
    if (!out_.fail_on)
      r.reject(r.place_of("fail_on"), fmt::format("'fail_on' cannot be '{}'", ellipsize(printable(*word), 40)),
               "write \"can-wait\", \"high-risk\" or \"launch-blocker\"");
  }

  // A number of bytes, or text with a unit.
  void read_max_file_size(TableReader& r) {
    const Value* value = r.raw("max_file_size");
    if (value == nullptr) return;
    if (const auto* bytes = std::get_if<std::int64_t>(&value->data); bytes != nullptr && *bytes >= 0)
      out_.max_file_size = static_cast<std::uint64_t>(*bytes);
    else if (const auto* text = std::get_if<std::string>(&value->data))
      out_.max_file_size = parse_bytes(*text);
    if (!out_.max_file_size)
      r.reject(value->place, "'max_file_size' is no size", "write max_file_size = \"50M\", or a number of bytes");
  }

  Result<void> read_ignore(const Value& value) {
    TableReader r(std::get<Table>(value.data), value.place, file_, "[[ignore]]");
    Ignore i;
    i.where = fmt::format("{}:{}:{}", printable(file_), value.place.line, value.place.column);
    i.rule = r.string("rule").value_or("");
    i.path = r.string("path").value_or("");
    i.fingerprint = r.string("fingerprint").value_or("");
    i.reason = r.string("reason").value_or("");
    i.expires = r.string("expires").value_or("");
    if (!i.path.empty()) check_glob(r, r.place_of("path"), i.path);
    if (!i.expires.empty() && !is_date(i.expires))
      r.reject(r.place_of("expires"), "'expires' is no date", "write the last day it shall hold: expires = 2026-01-31");
    if (auto ok = r.finish(); !ok) return ok;
    if (i.rule.empty() && i.path.empty() && i.fingerprint.empty())
      return r.error_at(value.place, "it would ignore everything", "give it a rule, a path or a fingerprint");
    if (i.reason.find_first_not_of(" \t\n") == std::string::npos)
      return r.error_at(value.place, "'reason' is missing", "say in a sentence why this is accepted");
    out_.ignores.push_back(std::move(i));
    return {};
  }

  static std::vector<std::string> globs(TableReader& r, std::string_view key) {
    std::vector<std::string> all = r.strings(key);
    const Value* value = r.raw(key);
    for (std::size_t i = 0; i < all.size(); ++i) check_glob(r, std::get<Array>(value->data)[i].place, all[i]);
    return all;
  }

  static void check_glob(TableReader& r, Place place, std::string_view glob) {
    if (matches_everything(glob))
      r.reject(place, "the glob matches every path", "name the folder or the kind of file it is for");
    else if (glob.starts_with('!'))
      r.reject(place, "a glob cannot be negated here", "list what is meant instead; a leading '!' is written \\!");
  }

  std::string_view file_;
  Settings out_;
};

}  // namespace

Result<Settings> read_settings(std::string_view toml, std::string_view file,
                               std::span<const std::string_view> other_keys) {
  const auto top = parse_toml(toml, file);
  if (!top) return Unexpected{top.error()};
  return Reader(file).read(*top, other_keys);
}

std::span<const std::string_view> settings_key_names() noexcept { return kKeys; }

bool is_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9})
    if (text[i] < '0' || text[i] > '9') return false;
  const auto number = [&](std::size_t at, std::size_t n) {
    int value = 0;
    for (std::size_t i = at; i < at + n; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (month < 1 || month > 12 || day < 1) return false;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

}  // namespace launchgate::config
