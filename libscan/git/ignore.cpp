#include "libscan/git/ignore.hpp"

#include <algorithm>

namespace launchgate::git {
namespace {

constexpr std::string_view kGlobBytes = "*?[\\";

std::size_t literal_length(std::string_view text) noexcept {
  return std::min(text.find_first_of(kGlobBytes), text.size());
}

// Blanks at the end do not count unless a backslash stands before them.
std::string_view without_trailing_blanks(std::string_view line) noexcept {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      if (++i == line.size()) return line;
      end = i + 1;
    } else if (line[i] != ' ') {
      end = i + 1;
    }
  }
  return line.substr(0, end);
}

std::uint8_t byte(char c) noexcept { return static_cast<std::uint8_t>(c); }

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(fold_ascii(byte(c)));
  return out;
}

bool ends_with(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

IgnoreList::IgnoreList(std::string_view text, std::string base, bool ignore_case)
    : base_(std::move(base)), ignore_case_(ignore_case) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    add_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  // The last pattern that fits decides, so each kind is tried from its last.
  for (auto* numbers : {&names_, &suffixes_, &paths_, &others_}) std::reverse(numbers->begin(), numbers->end());
}

void IgnoreList::add_line(std::string_view line) {
  if (line.empty() || line.front() == '#') return;
  if (line.back() == '\r') line.remove_suffix(1);
  line = without_trailing_blanks(line.substr(0, line.find('\0')));
  Pattern pattern;
  if (!line.empty() && line.front() == '!') pattern.negative = true, line.remove_prefix(1);
  if (!line.empty() && line.back() == '/') pattern.directories_only = true, line.remove_suffix(1);
  const std::size_t slash = line.find('/');
  if (slash == std::string_view::npos) {
    add_name(line, literal_length(line), std::move(pattern));
    return;
  }
  if (slash == 0) line.remove_prefix(1);
  constexpr std::string_view kAnywhere = "**/";
  if (slash == 2 && line.substr(0, 3) == kAnywhere && line.find('/', 3) == std::string_view::npos) {
    add_name(line.substr(3), literal_length(line.substr(3)), std::move(pattern));  // the same as without "**/"
    return;
  }
  const std::size_t literal = literal_length(line);
  pattern.kind = Kind::path;
  pattern.text = line.substr(0, literal);
  if (line.empty()) return;
  // Git matches what follows the literal part by itself, so a "**" there counts as if it began the pattern.
  if (literal < line.size()) {
    pattern.glob = static_cast<std::uint32_t>(globs_.size());
    globs_.emplace_back(line.substr(literal), ignore_case_);
  }
  add(std::move(pattern));
}

void IgnoreList::add_name(std::string_view text, std::size_t literal, Pattern pattern) {
  if (text.empty()) return;
  if (literal == text.size()) {
    pattern.kind = Kind::name;
    pattern.text = text;
  } else if (text.size() > 1 && text.front() == '*' && literal_length(text.substr(1)) == text.size() - 1) {
    pattern.kind = Kind::suffix;
    pattern.text = text.substr(1);
  } else {
    pattern.kind = Kind::name_glob;
    pattern.glob = static_cast<std::uint32_t>(globs_.size());
    globs_.emplace_back(text, ignore_case_);
  }
  add(std::move(pattern));
}

void IgnoreList::add(Pattern pattern) {
  if (ignore_case_) pattern.text = folded(pattern.text);
  const auto number = static_cast<std::uint32_t>(patterns_.size());
  if (pattern.text.empty()) {
    others_.push_back(number);
  } else if (pattern.kind == Kind::suffix) {
    suffixes_.push_back(number);
    suffix_ends_.set(byte(pattern.text.back()));
  } else if (pattern.kind == Kind::name) {
    names_.push_back(number);
    name_starts_.set(byte(pattern.text.front()));
  } else {
    paths_.push_back(number);
    path_starts_.set(byte(pattern.text.front()));
  }
  patterns_.push_back(std::move(pattern));
}

bool IgnoreList::fits(const Pattern& pattern, std::string_view name, std::string_view below) const noexcept {
  switch (pattern.kind) {
    case Kind::name: return name == pattern.text;
    case Kind::suffix: return ends_with(name, pattern.text);
    case Kind::name_glob: return globs_[pattern.glob].matches(name);
    case Kind::path: break;
  }
  if (below.substr(0, pattern.text.size()) != pattern.text) return false;
  const std::string_view rest = below.substr(pattern.text.size());
  return pattern.glob == kNoGlob ? rest.empty() : globs_[pattern.glob].matches(rest);
}

IgnoreVerdict IgnoreList::judge(std::string_view path, std::size_t name_at, bool directory) const {
  if (patterns_.empty()) return IgnoreVerdict::none;
  std::string lower;
  if (ignore_case_) path = lower = folded(path);
  const std::string_view name = path.substr(name_at), below = path.substr(base_.size());
  if (name.empty() || below.empty()) return IgnoreVerdict::none;

  std::int64_t best = -1;
  const auto try_all = [&](const std::vector<std::uint32_t>& numbers) {
    for (const std::uint32_t number : numbers) {
      if (number <= best) return;
      const Pattern& pattern = patterns_[number];
      if ((directory || !pattern.directories_only) && fits(pattern, name, below)) {
        best = number;
        return;
      }
    }
  };
  if (name_starts_.test(byte(name.front()))) try_all(names_);
  if (suffix_ends_.test(byte(name.back()))) try_all(suffixes_);
  if (path_starts_.test(byte(below.front()))) try_all(paths_);
  try_all(others_);
  if (best < 0) return IgnoreVerdict::none;
  return patterns_[static_cast<std::size_t>(best)].negative ? IgnoreVerdict::included : IgnoreVerdict::ignored;
}

}  // namespace launchgate::git
