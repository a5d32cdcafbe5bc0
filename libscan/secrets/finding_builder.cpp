#include "libscan/secrets/finding_builder.hpp"

#include <algorithm>
#include <cctype>

#include "libscan/config/suppressor.hpp"
#include "libscan/core/fingerprint.hpp"
#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"
#include "libscan/secrets/inline_tags.hpp"
#include "libscan/secrets/value_place.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kExcerptBefore = 72;  // bytes of context shown on either side of the value
constexpr std::size_t kExcerptAfter = 40;

std::string_view part(std::string_view text, ByteRange r) { return text.substr(r.begin, r.end - r.begin); }

bool starts_with_caseless(std::string_view s, std::string_view lowered_prefix) {
  return s.size() >= lowered_prefix.size() &&
         std::equal(lowered_prefix.begin(), lowered_prefix.end(), s.begin(),
                    [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

// What every token of the kind starts with is public: the rule's keyword, when the secret begins with it.
std::size_t public_prefix(std::string_view secret, const Rule& rule) {
  std::size_t longest = 0;
  for (const std::string& k : rule.keywords)
    if (starts_with_caseless(secret, k) && k.size() + 8 <= secret.size()) longest = std::max(longest, k.size());
  return longest;
}

// Cutting at a character boundary keeps the excerpt valid UTF-8 where the file is.
std::size_t character_start(std::string_view text, std::size_t at) {
  for (int i = 0; i < 3 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; ++i) ++at;
  return at;
}

// Context of one value with every other value in it hidden: the known ones by range, unknown ones by their look.
// `value` may stand there once more without being a match of its own.
std::string context(std::string_view text, ByteRange r, const std::vector<ByteRange>& secrets, std::string_view value) {
  std::vector<ByteRange> inside;
  if (value.size() >= 4)
    for (std::size_t at = part(text, r).find(value); at != std::string_view::npos;
         at = part(text, r).find(value, at + 1))
      inside.push_back({at, at + value.size()});
  for (const ByteRange& s : secrets) {
    const ByteRange cut{std::max(s.begin, r.begin), std::min(s.end, r.end)};
    if (cut.begin < cut.end) inside.push_back({cut.begin - r.begin, cut.end - r.begin});
  }
  return printable(mask_suspicious(mask_ranges(part(text, r), inside)));
}

Excerpt excerpt(std::string_view text, ByteRange secret, const std::string& masked, std::uint32_t line,
                const std::vector<ByteRange>& secrets) {
  const std::size_t low = secret.begin - std::min(secret.begin, kExcerptBefore);
  const std::size_t newline = part(text, {low, secret.begin}).rfind('\n');
  const std::size_t begin = character_start(text, newline == std::string_view::npos ? low : low + newline + 1);
  const bool one_line = part(text, secret).find('\n') == std::string_view::npos;
  std::size_t end = one_line ? std::min(text.size(), secret.end + kExcerptAfter) : secret.end;
  end = std::min({end, text.find('\n', secret.end), text.find('\r', secret.end)});
  const std::string_view value = part(text, secret);
  std::string before = context(text, {std::min(begin, secret.begin), secret.begin}, secrets, value);
  before.erase(0, std::min(before.find_first_not_of(' '), before.size()));
  Excerpt e;
  e.first_line = line;
  e.mark_column = static_cast<std::uint32_t>(count_characters(before)) + 1;
  e.mark_width = static_cast<std::uint32_t>(count_characters(masked));
  const ByteRange behind{secret.end, std::max(end, secret.end)};
  e.lines.push_back(before + masked + (one_line ? context(text, behind, secrets, value) : ""));
  return e;
}

Finding of_rule(const Rule& rule, const TextOrigin& origin) {
  Finding f;
  f.rule = rule.id;
  f.severity = rule.severity;
  f.confidence = rule.confidence;
  f.where = origin.where;
  f.fix = rule.fix;
  return f;
}

std::string without_stop(std::string s) {
  while (!s.empty() && (s.back() == '.' || s.back() == ' ')) s.pop_back();
  return s;
}

void mark(Finding& f, const InlineTag& tag) {
  if (!tag.honoured) {
    f.reasons.push_back(std::string(tag.name) + " beside it gives no reason (-- why), so it is not honoured");
    return;
  }
  f.suppressed = std::string(tag.name) + " beside it";
  if (!tag.reason.empty()) f.suppressed += ": " + ellipsize(printable(mask_suspicious(tag.reason)), 200);
}

}  // namespace

void build_findings(std::string_view text, const std::vector<Match>& matches, const RuleSet& rules,
                    const TextOrigin& origin, const FindingOptions& options, std::vector<Finding>& out) {
  std::vector<ByteRange> secrets;
  secrets.reserve(matches.size());
  for (const Match& m : matches) secrets.push_back(m.secret);
  LineCounter begins(text, origin.line, origin.column);
  InlineTags tags(text);
  for (const Match& m : matches) {
    const Rule& rule = rules.rules[m.rule];
    const std::string_view secret = part(text, m.secret);
    Finding f = of_rule(rule, origin);
    const LineCounter::Place from = begins.at(m.secret.begin);
    LineCounter ends(text.substr(m.secret.begin), from.line, from.column);
    const LineCounter::Place to = ends.at(secret.size());
    f.where.span = {from.line, from.column, to.line, to.column};
    f.masked = mask(secret, public_prefix(secret, rule));
    f.message = without_stop(rule.description.empty() ? rule.id : rule.description);
    if (!m.service.empty()) f.message.append(": ").append(m.service);
    f.message.append(" (").append(f.masked).append(").");
    f.fingerprint = fingerprint(rule.id, secret, options.id_key);
    f.secret_id = secret_id(secret, options.id_key);
    f.reasons.assign(m.reasons.begin(), m.reasons.end());
    if (m.unproven) {
      f.severity = std::min(f.severity, Severity::high_risk);
      f.confidence = Confidence::low;
    }
    if (m.doubtful) {
      f.severity = Severity::can_wait;
      f.confidence = Confidence::low;
    }
    // Only neighbours can stand in an excerpt; looking at all would make a file of n secrets cost n * n.
    const auto near =
        std::lower_bound(secrets.begin(), secrets.end(), m.secret.begin - std::min(m.secret.begin, std::size_t{4096}),
                         [](const ByteRange& r, std::size_t at) { return r.begin < at; });
    const auto far = std::upper_bound(near, secrets.end(), m.secret.end + 512,
                                      [](std::size_t at, const ByteRange& r) { return at < r.begin; });
    f.excerpt = excerpt(text, m.secret, f.masked, from.line, {near, far});
    if (const auto tag = tags.find(m.whole, rule.id)) mark(f, *tag);
    if (options.known != nullptr && f.suppressed.empty())
      if (const auto list = options.known->knows_secret(origin.where.path, secret); !list.empty())
        f.suppressed = "known in " + std::string(list);
    out.push_back(std::move(f));
  }
}

Finding build_path_finding(const Rule& rule, const TextOrigin& origin, std::string_view id_key) {
  Finding f = of_rule(rule, origin);
  if (rule.judge_value && is_for_show(origin.where.path) && !is_document(origin.where.path)) {
    f.severity = Severity::can_wait;
    f.confidence = Confidence::low;
    f.reasons.push_back("in a test or an example: made for it");
  }
  f.message = without_stop(rule.description.empty() ? rule.id : rule.description) + ".";
  f.fingerprint = fingerprint(rule.id, origin.where.path, id_key);
  return f;
}

Finding build_dotenv_finding(std::string_view text, const DotenvExposure& exposure, const Rule& rule,
                             const TextOrigin& origin, std::string_view id_key) {
  Finding f = of_rule(rule, origin);
  f.severity = exposure.severity;
  f.confidence = exposure.confidence;
  f.where.span = {exposure.line, exposure.column, exposure.line, exposure.end_column};
  f.message = exposure.message;
  f.fix = exposure.fix;
  f.fingerprint = fingerprint(rule.id, exposure.subject, id_key);
  if (const auto tag = InlineTags(text).find(exposure.key, rule.id)) mark(f, *tag);
  return f;
}

}  // namespace launchgate::secrets
