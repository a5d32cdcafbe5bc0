#include "libscan/config/toml.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace launchgate;
using namespace launchgate::config;

namespace {

Table parsed(std::string_view text) {
  auto table = parse_toml(text, "f.toml");
  REQUIRE_MESSAGE(table, (table ? "" : table.error().what));
  return *std::move(table);
}

std::string syntax_error(std::string_view text) {
  const auto table = parse_toml(text, "f.toml");
  return table ? "" : table.error().what;
}

// Reads with `read`, then gives what finish() says.
template <class Read>
Error failure(const Table& table, Read read, bool ignore_case = false) {
  TableReader r(table, {1, 1}, "f.toml", "[t]", ignore_case);
  read(r);
  const auto done = r.finish();
  return done ? Error{} : done.error();
}

}  // namespace

TEST_CASE("values arrive with their types, places and the order of the file") {
  const Table t = parsed("z = 'ä'\na = 1\nf = 1.5\nb = true\nd = 2026-01-31\n[s]\nk = [1, 'x']\n");
  REQUIRE(t.size() == 6);
  CHECK(t[0].key == "z");
  CHECK(std::get<std::string>(t[0].value.data) == "ä");
  CHECK(t[1].value.type_name() == "integer");
  CHECK(t[2].value.type_name() == "number");
  CHECK(t[3].value.type_name() == "boolean");
  CHECK(std::get<std::string>(t[4].value.data) == "2026-01-31");
  CHECK(t[5].value.type_name() == "table");
  CHECK(t[2].key_place.line == 3);
  CHECK(t[2].value.place.column == 5);
  const auto& s = std::get<Table>(t[5].value.data);
  CHECK(std::get<Array>(s[0].value.data)[1].place.column == 9);
}

TEST_CASE("dates and times arrive as RFC 3339 text") {
  const Table t = parsed("a = 2026-01-31T10:00:00-05:30\nb = 10:01:02.5\nc = 2026-01-31T10:00:00Z\n");
  CHECK(std::get<std::string>(t[0].value.data) == "2026-01-31T10:00:00-05:30");
  CHECK(std::get<std::string>(t[1].value.data) == "10:01:02.500000000");
  CHECK(std::get<std::string>(t[2].value.data) == "2026-01-31T10:00:00Z");
}

TEST_CASE("a table implied by a deeper header still has a place") {
  const Table t = parsed("\n[a.b]\nx = 1\n");
  CHECK(t[0].value.place.line == 2);
}

TEST_CASE("syntax errors name file, line and column") {
  CHECK(syntax_error("a = 1\nb = \n").rfind("f.toml:2:", 0) == 0);
  CHECK(syntax_error("a = 'x\n").rfind("f.toml:1:", 0) == 0);
  CHECK(syntax_error("a = 1\na = 2\n").rfind("f.toml:2:", 0) == 0);
  CHECK(syntax_error(std::string_view("a = \0", 5)).rfind("f.toml:1:", 0) == 0);
  CHECK(syntax_error("a = \"\xff\"\n").rfind("f.toml:1:", 0) == 0);
}

TEST_CASE("a header that begins with no key is refused, in every build") {
  CHECK(syntax_error("[!]\n").rfind("f.toml:1:2:", 0) == 0);
  CHECK(syntax_error("[[$x]]\n").rfind("f.toml:1:3:", 0) == 0);
  CHECK(syntax_error("[a.!]\n").rfind("f.toml:1:4:", 0) == 0);
  CHECK(syntax_error("[").rfind("f.toml:1:", 0) == 0);
}

TEST_CASE("characters beyond ASCII belong into strings and comments") {
  CHECK(syntax_error("a = 'ä' # ö\n\"ü\" = '''\nß'''\n") == "");
  CHECK(syntax_error("\xef\xbb\xbf"
                     "a = 1\n") == "");
  CHECK(syntax_error("a = 1\nb = \xd1\xbf\n").rfind("f.toml:2:5: a character beyond ASCII", 0) == 0);
  CHECK(syntax_error("ä = 1\n").rfind("f.toml:1:1:", 0) == 0);
}

TEST_CASE("a syntax error does not echo what may be a secret") {
  const std::string secret = "9f8e7d6c5b4a39281706f5e4";
  CHECK(syntax_error("token = " + secret).find(secret) == std::string::npos);
  CHECK(syntax_error("token = 1" + secret).find("8e7d6c5b4a39281706") == std::string::npos);
}

