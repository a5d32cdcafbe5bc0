#include "libscan/secrets/inline_tags.hpp"

#include <algorithm>
#include <array>

namespace launchgate::secrets {
namespace {

// Farther than this from the match a tag on the same "line" of a one-line file excuses something else.
constexpr std::size_t kReach = 4096;

constexpr std::string_view kOurs = "launchgate:allow";
constexpr std::string_view kOursNextLine = "launchgate:allow-next-line";

constexpr std::array<std::string_view, 6> kOnLine{"gitleaks:allow",    "betterleaks:allow", "trufflehog:ignore",
                                                  "kingfisher:ignore", "ggignore",          "secretlint-disable-line"};
constexpr std::array<std::string_view, 2> kOnLineBefore{"kingfisher:ignore", "secretlint-disable-next-line"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The word as a whole: "ggignore", not "ggignored" nor "xggignore". npos: not there.
std::size_t find_word(std::string_view line, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = line.find(word, from); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(line[at - 1])) && (end == line.size() || !is_word(line[end]))) return at;
  }
  return std::string_view::npos;
}

bool has_word(std::string_view line, std::string_view word) { return find_word(line, word) != std::string_view::npos; }

std::string_view trim(std::string_view s) {
  const std::size_t begin = s.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? "" : s.substr(begin, s.find_last_not_of(" \t\r\n") - begin + 1);
}

// ---- detect-secrets --------------------------------------------------------------------------------------------

// "pragma: allowlist secret", "pragma:whitelist-secret", "pragma: allowlist nextline secret".
bool has_pragma(std::string_view line, bool next_line) {
  std::size_t at = line.find("pragma:");
  if (at == std::string_view::npos) return false;
  std::string_view rest = trim(line.substr(at + 7));
  if (!rest.starts_with("allowlist") && !rest.starts_with("whitelist")) return false;
  rest.remove_prefix(9);
  const auto take = [&rest](std::string_view word) {
    if (rest.empty() || (rest[0] != ' ' && rest[0] != '-') || !rest.substr(1).starts_with(word)) return false;
    rest.remove_prefix(word.size() + 1);
    return true;
  };
  return (!next_line || take("nextline")) && take("secret") && (rest.empty() || !is_word(rest[0]));
}

// ---- launchgate ------------------------------------------------------------------------------------------------

// What is behind a reason in a comment that closes.
std::string_view without_comment_end(std::string_view s) {
  s = trim(s);
  for (const std::string_view end : {"*/", "-->", "#}", "%>", "}}"})
    if (s.ends_with(end)) s.remove_suffix(end.size());
  return trim(s);
}

bool names_rule(std::string_view list, std::string_view rule) {
  bool any = false;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(" \t,"), list.size());
    if (list.substr(0, end) == rule) return true;
    any |= end > 0;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return !any;
}

std::optional<InlineTag> find_ours(std::string_view line, std::string_view name, std::string_view rule) {
  std::optional<InlineTag> unreasoned;
  for (std::size_t at = find_word(line, name); at != std::string_view::npos; at = find_word(line, name, at + 1)) {
    const std::string_view rest = line.substr(at + name.size());
    const std::size_t dashes = std::min(rest.find("--"), rest.size());
    const std::string_view reason = without_comment_end(rest.substr(std::min(dashes + 2, rest.size())));
    if (!names_rule(without_comment_end(rest.substr(0, dashes)), rule)) continue;
    if (!reason.empty() && reason != ">") return InlineTag{name, reason, true};
    unreasoned = InlineTag{name, "", false};
  }
  return unreasoned;
}

// ---- lines -----------------------------------------------------------------------------------------------------

std::string_view between(std::string_view text, std::size_t begin, std::size_t end) {
  return text.substr(begin, end - begin);
}

// Start of the line `at` is in, but not farther away than kReach.
std::size_t line_start(std::string_view text, std::size_t at) {
  const std::size_t low = at - std::min(at, kReach);
  const std::size_t newline = between(text, low, at).rfind('\n');
  return newline == std::string_view::npos ? low : low + newline + 1;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  const std::string_view near = text.substr(at, kReach);
  return at + std::min(near.find('\n'), near.size());
}

}  // namespace

std::optional<InlineTag> InlineTags::find(ByteRange match, std::string_view rule) {
  const std::size_t begin = line_start(text_, match.begin), end = line_end(text_, match.end);
  const std::string_view lines = between(text_, begin, end);
  const bool starts_line = begin > 0 && text_[begin - 1] == '\n';
  const std::string_view before = starts_line ? between(text_, line_start(text_, begin - 1), begin - 1) : "";
  std::optional<InlineTag> ours = find_ours(lines, kOurs, rule);
  if (!ours || !ours->honoured)
    if (auto next = find_ours(before, kOursNextLine, rule)) ours = next;
  if (ours && ours->honoured) return ours;
  for (const std::string_view tag : kOnLine)
    if (has_word(lines, tag)) return InlineTag{tag, "", true};
  for (const std::string_view tag : kOnLineBefore)
    if (has_word(before, tag)) return InlineTag{tag, "", true};
  if (has_pragma(lines, false)) return InlineTag{"pragma: allowlist secret", "", true};
  if (has_pragma(before, true)) return InlineTag{"pragma: allowlist nextline secret", "", true};
  const bool several_lines = between(text_, match.begin, match.end).find('\n') != std::string_view::npos;
  if (several_lines && end < text_.size() &&
      has_word(between(text_, end + 1, line_end(text_, end + 1)), "kingfisher:ignore"))
    return InlineTag{"kingfisher:ignore", "", true};
  if (in_disabled_block(match.begin)) return InlineTag{"secretlint-disable", "", true};
  return ours;
}

bool InlineTags::in_disabled_block(std::size_t at) {
  constexpr std::string_view kStem = "secretlint-";
  if (!blocks_known_) {
    blocks_known_ = true;
    for (std::size_t i = text_.find(kStem); i != std::string_view::npos; i = text_.find(kStem, i + 1)) {
      const std::string_view rest = text_.substr(i, 32);
      if (find_word(rest, "secretlint-disable") == 0) blocks_.emplace_back(i, true);
      if (find_word(rest, "secretlint-enable") == 0) blocks_.emplace_back(i, false);
    }
  }
  const auto next = std::upper_bound(blocks_.begin(), blocks_.end(), std::pair(at, true));
  return next != blocks_.begin() && std::prev(next)->second;
}

}  // namespace launchgate::secrets
