// Objects wherever git keeps them, against `git cat-file`.
#include "libscan/git/object_reader.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "libscan/git/delta.hpp"
#include "libscan/git/pack.hpp"
#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::git;
using launchgate::testing::run_git;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;
namespace fs = std::filesystem;

namespace {

ObjectReader reader(const std::string& dir) {
  const auto repository = find_repository(dir, test_environment());
  REQUIRE(repository);
  REQUIRE(*repository);
  return ObjectReader(**repository);
}

const char* name_of(ObjectType type) {
  switch (type) {
    case ObjectType::commit: return "commit";
    case ObjectType::tree: return "tree";
    case ObjectType::tag: return "tag";
    default: return "blob";
  }
}

// Every object of the repository, read by us and by git.
std::size_t compare_all(const std::string& dir, ObjectReader& objects) {
  const std::string list = run_git(dir, {"cat-file", "--batch-check=%(objectname)", "--batch-all-objects"});
  const std::string all = run_git(dir, {"cat-file", "--batch"}, {}, list);
  std::size_t at = 0, count = 0;
  for (const std::string& id : split(list, '\n')) {
    auto object = objects.read(*Oid::from_hex(id));
    if (!object) FAIL(object.error().what);
    const std::string head = id + " " + name_of(object->type) + " " + std::to_string(object->bytes.size()) + "\n";
    REQUIRE(all.compare(at, head.size(), head) == 0);
    at += head.size();
    REQUIRE(std::string_view(all).substr(at, object->bytes.size()) == object->bytes);
    at += object->bytes.size() + 1;
    CHECK(*objects.exists(*Oid::from_hex(id)));
    ++count;
  }
  return count;
}

void make_history(const TempDir& dir, const char* format) {
  run_git(dir.path(), {"init", "-q", "-b", "main", std::string("--object-format=") + format});
  std::mt19937 random(1);
  std::string text;
  for (int i = 0; i < 400; ++i) text += "line " + std::to_string(random()) + "\n";
  for (int commit = 0; commit < 12; ++commit) {
    text.insert(random() % text.size(), "inserted " + std::to_string(commit) + "\n");
    text.erase(random() % (text.size() - 100), random() % 90);
    dir.write("text", text);
    dir.write("folder/" + std::to_string(commit), std::to_string(random()));
    run_git(dir.path(), {"add", "-A"});
    run_git(dir.path(), {"commit", "-q", "-m", std::to_string(commit)});
  }
  run_git(dir.path(), {"tag", "-a", "-m", "t", "v1"});
}

std::string only_pack(const TempDir& dir, const std::string& ending) {
  for (const auto& file : fs::directory_iterator(dir.path() + "/.git/objects/pack"))
    if (file.path().extension() == ending) return file.path().string();
  FAIL("no pack");
  return {};
}

}  // namespace

TEST_CASE("loose, packed by offset, packed by name, SHA-256: the same objects as git's, without libgit2") {
  for (const char* format : {"sha1", "sha256"}) {
    TempDir dir;
    make_history(dir, format);
    ObjectReader loose = reader(dir.path());
    const std::size_t count = compare_all(dir.path(), loose);
    CHECK(count > 50);
    for (const char* base : {"true", "false"}) {
      run_git(dir.path(), {"config", "repack.useDeltaBaseOffset", base});
      run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f", "--depth=50"});
      ObjectReader packed = reader(dir.path());
      CHECK(compare_all(dir.path(), packed) == count);
      CHECK_FALSE(packed.used_libgit2());
    }
    CHECK_FALSE(loose.used_libgit2());
  }
}

TEST_CASE("an index of the first version is left to libgit2") {
  TempDir dir;
  make_history(dir, "sha1");
  run_git(dir.path(), {"config", "pack.indexVersion", "1"});
  run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f"});
  ObjectReader objects = reader(dir.path());
  compare_all(dir.path(), objects);
  CHECK(objects.used_libgit2());
}

TEST_CASE("objects lent by another repository") {
  TempDir dir, other;
  make_history(dir, "sha1");
  run_git(dir.path(), {"repack", "-q", "-a", "-d"});
  run_git(other.path(), {"clone", "-q", "--shared", dir.path(), "clone"});
  ObjectReader objects = reader(other.path() + "/clone");
  CHECK(compare_all(other.path() + "/clone", objects) > 50);
  CHECK_FALSE(objects.used_libgit2());
}

TEST_CASE("damaged packs: declined or right, never a crash") {
  TempDir dir;
  make_history(dir, "sha1");
  run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f"});
  const auto ids = split(run_git(dir.path(), {"cat-file", "--batch-check=%(objectname)", "--batch-all-objects"}), '\n');
  std::mt19937 random(9);
  for (const char* ending : {".pack", ".idx"}) {
    const std::string path = only_pack(dir, ending);
    std::stringstream whole;
    whole << std::ifstream(path, std::ios::binary).rdbuf();
    fs::permissions(path, fs::perms::owner_all);
    for (int round = 0; round < 60; ++round) {
      std::string bytes = whole.str();
      if (round % 6 == 5)
        bytes.resize(random() % bytes.size());
      else
        for (int i = 0; i < 1 + round; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
      std::ofstream(path, std::ios::binary) << bytes;
      auto pack = Pack::open(only_pack(dir, ".idx"), ObjectFormat::sha1);
      if (!pack) continue;
      for (const std::string& id : ids)
        if (const auto offset = pack->find(*Oid::from_hex(id))) static_cast<void>(pack->entry(*offset));
    }
    std::ofstream(path, std::ios::binary) << whole.str();
  }
}

TEST_CASE("deltas: the three instructions, and what they must not do") {
  using namespace std::string_literals;
  const std::string base = "0123456789";
  const auto apply = [&](const std::string& instructions, std::size_t size) {
    std::string out(size, '?');
    return apply_delta(base, instructions, out.data(), size) ? out : "no";
  };
  CHECK(apply("\x03"
              "abc"s,
              3) == "abc");
  CHECK(apply("\x91\x02\x03"s, 3) == "234");
  CHECK(apply("\x91\x02\x03\x01"
              "x\x90\x01"s,
              5) == "234x0");
  CHECK(apply("", 0) == "");
  CHECK(apply("\x03"
              "ab"s,
              3) == "no");                   // cut short
  CHECK(apply("\x91\x08\x03"s, 3) == "no");  // past the base
  CHECK(apply("\x03"
              "abc"s,
              2) == "no");  // past the result
  CHECK(apply("\x03"
              "abc"s,
              4) == "no");                 // result not full
  CHECK(apply("\x00"s, 0) == "no");        // reserved
  CHECK(apply("\x91"s, 1) == "no");        // no operand
  CHECK(apply("\x80"s, 0x10000) == "no");  // size 0 means 64 KiB, more than there is
  std::string_view delta("\x90\x4e\x05rest");
  const auto sizes = take_delta_sizes(delta);
  REQUIRE(sizes);
  CHECK(sizes->base == 10000);
  CHECK(sizes->result == 5);
  CHECK(delta == "rest");
  for (std::string_view bad : {"", "\x80", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x01"})
    CHECK_FALSE(take_delta_sizes(bad));
}
