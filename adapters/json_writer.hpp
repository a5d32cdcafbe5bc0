// Writes JSON with the keys in the order they are given, straight into a string.
//
// Not nlohmann/json: reports promise a key order and byte-identical output, may hold 100,000 findings, and must
// escape for CI logs (adapters/escape.hpp). The caller balances the calls; a member is key() and then one value.
#pragma once

#include <cmath>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "adapters/escape.hpp"

namespace launchgate::adapters {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  // Starts the next element (or, end_line, the closing bracket) on a line of its own, indented by `depth` steps.
  JsonWriter& line(int depth) {
    separate();
    return end_line(depth);
  }
  JsonWriter& end_line(int depth) {
    comma_ = false;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    return *this;
  }

  JsonWriter& key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ':';
    comma_ = false;
    return *this;
  }

  JsonWriter& value(std::string_view s) {
    separate();
    append_json_string(out_, s);
    return done();
  }
  JsonWriter& value(const char* s) { return value(std::string_view(s)); }
  JsonWriter& value(const std::string& s) { return value(std::string_view(s)); }
  template <std::same_as<bool> Bool>
  JsonWriter& value(Bool b) {
    return raw(b ? "true" : "false");
  }
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) JsonWriter& value(Integer n) {
    separate();
    fmt::format_to(std::back_inserter(out_), "{}", n);
    return done();
  }
  // The shortest digits that read back as the same number. JSON has no infinity: null stands for it.
  JsonWriter& value(double x) { return raw(std::isfinite(x) ? fmt::format("{}", x) : "null"); }
  JsonWriter& value(const std::vector<std::string>& strings) {
    array();
    for (const std::string& s : strings) value(s);
    return end_array();
  }
  JsonWriter& null() { return raw("null"); }

  template <class Value>
  JsonWriter& member(std::string_view name, const Value& v) {
    return key(name).value(v);
  }
  JsonWriter& member_unless_empty(std::string_view name, std::string_view s) {
    return s.empty() ? *this : member(name, s);
  }

 private:
  void separate() {
    if (comma_) out_ += ',';
  }
  JsonWriter& done() {
    comma_ = true;
    return *this;
  }
  JsonWriter& raw(std::string_view token) {
    separate();
    out_ += token;
    return done();
  }
  JsonWriter& open(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_ += bracket;
    return done();
  }

  std::string& out_;
  bool comma_ = false;  // the next element needs a comma before it
};

}  // namespace launchgate::adapters
