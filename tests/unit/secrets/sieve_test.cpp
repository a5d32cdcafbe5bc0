#include "libscan/secrets/sieve.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

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
  for (const std::string& p : patterns) all.push_back({p, static_cast<std::uint32_t>(all.size()), false});
  auto anchors = choose_anchors(all);
  REQUIRE(anchors.has_value());
  return std::move(*anchors);
}

// Of the kinds a catalogue has: prefixes, names near a value, suffixes, addresses, alternatives, endless repeats.
std::vector<std::string> many_regexes() {
  return {"ghp_[A-Za-z0-9]{36}",
          "sk-(?:proj-|admin-)?[A-Za-z0-9_-]{20,80}",
          "AKIA[A-Z2-7]{16}",
          "[0-9a-f]{32}-us[0-9]{1,2}",
          "(?i)(?:acme|initech|globex)[\\w.-]{0,20}(?:token|secret|key)[\\w.-]{0,6}[^\\w\\n]{1,10}([0-9a-f]{16})",
          "(?i)(?:pass(?:word)?|pwd)[\\w.-]{0,30}\\s{0,4}[:=]\\s{0,4}[\"'][^\"']{4,60}[\"']",
          "(?i)https?://[^\\s:@/]{0,30}:[^\\s:@/]{3,40}@[a-z]",
          "-----BEGIN (?:RSA |EC )?PRIVATE KEY-----",
          "eyJ[\\w-]{10,60}\\.eyJ[\\w-]{10,60}\\.[\\w-]{6,}",
          "(?:re_[A-Za-z0-9]{8}_[A-Za-z0-9]{4})|(?:xox[bp]-[0-9]{8})",
          "(?i)[_-]key[ =:\"]{1,4}[a-z0-9]{12}",
          "[A-Za-z_]{0,9}(?:x|yy)?[0-9]{0,3}_token_[0-9]{6}",
          "[A-F0-9]{3,8}(?:re_|xox)[A-F0-9]{4,}"};
}

std::vector<FrontPattern> patterns_of(const std::vector<std::string>& regexes) {
  std::vector<FrontPattern> all;
  for (std::uint32_t id = 0; id < regexes.size(); ++id) {
    const auto form = front_form(regexes[id]);
    REQUIRE(form.has_value());
    for (const std::string& p : form->patterns) all.push_back({p, id, false, form->lead});
  }
  return all;
}
std::vector<FrontPattern> many_patterns() { return patterns_of(many_regexes()); }

// Every way to find keys that this processor has.
std::vector<KeyFinder::Form> forms() {
  std::vector<KeyFinder::Form> all;
  for (const auto form : {KeyFinder::Form::byte_wise, KeyFinder::Form::avx2, KeyFinder::Form::avx512})
    if (KeyFinder::supported(form)) all.push_back(form);
  return all;
}

std::string literal_of(const Anchor& a) { return {a.value.begin(), a.value.begin() + a.size}; }

using Hits = std::vector<std::pair<std::uint32_t, std::size_t>>;  // id and end

