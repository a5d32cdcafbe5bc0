// What the readers find under a heading, and that they look no farther than they say.
#include "libscan/secrets/readers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/matchers.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

// Letters and digits as they come, long enough for a token.
const std::string kA = "a1b2c3d4e5f6a7b8c9d0", kB = "0f9e8d7c6b5a4f3e2d1c";

struct Held {
  std::vector<std::string> values;
  std::vector<std::string> wholes;
  std::size_t read_to = 0;
};

// The values under the first `named` of the text, whose heading ends behind `heading_end`.
Held read(std::string_view reader, const std::string& text, const std::string& named, const std::string& heading_end) {
  const Reader* const r = find_reader(reader);
  REQUIRE(r != nullptr);
  const std::size_t begin = text.find(named);
  const std::size_t end = text.find(heading_end, begin);
  REQUIRE(end != std::string::npos);
  std::vector<HeldValue> found;
  Held out;
  out.read_to = r->read(text, {begin, end + heading_end.size()}, {begin, begin + named.size()}, found);
  for (const HeldValue& v : found) {
    out.values.push_back(text.substr(v.secret.begin, v.secret.end - v.secret.begin));
    out.wholes.push_back(text.substr(v.whole.begin, v.whole.end - v.whole.begin));
    CHECK(v.whole.begin <= v.secret.begin);
    CHECK(v.whole.end >= v.secret.end);
  }
  return out;
}

std::vector<std::string> block(const std::string& text, const std::string& named, const std::string& end) {
  return read("block", text, named, end).values;
}

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("the table of readers is sorted and explained") {
  const auto all = readers();
  CHECK(std::is_sorted(all.begin(), all.end(), [](auto& a, auto& b) { return a.name < b.name; }));
  for (const Reader& r : all) {
    CHECK_FALSE(r.what.empty());
    CHECK(find_reader(r.name) == &r);
  }
  CHECK(find_reader("none-such") == nullptr);
}

TEST_CASE("a block in brackets: names, comments, nested ones, and where it ends") {
  const std::string text = "const apiKeys = {\n  // don't: 'x'\n  one: '" + kA +
                           "',\n  \"two\" : { url: \"https://a.dev/" + kA + "\", key: `" + kB +
                           "` },\n};\nconst other = '" + kA + "x';\n";
  CHECK(block(text, "apiKeys", "{") == Values{kA, kB});
  CHECK(block("tokens => ['one' => '" + kA + "', 'two' => $x]", "tokens", "[") == Values{kA});
  CHECK(block("tokens: [" + kA + ", " + kB + "]", "tokens", "[") == Values{kA, kB});
  CHECK(block("tokens = [\n\"it\\\"s" + kA + "\", \"" + kB + "\"]", "tokens", "[") == Values{kB});
  CHECK(block("tokens = (read('" + kA + "')", "tokens", "(") == Values{kA});  // has no end
  CHECK(block("tokens = ['" + kA, "tokens", "[").empty());                    // the string has none
  CHECK(block("tokens = [", "tokens", "[").empty());
  CHECK(block("tokens = []; x = ['" + kA + "']", "tokens", "[").empty());
}

TEST_CASE("what an entry's own name says counts") {
  for (const std::string name : {"client_id", "token_url", "hashedToken", "public", "kid"}) {
    CAPTURE(name);
    CHECK(block("credentials = {" + name + ": '" + kA + "'}", "credentials", "{").empty());
  }
  CHECK(block("credentials = {id: decode('" + kA + "')}", "credentials", "{").empty());
  const std::string uuid = "0a1b2c3d-1111-4222-8333-a1b2c3d4e5f6";
  CHECK(block("tokens = ['" + uuid + "']", "tokens", "[").empty());
  CHECK(block("apiKeys = ['" + uuid + "']", "apiKeys", "[") == Values{uuid});
  CHECK(block("key = ['" + uuid + "']", "key", "[").empty());  // a user's rule may call its heading anything
  CHECK(block("pw = {ops: 'River9-Copper'}", "pw", "{") == Values{"River9-Copper"});
}

