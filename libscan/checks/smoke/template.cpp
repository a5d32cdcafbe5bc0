#include "libscan/checks/smoke/template.hpp"

#include <fmt/format.h>

#include <functional>

#include "libscan/core/text.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::smoke {
namespace {

// Calls `plain` for the text between placeholders and `name` for each of their names.
template <class Plain, class Name>
void walk(std::string_view text, Plain plain, Name name) {
  while (true) {
    const std::size_t open = text.find("{{"), close = text.find("}}", std::min(open, text.size()));
    if (close == std::string_view::npos) return plain(text);
    plain(text.substr(0, open));
    std::string_view inner = text.substr(open + 2, close - open - 2);
    while (inner.starts_with(' ')) inner.remove_prefix(1);
    while (inner.ends_with(' ')) inner.remove_suffix(1);
    name(inner);
    text.remove_prefix(close + 2);
  }
}

void collect(std::string_view text, std::vector<std::string>& names) {
  walk(
      text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
}

void collect(const config::Value& value, std::vector<std::string>& names) {
  if (const auto* s = std::get_if<std::string>(&value.data)) collect(*s, names);
  if (const auto* a = std::get_if<config::Array>(&value.data))
    for (const config::Value& v : *a) collect(v, names);
  if (const auto* t = std::get_if<config::Table>(&value.data))
    for (const config::Entry& e : *t) collect(e.value, names);
}

}  // namespace

std::string expand(std::string_view text, const Captures& captures, Encoding encoding) {
  std::string out;
  walk(
      text, [&](std::string_view plain) { out += plain; },
      [&](std::string_view name) {
        const auto it = captures.find(name);
        if (it == captures.end()) return void(out += fmt::format("{{{{{}}}}}", name));
        out += encoding == Encoding::url ? net::percent_encode(it->second) : it->second;
      });
  return out;
}

std::vector<std::string> placeholders(const Send& send) {
  std::vector<std::string> names;
  collect(send.target, names);
  collect(send.body, names);
  collect(send.bearer, names);
  for (const net::Header& h : send.headers) collect(h.value, names);
  for (const auto& field : send.form) collect(field.second, names);
  if (send.json) collect(*send.json, names);
  return names;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (byte < 0x20)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += c;
  }
  return out + '"';
}

// Recursion is as deep as the configuration nests, which its parser bounds.
std::string to_json(const config::Value& value, const Captures& captures) {
  if (const auto* b = std::get_if<bool>(&value.data)) return *b ? "true" : "false";
  if (const auto* i = std::get_if<std::int64_t>(&value.data)) return fmt::format("{}", *i);
  if (const auto* d = std::get_if<double>(&value.data)) return fmt::format("{}", *d);
  if (const auto* s = std::get_if<std::string>(&value.data)) return json_string(expand(*s, captures));
  std::string out;
  if (const auto* a = std::get_if<config::Array>(&value.data)) {
    for (const config::Value& v : *a) out += (out.empty() ? "" : ",") + to_json(v, captures);
    return "[" + out + "]";
  }
  for (const config::Entry& e : std::get<config::Table>(value.data))
    out += (out.empty() ? "" : ",") + json_string(e.key) + ":" + to_json(e.value, captures);
  return "{" + out + "}";
}

}  // namespace launchgate::checks::smoke
