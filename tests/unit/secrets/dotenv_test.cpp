#include "libscan/secrets/dotenv.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace launchgate::secrets;

namespace {

struct Seen {
  std::vector<DotenvEntry> entries;
  std::size_t junk = 0;
  const DotenvEntry& operator[](std::size_t i) const { return entries.at(i); }
  std::size_t size() const { return entries.size(); }
};

Seen read(std::string_view text) {
  Seen seen;
  DotenvReader reader(text);
  DotenvEntry e;
  while (reader.next(e)) seen.entries.push_back(e);
  seen.junk = reader.junk_lines();
  return seen;
}

// The value of the only entry.
std::string_view value(std::string_view text) {
  const Seen seen = read(text);
  REQUIRE(seen.size() == 1);
  return seen[0].value;
}

}  // namespace

TEST_CASE("assignments, with lines, offsets and keys") {
  const std::string text = "A=1\n\n  B_2.x-y = two words  \n# note\nC=\n";
  const Seen s = read(text);
  REQUIRE(s.size() == 3);
  CHECK(s[0].key == "A");
  CHECK(s[0].value == "1");
  CHECK(s[0].line == 1);
  CHECK(s[1].key == "B_2.x-y");
  CHECK(s[1].value == "two words");
  CHECK(s[1].line == 3);
  CHECK(text.substr(s[1].offset, 1) == "B");
  CHECK(s[2].value == "");
  CHECK(s[2].line == 5);
  CHECK(s.junk == 0);
}

TEST_CASE("export, a colon as Ruby and compose write it, and quoted keys") {
  CHECK(value("export A=1") == "1");
  CHECK(value("export\tA=1") == "1");
  CHECK(read("export=1")[0].key == "export");
  CHECK(value("A: 1") == "1");
  CHECK(read("A:1\n").size() == 0);
  CHECK(read("'A'=1")[0].key == "A");
  CHECK(value("\"A\" = 1") == "1");
}

