#include "libscan/config/known_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "libscan/core/sha256.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::config {
namespace {

using Json = nlohmann::json;

bool is_hex(std::string_view s) { return s.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos; }

bool is_object_id(std::string_view s) { return (s.size() == 40 || s.size() == 64) && is_hex(s); }

std::string lowered(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return s;
}

// Paths as ours are: '/', relative, without "./".
std::string normal_path(std::string_view path) {
  std::string out(path);
  std::replace(out.begin(), out.end(), '\\', '/');
  while (out.starts_with("./")) out.erase(0, 2);
  return out;
}

std::optional<std::uint32_t> number(std::string_view s) {
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (error != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return n;
}

std::string_view trim(std::string_view s) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t begin = s.find_first_not_of(kBlank);
  return begin == std::string_view::npos ? "" : s.substr(begin, s.find_last_not_of(kBlank) - begin + 1);
}

template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (std::uint32_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(trim(text.substr(0, end)), line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// ---- JSON ------------------------------------------------------------------------------------------------------

std::string text_of(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

std::uint32_t number_of(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number_unsigned()) return 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(at->get<std::uint64_t>(), UINT32_MAX));
}

// What --redact leaves of a secret: the word, or the first characters and three dots.
bool is_redacted(std::string_view secret) { return secret.empty() || secret == "REDACTED" || secret.ends_with("..."); }

void add_gitleaks(const Json& report, KnownFindings& out) {
  for (const Json& e : report) {
    if (!e.is_object()) continue;
    const std::string path = normal_path(text_of(e, "File")), secret = text_of(e, "Secret");
    if (path.empty()) continue;
    if (!is_redacted(secret)) {
      out.secrets.push_back({path, hex(sha256(secret))});
      continue;
    }
    const std::uint32_t line = number_of(e, "StartLine");
    out.places.push_back({lowered(text_of(e, "Commit")), path, text_of(e, "RuleID"), line,
                          std::max(line, number_of(e, "EndLine")), out.file});
  }
}

void add_detect_secrets(const Json& results, KnownFindings& out) {
  for (const auto& [file, entries] : results.items()) {
    if (!entries.is_array()) continue;
    for (const Json& e : entries) {
      if (!e.is_object()) continue;
      const std::string path = normal_path(file), hash = lowered(text_of(e, "hashed_secret"));
      if (hash.size() == 40 && is_hex(hash)) out.secrets.push_back({path, hash});
      // Of a private key detect-secrets hashes the header line only, which says nothing.
      const std::uint32_t line = number_of(e, "line_number");
      if (text_of(e, "type") == "Private Key" && line != 0) out.places.push_back({"", path, "", line, line, out.file});
    }
  }
}

// ---- Kingfisher ------------------------------------------------------------------------------------------------

std::string unquoted(std::string_view s) {
  if (s.size() >= 2 && (s.front() == '"' || s.front() == '\'') && s.back() == s.front()) s = s.substr(1, s.size() - 2);
  return std::string(s);
}

// The subset of YAML its baselines are written in: "key: value" lines, an entry at each path.
void add_kingfisher(std::string_view text, KnownFindings& out) {
  for_each_line(text, [&](std::string_view line, std::uint32_t at) {
    while (line.starts_with("- ")) line = trim(line.substr(2));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return;
    const std::string_view key = line.substr(0, colon);
    const std::string value = unquoted(trim(line.substr(colon + 2)));
    if (key == "path" || key == "filepath")
      out.places.push_back({"", normal_path(value), "", 0, 0, fmt::format("{}:{}", out.file, at)});
    else if ((key == "line" || key == "linenum") && !out.places.empty())
      out.places.back().line = out.places.back().end_line = number(value).value_or(0);
  });
  std::erase_if(out.places, [](const KnownPlace& p) { return p.line == 0 || p.path.empty(); });
}

bool looks_like_kingfisher(std::string_view text) {
  return text.find("fingerprint_algorithm:") != std::string_view::npos ||
         text.find("ExactFindings:") != std::string_view::npos;
}

char first_character(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : text[at];
}

}  // namespace

bool looks_like_known_findings(std::string_view text) noexcept {
  const char first = first_character(text);
  return first == '[' || first == '{' || looks_like_kingfisher(text.substr(0, 4096));
}

Result<KnownFindings> read_known_findings(std::string_view text, std::string_view file) {
  KnownFindings out;
  out.file = printable(file);
  const auto refuse = [&](std::string_view what) {
    return fail(ErrorCode::config, fmt::format("{}: {}", out.file, what),
                "known formats: gitleaks and detect-secrets JSON, Kingfisher YAML, and `launchgate baseline`'s own");
  };
  const char first = first_character(text);
  if (first != '[' && first != '{') {
    if (!looks_like_kingfisher(text)) return refuse("not a baseline of any known format");
    add_kingfisher(text, out);
    return out;
  }
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return refuse("damaged: it does not parse as JSON");
  if (json.is_array()) {
    add_gitleaks(json, out);
  } else if (const auto results = json.find("results"); results != json.end() && results->is_object()) {
    add_detect_secrets(*results, out);
  } else {
    return refuse("JSON, but of no known scanner");
  }
  return out;
}

KnownFindings read_gitleaks_ignore(std::string_view text, std::string_view file) {
  KnownFindings out;
  out.file = printable(file);
  for_each_line(text, [&](std::string_view line, std::uint32_t at) {
    if (line.empty() || line.front() == '#') return;
    KnownPlace p;
    p.where = fmt::format("{}:{}", out.file, at);
    // From the right, so that a path may hold ':'.
    const std::size_t last = line.rfind(':');
    const std::size_t middle =
        last == std::string_view::npos || last == 0 ? std::string_view::npos : line.rfind(':', last - 1);
    std::string_view path = middle == std::string_view::npos ? "" : line.substr(0, middle);
    if (const std::size_t colon = path.find(':');
        colon != std::string_view::npos && is_object_id(path.substr(0, colon))) {
      p.commit = lowered(std::string(path.substr(0, colon)));
      path.remove_prefix(colon + 1);
    }
    p.path = normal_path(path);
    const auto n = p.path.empty() ? std::nullopt : number(line.substr(last + 1));
    if (!n) {
      out.warnings.push_back(p.where + ": neither FILE:RULE:LINE nor COMMIT:FILE:RULE:LINE; ignored");
      return;
    }
    p.line = p.end_line = *n;
    p.rule = line.substr(middle + 1, last - middle - 1);
    out.places.push_back(std::move(p));
  });
  return out;
}

}  // namespace launchgate::config
