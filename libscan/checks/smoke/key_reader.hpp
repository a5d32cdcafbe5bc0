// Keys as data: a table of the file is read by walking one constexpr array of Key<T>, each with its name, an example,
// a line of help and the function that stores it in a T. The same arrays name the unknown key's nearest neighbour, fill
// docs/smoke.md and are walked by the tests: a new key is one entry.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/config/toml.hpp"
#include "libscan/core/result.hpp"
#include "libscan/core/secret_set.hpp"

namespace launchgate::checks::smoke {

using EnvLookup = std::function<std::optional<std::string>(std::string_view name)>;

// Shared by all fields of one file. The first failure is kept.
struct ReadContext {
  std::string file;
  EnvLookup env;       // empty: leave "$NAME" as it stands (--explain, init)
  SecretSet* secrets;  // every guarded $NAME goes in here
  std::optional<Error> failure;
};

class Field;

template <class T>
struct Key {
  std::string_view name, example, help;
  void (*read)(const Field&, T&);
};

// One value of the file with its place and its full name ("check.api.expect.status").
class Field {
 public:
  Field(ReadContext& context, const config::Value& value, config::Place place, std::string name)
      : context_(context), value_(value), place_(place), name_(std::move(name)) {}

  // A string, or $NAME; not treated as a secret. `instead`: what also helps when the environment has no NAME.
  std::string text(std::string_view instead = {}) const;
  std::string guarded() const;  // a string, or $NAME whose value is then guarded as a secret
  std::string secret() const;   // $NAME only: a literal is refused
  std::string secret_if(bool is_secret) const { return is_secret ? secret() : guarded(); }
  double duration_ms(double least = 1) const;
  std::uint64_t bytes() const;
  std::int64_t integer(std::int64_t least, std::int64_t most) const;
  double number(double least, double most) const;
  bool boolean() const;
  std::vector<std::string> texts() const;                             // one string or a list of them
  std::vector<Field> elements() const;                                // of an array; a single value counts as one
  std::vector<Field> members() const;                                 // of a table, each named by its key
  std::size_t choice(std::span<const std::string_view> names) const;  // index of the string in `names`
  config::Value resolved() const;  // the value with every $NAME in it replaced and guarded

  // Reads a table by its keys. An unknown one is the failure, with the nearest name.
  template <class T>
  void section(std::span<const Key<T>> keys, T& into) const;

  void reject(std::string what, std::string hint = {}) const;
  void unknown(std::string_view key, const std::vector<std::string_view>& known) const;  // with the nearest
  bool is_table() const noexcept { return std::holds_alternative<config::Table>(value_.data); }
  std::string_view key() const noexcept;  // the last part of the name
  const std::string& name() const noexcept { return name_; }
  config::Place place() const noexcept { return place_; }
  const config::Value& value() const noexcept { return value_; }
  ReadContext& context() const noexcept { return context_; }

 private:
  std::string variable(const std::string& text, bool guard, std::string_view instead) const;
  void wrong_type(std::string_view wanted) const;

  ReadContext& context_;
  const config::Value& value_;
  config::Place place_;
  std::string name_;
};

// "$NAME", nothing before or after.
bool is_variable(std::string_view text) noexcept;
// Does a header, form field or JSON member of this name carry a credential?
bool names_a_secret(std::string_view name);
// … or the name of a user?
bool names_a_user(std::string_view name);

template <class T>
void Field::section(std::span<const Key<T>> keys, T& into) const {
  for (const Field& member : members()) {
    bool known = false;
    for (const Key<T>& key : keys) {
      if (key.name != member.key()) continue;
      key.read(member, into);
      known = true;
      break;
    }
    if (known) continue;
    std::vector<std::string_view> names;
    for (const Key<T>& key : keys) names.push_back(key.name);
    member.unknown(member.key(), names);
  }
}

}  // namespace launchgate::checks::smoke
