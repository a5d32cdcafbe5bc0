// Objects wherever git keeps them, against `git cat-file`.
#include "libscan/git/object_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "libscan/git/delta.hpp"
#include "libscan/git/midx.hpp"
#include "libscan/git/object_listing.hpp"
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

// One id a line.
std::string all_ids(const std::string& dir) {
  return run_git(dir, {"cat-file", "--batch-check=%(objectname)", "--batch-all-objects"});
}

// Every object as git tells it.
struct ByGit {
  std::string ids, contents;
  explicit ByGit(const std::string& dir)
      : ids(all_ids(dir)), contents(run_git(dir, {"cat-file", "--batch"}, {}, ids)) {}
};

// Every object, read by us and by git; how many.
std::size_t compare_all(const ByGit& git, ObjectReader& objects) {
  const auto& [list, all] = git;
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

std::size_t compare_all(const std::string& dir, ObjectReader& objects) { return compare_all(ByGit(dir), objects); }

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

std::vector<std::string> names_of(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(folder))
    if (file.path().extension() == ending) names.push_back(file.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string contents(const std::string& path) {
  std::stringstream whole;
  whole << std::ifstream(path, std::ios::binary).rdbuf();
  return whole.str();
}

// Three packs, some objects in two of them.
void make_packs(const TempDir& dir) {
  run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f"});
  for (const char* name : {"second", "third"}) {
    dir.write(name, std::string(3000, name[0]));
    run_git(dir.path(), {"add", "-A"});
    run_git(dir.path(), {"commit", "-q", "-m", name});
    // Everything the newest commit reaches: the trees and files of before once more.
    run_git(dir.path(), {"pack-objects", "-q", "--revs", ".git/objects/pack/pack"}, {}, "HEAD\n^HEAD~2\n");
    run_git(dir.path(), {"prune-packed"});
  }
}

}  // namespace

TEST_CASE("loose, packed by offset, packed by name, SHA-256: the same objects as git's") {
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
    }
  }
}

TEST_CASE("an index of the first version") {
  for (const char* format : {"sha1", "sha256"}) {
    for (const char* base : {"true", "false"}) {
      TempDir dir;
      make_history(dir, format);
      run_git(dir.path(), {"config", "pack.indexVersion", "1"});
      run_git(dir.path(), {"config", "repack.useDeltaBaseOffset", base});
      run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f"});
      CHECK(contents(only_pack(dir, ".idx")).substr(0, 4) != "\377tOc");
      ObjectReader objects = reader(dir.path());
      CHECK(compare_all(dir.path(), objects) > 50);
    }
  }
}

TEST_CASE("packs of a multi-pack-index, with and without an index of their own") {
  for (const char* format : {"sha1", "sha256"}) {
    TempDir dir;
    make_history(dir, format);
    make_packs(dir);
    const ByGit git(dir.path());
    const std::size_t count = split(git.ids, '\n').size();
    run_git(dir.path(), {"multi-pack-index", "write"});
    const std::string folder = dir.path() + "/.git/objects/pack/";
    ObjectReader whole = reader(dir.path());
    CHECK(compare_all(git, whole) == count);
    // One index less, then none: what git read before is still found.
    for (const bool all : {false, true}) {
      for (const std::string& name : names_of(folder, ".idx")) {
        fs::remove(folder + name);
        if (!all) break;
      }
      ObjectReader objects = reader(dir.path());
      CHECK(compare_all(git, objects) == count);
    }
    CHECK(names_of(folder, ".idx").empty());
    const auto id = *Oid::from_hex(split(run_git(dir.path(), {"rev-parse", "HEAD"}), '\n')[0]);
    fs::remove(folder + "multi-pack-index");
    CHECK_FALSE(reader(dir.path()).read(id));  // what stands in no index is not there
  }
}

