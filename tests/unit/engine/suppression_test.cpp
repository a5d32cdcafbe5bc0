#include "libscan/engine/suppression.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "libscan/core/sha1.hpp"

using namespace launchgate;
using namespace launchgate::engine;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "lg-suppression-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = name;
  }
  ~Folder() { fs::remove_all(root_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  std::string root() const { return root_.string(); }

  Suppression load(SuppressionSources sources = {}) const {
    auto settings = load_settings(root(), "");
    REQUIRE_MESSAGE(settings, (settings ? "" : settings.error().what));
    sources.root = root();
    if (sources.baseline_file.empty()) sources.baseline_file = settings->baseline;
    auto s = Suppression::load(*settings, sources, [](auto) { return false; });
    REQUIRE_MESSAGE(s, (s ? "" : s.error().what));
    return *std::move(s);
  }

 private:
  fs::path root_;
};

Finding finding(std::string path, char digit) {
  Finding f;
  f.rule = "jwt";
  f.where.path = std::move(path);
  f.where.span = {3, 1, 3, 9};
  f.fingerprint = "lg1:" + std::string(32, digit);
  return f;
}

std::string notes(const Report& r) {
  std::string all;
  for (const Note& n : r.notes) all += n.text + "\n";
  return all;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("ignores, baseline, ignore file and inline tags take out their findings and are counted") {
  Folder folder;
  folder.write(
      "launchgate.toml",
      "[scan]\nexclude = ['vendor/']\nbaseline = 'ci/base'\n[[ignore]]\npath = 'tests/'\nreason = 'made up'\n");
  folder.write("ci/base", finding("", 'b').fingerprint + " jwt eyJ\n");
  folder.write(".gitleaksignore", "c.txt:jwt:3\n");
  Report report;
  report.findings = {finding("tests/a.txt", 'a'), finding("b.txt", 'b'), finding("c.txt", 'c'),
                     finding("d.txt", 'd'),       finding("e.txt", 'e'), finding("vendor/f.txt", 'f')};
  report.findings[3].suppressed = "gitleaks:allow beside it";
  folder.load().apply(report, true);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].where.path == "e.txt");
  CHECK(has(notes(report), "4 findings are excused: 1 beside the code"));
  CHECK(has(notes(report), ", 3 by launchgate.toml"));
  REQUIRE(report.coverage.skipped.size() == 1);
  CHECK(report.coverage.skipped[0].reason == "excluded");
}

TEST_CASE("--no-ignores reports everything, as findings that count") {
  Folder folder;
  folder.write("launchgate.toml", "[[ignore]]\npath = 'a.txt'\nreason = 'made up'\n");
  Report report;
  report.findings = {finding("a.txt", 'a'), finding("b.txt", 'b')};
  report.findings[1].suppressed = "gitleaks:allow beside it";
  SuppressionSources sources;
  sources.honoured = false;
  folder.load(sources).apply(report, true);
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[1].suppressed.empty());
  CHECK(report.notes.empty());
}

TEST_CASE("a detect-secrets baseline is found by its usual name and asks for secrets") {
  Folder folder;
  CHECK(folder.load().known() == nullptr);
  folder.write(".secrets.baseline", R"({"results":{"a.txt":[{"hashed_secret":")" + sha1_hex("x") + R"("}]}})");
  const Suppression s = folder.load();
  REQUIRE(s.known() != nullptr);
  CHECK(s.known()->knows_secret("a.txt", "x") == ".secrets.baseline");
}

TEST_CASE("an ignore of the past is reported and hides nothing") {
  Folder folder;
  folder.write("launchgate.toml", "[[ignore]]\nrule = 'jwt'\nreason = 'soon gone'\nexpires = 2026-01-31\n");
  Report report;
  report.findings = {finding("a.txt", 'a')};
  SuppressionSources sources;
  sources.today = "2026-02-01";
  folder.load(sources).apply(report, true);
  CHECK(report.findings.size() == 1);
  CHECK(has(notes(report), "expired on 2026-01-31"));
}

TEST_CASE("what is named must be there, what is there must be right") {
  Folder folder;
  CHECK_FALSE(load_settings(folder.root(), folder.root() + "/none.toml"));
  CHECK(load_settings(folder.root(), ""));
  CHECK(load_settings("", ""));
  SuppressionSources sources;
  sources.root = folder.root();
  sources.baseline_file = folder.root() + "/none";
  CHECK_FALSE(Suppression::load({}, sources, [](auto) { return false; }));
  sources.baseline_file.clear();
  folder.write("launchgate-baseline", "<<<<<<< HEAD\n");
  const auto damaged = Suppression::load({}, sources, [](auto) { return false; });
  REQUIRE_FALSE(damaged);
  CHECK(has(damaged.error().what, "launchgate-baseline:1: a merge left a conflict here"));
}

TEST_CASE("the tables of the site's checks are no mistake here, a slip is") {
  Folder folder;
  folder.write("launchgate.toml", "base = 'https://a.example'\n[check.home]\nget = '/'\n[gate]\nconsecutive = 2\n");
  CHECK(load_settings(folder.root(), ""));
  folder.write("launchgate.toml", "[sacn]\n");
  const auto slip = load_settings(folder.root(), "");
  REQUIRE_FALSE(slip);
  CHECK(slip.error().what == "launchgate.toml:1:2: unknown key 'sacn'");
  CHECK(slip.error().hint == "did you mean 'scan'?");
}