TEST_CASE("quotes keep spaces, hashes and the other quotes") {
  CHECK(value("A=' x # y '") == " x # y ");
  CHECK(value("A=\"it's\" # comment") == "it's");
  CHECK(value("A=`b`") == "b");
  CHECK(value(R"(A="say \"hi\"")") == R"(say \"hi\")");
  CHECK(read("A=''")[0].quote == '\'');
}

TEST_CASE("a quote that does not close the value is a character of it") {
  CHECK(value("A=\"x") == "\"x");
  CHECK(value("A=\"x\"y") == "\"x\"y");
  CHECK(value("A=it's") == "it's");
  const Seen s = read("A=\"one\nB=\"two\"\n");  // the quote of B would close A's, and "two" follows it
  REQUIRE(s.size() == 2);
  CHECK(s[0].value == "\"one");
  CHECK(s[1].value == "two");
}

TEST_CASE("quoted values go over lines, and lines are counted on") {
  const Seen s = read("K=\"-----BEGIN\nabc\n-----END\"\nB=1\n");
  REQUIRE(s.size() == 2);
  CHECK(s[0].value == "-----BEGIN\nabc\n-----END");
  CHECK(s[0].line == 1);
  CHECK(s[1].line == 4);
}

TEST_CASE("where the dialects differ about '#', both readings are given") {
  CHECK(value("A=x # comment") == "x");
  CHECK(value("A=x\t#comment") == "x");
  CHECK(value("A= # comment") == "");
  const Seen s = read("A=ab#cd ef # note\nB=#start\n");
  CHECK(s[0].value == "ab#cd ef");
  CHECK(s[0].before_hash == "ab");
  CHECK(s[1].value == "#start");
  CHECK(s[1].before_hash == "");
}

TEST_CASE("commented assignments are read, prose is not") {
  const Seen s = read("# PASSWORD=old\n#export B='x y' # why\n# use A = 1 here\n# http://x.y/?a=b\n#\n");
  REQUIRE(s.size() == 2);
  CHECK(s[0].commented);
  CHECK(s[0].key == "PASSWORD");
  CHECK(s[1].key == "B");
  CHECK(s[1].value == "x y");
  CHECK(s.junk == 0);
}

TEST_CASE("a comment's open quote does not swallow the lines behind it") {
  const Seen s = read("# A='x\nB=1\nC='y'\n");
  REQUIRE(s.size() == 3);
  CHECK(s[0].value == "'x");
  CHECK(s[1].key == "B");
}

TEST_CASE("byte order mark, CRLF and lone CR") {
  const Seen s = read(
      "\xef\xbb\xbf"
      "A=1\r\nB='x'\r\nC=\"p\r\nq\"\rD=4");
  REQUIRE(s.size() == 4);
  CHECK(s[0].key == "A");
  CHECK(s[0].value == "1");
  CHECK(s[1].value == "x");
  CHECK(s[1].line == 2);
  CHECK(s[2].value == "p\r\nq");
  CHECK(s[3].value == "4");
}

TEST_CASE("interpolation is left as it is written") {
  CHECK(value("A=${B:-x}") == "${B:-x}");
  CHECK(value("A=\"$(cat f)\"") == "$(cat f)");
}

TEST_CASE("bare names inherit and are no junk; other lines are") {
  CHECK(read("HOME\nPATH # inherited\n").junk == 0);
  CHECK(read("if [ -f x ]; then\n  . x\nfi\n1=2\n").junk == 3);  // "fi" could be a name
}

TEST_CASE("any bytes are read in linear time") {
  std::string opening_quotes, escapes, hashes;
  for (int i = 0; i < 200000; ++i) opening_quotes += "A='\"`\n", escapes += "A=\"\\\n", hashes += "# A='\n";
  const auto begin = std::chrono::steady_clock::now();
  read(opening_quotes), read(escapes), read(hashes), read(std::string(1 << 20, '#')), read(std::string(1 << 20, '='));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("names of the family") {
  for (const char* real : {".env",
                           "a/b/.env",
                           ".env.local",
                           ".env.production",
                           ".env.prod.local",
                           "prod.env",
                           "env.prod",
                           ".env_staging",
                           ".env-prod",
                           ".env.bak",
                           ".env~",
                           ".env.1",
                           ".envrc",
                           ".flaskenv",
                           ".dev.vars",
                           ".dev.vars.staging",
                           "docker.env",
                           ".env.d/db",
                           "environment",
                           ".secrets",
                           ".kamal/secrets.production",
                           "x/.streamlit/secrets.toml",
                           ".ENV",
                           "secrets.env"}) {
    CAPTURE(real);
    CHECK(dotenv_name(real) == DotenvName::real);
  }
  for (const char* sample :
       {".env.example", ".env.sample", "example.env", ".env_template", ".env-dist", ".env.test", ".env.ci",
        ".env.local.example", "env.example", ".env.defaults", ".dev.vars.example", ".env.Testing", ".env.schema"}) {
    CAPTURE(sample);
    CHECK(dotenv_name(sample) == DotenvName::sample);
  }
  for (const char* none : {"", "env", ".envoy", ".envoy.yaml", "env.ts", ".env.ts", "env.d.ts", "environment.ts",
                           "config.env.py", ".env/bin/activate", ".env/pyvenv.cfg", "env.config", "secrets.toml",
                           ".env.vault", ".env.enc", ".env.encrypted", "my.environment", ".env.json", "environments"}) {
    CAPTURE(none);
    CHECK(dotenv_name(none) == DotenvName::none);
  }
  CHECK(dotenv_name(".env.keys") == DotenvName::keys);
  CHECK(dotenv_name(".env.me") == DotenvName::keys);
  CHECK(dotenv_name(std::string(100000, 'a') + ".env") == DotenvName::none);
  CHECK(is_plain_dotenv_name("a/.env.prod"));
  CHECK_FALSE(is_plain_dotenv_name("prod.env"));
}
