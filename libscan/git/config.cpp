#include "libscan/git/config.hpp"

#include <fcntl.h>

#include <algorithm>

#include "libscan/git/file.hpp"
#include "libscan/git/wildmatch.hpp"

namespace launchgate::git {
namespace {

bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }
bool key_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(fold_ascii(static_cast<unsigned char>(c)));
  return out;
}

// "core.WorkTree" -> "core.worktree"; the part between the first and the last dot keeps its case.
std::string canonical_name(std::string_view name) {
  const std::size_t first = name.find('.'), last = name.rfind('.');
  if (first == std::string_view::npos) return lower_ascii(name);
  return lower_ascii(name.substr(0, first)) + std::string(name.substr(first, last - first)) +
         lower_ascii(name.substr(last));
}

std::optional<bool> parse_bool(std::string_view value) noexcept {
  for (std::string_view word : {"true", "yes", "on", "1"})
    if (lower_ascii(value) == word) return true;
  for (std::string_view word : {"false", "no", "off", "0", ""})
    if (lower_ascii(value) == word) return false;
  return std::nullopt;
}

// Does the repository lie where an includeIf "gitdir:" pattern says? See git-config(1), "Conditional includes".
bool gitdir_matches(std::string_view condition, bool ignore_case, const std::string& from,
                    const Environment& environment, const Config::Context& context) {
  if (context.git_dir.empty()) return false;
  std::string pattern = expand_home(condition, environment);
  if (pattern.rfind("./", 0) == 0) pattern = join_path(parent_path(from), std::string_view(pattern).substr(2));
  if (!pattern.empty() && pattern.front() != '/') pattern = "**/" + pattern;
  if (!pattern.empty() && pattern.back() == '/') pattern += "**";
  return Wildmatch(pattern, ignore_case).matches(context.git_dir);
}

bool condition_holds(std::string_view condition, const std::string& from, const Environment& environment,
                     const Config::Context& context) {
  const auto after = [&](std::string_view prefix) -> std::optional<std::string_view> {
    if (condition.substr(0, prefix.size()) != prefix) return std::nullopt;
    return condition.substr(prefix.size());
  };
  if (const auto dir = after("gitdir:")) return gitdir_matches(*dir, false, from, environment, context);
  if (const auto dir = after("gitdir/i:")) return gitdir_matches(*dir, true, from, environment, context);
  if (const auto branch = after("onbranch:")) {
    std::string pattern(*branch);
    if (!pattern.empty() && pattern.back() == '/') pattern += "**";
    return !context.branch.empty() && Wildmatch(pattern).matches(context.branch);
  }
  return false;  // hasconfig: and whatever comes later
}

}  // namespace

// One pass over a text; positions only move forward.
class ConfigParser {
 public:
  ConfigParser(std::string_view text, Config::Scope scope) : text_(text), scope_(scope) {
    if (text_.substr(0, 3) == "\xef\xbb\xbf") text_.remove_prefix(3);
  }

  // The next entry; no value at the end.
  std::optional<Config::Entry> next() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n' || blank(c)) {
        ++at_;
      } else if (c == '#' || c == ';') {
        skip_line();
      } else if (c == '[') {
        if (!header()) section_.clear(), skip_line();
      } else if (!key_char(c) || section_.empty()) {
        skip_line();
      } else {
        return entry();
      }
    }
    return std::nullopt;
  }

 private:
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\n'; }
  void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  // [section], [section.sub] (old style, all lower case), [section "sub"].
  bool header() {
    std::string name;
    for (++at_; key_char(peek()) || peek() == '.'; ++at_) name += peek();
    name = lower_ascii(name);
    while (blank(peek())) ++at_;
    if (peek() == '"') {
      name += '.';
      for (++at_; peek() != '"'; ++at_) {
        if (peek() == '\\') ++at_;
        if (peek() == '\n') return false;
        name += peek();
      }
      ++at_;
    }
    if (peek() != ']' || name.empty()) return false;
    ++at_;
    section_ = std::move(name);
    return true;
  }

  Config::Entry entry() {
    Config::Entry entry;
    entry.scope = scope_;
    std::string key;
    for (; key_char(peek()); ++at_) key += peek();
    entry.name = section_ + "." + lower_ascii(key);
    while (blank(peek())) ++at_;
    if (peek() == '=') {
      ++at_;
      entry.value = value();
    } else {
      entry.valueless = true;
      skip_line();
    }
    return entry;
  }

  // To the end of the line; quotes, escapes, continuation lines; blanks at both ends are dropped unless quoted.
  std::string value() {
    std::string out;
    std::size_t keep = 0;  // length that trailing blanks may not be cut below
    bool quoted = false;
    while (blank(peek())) ++at_;
    for (; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '\n') break;
      if (!quoted && (c == '#' || c == ';')) {
        skip_line();
        break;
      }
      if (c == '"') {
        quoted = !quoted;
        keep = out.size();
        continue;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        c = text_[++at_];
        if (c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') c = text_[++at_];
        if (c == '\n') continue;
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'b' ? '\b' : c;
        out += c;
        keep = out.size();
        continue;
      }
      out += c;
      if (quoted || !blank(c)) keep = out.size();
    }
    out.resize(keep);
    return out;
  }

  std::string_view text_;
  Config::Scope scope_;
  std::size_t at_ = 0;
  std::string section_;
};

