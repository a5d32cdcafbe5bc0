#include "libscan/secrets/service_names.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "libscan/secrets/value_words.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kBefore = 200, kBehind = 160;  // of a line: of a one-line file this much
constexpr std::size_t kLongestRun = 4;               // pieces of a name: Open, Weather, Map, API

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_base64(char c) { return is_letter_or_digit(c) || c == '+' || c == '/' || c == '='; }

std::string plain(std::string_view s) {
  std::string out;
  for (const char c : s)
    if (is_letter_or_digit(c)) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// "Tomtom": what is shown is the word. "Box: boxclient, boxapp": what is shown, and the words it is known by.
template <class Each>
void for_each_word(std::string_view entry, Each each) {
  const std::size_t colon = entry.find(':');
  std::size_t begin = colon == entry.npos ? 0 : colon + 1;
  while (begin <= entry.size()) {
    const std::size_t end = std::min(entry.find(',', begin), entry.size());
    if (std::string word = plain(entry.substr(begin, end - begin)); !word.empty()) each(std::move(word));
    begin = end + 1;
  }
}

// Do two pieces belong to one name: nothing between them, or one joint?
bool joined(std::string_view text, const Piece& a, const Piece& b) {
  const auto end = static_cast<std::size_t>(a.text.data() + a.text.size() - text.data());
  const auto begin = static_cast<std::size_t>(b.text.data() - text.data());
  return begin == end || (begin == end + 1 && std::string_view("_-.").find(text[end]) != std::string_view::npos);
}

std::string_view line_before(std::string_view text, std::size_t at) {
  const std::size_t low = at - std::min(at, kBefore);
  const std::string_view part = text.substr(low, at - low);
  const std::size_t newline = part.rfind('\n');
  return newline == part.npos ? part : part.substr(newline + 1);
}

// The line above, when it opens a block: `tomtom:`, `"Tomtom": {`, `[tomtom]`, `tomtom(`.
std::string_view opening_line(std::string_view text, std::size_t line_begin) {
  if (line_begin == 0 || text[line_begin - 1] != '\n') return {};
  std::string_view above = line_before(text, line_begin - 1);
  while (!above.empty() && (above.back() == ' ' || above.back() == '\r' || above.back() == '\t'))
    above.remove_suffix(1);
  return !above.empty() && std::string_view("{:[(]>").find(above.back()) != std::string_view::npos ? above
                                                                                                   : std::string_view{};
}

}  // namespace

ServiceNames::ServiceNames(const RuleSet& rules) {
  for (std::uint32_t i = 0; i < rules.rules.size(); ++i)
    for (const std::string& entry : rules.rules[i].names) {
      const std::string_view shown = std::string_view(entry).substr(0, entry.find(':'));
      for_each_word(entry, [&](std::string word) { by_word_.try_emplace(std::move(word), Service{i, shown}); });
    }
}

std::optional<ServiceNames::Service> ServiceNames::nearest(std::string_view part, bool from_behind) const {
  std::vector<Piece> pieces;
  Pieces all(part);
  for (Piece piece; all.next(piece);) pieces.push_back(piece);
  for (std::size_t n = 0; n < pieces.size(); ++n) {
    const std::size_t first = from_behind ? pieces.size() - 1 - n : n;
    std::optional<Service> longest;
    std::string word;
    for (std::size_t i = first; i < std::min(pieces.size(), first + kLongestRun); ++i) {
      if (i > first && !joined(part, pieces[i - 1], pieces[i])) break;
      word += plain(pieces[i].text);
      if (const auto known = by_word_.find(word); known != by_word_.end()) longest = known->second;
    }
    if (longest) return longest;
  }
  return std::nullopt;
}

std::optional<ServiceNames::Service> ServiceNames::beside(std::string_view text, ByteRange secret) const {
  if (by_word_.empty()) return std::nullopt;
  const std::string_view before = line_before(text, secret.begin);
  if (auto found = nearest(before, true)) return found;
  std::string_view behind = text.substr(secret.end, kBehind);
  // What goes on without a joint is the rest of a value that the rule has cut: noise, and no name.
  behind.remove_prefix(
      std::min(behind.size(),
               static_cast<std::size_t>(std::find_if_not(behind.begin(), behind.end(), is_base64) - behind.begin())));
  if (auto found = nearest(behind.substr(0, behind.find('\n')), false)) return found;
  return nearest(opening_line(text, secret.begin - before.size()), true);
}

bool takes_name(const Rule& rule) {
  // A rule file in gitleaks' own keys has a "generic-api-key" or a "jwt" as well, and its findings keep that name.
  if (!rule.judge_value && rule.validator.empty()) return false;
  return rule.id.starts_with("generic-") || rule.id == "query-key" || rule.id == "authorization-token" ||
         rule.id == "jwt";
}

}  // namespace launchgate::secrets