TEST_CASE("passwords need a name, since lists of them are of bad ones, and tokens the look of one") {
  CHECK(block("passwords = {ops: 'River9-Copper'}", "passwords", "{") == Values{"River9-Copper"});
  CHECK(block("passwords = ['River9-Copper']", "passwords", "[").empty());
  CHECK(block("tokens = {a: 'two words 123456789'}", "tokens", "{").empty());
  CHECK(block("tokens = {a: 'com.shop.app.v1.2026'}", "tokens", "{").empty());
  CHECK(block("tokens = {a: 'a=%s&b=1&c=1234567890'}", "tokens", "{").empty());
  CHECK(block("tokens = {a: 'onlylettersandnodigit'}", "tokens", "{").empty());
}

TEST_CASE("keys of other kinds are none, and no more is what a JSON Web Key publishes") {
  CHECK(block("foreign_keys = ['" + kA + "']", "foreign_keys", "[").empty());
  CHECK(block("publicKeys = ['" + kA + "']", "publicKeys", "[").empty());
  CHECK(block("signing_keys = [{n: '" + kA + "'}]", "signing_keys", "[").empty());
  CHECK(block("vendor_keys = {geo: '" + kA + "'}", "vendor_keys", "{") == Values{kA});
}

TEST_CASE("a block by indentation") {
  const std::string text = "svc:\n  api_keys:  # ours\n\n    one: " + kA + "  # first\n# two\n    two: \"" + kB +
                           "\"\n    sub:\n      three: " + kB + "\n  digest: " + kA + "\n";
  CHECK(block(text, "api_keys", "\n") == Values{kA, kB, kB});
  CHECK(block("tokens:\r\n- " + kA + "\r\n- one: " + kB + "\r\nsha: " + kA + "\r\n", "tokens", "\n") == Values{kA, kB});
  CHECK(block("- \"tokens\":\n    one: " + kA + "\n  sha: " + kB + "\n", "tokens", "\n") == Values{kA});
  // Lines of a longer text are no entries.
  CHECK(block("secrets:\n  pem: |\n    " + kA + "\n    " + kB + "\n", "secrets", "\n").empty());
  CHECK(block("tokens:\n", "tokens", "\n").empty());
}

TEST_CASE("a section, and values on one line") {
  CHECK(block("[api_keys]\none = '" + kA + "'\n; two = " + kB + "\nthree: " + kB + "\n[other]\nsha = " + kA + "\n",
              "api_keys", "\n") == Values{kA, kB});
  CHECK(block("x = y[tokens]\none = '" + kA + "'\n", "tokens", "\n").empty());
  CHECK(block("the tokens:\n  one: " + kA + "\n", "tokens", "\n").empty());
  CHECK(block("API_KEYS=first123," + kA + "," + kB + "\nSHA=" + kA, "API_KEYS", ",") == Values{kA, kB});
  CHECK(block("API_KEYS=\"first123, " + kA + "\", " + kB, "API_KEYS", ", ") == Values{kA});
}

TEST_CASE("the cells of CSV: quotes, separators and the mark of UTF-8") {
  const auto csv = [](const std::string& text, const std::string& named) {
    return read("delimited-table", text, named, named).values;
  };
  CHECK(csv("a,\"b, c\",password,token\n\"x, \"\"y\"\"\",,\"River9,Copper\"," + kA + "\n1,2,see vault,\n",
            "password") == Values{"River9,Copper", kA});
  CHECK(csv("\xef\xbb\xbf# accounts\r\n\r\nUser;Passwort\r\nops;River9-Copper\r\n", "Passwort") ==
        Values{"River9-Copper"});
  CHECK(csv("id\tapi_token\n1\t" + kA, "api_token") == Values{kA});
  CHECK(csv("id,name\n1,password,x\n2,3,River9-Copper\n", "password").empty());
  CHECK(csv("name,password\nops,required\nops,<enter 1>\nops,$2y$10$abcdefgh\nops," +
                std::string("0123456789abcdef0123456789abcdef") + "\n",
            "password")
            .empty());
  CHECK(csv("password", "password").empty());
  // Which column it is cannot be said when its line begins too far away.
  const std::string far(Reader::kBehind, 'x');
  CHECK(csv("id," + far + ",password\n1,River9-Copper,x\n", "password").empty());
}

