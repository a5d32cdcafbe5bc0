// Every case through every adapter, against the snapshots in tests/golden. After a change that is meant:
//   LG_UPDATE_GOLDEN=1 build/test/unit_adapters && git diff tests/golden
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "adapters/registry.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/reports.hpp"

using namespace launchgate;

namespace {

const std::string kFolder = std::string(LG_SOURCE_DIR) + "/tests/golden/";

}  // namespace

TEST_CASE("every case looks in every format as it did") {
  const bool update = std::getenv("LG_UPDATE_GOLDEN") != nullptr;
  std::set<std::string> expected;
  for (const testing::ReportCase& c : testing::report_cases()) {
    if (!c.golden) continue;
    for (const adapters::Adapter& adapter : adapters::all()) {
      const std::string name = c.name + "." + std::string(adapter.name);
      const std::string out = adapter.render(c.report, c.verdict ? &*c.verdict : nullptr, testing::golden_options());
      expected.insert(name);
      if (update) std::ofstream(kFolder + name, std::ios::binary) << out;
      CAPTURE(name);
      CHECK(testing::read_text(kFolder + name) == out);
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    CAPTURE(entry.path().string());
    CHECK(expected.contains(entry.path().filename().string()));  // a snapshot nothing renders any more
  }
}
