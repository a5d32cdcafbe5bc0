// Packs walked family by family, against `git cat-file`.
#include "libscan/git/pack_walk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
namespace fs = std::filesystem;

namespace {

// Long chains with branches: versions of three files, some made from older versions.
void make_history(const TempDir& dir, const char* format) {
  run_git(dir.path(), {"init", "-q", "-b", "main", std::string("--object-format=") + format});
  std::mt19937 random(7);
  std::vector<std::string> versions(1);
  for (int i = 0; i < 300; ++i) versions[0] += "line " + std::to_string(random()) + "\n";
  std::string stream;
  for (int i = 1; i < 120; ++i) {
    std::string text = versions[random() % 4 == 0 ? random() % versions.size() : versions.size() - 1];
    text.insert(random() % text.size(), "inserted " + std::to_string(i) + "\n");
    text.erase(random() % (text.size() - 100), random() % 90);
    stream += "blob\nmark :" + std::to_string(i) + "\ndata " + std::to_string(text.size()) + "\n" + text + "\n";
    versions.push_back(std::move(text));
  }
  stream += "commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 1\nx\n";
  for (int i = 1; i < 120; ++i)
    stream += "M 100644 :" + std::to_string(i) + " f" + std::to_string(i % 3) + "/" + std::to_string(i) + "\n";
  run_git(dir.path(), {"fast-import", "--quiet"}, {}, stream);
}

std::string pack_file(const TempDir& dir, const std::string& ending) {
  for (const auto& file : fs::directory_iterator(dir.path() + "/.git/objects/pack"))
    if (file.path().extension() == ending) return file.path().string();
  FAIL("no pack");
  return {};
}

std::map<Oid, std::string> blobs_by_git(const TempDir& dir) {
  std::map<Oid, std::string> blobs;
  const std::string list =
      run_git(dir.path(), {"cat-file", "--batch-check=%(objecttype) %(objectname)", "--batch-all-objects"});
  for (const std::string& line : split(list, '\n'))
    if (line.starts_with("blob "))
      blobs[*Oid::from_hex(line.substr(5))] = run_git(dir.path(), {"cat-file", "blob", line.substr(5)});
  return blobs;
}

class Recorder : public BlobVisitor {
 public:
  explicit Recorder(const std::vector<Oid>& wanted) : wanted_(&wanted) {}
  void visit(const WalkedBlob& blob) override {
    most_slots = std::max(most_slots, blob.slot + 1);
    texts_.resize(std::max(texts_.size(), most_slots));
    if (blob.base_slot != WalkedBlob::kNoBase) {
      const std::string& base = texts_[blob.base_slot];
      CHECK(base.size() == blob.base_size);
      for (const CopiedRange& copy : blob.copies) {
        REQUIRE(copy.to + copy.length <= blob.bytes.size());
        REQUIRE(copy.from + copy.length <= base.size());
        CHECK(blob.bytes.substr(copy.to, copy.length) == std::string_view(base).substr(copy.from, copy.length));
        copied += copy.length;
      }
    }
    texts_[blob.slot] = std::string(blob.bytes);
    if (blob.wanted != PackFamilies::kNone) CHECK(seen.emplace((*wanted_)[blob.wanted], blob.bytes).second);
    bytes += blob.bytes.size();
  }
  std::map<Oid, std::string> seen;
  std::size_t most_slots = 0, copied = 0, bytes = 0;

 private:
  const std::vector<Oid>* wanted_;
  std::vector<std::string> texts_;
};

std::vector<std::uint32_t> walk(const Pack& pack, const std::vector<Oid>& wanted, Recorder& recorder) {
  std::vector<bool> taken(wanted.size(), false);
  const PackFamilies families(
      pack, [&](std::size_t i) -> const Oid& { return wanted[i]; }, taken);
  std::vector<std::uint32_t> left = families.unreached();
  FamilyWalker walker;
  for (std::size_t i = 0; i < families.size(); ++i) walker.walk(families, i, recorder, left);
  for (std::uint32_t i = 0; i < wanted.size(); ++i)
    if (!taken[i]) left.push_back(i);
  return left;
}

std::vector<Oid> ids(const std::map<Oid, std::string>& blobs) {
  std::vector<Oid> all;
  for (const auto& [oid, text] : blobs) all.push_back(oid);
  return all;
}

}  // namespace

