// The one door for TOML: text in, a small tree of values with their places out.
//
// toml++ stays behind it. Every value knows its line and column, so that every later complaint can say
// where. Thread-safety: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libscan/core/result.hpp"

namespace launchgate::config {

struct Place {
  std::uint32_t line = 0;  // 1-based
  std::uint32_t column = 0;
};

class Value;
using Array = std::vector<Value>;

struct Entry;
using Table = std::vector<Entry>;  // in the order of the file

class Value {
 public:
  std::variant<bool, std::int64_t, double, std::string, Array, Table> data;
  Place place;
  std::string_view type_name() const noexcept;  // "boolean" | "integer" | "number" | "string" | "array" | "table"
};

struct Entry {
  std::string key;
  Place key_place;
  Value value;
};

// What a configuration may weigh, so that a hostile one costs neither memory nor stack. The largest rule files in
// the wild are around 200 KiB.
inline constexpr std::size_t kMaxTomlBytes = 8u << 20;
inline constexpr std::size_t kMaxTomlDepth = 64;  // nested arrays and inline tables
inline constexpr std::size_t kMaxKeyParts = 16;   // parts of one dotted key: a.b.c has three

// Parses `text`; `name` is the file's name for messages. A syntax error reads "NAME:LINE:COLUMN: what".
// Dates and times, which nothing here calculates with, arrive as strings ("2026-01-31").
Result<Table> parse_toml(std::string_view text, std::string_view name);

// Reads one table by declared keys and remembers which were asked for, so that finish() can name the unknown
// ones with the nearest known name. The first failure is kept; later reads return defaults (check finish()).
// A value that turned out wrong is never shown, only its type: it may be a secret in the wrong place.
class TableReader {
 public:
  // `context` names the table in messages ("[[rules]] 'aws-key'"). `ignore_case` matches keys as viper does
  // (the gitleaks format's keys are case-insensitive). The table must outlive the reader.
  TableReader(const Table& table, Place place, std::string_view file, std::string context, bool ignore_case = false);

  std::optional<std::string> string(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  std::optional<double> number(std::string_view key);      // an integer is a number too
  std::vector<std::string> strings(std::string_view key);  // array of strings; absent = empty
  const Table* table(std::string_view key);
  // Array of tables (a single table counts as one); each with its place.
  // `section` is how its header is written where that is not the key alone: "rules.allowlists".
  std::vector<const Value*> tables(std::string_view key, std::string_view section = {});
  const Value* raw(std::string_view key);

  bool has(std::string_view key) const;
  Place place_of(std::string_view key) const;  // of the key when present, else of the table

  // "FILE:LINE:COLUMN: in CONTEXT: what", for checks of the caller's own.
  Unexpected error_at(Place at, std::string_view what, std::string hint = {}) const;
  void reject(Place at, std::string_view what, std::string hint = {});  // the same, kept until finish()

  // The first failure, or an unknown key with "did you mean", or success.
  Result<void> finish();

 private:
  const Value* find(std::string_view key);
  void wrong_type(std::string_view key, const Value& value, std::string_view wanted, std::string hint = {});
  const Entry* entry(std::string_view key) const;

  const Table& table_;
  Place place_;
  std::string file_;
  std::string context_;
  bool ignore_case_;
  std::vector<std::string> known_;
  std::optional<Error> failure_;
};

}  // namespace launchgate::config
