#include "libscan/secrets/sieve.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "libscan/secrets/front_form.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

std::vector<Anchor> anchors_of(const std::vector<std::string>& patterns) {
  std::vector<FrontPattern> all;
  for (const std::string& p : patterns) all.push_back({p, 0, false});
  auto anchors = choose_anchors(all);
  REQUIRE(anchors.has_value());
  return std::move(*anchors);
}

// Of the kinds a catalogue has: prefixes, names near a value, suffixes, addresses, alternatives, endless repeats.
std::vector<FrontPattern> many_patterns() {
  std::vector<FrontPattern> all;
  for (const std::string_view regex :
       {"ghp_[A-Za-z0-9]{36}", "sk-(?:proj-|admin-)?[A-Za-z0-9_-]{20,80}", "AKIA[A-Z2-7]{16}",
        "[0-9a-f]{32}-us[0-9]{1,2}",
        "(?i)(?:acme|initech|globex)[\\w.-]{0,20}(?:token|secret|key)[\\w.-]{0,6}[^\\w\\n]{1,10}([0-9a-f]{16})",
        "(?i)(?:pass(?:word)?|pwd)[\\w.-]{0,30}\\s{0,4}[:=]\\s{0,4}[\"'][^\"']{4,60}[\"']",
        "(?i)https?://[^\\s:@/]{0,30}:[^\\s:@/]{3,40}@[a-z]", "-----BEGIN (?:RSA |EC )?PRIVATE KEY-----",
        "eyJ[\\w-]{10,60}\\.eyJ[\\w-]{10,60}\\.[\\w-]{6,}", "(?:re_[A-Za-z0-9]{8}_[A-Za-z0-9]{4})|(?:xox[bp]-[0-9]{8})",
        "(?i)[_-]key[ =:\"]{1,4}[a-z0-9]{12}"}) {
    const auto form = front_form(regex);
    REQUIRE(form.has_value());
    for (const std::string& p : form->patterns) all.push_back({p, static_cast<std::uint32_t>(all.size()), false});
  }
  return all;
}

// Every way to find keys that this processor has.
std::vector<KeyFinder::Form> forms() {
  std::vector<KeyFinder::Form> all;
  for (const auto form : {KeyFinder::Form::byte_wise, KeyFinder::Form::avx2, KeyFinder::Form::avx512})
    if (KeyFinder::supported(form)) all.push_back(form);
  return all;
}

std::string literal_of(const Anchor& a) { return {a.value.begin(), a.value.begin() + a.size}; }

std::vector<ByteRange> sift(const Sieve& sieve, std::string_view text) {
  std::vector<ByteRange> parts;
  sieve.sift(text, parts);
  return parts;
}

// Text in which anchors, their beginnings and ends, in other cases, are frequent.
std::string random_text(std::mt19937& random, const std::vector<Anchor>& anchors) {
  std::string text;
  for (auto n = random() % 120; n > 0; --n) {
    std::string word = literal_of(anchors[random() % anchors.size()]);
    if (random() % 2 == 0) word.resize(random() % (word.size() + 1));
    for (char& c : word)
      if (random() % 3 == 0) c = static_cast<char>(c ^ 0x20);
    text += word;
    if (random() % 3 == 0)
      for (auto k = random() % 40; k > 0; --k) text += "ABCDEF0123"[random() % 10];
    for (auto k = random() % 8; k > 0; --k) text += "abcXYZ019_-=:@.\"' \n\xff"[random() % 19];
  }
  return text;
}

}  // namespace

TEST_CASE("an anchor covers what a match through it can have") {
  const Sieve sieve(anchors_of({"[a-z]{4,9}_token_[0-9]{6}[a-z]{0,20}"}), KeyFinder::Form::byte_wise, 0);
  const std::string text = std::string(100, '.') + "_token_123456" + std::string(100, 'x');
  const auto parts = sift(sieve, text);
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].begin == 100 - 9);
  CHECK(parts[0].end == 113 + 20);
  CHECK(sift(sieve, std::string(100, '.') + "_token_12345." + std::string(100, '.')).empty());
}