TEST_CASE("the cells of a Markdown table") {
  const auto table = [](const std::string& text, const std::string& named) {
    return read("markdown-table", text, named, named).values;
  };
  CHECK(table("| A | **Password** |\n|:--|--:|\n| a | `River9-Copper` |\n| b | none |\n\n| c | Later9-Copper |\n",
              "Password") == Values{"River9-Copper"});
  CHECK(table("A | Token\n--|--\na | " + kA + "\ntext 1\n", "Token") == Values{kA});
  CHECK(table("| Token |\n| " + kA + " |\n", "Token").empty());  // no rule: no table
  CHECK(table("| Token |", "Token").empty());
  CHECK(
      table("| A | " + std::string(Reader::kBehind, 'x') + " | Token |\n|--|--|--|\n| " + kA + " | a | b |\n", "Token")
          .empty());
}

TEST_CASE("the rows of INSERT and COPY") {
  const auto rows = [](const std::string& text, const std::string& named) {
    return read("columns", text, text.substr(0, 4), named).values;
  };
  CHECK(rows("INSERT INTO t (id, `token`, note) VALUES (1, '" + kA + "', 'it''s, (x)'), (f(2, 'a)'), '" + kB +
                 "', ''); INSERT INTO u VALUES (1, '" + kA + "')",
             "token") == Values{kA, kB});
  CHECK(rows("INSERT INTO t (password)\nVALUES\n('a\\'b9-Copper')", "password") == Values{"a\\'b9-Copper"});
  CHECK(rows("INSERT INTO t (password) VALUES (MD5('River9-Copper'))", "password").empty());
  CHECK(rows("INSERT INTO t (id, token) SELECT id, x FROM y;", "token").empty());
  CHECK(rows("INSERT INTO t (token", "token").empty());
  CHECK(rows("INSERT INTO t (token) VALUES ('" + kA, "token").empty());
  CHECK(rows("COPY t (id, token, n) FROM stdin;\n1\t" + kA + "\t\\N\n2\t" + kB + "\tx\n\\.\n3\t" + kA + "\tx\n",
             "token") == Values{kA, kB});
}

TEST_CASE("a reader looks as far as it says, takes as many as it says, and says where it stopped") {
  std::string text = "tokens = [\n";
  const std::size_t heading = text.find('[') + 1;
  while (text.size() < 3 * Reader::kReach) text += "'" + kA + "', 'filler and more of it',\n";
  const Held far = read("block", text, "tokens", "[");
  CHECK(far.read_to > heading + Reader::kReach / 4);
  CHECK(far.read_to <= heading + Reader::kReach);
  CHECK(far.values.size() > 32);
  // What stands behind its reach has no part in the answer.
  std::string other = text.substr(0, heading + Reader::kReach) + "'}]; something else";
  CHECK(read("block", other, "tokens", "[").values == far.values);
  std::string many = "tokens = [";
  for (int i = 0; i < 200; ++i) many += kA + ",";
  CHECK(read("block", many, "tokens", "[").values.size() == Reader::kMostValues);
}

TEST_CASE("a heading inside what was read is none of its own, and a block that is too long goes on there") {
  Rule rule = launchgate::testing::rule("generic-block", "(tokens) = \\[");
  rule.reader = "block";
  const Matcher m = launchgate::testing::matcher_of({rule});
  auto scratch = m.scratch();
  REQUIRE(scratch);
  const auto found = [&](const std::string& text) {
    std::vector<Candidate> candidates;
    std::vector<Match> out, slow;
    m.find_candidates(text, {0, text.size()}, **scratch, candidates);
    m.confirm(text, candidates, **scratch, out);
    m.confirm_by_re2_alone(text, slow);
    REQUIRE(out.size() == slow.size());
    for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i].secret.begin == slow[i].secret.begin);
    CHECK(std::is_sorted(out.begin(), out.end(), [](auto& a, auto& b) { return a.whole.begin < b.whole.begin; }));
    return out.size();
  };
  CHECK(found("tokens = ['" + kA + "', tokens = ['" + kB + "'], '" + kA + "']") == 3);
  std::string nested = "tokens = [";
  for (int i = 0; i < 300; ++i) nested += "tokens = ['" + kA + "', ";
  CHECK(found(nested) == 300);  // each once
}
