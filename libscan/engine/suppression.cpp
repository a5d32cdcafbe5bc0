#include "libscan/engine/suppression.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_map>

#include "libscan/checks/smoke/config.hpp"
#include "libscan/core/sha256.hpp"
#include "libscan/core/story.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = std::size_t{64} << 20;  // a gitleaks report of a large history

Result<std::string> read_file(const std::string& path, std::string_view hint = "check the path") {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::config, fmt::format("{}: cannot read: {}", printable(path), why), std::string(hint));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return refuse(std::strerror(errno));
  std::string text;
  char buffer[16 << 10];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, n);
    if (text.size() > kMaxFile) return refuse("it is larger than 64 MiB");
  }
  if (std::ferror(file.get()) != 0) return refuse(std::strerror(errno));
  return text;
}

// The file's text, nothing when there is none of that name under root.
Result<std::optional<std::string>> read_usual(const std::string& root, std::string_view name) {
  const std::string path = fmt::format("{}/{}", root, name);
  if (root.empty() || ::access(path.c_str(), F_OK) != 0) return std::optional<std::string>{};
  auto text = read_file(path);
  if (!text) return Unexpected{text.error()};
  return std::optional(*std::move(text));
}

std::string today_utc() {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

Result<void> add_baseline(config::Suppressor& to, std::string_view text, std::string_view name) {
  if (config::looks_like_known_findings(text)) {
    auto known = config::read_known_findings(text, name);
    if (!known) return Unexpected{known.error()};
    to.add(*known);
    return {};
  }
  auto entries = config::parse_baseline(text, name);
  if (!entries) return Unexpected{entries.error()};
  to.add(*entries, name);
  return {};
}

std::string beside(const std::string& file, const std::string& path) {
  return (fs::path(file).parent_path() / path).lexically_normal().string();
}

// Texts, each with its size, as one digest.
class Digester {
 public:
  Digester& add(std::string_view text) {
    all_ = hex(Sha256().update(all_).update(fmt::format(" {} ", text.size())).update(text).finish());
    return *this;
  }
  const std::string& text() const noexcept { return all_; }

 private:
  std::string all_;
};

}  // namespace

Result<config::Settings> load_settings(const std::string& root, const std::string& config_file) {
  std::string path = config_file, name = config_file;
  if (path.empty()) {
    name = "launchgate.toml";
    path = root + "/" + name;
    if (root.empty() || ::access(path.c_str(), F_OK) != 0) return config::Settings{};
  }
  auto text = read_file(path);
  if (!text) return Unexpected{text.error()};
  const auto others = checks::smoke::root_key_names();
  auto settings = config::read_settings(*text, name, others);
  if (!settings) return settings;
  for (std::string& rules : settings->rules) rules = beside(path, rules);
  if (!settings->baseline.empty()) settings->baseline = beside(path, settings->baseline);
  return settings;
}

Result<Suppression> Suppression::load(const config::Settings& settings, const SuppressionSources& sources,
                                      std::function<bool(std::string_view)> is_our_rule) {
  Suppression out;
  out.honoured_ = sources.honoured;
  const std::string today = sources.today.empty() ? today_utc() : sources.today;
  Digester digester;
  digester.add(sources.honoured ? "honoured" : "all is reported");
  for (const std::string& glob : settings.exclude) digester.add("exclude").add(glob);
  for (const config::Ignore& i : settings.ignores)
    digester.add("ignore")
        .add(i.rule)
        .add(i.path)
        .add(i.fingerprint)
        .add(!i.expires.empty() && i.expires < today ? "expired" : "holds");
  out.digest_ = digester.text();
  for (const std::string& glob : settings.exclude) out.exclude_.emplace_back(glob);
  out.suppressor_ = std::make_unique<config::Suppressor>(std::move(is_our_rule));
  if (!sources.honoured) return out;
  config::Suppressor& s = *out.suppressor_;
  s.add(settings.ignores, today);
  for (const std::string_view name : {".gitleaksignore", ".betterleaksignore"}) {
    auto text = read_usual(sources.root, name);
    if (!text) return Unexpected{text.error()};
    if (*text) s.add(config::read_gitleaks_ignore(**text, name));
    if (*text) out.digest_ = digester.add(name).add(**text).text();
  }
  for (const std::string_view name : {".secrets.baseline", "launchgate-baseline"}) {
    if (name == "launchgate-baseline" && !sources.baseline_file.empty()) continue;
    auto text = read_usual(sources.root, name);
    if (!text) return Unexpected{text.error()};
    if (!*text) continue;
    if (auto ok = add_baseline(s, **text, name); !ok) return Unexpected{ok.error()};
    out.digest_ = digester.add(name).add(**text).text();
  }
  if (sources.baseline_file.empty()) return out;
  auto text = read_file(sources.baseline_file, "check the path, or make the baseline: `launchgate baseline create`");
  if (!text) return Unexpected{text.error()};
  if (auto ok = add_baseline(s, *text, sources.baseline_file); !ok) return Unexpected{ok.error()};
  out.digest_ = digester.add("baseline").add(*text).text();
  return out;
}

const config::Suppressor* Suppression::known() const noexcept {
  return suppressor_ && suppressor_->wants_secrets() ? suppressor_.get() : nullptr;
}

namespace {

// Lists that name a commit or a line (.gitleaksignore) mean what came in there; the same secret in later versions of
// the file is no news.
class AcceptedVersions {
 public:
  void add(const Finding& f) {
    if (!has_place(f)) return;
    const auto [at, added] = oldest_.try_emplace(key(f), f.story->order);
    if (!added) at->second = std::min(at->second, f.story->order);
  }
  bool covers(const Finding& f) const {
    if (!has_place(f)) return false;
    const auto at = oldest_.find(key(f));
    return at != oldest_.end() && at->second < f.story->order;
  }

 private:
  static std::string key(const Finding& f) { return f.fingerprint + '\0' + f.where.path; }

  std::unordered_map<std::string, std::uint32_t> oldest_;
};

}  // namespace

void Suppression::apply(Report& report, bool whole) {
  std::size_t tagged = 0, accepted = 0;
  AcceptedVersions versions;
  std::erase_if(report.findings, [&](Finding& f) {
    if (!f.where.path.empty() && any_matches(exclude_, f.where.path)) {
      report.coverage.skip("excluded", f.where.path);
      return true;
    }
    if (!honoured_) {
      f.suppressed.clear();
      return false;
    }
    // Both are asked, so that what the baseline holds is not called unused.
    const bool known = suppressor_->judge(f).has_value(), marked = !f.suppressed.empty();
    if (known) versions.add(f);
    tagged += marked ? 1 : 0;
    accepted += known && !marked ? 1 : 0;
    return known || marked;
  });
  accepted += std::erase_if(report.findings, [&](const Finding& f) { return versions.covers(f); });
  if (tagged + accepted > 0)
    report.notes.push_back(
        {Note::Level::info,
         fmt::format("{} finding{} excused: {} beside the code or by another scanner's list of secrets, {} by "
                     "launchgate.toml, a baseline or an ignore file",
                     tagged + accepted, tagged + accepted == 1 ? " is" : "s are", tagged, accepted),
         "--no-ignores reports them"});
  std::vector<Note> notes = suppressor_->notes(whole);
  report.notes.insert(report.notes.end(), std::make_move_iterator(notes.begin()), std::make_move_iterator(notes.end()));
}

}  // namespace launchgate::engine
