// Contents scanned pack by pack, against the same contents read and scanned one by one.
#include "libscan/engine/history_contents.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "libscan/engine/changed_files.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/sample.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

const secrets::Matcher& matcher() {
  static const secrets::Matcher one = std::move(*secrets::builtin_matcher());
  return one;
}

std::string expand(const char* sample, std::uint64_t seed) { return *secrets::expand_sample(sample, seed); }

// What people write: code, keys, settings, a key over many lines; and bytes of other encodings.
std::string some_line(std::mt19937& random) {
  const std::uint64_t seed = random() % 9;
  switch (random() % 14) {
    case 0: return "token = \"" + expand("ghp_<alnum:30><sum:github-crc32>", seed) + "\"\n";
    case 1: return "aws_secret_access_key = " + expand("<base64:40>", seed) + "\n";
    case 2: return "DATABASE_URL=postgres://app:" + expand("<alnum:18>", seed) + "@db.internal.corp:5432/shop\n";
    case 3: return "  \"password\": \"" + expand("<alnum:14>", seed) + "\",\n";
    case 4: return "-----BEGIN RSA PRIVATE KEY-----\n";
    case 5: return "-----END RSA PRIVATE KEY-----\n";
    case 6: return expand("<base64:64>", random()) + "\n";
    case 7: return "api_key: 'changeme'  # gitleaks:allow\n";
    case 8: return "caf\xc3\xa9 na\xefve\r\n";
    default: return "int value_" + std::to_string(random() % 100) + " = compute(" + std::to_string(random()) + ");\n";
  }
}

struct History {
  TempDir dir;
  std::vector<git::ChangedFile> files;
};

void make_history(History& history) {
  const std::string path = history.dir.path();
  run_git(path, {"init", "-q", "-b", "main"});
  std::mt19937 random(20261124);
  const std::vector<std::string> names = {"src/app.py", ".env",     "config/settings.yml", "notes.txt", "utf16.txt",
                                          "bom.json",   "junk.bin", "utf16.nomark"};
  std::vector<std::vector<std::string>> lines(names.size());
  for (auto& file : lines)
    for (int i = 0; i < 250; ++i) file.push_back(some_line(random));
  std::string stream;
  for (int commit = 0; commit < 60; ++commit) {
    std::string changes;
    for (std::size_t f = 0; f < names.size(); ++f) {
      for (auto edits = 1 + random() % 3; edits > 0; --edits) {
        auto& file = lines[f];
        const auto at = static_cast<std::ptrdiff_t>(random() % file.size());
        if (random() % 3 == 0)
          file.erase(file.begin() + at);
        else
          file.insert(file.begin() + at, some_line(random));
      }
      std::string text = names[f] == "utf16.txt" ? "\xff\xfe" : names[f] == "bom.json" ? "\xef\xbb\xbf" : "";
      if (names[f] == "junk.bin") text.append(3, '\0');
      for (const std::string& line : lines[f])
        for (const char c : line) names[f].starts_with("utf16") ? text.append({c, '\0'}) : text.append(1, c);
      changes += "M 100644 inline " + names[f] + "\ndata " + std::to_string(text.size()) + "\n" + text + "\n";
    }
    stream += "commit refs/heads/main\ncommitter A <a@example.com> " + std::to_string(1700000000 + commit) +
              " +0000\ndata 1\nx\n" + changes;
  }
  run_git(path, {"fast-import", "--quiet"}, {}, stream);
  for (const std::string& line : split(run_git(path, {"rev-list", "--objects", "main"}), '\n')) {
    if (line.size() < 42 || std::find(names.begin(), names.end(), line.substr(41)) == names.end()) continue;
    git::ChangedFile& file = history.files.emplace_back();
    file.oid = *git::Oid::from_hex(line.substr(0, 40));
    file.path = line.substr(41);
  }
}

git::FileList listed(const std::vector<git::ChangedFile>& files) {
  git::FileList list;
  for (const git::ChangedFile& file : files) list.add(file.path, file.oid);
  return list;
}

engine::ScanPart sorted(Result<engine::ScanPart> part) {
  REQUIRE(part);
  std::sort(part->findings.begin(), part->findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.fingerprint, a.where.path, a.where.span.line, a.where.span.column, a.rule) <
           std::tie(b.fingerprint, b.where.path, b.where.span.line, b.where.span.column, b.rule);
  });
  return std::move(*part);
}

std::vector<std::string> described(const engine::ScanPart& part) {
  std::vector<std::string> out;
  for (const Finding& f : part.findings)
    out.push_back(f.rule + " " + f.where.path + ":" + std::to_string(f.where.span.line) + ":" +
                  std::to_string(f.where.span.column) + "-" + std::to_string(f.where.span.end_column) + " " +
                  f.fingerprint + " " + f.masked);
  return out;
}

}  // namespace

TEST_CASE("pack by pack the findings are those of reading one by one, on 1, 2 and 8 threads") {
  History history;
  make_history(history);
  REQUIRE(history.files.size() == 480);
  run_git(history.dir.path(), {"repack", "-q", "-a", "-d", "-f", "--depth=50"});
  const git::Environment env = test_environment();
  const secrets::BlobOptions blob;
  const auto repository = git::find_repository(history.dir.path(), env);
  REQUIRE(repository);
  engine::ScanContext context{matcher(), blob, env, 1, 0};
  const auto whole = sorted(engine::scan_changed_files(context, **repository, history.files));
  CHECK(whole.findings.size() > 2000);
  for (const unsigned threads : {1U, 2U, 8U}) {
    context.threads = threads;
    const auto walked = sorted(engine::scan_contents_by_pack(context, **repository, listed(history.files), {}));
    CHECK(described(walked) == described(whole));
    CHECK(walked.coverage.files == whole.coverage.files);
    CHECK(walked.coverage.bytes == whole.coverage.bytes);
  }
}

TEST_CASE("contents in several packs, loose and missing: each once or counted") {
  History history;
  make_history(history);
  const std::string path = history.dir.path();
  run_git(path, {"repack", "-q", "-a", "-d", "-f"});
  history.dir.write("late.py", "token = '" + expand("ghp_<alnum:30><sum:github-crc32>", 77) + "'\n");
  git::ChangedFile& loose = history.files.emplace_back();
  loose.oid = *git::Oid::from_hex(run_git(path, {"hash-object", "-w", "late.py"}).substr(0, 40));
  loose.path = "late.py";
  git::ChangedFile& missing = history.files.emplace_back();
  missing.oid = *git::Oid::from_hex(std::string(40, 'e'));
  missing.path = "gone.py";
  // A second pack with every blob again.
  std::string all;
  for (const auto& file : history.files)
    if (file.path != "gone.py") all += file.oid.hex() + "\n";
  run_git(path, {"pack-objects", "-q", ".git/objects/pack/pack"}, {}, all);
  const git::Environment env = test_environment();
  const secrets::BlobOptions blob;
  const auto repository = git::find_repository(path, env);
  REQUIRE(repository);
  const engine::ScanContext context{matcher(), blob, env, 2, 0};
  const auto whole = sorted(engine::scan_changed_files(context, **repository, history.files));
  const auto walked = sorted(engine::scan_contents_by_pack(context, **repository, listed(history.files), {}));
  CHECK(described(walked) == described(whole));
  CHECK(walked.coverage.files == 481);
  CHECK_FALSE(walked.coverage.complete());
}
