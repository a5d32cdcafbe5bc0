#include "libscan/secrets/key_choice.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

#include "libscan/secrets/key_pairs.hpp"

using namespace launchgate::secrets;

namespace {

Anchor anchor_of(std::string_view literal, std::uint8_t gram = 0) {
  Anchor a;
  a.size = static_cast<std::uint8_t>(literal.size());
  a.gram = gram;
  for (std::size_t i = 0; i < literal.size(); ++i) a.value[i] = static_cast<std::uint8_t>(literal[i]), a.mask[i] = 0xff;
  return a;
}

std::string key_in(const Anchor& a) { return {a.value.begin() + a.gram, a.value.begin() + a.gram + 4}; }

}  // namespace

TEST_CASE("an anchor is looked up by what text seldom holds") {
  std::vector<Anchor> anchors = {anchor_of("ationxqzk")};
  choose_keys(anchors);
  CHECK(anchors[0].gram >= 4);
}

TEST_CASE("a key that others have marked costs nothing, and is taken") {
  std::vector<Anchor> anchors = {anchor_of("xq_token"), anchor_of("_token"), anchor_of("wj_token", 1)};
  choose_keys(anchors);
  std::set<std::string> keys;
  for (const Anchor& a : anchors) keys.insert(key_in(a));
  CHECK(keys.size() == 1);
}

TEST_CASE("what is settled stays, and what has one key only") {
  std::vector<Anchor> anchors = {anchor_of("ationxqzk"), anchor_of("key"), anchor_of("keys"), anchor_of("ationxqzk")};
  choose_keys(anchors, 1);
  CHECK(anchors[0].gram == 0);
  CHECK(anchors[1].gram == 0);
  CHECK(anchors[2].gram == 0);
  CHECK(anchors[3].gram >= 4);
}

TEST_CASE("a key of three bytes is marked with what may follow it") {
  const auto fourth = [](const Anchor& a) { return std::uint32_t{pair_marks(a, 0)[0].bits >> 8 & 0xff}; };
  Anchor a = anchor_of("key");
  CHECK(fourth(a) == 0xff);
  a.follow_count = 1;
  a.follow.set('=');
  CHECK(fourth(a) == class_bit('='));
  const std::uint32_t of_first = pair_marks(a, 0)[1].bits >> 24;
  CHECK(of_first == class_bit('='));
  CHECK(fourth(anchor_of("keys")) == class_bit('S'));
}
