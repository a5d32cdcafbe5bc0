// JSON objects of unknown origin behind one door, as flat as this folder needs them. nlohmann/json stays behind it.
// Thread-safety: plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::gate {

class JsonObject {
 public:
  JsonObject();
  JsonObject(JsonObject&&) noexcept;
  JsonObject& operator=(JsonObject&&) noexcept;
  ~JsonObject();

  // nullopt for anything that is no JSON object, is larger than `cap` bytes or nested deeper than 16 (the library's
  // writer recurses). Of a key given twice the last counts.
  static std::optional<JsonObject> parse(std::string_view text, std::size_t cap);
  // The objects of an array; what else it holds is left out.
  static std::optional<std::vector<JsonObject>> parse_array(std::string_view text, std::size_t cap);

  // Members by type; what is absent or of another type is empty.
  std::string string(const char* key) const;
  std::optional<std::int64_t> integer(const char* key) const;
  std::optional<double> number(const char* key) const;  // finite
  std::optional<JsonObject> object(const char* key) const;
  std::vector<std::string> strings(const char* key) const;

  JsonObject& set(std::string_view key, std::string_view value);
  JsonObject& set(std::string_view key, const char* value) { return set(key, std::string_view(value)); }
  JsonObject& set(std::string_view key, std::int64_t value);
  JsonObject& set(std::string_view key, double value);
  JsonObject& set(std::string_view key, bool value);
  JsonObject& set(std::string_view key, const std::vector<std::string>& values);
  JsonObject& set(std::string_view key, const JsonObject& value);
  JsonObject& set(std::string_view key, const std::vector<JsonObject>& values);
  void erase(const char* key);

  // Keys sorted, ASCII only, malformed UTF-8 replaced: one spelling for one value.
  std::string line() const;    // compact
  std::string pretty() const;  // for people, ends with a line end

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "2026-01-31T12:00:00Z"
std::string rfc3339(std::int64_t unix_ms);

}  // namespace launchgate::gate
