#include "libscan/core/line_hash.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace launchgate;

namespace {

std::vector<std::string> hashes(std::string_view text, std::uint32_t lines) {
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t i = 1; i <= lines; ++i) wanted.push_back(i);
  return github_line_hashes(text, wanted);
}

using Lines = std::vector<std::string>;

// The definition, read literally: lay out all kept units, then hash each line's 100 by themselves.
Lines slow_hashes(const std::u16string& units) {
  std::vector<std::uint64_t> kept;
  std::vector<std::size_t> starts;
  bool start = true;
  char16_t before = 0;
  for (const char16_t u : units) {
    const bool dropped = u == u' ' || u == u'\t' || (u == u'\n' && before == u'\r');
    before = u;
    if (dropped) {
      before = 0;
      continue;
    }
    if (start) starts.push_back(kept.size());
    start = u == u'\n' || u == u'\r';
    kept.push_back(u == u'\r' ? u'\n' : u);
  }
  if (start) starts.push_back(kept.size());
  kept.push_back(65535);
  kept.resize(kept.size() + 100, 0);
  Lines out;
  std::map<std::uint64_t, int> seen;
  for (const std::size_t s : starts) {
    std::uint64_t h = 0;
    for (std::size_t i = 0; i < 100; ++i) h = h * 37 + kept[s + i];
    char text[40];
    std::snprintf(text, sizeof text, "%llx:%d", static_cast<unsigned long long>(h), ++seen[h]);
    out.push_back(text);
  }
  return out;
}

}  // namespace

TEST_CASE("known values") {
  CHECK(hashes("", 1) == Lines{"c129715d7a2bc9a3:1"});
  // Split, so that no scanner takes the documentation's example for a key.
  CHECK(hashes("key=AKIA"
               "IOSFODNN7EXAMPLE\n",
               2) == Lines{"f80f1b99aa44b74:1", "c129715d7a2bc9a3:1"});
  CHECK(hashes("\u00e9\U0001f600=1\r\nB\r\n", 3) ==
        Lines{"705ceda9fb20eca5:1", "789dab009e6515cf:1", "c129715d7a2bc9a3:1"});
  CHECK(hashes(std::string(150, 'a') + "\nx", 2) == Lines{"871f6af4d0d4dd7c:1", "638816509450efbf:1"});
}

TEST_CASE("blanks and the kind of line end do not matter, a byte order mark does") {
  CHECK(hashes("a = 1\nb\n", 3) == hashes("\ta=1\r\n b\r", 3));
  CHECK(hashes("\xef\xbb\xbf"
               "a\n",
               1) != hashes("a\n", 1));
}

TEST_CASE("equal hashes are counted") {
  // Four lines whose next hundred units are the same, then the end comes into view.
  std::string text;
  for (int i = 0; i < 60; ++i) text += "x\n";
  const Lines h = hashes(text, 4);
  CHECK(h[0].ends_with(":1"));
  CHECK(h[3].substr(0, h[3].size() - 1) == h[0].substr(0, h[0].size() - 1));
  CHECK(h[3].ends_with(":4"));
}

TEST_CASE("a line that is not there has none, a repeated question the same answer") {
  const Lines h = github_line_hashes("a\nb", {1, 1, 2, 3, 900});
  CHECK(h[0] == h[1]);
  CHECK_FALSE(h[2].empty());
  CHECK(h[3].empty());
  CHECK(h[4].empty());
  CHECK(github_line_hashes("a", {}).empty());
}

TEST_CASE("malformed bytes count as Node decodes them") {
  CHECK(hashes("\xe2\x82"
               "a",
               1) == hashes("\uFFFD"
                            "a",
                            1));                                        // a cut sequence is one
  CHECK(hashes("\xed\xa0\x80", 1) == hashes("\uFFFD\uFFFD\uFFFD", 1));  // a surrogate is three
  CHECK(hashes("\xf0\x9f\x98", 1) == hashes("\uFFFD", 1));
  CHECK(hashes("\xff\xc0\x80", 1) == hashes("\uFFFD\uFFFD\uFFFD", 1));
}

TEST_CASE("rolling equals hashing each line by itself") {
  std::uint32_t state = 1;
  const auto random = [&](std::uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % below;
  };
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    std::u16string units;
    const std::uint32_t size = random(400);
    for (std::uint32_t i = 0; i < size; ++i) {
      const char c = "ab \t\n\n\r"[random(7)];
      bytes += c;
      units += static_cast<char16_t>(c);
    }
    const Lines slow = slow_hashes(units);
    CHECK(hashes(bytes, static_cast<std::uint32_t>(slow.size())) == slow);
  }
}
