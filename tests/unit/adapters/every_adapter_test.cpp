// What holds for every output format, present and future: this test walks the registry.
#include <doctest/doctest.h>

#include <set>

#include "adapters/registry.hpp"
#include "tests/support/ci_commands.hpp"
#include "tests/support/reports.hpp"

using namespace launchgate;

namespace {

template <class Check>
void for_every_output(Check check) {
  for (const testing::ReportCase& c : testing::report_cases()) {
    for (const adapters::Adapter& adapter : adapters::all()) {
      for (const std::size_t width : {0, 1, 80}) {
        CAPTURE(c.name);
        CAPTURE(adapter.name);
        adapters::RenderOptions options;
        options.width = width;
        options.verbose = width != 0;
        check(adapter, adapter.render(c.report, c.verdict ? &*c.verdict : nullptr, options));
      }
    }
  }
}

}  // namespace

TEST_CASE("names are unique and found") {
  std::set<std::string_view> names;
  for (const adapters::Adapter& adapter : adapters::all()) {
    CHECK(names.insert(adapter.name).second);
    CHECK(adapters::find(adapter.name) == &adapter);
    CHECK(adapter.extension.starts_with('.'));
    CHECK_FALSE(adapter.about.empty());
  }
  CHECK(adapters::find("nothing-of-the-kind") == nullptr);
}

TEST_CASE("every output is valid UTF-8 and leaves terminals alone") {
  for_every_output([](const adapters::Adapter&, const std::string& out) {
    CHECK(testing::is_utf8(out));
    CHECK_FALSE(testing::moves_terminal(out));
  });
}

TEST_CASE("no foreign text issues a command to a CI system") {
  const std::set<std::string> ours{"error", "warning", "notice"};
  for_every_output([&](const adapters::Adapter& adapter, const std::string& out) {
    for (const testing::CiCommand& command : testing::ci_commands(out)) {
      CAPTURE(command.line);
      CHECK(adapter.name == "github");
      CHECK(ours.contains(command.name));
    }
  });
}

TEST_CASE("the oracle knows commands when it sees them") {
  for (const std::string& s : testing::hostile_strings()) {
    const bool command = s.find("pwned") != std::string::npos &&
                         (s.find("::") != std::string::npos || s.find("##") != std::string::npos);
    CAPTURE(s);
    if (command) CHECK_FALSE(testing::ci_commands(s).empty());
  }
}