TEST_CASE("everything there is, in packs without an index too; packs that nothing lists are told of") {
  TempDir dir;
  make_history(dir, "sha1");
  make_packs(dir);
  run_git(dir.path(), {"multi-pack-index", "write"});
  const std::string folder = dir.path() + "/.git/objects/pack/";
  const auto repository = find_repository(dir.path(), test_environment());
  REQUIRE(repository);
  REQUIRE(*repository);
  const auto listing = [&] {
    ObjectReader objects(**repository);
    return list_objects(**repository, objects, {});
  };
  const ObjectListing whole = listing();
  CHECK(whole.commits.size() == 14);
  for (const std::string& name : names_of(folder, ".idx")) fs::remove(folder + name);
  const ObjectListing listed = listing();
  CHECK(listed.blobs == whole.blobs);
  CHECK(listed.commits == whole.commits);
  CHECK(listed.tags == whole.tags);
  CHECK(listed.coverage.skipped.empty());
  fs::remove(folder + "multi-pack-index");
  const ObjectListing none = listing();
  CHECK(none.blobs.empty());
  CHECK_FALSE(none.coverage.skipped.empty());
}

TEST_CASE("a multi-pack-index says of every object where git finds it") {
  TempDir dir;
  make_history(dir, "sha1");
  make_packs(dir);
  const std::size_t count = split(all_ids(dir.path()), '\n').size();
  run_git(dir.path(), {"multi-pack-index", "write"});
  const std::string folder = dir.path() + "/.git/objects/pack/";
  const auto midx = MultiPackIndex::open(folder + "multi-pack-index", ObjectFormat::sha1);
  REQUIRE(midx);
  CHECK(midx->size() == count);
  CHECK(midx->packs().size() == 3);
  std::vector<Pack> packs;
  for (const std::string_view name : midx->packs())
    packs.push_back(*Pack::open(folder + std::string(name), ObjectFormat::sha1));
  for (std::uint32_t i = 0; i < midx->size(); ++i) {
    const auto place = midx->find(midx->id_at(i));
    REQUIRE(place);
    CHECK(packs[place->pack].find(midx->id_at(i)) == place->offset);
  }
  CHECK_FALSE(midx->find(Oid{}));
  CHECK_FALSE(MultiPackIndex::open(folder + "multi-pack-index", ObjectFormat::sha256));
}

namespace {

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

// A multi-pack-index (gitformat-pack(5)) of the packs with these names; object i has an id of bytes i and lies in the
// first pack at offsets[i]. `large`: the table of large offsets.
std::string make_midx(const std::vector<std::string>& names, const std::vector<std::uint32_t>& offsets,
                      const std::vector<std::uint64_t>& large) {
  std::string pnam, oidf, oidl, ooff, loff;
  for (const std::string& name : names) pnam += name + '\0';
  for (std::size_t first = 0; first < 256; ++first) oidf += big_endian(std::min(first + 1, offsets.size()), 4);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    oidl += std::string(20, static_cast<char>(i));
    ooff += big_endian(0, 4) + big_endian(offsets[i], 4);
  }
  for (const std::uint64_t offset : large) loff += big_endian(offset, 8);
  const std::pair<std::string, std::string> chunks[] = {
      {"PNAM", pnam}, {"OIDF", oidf}, {"OIDL", oidl}, {"OOFF", ooff}, {"LOFF", loff}};
  std::string out = std::string("MIDX\x01\x01\x05", 7) + '\0' + big_endian(names.size(), 4), body;
  for (const auto& [name, bytes] : chunks) {
    out += name + big_endian(12 + 6 * 12 + body.size(), 8);
    body += bytes;
  }
  return out + std::string(4, '\0') + big_endian(12 + 6 * 12 + body.size(), 8) + body + std::string(20, '\0');
}

}  // namespace

