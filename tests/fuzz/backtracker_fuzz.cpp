// The backtracker against RE2: an expression and a text made of the bytes must give the same match with the same groups
// from every place of the text.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/support/backtracking.hpp"
#include "tests/support/random_regex.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  launchgate::test::RandomRegex maker(std::string_view(reinterpret_cast<const char*>(data), size));
  const std::string pattern = maker.regex(), text = maker.text();
  const auto result = launchgate::test::compare_with_re2(pattern, text, 1 << 16);
  if (!result.difference) return 0;
  std::fprintf(stderr, "%s: %s\nin %s\n", result.difference->c_str(), pattern.c_str(), text.c_str());
  std::abort();
}
