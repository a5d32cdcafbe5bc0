// The allowed directions of docs/architecture.md, held by reading every #include.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Include {
  std::string file;  // relative to the source tree
  std::string name;  // as written between the quotes or brackets
  bool quoted;
};

std::vector<Include> includes_of(const fs::path& root, const std::string& folder) {
  std::vector<Include> out;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("#include ")) continue;
      const char open = line.size() > 9 ? line[9] : ' ';
      const std::size_t close = line.find(open == '<' ? '>' : '"', 10);
      if (close == std::string::npos) continue;
      out.push_back({fs::relative(entry.path(), root).generic_string(), line.substr(10, close - 10), open == '"'});
    }
  }
  return out;
}

// "libscan/secrets/rule.hpp" -> "secrets"; "adapters/text.cpp" -> "adapters".
std::string room_of(std::string path) {
  if (path.starts_with("libscan/")) path.erase(0, 8);
  return path.substr(0, path.find('/'));
}

const fs::path kRoot = LG_SOURCE_DIR;

const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"core", {}},
    {"config", {"core"}},
    {"git", {"core"}},
    {"net", {"core"}},
    {"secrets", {"core", "config", "git"}},
    {"gate", {"core", "net"}},
    {"checks", {"core", "config", "secrets", "net"}},
    {"engine", {"core", "config", "git", "net", "secrets", "gate", "checks"}},
    {"adapters", {"core"}},
    {"cmd", {"core", "config", "git", "net", "secrets", "gate", "checks", "engine", "adapters"}},
};

// Third-party header -> the rooms that may include it.
const std::map<std::string, std::set<std::string>> kOnlyIn = {
    {"hs/", {"secrets"}},    {"re2/", {"secrets"}},
    {"git2", {"git"}},       {"libdeflate.h", {"git"}},
    {"curl/", {"net"}},      {"openssl/", {"net"}},
    {"toml++/", {"config"}}, {"CLI/", {"cmd"}},
    {"gumbo.h", {"checks"}}, {"nlohmann/", {"checks", "gate", "adapters", "engine", "config", "net"}},
};

std::vector<Include> all_includes() {
  std::vector<Include> all;
  for (const char* folder : {"libscan", "adapters", "cmd"})
    for (Include& i : includes_of(kRoot, folder)) all.push_back(std::move(i));
  return all;
}

}  // namespace

TEST_CASE("every include points one way") {
  const auto all = all_includes();
  REQUIRE(all.size() > 300);
  for (const Include& i : all) {
    if (!i.quoted) continue;
    const std::string from = room_of(i.file), to = room_of(i.name);
    INFO(i.file << " includes " << i.name);
    CHECK(i.name.find('/') != std::string::npos);  // include path = repository path
    CHECK(fs::exists(kRoot / i.name));
    REQUIRE(kMayInclude.count(from) == 1);
    CHECK((from == to || kMayInclude.at(from).count(to) == 1));
  }
}

TEST_CASE("third-party headers stay where they belong, heavy ones out of headers") {
  for (const Include& i : all_includes()) {
    for (const auto& [header, rooms] : kOnlyIn) {
      if (!i.name.starts_with(header)) continue;
      INFO(i.file << " includes " << i.name);
      CHECK(rooms.count(room_of(i.file)) == 1);
      const bool heavy = header == "nlohmann/" || header == "toml++/" || header == "CLI/";
      CHECK_FALSE((heavy && i.file.ends_with(".hpp")));
    }
  }
}

TEST_CASE("files stay small enough to hold in the head") {
  for (const char* folder : {"libscan", "adapters", "cmd"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path());
      std::size_t lines = 0;
      for (std::string line; std::getline(in, line);) ++lines;
      INFO(entry.path().string());
      CHECK(lines <= 500);
    }
  }
}
