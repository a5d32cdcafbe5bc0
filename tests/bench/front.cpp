// Bytes a second of the matcher's front end alone, and of all three stages, over the files named on standard input
// (NUL-separated), read beforehand, one thread.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "libscan/secrets/builtin_rules.hpp"

using namespace launchgate::secrets;

namespace {

constexpr std::size_t kEnough = std::size_t{512} << 20;

std::vector<std::string> read_inputs() {
  std::vector<std::string> texts;
  std::size_t total = 0;
  std::string name;
  for (int c; (c = std::getchar()) != EOF && total < kEnough;) {
    if (c != 0) {
      name.push_back(static_cast<char>(c));
      continue;
    }
    std::ifstream in(name, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    total += texts.back().size();
    name.clear();
  }
  return texts;
}

template <class Body>
void measure(const char* label, const std::vector<std::string>& texts, Body body) {
  double best = 0;
  std::size_t bytes = 0;
  for (const std::string& t : texts) bytes += t.size();
  for (int round = 0; round < 3; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (const std::string& t : texts) body(t);
    const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, static_cast<double>(bytes) / s / 1e9);
  }
  fmt::print("{:<28} {:.2f} GB/s over {} MB in {} files\n", label, best, bytes >> 20, texts.size());
}

}  // namespace

int main() {
  auto matcher = builtin_matcher();
  if (!matcher) return 1;
  auto scratch = matcher->scratch();
  if (!scratch) return 1;
  const auto texts = read_inputs();
  std::size_t found = 0;
  std::vector<Candidate> candidates;
  measure("front end", texts, [&](const std::string& t) {
    candidates.clear();
    matcher->find_candidates(t, {0, t.size()}, **scratch, candidates);
    found += candidates.size();
  });
  std::vector<Match> matches;
  measure("front end, confirm, filter", texts, [&](const std::string& t) {
    matcher->scan(t, {"a.txt", "", false}, **scratch, matches);
    found += matches.size();
  });
  fmt::print("{} candidates and matches seen\n", found / 3);
}