TEST_CASE("what stands behind an anchor is looked at before Hyperscan is: not a match, no part; else no more than it") {
  const auto anchors = anchors_of({"(?i)acme[\\w-]{0,30}[=:]{1,2}[0-9a-f]{6}"});
  REQUIRE(anchors.size() == 1);
  REQUIRE_FALSE(anchors[0].tail.empty());
  const std::string dots(100, '.');
  for (const KeyFinder::Form form : forms()) {
    for (const std::string& text : {dots + "Acme_Company of 012345:6" + dots, dots + "ACME_KEY:01234x" + dots}) {
      const Sieve patient(anchors, form, 2);
      CHECK(sift(patient, text).empty());
      CHECK(sift(patient, dots + "acme-api-key::0123456789abcdef0" + dots) == std::vector<ByteRange>{{100, 120}});
      CHECK(sift(patient, dots + "acme=01234").empty());
      CHECK(sift(patient, dots + "acme=012345") == std::vector<ByteRange>{{100, 111}});
    }
  }
}

TEST_CASE("what takes more states than the table has is asked of RE2, once it was asked for often enough") {
  const auto anchors = anchors_of({"acme[a-z]{0,12}[ab][a-z]{10}[0-9]{6}"});
  REQUIRE(anchors.size() == 1);
  REQUIRE_FALSE(anchors[0].tail.empty());
  const std::string letters = "abababbabaababbabaabba";
  for (const KeyFinder::Form form : forms()) {
    const Sieve patient(anchors, form, 2);
    for (int asked = 0; asked < 2; ++asked) CHECK(sift(patient, "acme" + letters + "01234.").size() == 1);
    CHECK(sift(patient, "acme" + letters + "01234.").empty());
    CHECK(sift(patient, "acme" + letters + "012345").size() == 1);
    CHECK(sift(patient, "acme...").empty());
  }
}

TEST_CASE("where what follows is one thing or another, it is no tail") {
  // Repeats: behind the first of them may be another one.
  for (const Anchor& a : anchors_of({"(?:acme[0-9]){1,9}[a-z]{9}"})) CHECK(a.tail.empty());
  const auto both = anchors_of({"acme[0-9]{3}[a-z]{9}", "acme[0-9]{4}_[a-z]{9}"});
  const Sieve sieve(both, KeyFinder::Form::byte_wise, 0);
  CHECK(sift(sieve, "acme123abcdefghi").size() == 1);
  CHECK(sift(sieve, "acme1234_abcdefghi").size() == 1);
  CHECK(sift(sieve, "acme12345_abcdefghi").empty());
}

TEST_CASE("parts that touch become one, and a match may reach back over earlier ones") {
  const Sieve sieve(anchors_of({"abc[0-9]", ".{20}xyz[0-9]"}), KeyFinder::Form::byte_wise, 0);
  const auto parts = sift(sieve, "abc1.abc2......xyz3......................abc4");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].begin == 0);
  CHECK(parts[0].end == 19);
  CHECK(parts[1].begin == 41);
}

TEST_CASE("of literals in either case both are anchors, of one case only that") {
  const Sieve folded(anchors_of({"(?i)acme_key"}), KeyFinder::Form::byte_wise, 0);
  CHECK(sift(folded, "..Acme_KEY..").size() == 1);
  const Sieve exact(anchors_of({"acme_key"}), KeyFinder::Form::byte_wise, 0);
  CHECK(sift(exact, "..acme_key..").size() == 1);
  CHECK(sift(exact, "..Acme_KEY..").empty());
}

TEST_CASE("without an anchor in every pattern, or without any, everything is let by") {
  std::vector<FrontPattern> patterns = {{"abcd", 0, false}, {"[0-9]{8}", 1, false}};
  CHECK_FALSE(choose_anchors(patterns).has_value());
  const auto parts = sift(Sieve(), "some text");
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].end == 9);
}

TEST_CASE("a byte of a set is found wherever it stands, and no other") {
  std::mt19937 random(7);
  for (unsigned byte = 0; byte < 256; ++byte) {
    regex::ByteSet set;
    set.set(byte);
    set.set(random() % 256);
    const ByteFinder finder(set);
    std::string text;
    while (text.size() < 200)
      if (const unsigned other = random() % 256; !set[other]) text.push_back(static_cast<char>(other));
    CHECK(!finder.any_in(text));
    for (const std::size_t size : {0, 1, 63, 64, 65, 128, 199}) {
      const std::string_view part = std::string_view(text).substr(0, size);
      CHECK(!finder.any_in(part));
      CHECK(!finder.any_in_byte_wise(part));
      std::string with(part);
      with.insert(random() % (size + 1), 1, static_cast<char>(byte));
      CHECK(finder.any_in(with));
      CHECK(finder.any_in_byte_wise(with));
    }
  }
}

