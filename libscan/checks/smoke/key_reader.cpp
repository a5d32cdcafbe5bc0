#include "libscan/checks/smoke/key_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::smoke {
namespace {

bool name_byte(char c, bool first) noexcept {
  return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (!first && c >= '0' && c <= '9');
}

std::string article(std::string_view type) {
  return (std::string_view("aeiou").find(type[0]) != std::string_view::npos ? "an " : "a ") + std::string(type);
}

}  // namespace

bool is_variable(std::string_view text) noexcept {
  if (text.size() < 2 || text[0] != '$' || !name_byte(text[1], true)) return false;
  return std::all_of(text.begin() + 1, text.end(), [](char c) { return name_byte(c, false); });
}

bool names_a_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kParts = {
      "password", "passwd",  "passphrase", "secret",     "token",      "apikey", "authorization",
      "cookie",   "api-key", "api_key",    "access-key", "access_key", "x-auth", "credential"};
  const std::string lowered = net::lower(name);
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return lowered.find(part) != std::string::npos; });
}

bool names_a_user(std::string_view key) {
  const std::string lowered = net::lower(key);
  return lowered.find("user") != std::string::npos || lowered.find("mail") != std::string::npos ||
         lowered.find("login") != std::string::npos;
}

std::string_view Field::key() const noexcept {
  const std::size_t dot = name_.rfind('\0');
  return std::string_view(name_).substr(dot == std::string::npos ? 0 : dot + 1);
}

void Field::reject(std::string what, std::string hint) const {
  if (context_.failure) return;
  std::string shown = name_;  // parts are joined by NUL, for a JSON pointer or host may hold a dot
  std::replace(shown.begin(), shown.end(), '\0', '.');
  if (!shown.empty()) shown = ellipsize(printable(shown), 80) + ": ";  // none: the file as a whole
  context_.failure =
      Error{ErrorCode::config,
            fmt::format("{}:{}:{}: {}{}", printable(context_.file), place_.line, place_.column, shown, what),
            std::move(hint)};
}

void Field::unknown(std::string_view key, const std::vector<std::string_view>& known) const {
  const std::string_view near = key.size() > 64 ? std::string_view{} : nearest(key, known);
  reject("unknown key", near.empty() ? fmt::format("known here: {}", fmt::join(known, ", "))
                                     : fmt::format("did you mean '{}'?", near));
}

void Field::wrong_type(std::string_view wanted) const {
  reject(fmt::format("must be {}, not {}", wanted, article(value_.type_name())));
}

// The environment's value for "$NAME"; other text as it is. In other positions a '$' is refused, so that nobody
// believes that "Bearer $TOKEN" sends the token.
std::string Field::variable(const std::string& text, bool guard, std::string_view instead) const {
  if (!is_variable(text)) {
    const std::size_t dollar = text.find('$');
    if (dollar != std::string::npos && dollar + 1 < text.size() && name_byte(text[dollar + 1], true) &&
        text[dollar + 1] < 'a')
      reject("a $NAME must be the whole value", "for a bearer token write bearer = \"$NAME\"");
    return text;
  }
  if (!context_.env) return text;
  const std::string name = text.substr(1);
  auto value = context_.env(name);
  if (!value || value->empty()) {
    std::string hint = fmt::format("set {} before running launchgate", name);
    if (!instead.empty()) hint += fmt::format(", or {}", instead);
    reject(fmt::format("the environment has no {}", text), hint);
    return {};
  }
  if (value->find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) {
    reject(fmt::format("the value of {} holds a line end", text), "store it without one");
    return {};
  }
  if (guard && !context_.secrets->add(text, *value))
    reject(fmt::format("the value of {} is shorter than {} characters: it could not be kept out of reports", text,
                       SecretSet::kMinSize),
           "use a longer one");
  return std::move(*value);
}

std::string Field::text(std::string_view instead) const {
  if (const auto* s = std::get_if<std::string>(&value_.data)) return variable(*s, false, instead);
  wrong_type("a string");
  return {};
}

std::string Field::guarded() const {
  if (const auto* s = std::get_if<std::string>(&value_.data)) return variable(*s, true, {});
  wrong_type("a string");
  return {};
}

