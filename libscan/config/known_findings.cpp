#include "libscan/config/known_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

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

// One finding of a gitleaks report, in whichever of its formats.
struct GitleaksEntry {
  std::string commit, path, rule, secret;
  std::uint32_t line = 0, end_line = 0;
};

void add(GitleaksEntry e, KnownFindings& out) {
  e.path = normal_path(e.path);
  if (e.path.empty()) return;
  if (is_redacted(e.secret))
    out.places.push_back(
        {lowered(std::move(e.commit)), e.path, e.rule, e.line, std::max(e.line, e.end_line), out.file});
  else
    out.secrets.push_back({e.path, hex(sha256(e.secret))});
}

void add_gitleaks(const Json& report, KnownFindings& out) {
  for (const Json& e : report)
    if (e.is_object())
      add({text_of(e, "Commit"), text_of(e, "File"), text_of(e, "RuleID"), text_of(e, "Secret"),
           number_of(e, "StartLine"), number_of(e, "EndLine")},
          out);
}

// What lies at these keys, an array's first element where there is one; null when nothing does.
const Json& value_at(const Json& from, std::initializer_list<const char*> keys) {
  static const Json kNull;
  const Json* here = &from;
  for (const char* key : keys) {
    const auto next = here->is_object() ? here->find(key) : here->end();
    if (!here->is_object() || next == here->end()) return kNull;
    here = next->is_array() && !next->empty() ? &next->front() : &*next;
  }
  return *here;
}

// Only gitleaks and its sibling write the secret itself into the snippet; other tools' SARIF tells nothing we could
// use.
bool add_gitleaks_sarif(const Json& runs, KnownFindings& out) {
  bool any = false;
  for (const Json& run : runs) {
    const std::string tool = lowered(text_of(value_at(run, {"tool", "driver"}), "name"));
    const auto results = run.is_object() ? run.find("results") : run.end();
    if (tool.find("leaks") == std::string::npos) continue;
    any = true;
    if (!run.is_object() || results == run.end() || !results->is_array()) continue;
    for (const Json& result : *results) {
      const Json& place = value_at(result, {"locations", "physicalLocation"});
      const Json& region = value_at(place, {"region"});
      add({text_of(value_at(result, {"partialFingerprints"}), "commitSha"),
           text_of(value_at(place, {"artifactLocation"}), "uri"), text_of(result, "ruleId"),
           text_of(value_at(region, {"snippet"}), "text"), number_of(region, "startLine"),
           number_of(region, "endLine")},
          out);
    }
  }
  return any;
}

// ---- CSV -------------------------------------------------------------------------------------------------------

constexpr std::string_view kCsvStart = "RuleID,";  // gitleaks' first column

// The fields of the next row (RFC 4180: what is quoted may hold commas, line ends and doubled quotes).
std::vector<std::string> take_row(std::string_view& text) {
  std::vector<std::string> row(1);
  bool quoted = false;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"' && quoted && text.starts_with('"')) {
      row.back() += c;
      text.remove_prefix(1);
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      row.emplace_back();
    } else if (c == '\n' && !quoted) {
      break;
    } else if (c != '\r' || quoted) {
      row.back() += c;
    }
  }
  return row;
}

void add_gitleaks_csv(std::string_view text, KnownFindings& out) {
  const std::vector<std::string> names = take_row(text);
  while (!text.empty()) {
    const std::vector<std::string> row = take_row(text);
    const auto field = [&](std::string_view name) {
      const auto found = std::find(names.begin(), names.end(), name);
      const auto place = static_cast<std::size_t>(found - names.begin());
      return place < std::min(names.size(), row.size()) ? row[place] : std::string();
    };
    add({field("Commit"), field("File"), field("RuleID"), field("Secret"), number(field("StartLine")).value_or(0),
         number(field("EndLine")).value_or(0)},
        out);
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
  return first == '[' || first == '{' || text.starts_with(kCsvStart) || looks_like_kingfisher(text.substr(0, 4096));
}

Result<KnownFindings> read_known_findings(std::string_view text, std::string_view file) {
  KnownFindings out;
  out.file = printable(file);
  const auto refuse = [&](std::string_view what) {
    return fail(ErrorCode::config, fmt::format("{}: {}", out.file, what),
                "known formats: gitleaks' JSON, CSV and SARIF, detect-secrets JSON, Kingfisher YAML, and `launchgate "
                "baseline`'s own");
  };
  const char first = first_character(text);
  if (text.starts_with(kCsvStart)) {
    add_gitleaks_csv(text, out);
    return out;
  }
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
  } else if (const auto runs = json.find("runs");
             runs == json.end() || !runs->is_array() || !add_gitleaks_sarif(*runs, out)) {
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