Hits hits(const Sieve& sieve, std::string_view text) {
  std::vector<AnchorHit> found;
  sieve.find(text, found);
  Hits out;
  for (const AnchorHit& hit : found) out.emplace_back(hit.id, hit.end);
  return out;
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

TEST_CASE(
    "an anchor is hit where it stands and what follows it may be a match; it knows its patterns and how far back") {
  const auto anchors = anchors_of({"[a-z]{4,9}_token_[0-9]{6}[a-z]{0,20}"});
  REQUIRE(anchors.size() == 1);
  REQUIRE(anchors[0].uses.size() == 1);
  CHECK(anchors[0].uses[0].lead == 9 + 7);
  const Sieve sieve(anchors, KeyFinder::Form::byte_wise);
  CHECK(sieve.works());
  const std::string dots(100, '.');
  CHECK(hits(sieve, dots + "_token_123456" + dots) == Hits{{0, 107}});
  CHECK(hits(sieve, dots + "_token_12345." + dots).empty());
  CHECK(sieve.any_in("a_token_123456"));
  CHECK_FALSE(sieve.any_in("a_token_12345"));
}

TEST_CASE("what stands behind an anchor is looked at, as far as a match may go") {
  const auto anchors = anchors_of({"(?i)acme[\\w-]{0,30}[=:]{1,2}[0-9a-f]{6}"});
  REQUIRE(anchors.size() == 1);
  REQUIRE_FALSE(anchors[0].tail.empty());
  const std::string dots(100, '.');
  for (const KeyFinder::Form form : forms()) {
    const Sieve sieve(anchors, form);
    CHECK(hits(sieve, dots + "Acme_Company of 012345:6" + dots).empty());
    CHECK(hits(sieve, dots + "ACME_KEY:01234x" + dots).empty());
    CHECK(hits(sieve, dots + "acme-api-key::0123456789abcdef0" + dots) == Hits{{0, 104}});
    CHECK(hits(sieve, dots + "acme=01234").empty());
    CHECK(hits(sieve, dots + "acme=012345") == Hits{{0, 104}});
  }
}

TEST_CASE("what takes more states than the table has is let by") {
  const auto anchors = anchors_of({"acme[a-z]{0,12}[ab][a-z]{10}[0-9]{6}"});
  REQUIRE(anchors.size() == 1);
  REQUIRE_FALSE(anchors[0].tail.empty());
  const std::string letters = "abababbabaababbabaabba";
  for (const KeyFinder::Form form : forms()) {
    const Sieve sieve(anchors, form);
    CHECK(hits(sieve, "acme" + letters + "01234.").size() == 1);
    CHECK(hits(sieve, "acme" + letters + "012345").size() == 1);
    CHECK(hits(sieve, "acme...").empty());
  }
}

TEST_CASE("where what follows is one thing or another, each pattern is hit by its own") {
  // Repeats: behind the first of them may be another one.
  for (const Anchor& a : anchors_of({"(?:acme[0-9]){1,9}[a-z]{9}"})) CHECK(a.tail.empty());
  const auto both = anchors_of({"acme[0-9]{3}[a-z]{9}", "acme[0-9]{3}_[a-z]{9}"});
  REQUIRE(both.size() == 1);
  CHECK(both[0].uses.size() == 2);
  const Sieve sieve(both, KeyFinder::Form::byte_wise);
  CHECK(hits(sieve, "acme123abcdefghi") == Hits{{0, 4}});
  CHECK(hits(sieve, "acme123_abcdefghi") == Hits{{1, 4}});
  CHECK(hits(sieve, "acme1234_abcdefghi").empty());
}

TEST_CASE("what follows in one pattern and ends what follows in another is asked for by itself as well") {
  const char* const tails[] = {"[0-9a-f]{8}-[0-9a-f]{12}", "[0-9a-f]{12}", "(?:[0-9a-f]{12}|[xyz]{12})"};
  const std::string texts[] = {"acme01234567-0123456789ab", "acme0123456789ab", "acmexyzxyzxyzxyz"};
  for (const char* const first : tails)
    for (const char* const second : tails) {
      std::vector<FrontPattern> one_rule;
      for (const char* const tail : {first, second}) one_rule.push_back({std::string("acme") + tail, 0, false});
      const auto anchors = choose_anchors(one_rule);
      REQUIRE(anchors.has_value());
      const Sieve sieve(*anchors, KeyFinder::Form::byte_wise);
      const RE2 either(one_rule[0].text + "|" + one_rule[1].text);
      for (const std::string& text : texts) {
        CAPTURE(either.pattern());
        CAPTURE(text);
        CHECK(sieve.any_in(text) == RE2::PartialMatch(text, either));
      }
    }
}

TEST_CASE("a sieve joined to another one looks for both, under the new numbers") {
  const Sieve base(anchors_of({"abcd[0-9]{9}", "efgh[0-9]{9}", "ijkl[0-9]{9}"}), KeyFinder::Form::byte_wise);
  auto more = anchors_of({"mnop[0-9]{9}"});
  more[0].uses[0].id = 7;
  const std::vector<std::uint32_t> new_ids = {5, Sieve::kNoId, 6};
  const Sieve both = Sieve::joined(base, new_ids, more);
  const std::string text = "abcd123456789 efgh123456789 ijkl123456789 mnop123456789";
  if (both.works()) CHECK(hits(both, text) == Hits{{5, 4}, {6, 32}, {7, 46}});
}

TEST_CASE("of literals in either case both are anchors, of one case only that") {
  const Sieve folded(anchors_of({"(?i)acme_key"}), KeyFinder::Form::byte_wise);
  CHECK(hits(folded, "..Acme_KEY..").size() == 1);
  const Sieve exact(anchors_of({"acme_key"}), KeyFinder::Form::byte_wise);
  CHECK(hits(exact, "..acme_key..").size() == 1);
  CHECK(hits(exact, "..Acme_KEY..").empty());
}

TEST_CASE("without an anchor in every pattern, or without any, there is no sieve") {
  std::vector<FrontPattern> patterns = {{"abcd", 0, false}, {"[0-9]{8}", 1, false}};
  CHECK_FALSE(choose_anchors(patterns).has_value());
  CHECK_FALSE(Sieve().works());
  CHECK(Sieve().any_in("some text"));
}

TEST_CASE("of more anchors than its tables can count there is no sieve either, and it says so") {
  const auto one = anchors_of({"acme_key[0-9]{9}"});
  CHECK(Sieve(std::vector<Anchor>(60'000, one[0]), KeyFinder::Form::byte_wise).works());
  CHECK_FALSE(Sieve(std::vector<Anchor>(70'000, one[0]), KeyFinder::Form::byte_wise).works());
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
  const Sieve slow(*anchors, KeyFinder::Form::byte_wise);
  for (const KeyFinder::Form form : forms()) {
    const Sieve fast(*anchors, form);
    std::mt19937 random(20261124);
    for (int round = 0; round < 400; ++round) {
      std::string text = random_text(random, *anchors);
      text.shrink_to_fit();  // so that ASan sees every byte read too many
      CHECK(hits(fast, text) == hits(slow, text));
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

TEST_CASE("the sieve loses no match: one of its anchors ends within the lead of where the match begins") {
  const auto regexes = many_regexes();
  const std::vector<FrontPattern> patterns = patterns_of(regexes);
  const auto anchors = choose_anchors(patterns);
  REQUIRE(anchors.has_value());
  const Sieve sieve(*anchors, KeyFinder::Form::byte_wise);
  std::vector<std::size_t> leads(regexes.size());
  for (const Anchor& a : *anchors)
    for (const Anchor::Use& use : a.uses) leads[use.id] = std::max<std::size_t>(leads[use.id], use.lead);
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  std::vector<std::unique_ptr<re2::RE2>> compiled;
  for (const std::string& regex : regexes) compiled.push_back(std::make_unique<re2::RE2>(regex, options));
  std::mt19937 random(4711);
  std::size_t seen = 0;
  for (int round = 0; round < 600; ++round) {
    const std::string text = random_text(random, *anchors);
    const Hits found = hits(sieve, text);
    for (std::uint32_t id = 0; id < regexes.size(); ++id) {
      re2::StringPiece match;
      for (std::size_t at = 0; at <= text.size(); ++at) {
        if (!compiled[id]->Match(text, at, text.size(), re2::RE2::ANCHOR_START, &match, 1)) continue;
        ++seen;
        CHECK(std::any_of(found.begin(), found.end(), [&](const auto& hit) {
          return hit.first == id && hit.second > at && hit.second <= at + leads[id];
        }));
      }
    }
  }
  CHECK(seen > 200);
}

TEST_CASE("a sieve made of another one's bytes finds the same; damaged bytes are refused, or harmless") {
  const auto anchors = choose_anchors(many_patterns());
  REQUIRE(anchors.has_value());
  const Sieve made(*anchors);
  const std::string bytes(made.bytes());
  const auto copy = Sieve::copy_of(bytes);
  REQUIRE(copy.has_value());
  const Sieve lasting = Sieve::over_lasting(made.bytes());
  std::mt19937 random(81);
  for (int round = 0; round < 100; ++round) {
    const std::string text = random_text(random, *anchors);
    CHECK(hits(*copy, text) == hits(made, text));
    CHECK(hits(lasting, text) == hits(made, text));
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
    if (sieve) hits(*sieve, random_text(random, *anchors));
    refused += sieve ? 0 : 1;
  }
  CHECK(refused > 0);
}
