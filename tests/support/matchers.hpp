// Rule sets made in a test, and their matchers.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "libscan/secrets/matcher.hpp"

namespace launchgate::testing {

inline secrets::Rule rule(std::string id, std::string regex) {
  secrets::Rule r;
  r.id = std::move(id);
  r.description = r.id;
  r.regex = std::move(regex);
  return r;
}

inline secrets::RuleSet set_of(std::vector<secrets::Rule> rules) {
  secrets::RuleSet s;
  s.rules = std::move(rules);
  std::sort(s.rules.begin(), s.rules.end(), [](auto& a, auto& b) { return a.id < b.id; });
  return s;
}

inline secrets::Matcher matcher_of(secrets::RuleSet rules) {
  auto m = secrets::Matcher::create(std::move(rules));
  REQUIRE_MESSAGE(m.has_value(), (m ? "" : m.error().what));
  return std::move(*m);
}
inline secrets::Matcher matcher_of(std::vector<secrets::Rule> rules) { return matcher_of(set_of(std::move(rules))); }

}  // namespace launchgate::testing