TEST_CASE("offsets beyond two gigabytes stand in a multi-pack-index's second table, where it has one") {
  const std::vector<std::uint32_t> offsets = {12, 0x7fffffff, 0x80000001, 0x80000002};
  const std::string text = make_midx({"pack-a.idx"}, offsets, {1, 0x123456789a});
  const auto midx = MultiPackIndex::parse(text, ObjectFormat::sha1);
  REQUIRE(midx);
  CHECK(midx->find(midx->id_at(0))->offset == 12);
  CHECK(midx->find(midx->id_at(1))->offset == 0x7fffffff);
  CHECK(midx->find(midx->id_at(2))->offset == 0x123456789a);
  CHECK_FALSE(midx->find(midx->id_at(3)));  // beyond the end of the table
  const std::string small = make_midx({"pack-a.idx"}, offsets, {});
  const auto plain = MultiPackIndex::parse(small, ObjectFormat::sha1);
  REQUIRE(plain);
  CHECK(plain->find(plain->id_at(2))->offset == 0x80000001);
}

TEST_CASE("a multi-pack-index names packs of its folder and nothing else") {
  CHECK(MultiPackIndex::parse(make_midx({"pack-a.idx", "pack-b.idx"}, {12}, {}), ObjectFormat::sha1));
  for (const char* name : {"pack-/../../elsewhere.idx", "../pack-a.idx", "/pack-a.idx", "other.idx", "pack-a.pack", ""})
    CHECK_FALSE(MultiPackIndex::parse(make_midx({"pack-b.idx", name}, {12}, {}), ObjectFormat::sha1));
}

TEST_CASE("offsets beyond two and four gigabytes, as a list says them") {
  TempDir dir;
  make_history(dir, "sha1");
  run_git(dir.path(), {"repack", "-q", "-a", "-d"});
  std::vector<PackedObject> objects(4);
  const std::uint64_t offsets[] = {12, 0x7fffffff, 0x80000000, 0x123456789a};
  for (std::uint8_t i = 0; i < 4; ++i)
    objects[i].oid.bytes[0] = static_cast<std::uint8_t>(i * 80), objects[i].offset = offsets[i];
  const auto pack = Pack::open_listed(only_pack(dir, ".pack"), objects, ObjectFormat::sha1);
  REQUIRE(pack);
  REQUIRE(pack->size() == 4);
  for (std::uint32_t i = 0; i < 4; ++i) {
    CHECK(pack->id_at(i) == objects[i].oid);
    CHECK(pack->offset_at(i) == offsets[i]);
    CHECK(pack->find(objects[i].oid).has_value() == (i == 0));  // the pack is not that long
  }
}

TEST_CASE("objects lent by another repository") {
  TempDir dir, other;
  make_history(dir, "sha1");
  run_git(dir.path(), {"repack", "-q", "-a", "-d"});
  run_git(other.path(), {"clone", "-q", "--shared", dir.path(), "clone"});
  ObjectReader objects = reader(other.path() + "/clone");
  CHECK(compare_all(other.path() + "/clone", objects) > 50);
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

TEST_CASE("an object that is lost with its pack: the file to blame is named, not a shallow clone") {
  TempDir dir;
  make_history(dir, "sha1");
  run_git(dir.path(), {"repack", "-q", "-a", "-d", "-f"});
  const std::string idx = only_pack(dir, ".idx"), pack = only_pack(dir, ".pack");
  const auto name = [](const std::string& path) { return fs::path(path).filename().string(); };
  const auto ids = split(all_ids(dir.path()), '\n');
  const auto repository = find_repository(dir.path(), test_environment());
  // What is said of the first object that cannot be had.
  const auto complaint = [&] {
    ObjectReader objects(**repository);
    for (const std::string& id : ids)
      if (const auto object = objects.read(*Oid::from_hex(id)); !object)
        return object.error().what + "\n" + object.error().hint;
    return std::string();
  };
  CHECK(complaint().empty());
  for (const std::string& damaged : {idx, pack}) {
    const std::string whole = contents(damaged);
    fs::permissions(damaged, fs::perms::owner_all);
    fs::resize_file(damaged, 80);
    CHECK(complaint().find(name(damaged)) != std::string::npos);
    CHECK(complaint().find("shallow") == std::string::npos);
    std::ofstream(damaged, std::ios::binary) << whole;
  }
  fs::remove(pack);
  CHECK(complaint().find(name(idx)) != std::string::npos);
  fs::remove(idx);
  CHECK(complaint().find("shallow") != std::string::npos);
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