std::string Field::secret() const {
  const auto* s = std::get_if<std::string>(&value_.data);
  if (s == nullptr) return wrong_type("a string"), "";
  // A captured value ("{{token}}") comes from the site, not from this file.
  if (s->starts_with("{{") && s->ends_with("}}")) return *s;
  if (!is_variable(*s)) {
    reject(
        "a secret must not stand in the file",
        "put it into an environment variable of the CI and write \"$ITS_NAME\" here; if it was committed, replace it");
    return {};
  }
  return variable(*s, true, {});
}

double Field::duration_ms(double least) const {
  const auto* s = std::get_if<std::string>(&value_.data);
  const auto ms = s == nullptr ? std::nullopt : parse_duration_ms(*s);
  if (!ms || *ms < least) {
    reject("must be a duration with its unit", "e.g. \"800ms\", \"15s\", \"3m\"");
    return least;
  }
  return *ms;
}

std::uint64_t Field::bytes() const {
  if (const auto* i = std::get_if<std::int64_t>(&value_.data); i != nullptr && *i > 0)
    return static_cast<std::uint64_t>(*i);
  const auto* s = std::get_if<std::string>(&value_.data);
  const auto size = s == nullptr ? std::nullopt : parse_bytes(*s);
  if (!size || *size == 0) {
    reject("must be a size", "e.g. \"5M\", \"64K\" or a number of bytes");
    return 1;
  }
  return *size;
}

std::int64_t Field::integer(std::int64_t least, std::int64_t most) const {
  const auto* i = std::get_if<std::int64_t>(&value_.data);
  if (i == nullptr || *i < least || *i > most) {
    reject(fmt::format("must be a whole number from {} to {}", least, most));
    return least;
  }
  return *i;
}

double Field::number(double least, double most) const {
  const auto* i = std::get_if<std::int64_t>(&value_.data);
  const auto* d = std::get_if<double>(&value_.data);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const double value = i != nullptr ? static_cast<double>(*i) : d != nullptr ? *d : kNone;
  if (!(value >= least && value <= most)) {
    reject(fmt::format("must be a number from {} to {}", least, most));
    return least;
  }
  return value;
}

bool Field::boolean() const {
  if (const auto* b = std::get_if<bool>(&value_.data)) return *b;
  wrong_type("true or false");
  return false;
}

std::vector<std::string> Field::texts() const {
  std::vector<std::string> out;
  for (const Field& element : elements()) out.push_back(element.text());
  return out;
}

std::vector<Field> Field::elements() const {
  const auto* array = std::get_if<config::Array>(&value_.data);
  if (array == nullptr) return {*this};
  std::vector<Field> out;
  for (const config::Value& element : *array) out.emplace_back(context_, element, element.place, name_);
  return out;
}

std::vector<Field> Field::members() const {
  std::vector<Field> out;
  const auto* table = std::get_if<config::Table>(&value_.data);
  if (table == nullptr) return wrong_type("a table"), out;
  for (const config::Entry& e : *table)
    out.emplace_back(context_, e.value, e.key_place, name_.empty() ? e.key : name_ + '\0' + e.key);
  return out;
}

std::size_t Field::choice(std::span<const std::string_view> names) const {
  const auto* s = std::get_if<std::string>(&value_.data);
  const auto at = s == nullptr ? names.end() : std::find(names.begin(), names.end(), *s);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  reject(fmt::format("must be one of \"{}\"", fmt::join(names, "\", \"")));
  return 0;
}

config::Value Field::resolved() const {
  config::Value out = value_;
  if (std::holds_alternative<std::string>(value_.data)) {
    // A user name is no secret, and may be a word that stands everywhere ("admin").
    out.data = names_a_user(key()) && !names_a_secret(key()) ? text() : secret_if(names_a_secret(key()));
  } else if (auto* array = std::get_if<config::Array>(&out.data)) {
    const auto parts = elements();
    for (std::size_t i = 0; i < parts.size(); ++i) (*array)[i] = parts[i].resolved();
  } else if (auto* table = std::get_if<config::Table>(&out.data)) {
    const auto parts = members();
    for (std::size_t i = 0; i < parts.size(); ++i) (*table)[i].value = parts[i].resolved();
  }
  return out;
}

}  // namespace launchgate::checks::smoke
