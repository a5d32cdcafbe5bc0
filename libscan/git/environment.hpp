// The environment as a value, so that everything that depends on it can be tested without setting variables.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace launchgate::git {

class Environment {
 public:
  Environment() = default;
  Environment(std::initializer_list<std::pair<const std::string, std::string>> variables) : variables_(variables) {}

  // Copies `envp` (main's third argument, or ::environ): call it once, before threads exist.
  static Environment from(const char* const* envp);

  // Empty both for an absent and for an empty variable: git and the CI systems treat them alike, with the few
  // exceptions that ask has().
  std::string_view get(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept { return variables_.find(name) != variables_.end(); }
  void set(std::string name, std::string value) { variables_.insert_or_assign(std::move(name), std::move(value)); }

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace launchgate::git
