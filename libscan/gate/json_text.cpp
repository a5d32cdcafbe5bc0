#include "libscan/gate/json_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

namespace launchgate::gate {

using Json = nlohmann::json;

struct JsonObject::Impl {
  Json value = Json::object();
};

namespace {
constexpr int kMaxDepth = 16;

bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

std::optional<Json> parse_json(std::string_view text, std::size_t cap) {
  if (text.size() > cap || too_deep(text)) return std::nullopt;
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

const Json* find(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

}  // namespace

JsonObject::JsonObject() : impl_(std::make_unique<Impl>()) {}
JsonObject::JsonObject(JsonObject&&) noexcept = default;
JsonObject& JsonObject::operator=(JsonObject&&) noexcept = default;
JsonObject::~JsonObject() = default;

std::optional<JsonObject> JsonObject::parse(std::string_view text, std::size_t cap) {
  auto value = parse_json(text, cap);
  if (!value || !value->is_object()) return std::nullopt;
  JsonObject object;
  object.impl_->value = std::move(*value);
  return object;
}

std::optional<std::vector<JsonObject>> JsonObject::parse_array(std::string_view text, std::size_t cap) {
  auto value = parse_json(text, cap);
  if (!value || !value->is_array()) return std::nullopt;
  std::vector<JsonObject> objects;
  for (Json& item : *value) {
    if (!item.is_object()) continue;
    objects.emplace_back();
    objects.back().impl_->value = std::move(item);
  }
  return objects;
}

std::string JsonObject::string(const char* key) const {
  const Json* at = find(impl_->value, key);
  return at != nullptr && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<std::int64_t> JsonObject::integer(const char* key) const {
  const Json* at = find(impl_->value, key);
  if (at == nullptr || !at->is_number_integer()) return std::nullopt;
  if (at->is_number_unsigned() && at->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return std::nullopt;
  return at->get<std::int64_t>();
}

std::optional<double> JsonObject::number(const char* key) const {
  const Json* at = find(impl_->value, key);
  if (at == nullptr || !at->is_number() || !std::isfinite(at->get<double>())) return std::nullopt;
  return at->get<double>();
}

std::optional<JsonObject> JsonObject::object(const char* key) const {
  const Json* at = find(impl_->value, key);
  if (at == nullptr || !at->is_object()) return std::nullopt;
  JsonObject object;
  object.impl_->value = *at;
  return object;
}

std::vector<std::string> JsonObject::strings(const char* key) const {
  std::vector<std::string> result;
  const Json* at = find(impl_->value, key);
  if (at == nullptr || !at->is_array()) return result;
  for (const Json& item : *at)
    if (item.is_string()) result.push_back(item.get<std::string>());
  return result;
}

JsonObject& JsonObject::set(std::string_view key, std::string_view value) {
  return impl_->value[std::string(key)] = value, *this;
}
JsonObject& JsonObject::set(std::string_view key, std::int64_t value) {
  return impl_->value[std::string(key)] = value, *this;
}
JsonObject& JsonObject::set(std::string_view key, double value) {
  return impl_->value[std::string(key)] = std::isfinite(value) ? value : 0.0, *this;
}
JsonObject& JsonObject::set(std::string_view key, bool value) { return impl_->value[std::string(key)] = value, *this; }
JsonObject& JsonObject::set(std::string_view key, const std::vector<std::string>& values) {
  return impl_->value[std::string(key)] = values, *this;
}
JsonObject& JsonObject::set(std::string_view key, const JsonObject& value) {
  return impl_->value[std::string(key)] = value.impl_->value, *this;
}
JsonObject& JsonObject::set(std::string_view key, const std::vector<JsonObject>& values) {
  Json array = Json::array();
  for (const JsonObject& value : values) array.push_back(value.impl_->value);
  return impl_->value[std::string(key)] = std::move(array), *this;
}
void JsonObject::erase(const char* key) { impl_->value.erase(key); }

std::string JsonObject::line() const { return impl_->value.dump(-1, ' ', true, Json::error_handler_t::replace); }
std::string JsonObject::pretty() const {
  return impl_->value.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string rfc3339(std::int64_t unix_ms) {
  const std::time_t seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm t{};
  if (gmtime_r(&seconds, &t) == nullptr) return "";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec);
}

}  // namespace launchgate::gate