void Config::add_text(std::string_view text, const std::string& path, Scope scope, const Environment& environment,
                      const Context& context) {
  ConfigParser parser(text, scope);
  while (entries_.size() < kMaxEntries) {
    std::optional<Entry> entry = parser.next();
    if (!entry) break;
    entries_.push_back(*entry);
    include(*entry, path, environment, context);
  }
}

void Config::include(const Entry& entry, const std::string& from, const Environment& environment,
                     const Context& context) {
  constexpr std::string_view kPlain = "include.path", kPrefix = "includeif.", kSuffix = ".path";
  const std::string_view name = entry.name;
  if (name != kPlain) {
    if (name.size() <= kPrefix.size() + kSuffix.size() || name.substr(0, kPrefix.size()) != kPrefix ||
        name.substr(name.size() - kSuffix.size()) != kSuffix)
      return;
    const std::string_view condition = name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    if (!condition_holds(condition, from, environment, context)) return;
  }
  if (depth_ >= kMaxDepth) return;
  ++depth_;
  // What is included and cannot be read adds nothing, as for git.
  (void)add_file(join_path(parent_path(from), expand_home(entry.value, environment)), entry.scope, environment,
                 context);
  --depth_;
}

Result<void> Config::add_file(const std::string& path, Scope scope, const Environment& environment,
                              const Context& context) {
  if (files_ >= kMaxFiles) return {};
  ++files_;
  auto text = read_small_file(path, kMaxBytes);
  if (!text) return Unexpected{std::move(text).error()};
  if (*text) add_text(**text, path, scope, environment, context);
  return {};
}

void Config::add_system_and_global(const Environment& environment, const Context& context) {
  const auto add = [&](const std::string& path, Scope scope) {
    // A file of another user that we may not read is as good as absent: git warns and goes on.
    (void)add_file(path, scope, environment, context);
  };
  if (!parse_bool(environment.get("GIT_CONFIG_NOSYSTEM")).value_or(false)) {
    const std::string_view system = environment.get("GIT_CONFIG_SYSTEM");
    add(system.empty() ? "/etc/gitconfig" : std::string(system), Scope::system);
  }
  if (environment.has("GIT_CONFIG_GLOBAL")) {
    if (const std::string_view path = environment.get("GIT_CONFIG_GLOBAL"); !path.empty())
      add(std::string(path), Scope::global);
    return;
  }
  const std::string_view home = environment.get("HOME"), xdg = environment.get("XDG_CONFIG_HOME");
  if (!xdg.empty() || !home.empty())
    add(xdg.empty() ? join_path(home, ".config/git/config") : join_path(xdg, "git/config"), Scope::global);
  if (!home.empty()) add(join_path(home, ".gitconfig"), Scope::global);
}

void Config::add_command(const Environment& environment) {
  // `git -c name=value` hands its values on as 'name'='value' (or, before git 2.31, 'name=value'), shell-quoted.
  std::string_view rest = environment.get("GIT_CONFIG_PARAMETERS");
  std::string word;
  const auto flush = [&] {
    const std::size_t equals = word.find('=');
    if (!word.empty())
      entries_.push_back({canonical_name(std::string_view(word).substr(0, equals)),
                          equals == std::string::npos ? "" : word.substr(equals + 1), equals == std::string::npos,
                          Scope::command});
    word.clear();
  };
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size() && entries_.size() < kMaxEntries; ++i) {
    const char c = rest[i];
    if (c == '\'') {
      quoted = !quoted;
    } else if (!quoted && c == '\\' && i + 1 < rest.size()) {
      word += rest[++i];
    } else if (!quoted && c == ' ') {
      flush();
    } else {
      word += c;
    }
  }
  flush();
  std::size_t count = 0;
  for (char c : environment.get("GIT_CONFIG_COUNT")) {
    if (c < '0' || c > '9' || count > 1000) break;
    count = 10 * count + static_cast<std::size_t>(c - '0');
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 1000); ++i) {
    const std::string n = std::to_string(i);
    const std::string_view key = environment.get("GIT_CONFIG_KEY_" + n);
    if (key.empty()) continue;
    entries_.push_back(
        {canonical_name(key), std::string(environment.get("GIT_CONFIG_VALUE_" + n)), false, Scope::command});
  }
}

std::optional<std::string_view> Config::get(std::string_view name) const noexcept {
  for (auto at = entries_.rbegin(); at != entries_.rend(); ++at)
    if (at->name == name) return std::string_view(at->value);
  return std::nullopt;
}

bool Config::get_bool(std::string_view name, bool otherwise) const noexcept {
  for (auto at = entries_.rbegin(); at != entries_.rend(); ++at)
    if (at->name == name) return at->valueless || parse_bool(at->value).value_or(otherwise);
  return otherwise;
}

std::string expand_home(std::string_view path, const Environment& environment) {
  const std::string_view home = environment.get("HOME");
  if (path.substr(0, 2) != "~/" || home.empty()) return std::string(path);
  return join_path(home, path.substr(2));
}

}  // namespace launchgate::git
