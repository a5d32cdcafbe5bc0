// What a plugin does with the library: the built-in rules, rules of its own, several threads, and every failure as a
// value. Exits 0 when all of it holds.
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "libscan/engine/scanner.hpp"

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "consumer: does not hold: %s\n", what);
  ++failures;
}

constexpr const char* kRule = R"toml(
[[rules]]
id = "widget-key"
description = "Widget key"
regex = '''widget_[0-9a-f]{16}'''
keywords = ["widget_"]
)toml";

void own_rules() {
  auto scanner = launchgate::Scanner::from_toml(kRule, "rules.toml");
  expect(scanner.has_value(), "a rule set compiles");
  if (!scanner) return;
  const std::string value = "widget_" + std::string("0123456789abcdef");
  const std::string text = "first line\nkey = " + value + "\n";
  auto found = scanner->scan(text, "src/a.txt");
  expect(found && found->size() == 1, "one finding");
  if (!found || found->size() != 1) return;
  const launchgate::Finding& f = found->front();
  expect(f.rule == "widget-key" && f.where.path == "src/a.txt", "rule and path");
  expect(f.where.span.line == 2 && f.where.span.column == 7 && f.where.span.end_column == 30, "place");
  expect(f.masked.find(value) == std::string::npos && !f.masked.empty(), "the value is masked");

  std::vector<std::thread> threads;
  std::vector<std::size_t> counts(4);
  for (std::size_t i = 0; i < counts.size(); ++i)
    threads.emplace_back([&, i] {
      auto worker = scanner->worker();
      std::vector<launchgate::Finding> out;
      if (worker)
        for (int round = 0; round < 100; ++round) worker->scan(text, "a", out);
      counts[i] = out.size();
    });
  for (std::thread& t : threads) t.join();
  for (const std::size_t n : counts) expect(n == 100, "one scanner serves many threads");
}

void bad_rules() {
  auto broken = launchgate::Scanner::from_toml("[[rules]]\nid = \"x\"\nregex = '('\n", "mine.toml");
  expect(!broken, "a broken expression is refused");
  if (!broken) expect(broken.error().what.find("mine.toml:3") != std::string::npos, "the error names file and line");
}

void builtin_rules() {
  auto scanner = launchgate::Scanner::builtin();
  expect(scanner.has_value(), "the built-in rules load");
  if (!scanner) return;
  expect(scanner->rules().size() >= 100, "a hundred rules or more");
  auto nothing = scanner->scan(std::string(1000, 'x'), "a.txt");
  expect(nothing && nothing->empty(), "nothing in nothing");
}

}  // namespace

int main() {
  own_rules();
  bad_rules();
  builtin_rules();
  return failures == 0 ? 0 : 1;
}
