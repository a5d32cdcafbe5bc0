// Rules as tests write them: a text, and what loading it gives.
#pragma once

#include <doctest/doctest.h>

#include <string_view>
#include <utility>

#include "libscan/secrets/rule_loader.hpp"

namespace launchgate::secrets {

inline LoadedRules loaded(std::string_view toml, const LoadOptions& options = {}) {
  auto rules = load_rules(toml, "r.toml", options);
  REQUIRE_MESSAGE(rules, (rules ? "" : rules.error().what));
  return *std::move(rules);
}

inline Error refusal(std::string_view toml, const LoadOptions& options = {}) {
  const auto rules = load_rules(toml, "r.toml", options);
  return rules ? Error{} : rules.error();
}

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace launchgate::secrets
