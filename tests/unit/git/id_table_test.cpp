#include "libscan/git/id_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace launchgate::git;

namespace {

// A table as a pack index has it.
struct Table {
  std::vector<Oid> ids;
  std::vector<unsigned char> fanout, bytes;

  explicit Table(std::vector<Oid> all) : ids(std::move(all)) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::size_t next = 0;
    for (unsigned first = 0; first < 256; ++first) {
      while (next < ids.size() && ids[next].bytes[0] <= first) ++next;
      for (const int shift : {24, 16, 8, 0}) fanout.push_back(static_cast<unsigned char>(next >> shift));
    }
    for (const Oid& id : ids) bytes.insert(bytes.end(), id.bytes.begin(), id.bytes.begin() + 20);
  }
  std::optional<std::uint32_t> find(const Oid& id) const {
    return find_id({fanout.data(), bytes.data(), 20, static_cast<std::uint32_t>(ids.size())}, id, ObjectFormat::sha1);
  }
};

// The first `alike` bytes are the same in all, the rest is chance.
std::vector<Oid> ids_with(std::size_t count, std::size_t alike, std::mt19937& random) {
  std::vector<Oid> ids(count);
  for (Oid& id : ids)
    for (std::size_t i = 0; i < 20; ++i) id.bytes[i] = i < alike ? 0x7f : static_cast<std::uint8_t>(random());
  return ids;
}

}  // namespace

TEST_CASE("every id of a table is found at its place, and no other id: spread evenly, crowded, or one") {
  std::mt19937 random(3);
  for (const std::size_t count : {0, 1, 2, 3, 17, 300, 20000}) {
    for (const std::size_t alike : {0, 1, 3, 5, 12}) {
      const Table table(ids_with(count, alike, random));
      CAPTURE(count);
      CAPTURE(alike);
      for (std::uint32_t i = 0; i < table.ids.size(); ++i) CHECK(table.find(table.ids[i]) == i);
      for (Oid absent : ids_with(200, alike, random)) CHECK_FALSE(table.find(absent).has_value());
      for (const std::uint8_t byte : {0x00, 0x7f, 0xff}) {
        Oid absent;
        absent.bytes.fill(byte);
        CHECK_FALSE(table.find(absent).has_value());
      }
    }
  }
}

TEST_CASE("half of the ids crowded at one end: still found") {
  std::mt19937 random(4);
  std::vector<Oid> ids = ids_with(3000, 6, random);
  for (Oid& id : ids_with(3000, 1, random)) ids.push_back(id);
  const Table table(ids);
  for (std::uint32_t i = 0; i < table.ids.size(); ++i) CHECK(table.find(table.ids[i]) == i);
}

TEST_CASE("a fanout that promises more than there is, or counts backwards, finds nothing") {
  std::mt19937 random(5);
  Table table(ids_with(100, 0, random));
  const Oid some = table.ids[50];
  for (const std::size_t at : {std::size_t{some.bytes[0]} * 4, std::size_t{some.bytes[0] - 1U} * 4}) {
    Table bad = table;
    bad.fanout[at] = 0x40;
    CHECK_FALSE(bad.find(some).has_value());
  }
}
