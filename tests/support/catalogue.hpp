// The built-in catalogue as tests look at it: loaded from rules/ and compiled once.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/rule_loader.hpp"
#include "libscan/secrets/sample.hpp"

namespace launchgate::secrets {

inline RuleSet load_catalogue() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(LG_SOURCE_DIR "/rules")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  RuleSet all;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    auto one = load_rules(text.str(), file.filename().string());
    REQUIRE_MESSAGE(one.has_value(), (one ? "" : one.error().what));
    all = merge_rules(std::move(all), one->rules);
  }
  return all;
}

struct Catalogue {
  RuleSet rules = load_catalogue();
  Matcher matcher = create();
  Matcher::ScratchPtr scratch = std::move(*matcher.scratch());

  Matcher create() {
    auto m = Matcher::create(rules);
    REQUIRE_MESSAGE(m.has_value(), (m ? "" : m.error().what));
    return std::move(*m);
  }
  // The ids of what is found in `text`, joined by blanks. A first line "path: …" names its file.
  std::string found_in(std::string_view text) {
    constexpr std::string_view kPath = "path: ";
    std::string_view path = "sample.txt";
    if (text.starts_with(kPath)) {
      path = text.substr(kPath.size(), text.find('\n') - kPath.size());
      text.remove_prefix(kPath.size() + path.size() + 1);
    }
    std::vector<Match> matches;
    matcher.scan(text, {path, "", false}, *scratch, matches);
    std::string ids;
    for (const Match& m : matches) ids += (ids.empty() ? "" : " ") + matcher.rules().rules[m.rule].id;
    return ids;
  }
};

inline Catalogue& catalogue() {
  static Catalogue all;
  return all;
}

inline std::string expanded(const std::string& sample, std::uint64_t seed) {
  auto text = expand_sample(sample, seed);
  REQUIRE_MESSAGE(text.has_value(), sample);
  return *text;
}

}  // namespace launchgate::secrets
