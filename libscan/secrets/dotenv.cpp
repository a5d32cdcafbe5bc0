// Sources of the dialects: the READMEs and grammars of dotenv (JavaScript), python-dotenv, bkeepers/dotenv (Ruby),
// the compose specification, and the reference of `docker run --env-file`.
#include "libscan/secrets/dotenv.hpp"

#include <algorithm>
#include <array>

namespace launchgate::secrets {
namespace {

constexpr std::size_t kMaxKey = 128;
constexpr std::size_t kMaxName = 255;  // longer file names do not exist

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_start(char c) { return is_alpha(c) || c == '_'; }
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; }
bool is_one_char_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

std::size_t skip_blanks(std::string_view s, std::size_t at) {
  while (at < s.size() && is_blank(s[at])) ++at;
  return at;
}

std::string_view trim_right(std::string_view s) {
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

// Only blanks and perhaps a comment are left of the line.
bool ends_here(std::string_view s, std::size_t at) {
  at = skip_blanks(s, at);
  return at == s.size() || is_line_end(s[at]) || s[at] == '#';
}

// The first '#' with a blank before it, from `at` on; s.size() when there is none.
std::size_t find_comment(std::string_view s, std::size_t at) {
  for (std::size_t i = at; i < s.size(); ++i)
    if (s[i] == '#' && (i == 0 || is_blank(s[i - 1]))) return i;
  return s.size();
}

}  // namespace

// ---- the reader ------------------------------------------------------------------------------------------------

DotenvReader::DotenvReader(std::string_view text) noexcept : text_(text) {
  if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
}

void DotenvReader::skip_to(std::size_t end) noexcept {
  line_ += static_cast<std::uint32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
  at_ = end;
}

bool DotenvReader::next(DotenvEntry& entry) noexcept {
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    entry = DotenvEntry{};
    const bool found = read_line(text_.substr(at_, end - at_), entry);
    // A quoted value may have ended lines further down.
    const auto value_end = entry.value.data() == nullptr ? 0 : entry.value.data() + entry.value.size() - text_.data();
    const std::size_t from = std::max(end, static_cast<std::size_t>(value_end));
    const std::size_t line_end = std::min(text_.find_first_of("\r\n", from), text_.size());
    skip_to(std::min(line_end + 1, text_.size()));
    if (found) return true;
  }
  return false;
}

bool DotenvReader::read_line(std::string_view line, DotenvEntry& entry) noexcept {
  std::size_t at = skip_blanks(line, 0);
  if (at == line.size()) return false;
  entry.commented = line[at] == '#';
  while (at < line.size() && (line[at] == '#' || is_blank(line[at]))) ++at;
  if (line.substr(at).starts_with("export") && at + 6 < line.size() && is_blank(line[at + 6]))
    at = skip_blanks(line, at + 6);
  const char quote = at < line.size() && (line[at] == '"' || line[at] == '\'') ? line[at] : 0;
  const std::size_t begin = at += quote != 0;
  if (at < line.size() && is_name_start(line[at]))
    while (at < line.size() && is_name(line[at])) ++at;
  entry.key = line.substr(begin, at - begin);
  entry.offset = at_ + begin;
  entry.line = line_;
  if (quote != 0 && at < line.size() && line[at] == quote) ++at;
  if (!entry.key.empty() && entry.key.size() <= kMaxKey && read_value(line, at, entry)) return true;
  const bool bare_name = !entry.key.empty() && ends_here(line, at);
  junk_ += !entry.commented && !bare_name;
  entry.value = {};
  return false;
}

// `at`: just behind the key.
bool DotenvReader::read_value(std::string_view line, std::size_t at, DotenvEntry& entry) noexcept {
  const std::size_t separator = entry.commented ? at : skip_blanks(line, at);
  if (separator == line.size()) return false;
  const bool colon =
      line[separator] == ':' && !entry.commented && separator + 1 < line.size() && is_blank(line[separator + 1]);
  if (line[separator] != '=' && !colon) return false;
  const std::size_t begin = skip_blanks(line, separator + 1);
  if (begin < line.size() && is_one_char_of(line[begin], "'\"`") &&
      read_quoted(at_ + begin, entry.commented ? at_ + line.size() : text_.size(), entry))
    return true;
  const std::size_t comment = find_comment(line, std::max(begin, separator + 1));
  entry.value = trim_right(line.substr(begin, std::max(comment, begin) - begin));
  entry.before_hash = trim_right(entry.value.substr(0, entry.value.find('#')));
  return true;
}

