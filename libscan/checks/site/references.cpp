#include "libscan/checks/site/references.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace launchgate::checks::site {
namespace {

constexpr std::size_t kLongestName = 256;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./~@%+:()[]").find(c) != std::string_view::npos;
}

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

// The quoted name whose ".js" begins at `dot`; empty when no such thing stands there.
std::string_view quoted_name(std::string_view text, std::size_t dot, std::size_t behind) {
  std::size_t end = behind;
  if (end < text.size() && text[end] == '?')
    while (end < text.size() && end - behind < kLongestName && !is_quote(text[end]) && text[end] > ' ') ++end;
  // A JSON string inside a script: the quote is escaped.
  const bool escaped = end + 1 < text.size() && text[end] == '\\' && text[end + 1] == '"';
  if (end >= text.size() || (!is_quote(text[end]) && !escaped)) return {};
  const char quote = escaped ? '"' : text[end];
  std::size_t begin = dot;
  while (begin > 0 && dot - begin < kLongestName && is_name_char(text[begin - 1])) --begin;
  if (begin == 0 || text[begin - 1] != quote) return {};
  return text.substr(begin, end - begin);
}

// Collects "sources" and "sourcesContent" wherever they stand, without building the rest of the map in memory.
class MapReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  SourceMap take() {
    finish_section();
    SourceMap map;
    map.ok = seen_mappings_;
    if (map.ok) map.sources = std::move(kept_);
    return map;
  }

  bool key(string_t& name) override {
    key_ = name;
    seen_mappings_ = seen_mappings_ || name == "mappings" || name == "sections";
    return true;
  }
  bool start_array(std::size_t) override {
    if (++array_depth_ == 1 || target_ == nullptr)
      target_ = key_ == "sources" ? &names_ : key_ == "sourcesContent" ? &contents_ : nullptr;
    key_.clear();
    return true;
  }
  bool end_array() override {
    --array_depth_;
    target_ = nullptr;
    return true;
  }
  bool string(string_t& value) override {
    if (target_ != nullptr) target_->push_back(std::move(value));
    return true;
  }
  bool null() override {
    if (target_ != nullptr) target_->emplace_back();
    return true;
  }
  bool end_object() override {
    finish_section();
    return true;
  }
  bool start_object(std::size_t) override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  void finish_section() {
    for (std::size_t i = 0; i < contents_.size(); ++i)
      if (!contents_[i].empty())
        kept_.push_back({i < names_.size() ? std::move(names_[i]) : std::string(), std::move(contents_[i])});
    names_.clear();
    contents_.clear();
  }

  std::string key_;
  std::size_t array_depth_ = 0;
  bool seen_mappings_ = false;
  std::vector<std::string>* target_ = nullptr;
  std::vector<std::string> names_, contents_;
  std::vector<EmbeddedSource> kept_;
};

}  // namespace

ScriptNames script_names(std::string_view text, std::size_t limit) {
  ScriptNames found;
  std::set<std::string_view> seen;
  for (std::size_t at = 0; (at = text.find("js", at)) != std::string_view::npos; at += 2) {
    std::size_t dot = at;
    if (dot > 0 && text[dot - 1] == 'm') --dot;
    if (dot == 0 || text[dot - 1] != '.') continue;
    --dot;
    const std::string_view name = quoted_name(text, dot, at + 2);
    if (name.empty()) continue;
    if (name.front() == '.' && name.find('/') == std::string_view::npos) {
      found.computed = true;  // … + ".chunk.js"
    } else if (found.names.size() < limit && seen.insert(name).second) {
      found.names.emplace_back(name);
    }
  }
  return found;
}

std::string_view source_map_reference(std::string_view script) {
  constexpr std::string_view kMark = "sourceMappingURL=";
  const std::size_t at = script.rfind(kMark);
  if (at == std::string_view::npos || at < 3) return {};
  const std::string_view before = script.substr(at - std::min<std::size_t>(at, 4), std::min<std::size_t>(at, 4));
  if (before.find("//#") == std::string_view::npos && before.find("//@") == std::string_view::npos &&
      before.find("/*#") == std::string_view::npos)
    return {};
  const std::string_view rest = script.substr(at + kMark.size());
  return rest.substr(0, rest.find_first_of(" \t\r\n*'\"`"));
}

SourceMap read_source_map(std::string_view json) {
  // A line ")]}'" in front is allowed by the standard, against inclusion as a script.
  if (json.starts_with(")]}'")) json.remove_prefix(std::min(json.find('\n'), json.size() - 1) + 1);
  MapReader reader;
  if (!nlohmann::json::sax_parse(json, &reader)) return {};
  return reader.take();
}

std::string source_path(std::string_view name) {
  if (const std::size_t scheme = name.find("://"); scheme != std::string_view::npos) {
    name.remove_prefix(scheme + 3);
    name.remove_prefix(std::min(name.find('/'), name.size()));  // the package or host
  }
  name = name.substr(0, name.find('?'));
  while (!name.empty()) {
    if (name.starts_with("/"))
      name.remove_prefix(1);
    else if (name.starts_with("./"))
      name.remove_prefix(2);
    else if (name.starts_with("../"))
      name.remove_prefix(3);
    else
      break;
  }
  return std::string(name);
}

}  // namespace launchgate::checks::site