TEST_CASE("every blob of a pack once, by git's bytes, whatever names the bases") {
  for (const char* format : {"sha1", "sha256"}) {
    TempDir dir;
    make_history(dir, format);
    for (const char* by_offset : {"true", "false"}) {
      run_git(dir.path(), {"config", "repack.useDeltaBaseOffset", by_offset});
      run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f", "--depth=50"});
      const auto blobs = blobs_by_git(dir);
      REQUIRE(blobs.size() == 119);
      const auto pack =
          Pack::open(pack_file(dir, ".idx"), format[3] == '1' ? ObjectFormat::sha1 : ObjectFormat::sha256);
      REQUIRE(pack);
      const std::vector<Oid> all = ids(blobs);
      Recorder recorder(all);
      CHECK(walk(*pack, all, recorder).empty());
      CHECK(recorder.seen == blobs);
      CHECK(recorder.copied > recorder.bytes / 2);
      CHECK(recorder.most_slots <= 8);  // log2(119) + 1
    }
  }
}

TEST_CASE("of a few wanted blobs only what they are made from is visited; what is no blob or not there is said") {
  TempDir dir;
  make_history(dir, "sha1");
  run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f", "--depth=50"});
  const auto blobs = blobs_by_git(dir);
  const auto pack = Pack::open(pack_file(dir, ".idx"), ObjectFormat::sha1);
  REQUIRE(pack);
  const Oid blob = std::next(blobs.begin(), 60)->first;
  const Oid tree = *Oid::from_hex(run_git(dir.path(), {"rev-parse", "main^{tree}"}).substr(0, 40));
  const Oid nowhere = *Oid::from_hex(std::string(40, 'e'));
  std::vector<Oid> wanted = {blob, tree, nowhere};
  std::sort(wanted.begin(), wanted.end());
  Recorder recorder(wanted);
  std::vector<Oid> left;
  for (const std::uint32_t i : walk(*pack, wanted, recorder)) left.push_back(wanted[i]);
  std::sort(left.begin(), left.end());
  std::vector<Oid> odd = {tree, nowhere};
  std::sort(odd.begin(), odd.end());
  CHECK(left == odd);
  REQUIRE(recorder.seen.size() == 1);
  CHECK(recorder.seen.at(blob) == blobs.at(blob));
  CHECK(recorder.bytes < 60 * blobs.at(blob).size());
}

TEST_CASE("a damaged pack: what is walked and what is left are all there is") {
  TempDir dir;
  make_history(dir, "sha1");
  run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f", "--depth=50"});
  const std::vector<Oid> all = ids(blobs_by_git(dir));
  std::mt19937 random(3);
  for (const char* ending : {".pack", ".idx"}) {
    const std::string path = pack_file(dir, ending);
    std::stringstream whole;
    whole << std::ifstream(path, std::ios::binary).rdbuf();
    fs::permissions(path, fs::perms::owner_all);
    for (int round = 0; round < 60; ++round) {
      std::string bytes = whole.str();
      for (int i = 0; i < 1 + round; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
      std::ofstream(path, std::ios::binary) << bytes;
      const auto pack = Pack::open(pack_file(dir, ".idx"), ObjectFormat::sha1);
      if (!pack) continue;
      Recorder recorder(all);
      CHECK(walk(*pack, all, recorder).size() + recorder.seen.size() == all.size());
    }
    std::ofstream(path, std::ios::binary) << whole.str();
  }
}
