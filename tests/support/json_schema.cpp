#include "tests/support/json_schema.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "libscan/core/text.hpp"

namespace launchgate::testing {
namespace {

using Json = nlohmann::json;

const std::set<std::string> kIgnored{"$schema", "$id",    "$comment",    "title",   "description",
                                     "default", "format", "definitions", "examples"};

class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  std::vector<std::string> errors;

  bool valid(const Json& schema, const Json& value) {
    Validator inner(root_);
    inner.validate(schema, value, "");
    return inner.errors.empty();
  }

  void validate(const Json& schema, const Json& value, const std::string& at) {
    if (schema.is_boolean()) {
      if (!schema.get<bool>()) error(at, "nothing is allowed here");
      return;
    }
    if (schema.contains("$ref")) return validate(resolve(schema["$ref"]), value, at);
    for (const auto& [key, wanted] : schema.items()) keyword(key, wanted, schema, value, at);
  }

 private:
  void error(const std::string& at, const std::string& what) {
    errors.push_back((at.empty() ? "/" : at) + ": " + what);
  }

  const Json& resolve(const std::string& ref) {
    if (!ref.starts_with("#")) throw std::runtime_error("schema reference outside the file: " + ref);
    return root_.at(Json::json_pointer(ref.substr(1)));
  }

  void keyword(const std::string& key, const Json& wanted, const Json& schema, const Json& value,
               const std::string& at) {
    if (kIgnored.contains(key) || key == "items" || key == "additionalProperties" || key == "patternProperties")
      return key == "items" ? items(wanted, value, at)
                            : (key == "additionalProperties" ? additional(wanted, schema, value, at) : void());
    if (key == "type") return type(wanted, value, at);
    if (key == "enum") {
      for (const Json& v : wanted)
        if (v == value) return;
      return error(at, value.dump() + " is none of " + wanted.dump());
    }
    if (key == "const") {
      if (value != wanted) error(at, value.dump() + " is not " + wanted.dump());
      return;
    }
    if (key == "required" || key == "properties") return object(key, wanted, value, at);
    if (key == "anyOf" || key == "oneOf" || key == "allOf" || key == "not") return combined(key, wanted, value, at);
    if (limit(key, wanted, value, at)) return;
    throw std::runtime_error("schema keyword not known: " + key);
  }

  void type(const Json& wanted, const Json& value, const std::string& at) {
    const auto is = [&](const std::string& name) {
      return (name == "object" && value.is_object()) || (name == "array" && value.is_array()) ||
             (name == "string" && value.is_string()) || (name == "boolean" && value.is_boolean()) ||
             (name == "null" && value.is_null()) || (name == "number" && value.is_number()) ||
             (name == "integer" && value.is_number_integer());
    };
    if (wanted.is_string() && is(wanted)) return;
    if (wanted.is_array())
      for (const Json& t : wanted)
        if (is(t)) return;
    error(at, std::string(value.type_name()) + " is not of type " + wanted.dump());
  }

  void object(const std::string& key, const Json& wanted, const Json& value, const std::string& at) {
    if (!value.is_object()) return;
    if (key == "required") {
      for (const Json& name : wanted)
        if (!value.contains(name.get<std::string>())) error(at, "has no " + name.dump());
      return;
    }
    for (const auto& [name, sub] : wanted.items())
      if (value.contains(name)) validate(sub, value[name], at + "/" + name);
  }

  void additional(const Json& wanted, const Json& schema, const Json& value, const std::string& at) {
    if (!value.is_object()) return;
    for (const auto& [name, v] : value.items())
      if (!schema.contains("properties") || !schema["properties"].contains(name)) validate(wanted, v, at + "/" + name);
  }

  void items(const Json& wanted, const Json& value, const std::string& at) {
    if (!value.is_array()) return;
    std::size_t i = 0;
    for (const Json& v : value) validate(wanted, v, fmt::format("{}/{}", at, i++));
  }

  void combined(const std::string& key, const Json& wanted, const Json& value, const std::string& at) {
    if (key == "not") {
      if (valid(wanted, value)) error(at, value.dump() + " is what it must not be: " + wanted.dump());
      return;
    }
    std::size_t matching = 0;
    for (const Json& schema : wanted) matching += valid(schema, value) ? 1 : 0;
    const bool right = key == "allOf" ? matching == wanted.size() : key == "anyOf" ? matching > 0 : matching == 1;
    if (!right) error(at, fmt::format("{} of {} schemas of {} match", matching, wanted.size(), key));
  }

  // True when `key` is one of the numeric and text limits.
  bool limit(const std::string& key, const Json& wanted, const Json& value, const std::string& at) {
    const bool array = value.is_array();
    if (key == "minItems") return hold(!array || value.size() >= wanted.get<std::size_t>(), key, at);
    if (key == "maxItems") return hold(!array || value.size() <= wanted.get<std::size_t>(), key, at);
    if (key == "uniqueItems")
      return hold(!array || std::set<Json>(value.begin(), value.end()).size() == value.size(), key, at);
    const bool number = value.is_number();
    if (key == "minimum") return hold(!number || value.get<double>() >= wanted.get<double>(), key, at);
    if (key == "maximum") return hold(!number || value.get<double>() <= wanted.get<double>(), key, at);
    const std::string text = value.is_string() ? value.get<std::string>() : std::string();
    const bool string = value.is_string();
    if (key == "minLength") return hold(!string || count_characters(text) >= wanted.get<std::size_t>(), key, at);
    if (key == "maxLength") return hold(!string || count_characters(text) <= wanted.get<std::size_t>(), key, at);
    if (key != "pattern") return false;
    const re2::RE2 pattern(wanted.get<std::string>(), re2::RE2::Quiet);
    if (!pattern.ok()) throw std::runtime_error("schema pattern not known: " + wanted.dump());
    return hold(!string || re2::RE2::PartialMatch(text, pattern), key + " " + wanted.dump(), at);
  }

  bool hold(bool right, const std::string& what, const std::string& at) {
    if (!right) error(at, "breaks " + what);
    return true;
  }

  const Json& root_;
};

}  // namespace

std::vector<std::string> schema_errors(std::string_view schema, std::string_view instance) {
  const Json s = Json::parse(schema);
  const Json value = Json::parse(instance.begin(), instance.end(), nullptr, false);
  if (value.is_discarded()) return {"/: not JSON"};
  Validator validator(s);
  validator.validate(s, value, "");
  return validator.errors;
}

std::optional<std::string> shared_path(const std::string& source_dir, const std::string& name) {
  const char* set = std::getenv("LG_SHARED");
  const std::string path = (set != nullptr ? std::string(set) : source_dir + "/../shared") + "/" + name;
  return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace launchgate::testing