TEST_CASE("by vectors the sieve finds what it finds byte by byte") {
  const auto anchors = choose_anchors(many_patterns());
  REQUIRE(anchors.has_value());
  const Sieve slow(*anchors, KeyFinder::Form::byte_wise, 0);
  for (const KeyFinder::Form form : forms()) {
    const Sieve fast(*anchors, form, 0);
    std::mt19937 random(20261124);
    for (int round = 0; round < 400; ++round) {
      std::string text = random_text(random, *anchors);
      text.shrink_to_fit();  // so that ASan sees every byte read too many
      CHECK(sift(fast, text) == sift(slow, text));
    }
  }
}

TEST_CASE("a key is found at every place of a block, at its ends and at those of the text") {
  const auto anchors = anchors_of({"acme_key[0-9]", "q9z[0-9a-f]"});
  const KeyTables tables = KeyTables::of(anchors);
  for (const KeyFinder::Form form : forms()) {
    const KeyFinder finder(tables, form);
    for (const std::size_t size : {3, 4, 31, 32, 33, 34, 35, 64, 70, 71, 72, 73, 200}) {
      for (const std::string& word : {std::string("acme_key"), std::string("q9z")}) {
        for (std::size_t at = 0; at + word.size() <= size; ++at) {
          auto text = std::make_unique<char[]>(size);  // so that ASan sees every byte read too many
          std::fill_n(text.get(), size, '.');
          std::copy(word.begin(), word.end(), text.get() + at);
          KeyFinder::Places places;
          const std::size_t found = finder.find({text.get(), size}, size - 2, places);
          const std::size_t gram = word == "q9z" ? 0 : anchors[word == literal_of(anchors[0]) ? 0 : 1].gram;
          CHECK(std::find(places.begin(), places.begin() + found, at + gram) != places.begin() + found);
        }
      }
    }
  }
}

TEST_CASE("the sieve loses no candidate") {
  const std::vector<FrontPattern> patterns = many_patterns();
  const auto anchors = choose_anchors(patterns);
  REQUIRE(anchors.has_value());
  const Sieve sieve(*anchors, KeyFinder::Form::byte_wise, 0);
  FrontRefusal refusal{};
  const auto front = FrontDatabase::compile(patterns, refusal);
  REQUIRE(front.has_value());
  FrontDatabase::Scratch scratch;
  std::mt19937 random(4711);
  std::size_t seen = 0;
  for (int round = 0; round < 600; ++round) {
    const std::string text = random_text(random, *anchors);
    std::vector<std::uint64_t> all, found, one;
    front->scan(text, scratch, all);
    for (const ByteRange& part : sift(sieve, text)) {
      one.clear();
      front->scan(std::string_view(text).substr(part.begin, part.end - part.begin), scratch, one);
      for (const std::uint64_t hit : one) found.push_back(hit + (static_cast<std::uint64_t>(part.begin) << 32));
    }
    std::sort(all.begin(), all.end());
    std::sort(found.begin(), found.end());
    CHECK(all == found);
    seen += all.size();
  }
  CHECK(seen > 500);
}

TEST_CASE("a sieve made of another one's bytes finds the same; damaged bytes are refused, or harmless") {
  const auto anchors = choose_anchors(many_patterns());
  REQUIRE(anchors.has_value());
  const Sieve made(*anchors), same(*anchors);  // two, because they count how often they are asked
  const std::string bytes(made.bytes());
  const auto copy = Sieve::copy_of(bytes);
  REQUIRE(copy.has_value());
  const Sieve lasting = Sieve::over_lasting(made.bytes());
  std::mt19937 random(81);
  for (int round = 0; round < 100; ++round) {
    const std::string text = random_text(random, *anchors);
    CHECK(sift(*copy, text) == sift(made, text));
    CHECK(sift(lasting, text) == sift(same, text));
  }
  CHECK_FALSE(Sieve::copy_of(std::string_view(bytes).substr(0, bytes.size() - 8)).has_value());
  CHECK_FALSE(Sieve::copy_of(std::string_view(bytes).substr(8)).has_value());
  CHECK(Sieve::copy_of("").has_value());
  // Behind the tables of keys every number names something else: heads, sets, tails. ASan sees what goes astray.
  std::size_t refused = 0;
  const std::size_t numbers = sizeof(KeyTables) + sizeof(std::uint64_t);
  for (int round = 0; round < 400; ++round) {
    std::string damaged = bytes;
    for (int k = 0; k < 4; ++k) damaged[numbers + random() % (damaged.size() - numbers)] = static_cast<char>(random());
    const auto sieve = Sieve::copy_of(damaged);
    if (sieve) sift(*sieve, random_text(random, *anchors));
    refused += sieve ? 0 : 1;
  }
  CHECK(refused > 0);
}