TEST_CASE("hostile nesting and size are refused before they cost anything") {
  CHECK(syntax_error("a = " + std::string(100000, '[')).find("depth") != std::string::npos);
  std::string dotted = "[a";
  for (int i = 0; i < 1000000; ++i) dotted += ".a";
  CHECK(syntax_error("x = 1\n" + dotted + "]").rfind("f.toml:2:", 0) == 0);
  CHECK(syntax_error("x = 1\n" + dotted + "]").find("dotted parts") != std::string::npos);
  CHECK(syntax_error(std::string(kMaxTomlBytes + 1, '\n')).find("bytes") != std::string::npos);
}

TEST_CASE("dots inside strings and comments are no key parts") {
  const std::string dots(100, '.');
  CHECK(syntax_error("a = '" + dots + "'\n# " + dots + "\nb = \"\\\"" + dots + "\"\n").empty());
  CHECK(syntax_error("a = '''\n" + dots + "\n''''\nb = \"\"\"x\"y" + dots + "\"\"\"\"\"\n").empty());
  CHECK_FALSE(syntax_error("a = '''x'''''\n[b" + dots + "]\n").empty());
}

TEST_CASE("an unknown key is named with its place and the nearest known one") {
  const Error e = failure(parsed("regexp = 'x'\n"), [](TableReader& r) { r.string("regex"), r.string("path"); });
  CHECK(e.code == ErrorCode::config);
  CHECK(e.what == "f.toml:1:1: in [t]: unknown key 'regexp'");
  CHECK(e.hint == "did you mean 'regex'?");
}

TEST_CASE("wrong types are named and the value is not shown") {
  CHECK(failure(parsed("k = 7"), [](TableReader& r) { r.string("k"); }).what ==
        "f.toml:1:5: in [t]: 'k' must be a string, not an integer");
  CHECK(failure(parsed("k = 'v'"), [](TableReader& r) { r.number("k"); }).what ==
        "f.toml:1:5: in [t]: 'k' must be a number, not a string");
  CHECK(failure(parsed("k = 'v'"), [](TableReader& r) { r.strings("k"); }).hint == "write a list: k = [\"…\"]");
  CHECK(failure(parsed("k = ['v', 2]"), [](TableReader& r) { r.strings("k"); }).what ==
        "f.toml:1:11: in [t]: 'k' must hold strings only, not an integer");
  CHECK(failure(parsed("k = 1.5"), [](TableReader& r) { r.integer("k"); }).what ==
        "f.toml:1:5: in [t]: 'k' must be an integer, not a number");
  CHECK(failure(parsed("k = 1"), [](TableReader& r) { r.boolean("k"); }).what.find("a boolean") != std::string::npos);
  CHECK(failure(parsed("k = 1"), [](TableReader& r) { r.table("k"); }).what.find("a table") != std::string::npos);
  CHECK(failure(parsed("k = [1]"), [](TableReader& r) { r.tables("k"); }).what.find("tables only") !=
        std::string::npos);
}

TEST_CASE("the first failure is kept") {
  const Error e = failure(parsed("a = 1\nb = 2\nunknown = 3"), [](TableReader& r) { r.string("a"), r.string("b"); });
  CHECK(e.what.find("'a'") != std::string::npos);
}

TEST_CASE("keys without regard to case: found, known, and refused when given twice") {
  const Table t = parsed("SecretGroup = 2\n");
  TableReader r(t, {1, 1}, "f.toml", "", true);
  CHECK(r.has("secretgroup"));
  CHECK(r.integer("secretGroup") == 2);
  CHECK(r.finish());
  const Error e = failure(
      parsed("a = 1\nA = 2"), [](TableReader& x) { x.integer("a"); }, true);
  CHECK(e.what.rfind("f.toml:2:1:", 0) == 0);
  CHECK(e.what.find("twice") != std::string::npos);
}

TEST_CASE("readers give what is there") {
  const Table t = parsed("s = 'x'\ni = 3\nl = ['a', 'b']\n[one]\n[[many]]\n[[many]]\n");
  TableReader r(t, {1, 1}, "f.toml", "");
  CHECK(r.string("s") == "x");
  CHECK(r.number("i") == 3.0);
  CHECK(r.strings("l").size() == 2);
  CHECK(r.table("one") != nullptr);
  CHECK(r.tables("one").empty() == false);
  CHECK(r.tables("many").size() == 2);
  CHECK(r.string("absent") == std::nullopt);
  CHECK(r.place_of("i").line == 2);
  CHECK(r.place_of("absent").line == 1);
  CHECK(r.error_at({4, 2}, "odd").error.what == "f.toml:4:2: odd");
  CHECK(r.finish());
}