// Where the quote closes and nothing but a comment follows; otherwise the quote is a character like any other.
bool DotenvReader::read_quoted(std::size_t open, std::size_t limit, DotenvEntry& entry) noexcept {
  const char quote = text_[open];
  bool& unclosed = unclosed_[quote == '"' ? 0 : quote == '\'' ? 1 : 2];
  if (unclosed) return false;
  std::size_t i = open + 1;
  while (i < limit && text_[i] != quote) i += text_[i] == '\\' ? 2 : 1;
  if (i >= limit) {
    // Searched to the end of the text in vain: the next line need not try, or a text of opening quotes would cost
    // its square.
    unclosed = limit == text_.size();
    return false;
  }
  if (!ends_here(text_.substr(0, limit), i + 1)) return false;
  entry.quote = quote;
  entry.value = entry.before_hash = text_.substr(open + 1, i - open - 1);
  return true;
}

// ---- names -----------------------------------------------------------------------------------------------------

namespace {

// Lower-case copy of the last component, on the stack.
class BaseName {
 public:
  explicit BaseName(std::string_view path) noexcept {
    path.remove_prefix(path.rfind('/') + 1);  // npos + 1 == 0
    if (path.size() > kMaxName) return;
    size_ = path.size();
    std::transform(path.begin(), path.end(), buffer_.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  }
  std::string_view text() const noexcept { return {buffer_.data(), size_}; }

 private:
  std::array<char, kMaxName> buffer_;
  std::size_t size_ = 0;
};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Files of a language or format of their own: what stands in them is code, not assignments.
constexpr std::string_view kCode[] = {"ts",   "js",  "mjs", "cjs",  "tsx", "jsx",  "py",   "rb",  "go",   "rs",
                                      "java", "kt",  "php", "json", "yml", "yaml", "toml", "xml", "html", "md",
                                      "c",    "cpp", "h",   "hpp",  "cs",  "sh",   "ps1",  "tf",  "lock", "png"};
// Encrypted as a whole.
constexpr std::string_view kEncrypted[] = {"vault", "enc", "encrypted", "gpg", "age", "asc"};
constexpr std::string_view kKeys[] = {"keys", "me"};
constexpr std::string_view kSample[] = {"example", "examples", "sample",  "samples",  "template", "templates", "tmpl",
                                        "tpl",     "dist",     "default", "defaults", "schema",   "spec",      "ci",
                                        "test",    "testing",  "tests",   "e2e",      "mock",     "travis",    "dusk",
                                        "cypress", "jest",     "phpunit", "circleci"};
// In "env.NAME": elsewhere "env." begins names of many kinds.
constexpr std::string_view kStages[] = {"local", "development", "dev",    "staging",    "stage", "preview",
                                        "qa",    "uat",         "prod",   "production", "test",  "docker",
                                        "bak",   "old",         "backup", "live"};

// Calls `visit` with each part between '.', '-', '_' and '~'.
template <class Visit>
void for_each_part(std::string_view name, Visit visit) {
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of(".-_~"), name.size());
    if (end > 0) visit(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
}

// What the parts beside "env" say.
DotenvName by_parts(std::string_view name) {
  const std::string_view extension = name.substr(name.rfind('.') + 1);
  if (is_one_of(extension, kCode) || is_one_of(extension, kEncrypted)) return DotenvName::none;
  if (is_one_of(extension, kKeys)) return DotenvName::keys;
  DotenvName found = DotenvName::real;
  for_each_part(name, [&](std::string_view part) {
    if (is_one_of(part, kSample)) found = DotenvName::sample;
  });
  return found;
}

bool is_dotenv_start(std::string_view name) {
  if (!name.starts_with(".env")) return false;
  return name.size() == 4 || is_one_char_of(name[4], ".-_~");
}

}  // namespace

bool is_plain_dotenv_name(std::string_view path) noexcept {
  const BaseName base(path);
  return is_dotenv_start(base.text()) || base.text().starts_with(".dev.vars") || base.text() == ".flaskenv";
}

DotenvName dotenv_name(std::string_view path) noexcept {
  const BaseName base(path);
  const std::string_view name = base.text();
  if (name.empty()) return DotenvName::none;
  const std::size_t slash = path.rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? "" : path.substr(0, slash);
  if (is_dotenv_start(name)) return by_parts(name);
  if (name == ".envrc" || name == ".flaskenv" || name == ".secrets" || name == "environment") return DotenvName::real;
  if (name == ".dev.vars" || name.starts_with(".dev.vars.")) return by_parts(name);  // Cloudflare Workers
  if (folder == ".env.d" || folder.ends_with("/.env.d")) return by_parts(name);
  if (folder == ".kamal" || folder.ends_with("/.kamal"))  // Kamal, .kamal/secrets.prod
    return name.starts_with("secrets") ? by_parts(name) : DotenvName::none;
  if (folder == ".streamlit" || folder.ends_with("/.streamlit"))
    return name == "secrets.toml" ? DotenvName::real : DotenvName::none;
  if (name.ends_with(".env")) return by_parts(name);
  if (!name.starts_with("env.")) return DotenvName::none;
  const std::string_view rest = name.substr(4);
  return is_one_of(rest, kStages) || is_one_of(rest, kSample) ? by_parts(name) : DotenvName::none;
}

}  // namespace launchgate::secrets
