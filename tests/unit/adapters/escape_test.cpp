#include "adapters/escape.hpp"

#include <doctest/doctest.h>

#include "adapters/json_writer.hpp"

using namespace launchgate::adapters;

namespace {

std::string json(std::string_view s) {
  std::string out;
  append_json_string(out, s);
  return out;
}

}  // namespace

TEST_CASE("ci_inert breaks commands and nothing else") {
  CHECK(ci_inert("::error::x\n") == "\\x3a:error::x\n");
  CHECK(ci_inert("a\n \t ::x::y") == "a\n \t \\x3a:x::y");
  CHECK(ci_inert("a ::x::y") == "a ::x::y");
  CHECK(ci_inert("std::string") == "std::string");
  CHECK(ci_inert("a ##[error]x") == "a #\\x23[error]x");
  CHECK(ci_inert("##vso[x]") == "#\\x23vso[x]");
  CHECK(ci_inert("####[x]") == "###\\x23[x]");
  CHECK(ci_inert("## a heading, a ## comment") == "## a heading, a ## comment");
  CHECK(ci_inert("\xe2\x80\x83::x::y") == "\xe2\x80\x83\\x3a:x::y");  // an em space is trimmed too
  CHECK(ci_inert("a\n\nb\n") == "a\n\nb\n");
  CHECK(ci_inert("").empty());
}

TEST_CASE("JSON strings keep their meaning and lose their teeth") {
  CHECK(json("a\"b\\c/\n\r\t\x01\x7f") == R"("a\"b\\c/\n\r\t\u0001\u007f")");
  CHECK(json("é日\xf0\x9f\x98\x80") == "\"é日\xf0\x9f\x98\x80\"");
  CHECK(json("##[x]") == R"("#\u0023[x]")");
  CHECK(json("###") == R"("#\u0023\u0023")");
  CHECK(json("a\xff\xc3") == "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
  CHECK(json("\xe2\x80\xae\xc2\x85") == R"("\u202e\u0085")");
}

TEST_CASE("the JSON writer separates what it must") {
  std::string out;
  JsonWriter w(out);
  w.object().member("a", 1).key("b").array().value(true).value(1.5).null().array().end_array().end_array();
  w.key("c").object().end_object().member("d", std::vector<std::string>{"x", "y"}).end_object();
  CHECK(out == R"({"a":1,"b":[true,1.5,null,[]],"c":{},"d":["x","y"]})");
}

TEST_CASE("XML holds any text") {
  CHECK(xml("<a b=\"c\">&'") == "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
  CHECK(xml("]]>") == "]]&gt;");
  CHECK(xml("\x1b\n") == "\\x1b\\x0a");
  CHECK(xml("\xef\xbf\xbe") == "\xef\xbf\xbd");
  CHECK(xml("::a##[b") == ":&#58;a#&#35;[b");
}

TEST_CASE("CSV fields are text to a spreadsheet") {
  CHECK(csv_field("a\"b,c") == "\"a\"\"b,c\"");
  for (const char c : std::string_view("=+-@|%"))
    CHECK(csv_field(std::string(1, c) + "x") == "\"'" + std::string(1, c) + "x\"");
  CHECK(csv_field("\t=x") == "\"' =x\"");
  CHECK(csv_field("a\nb") == "\"a\\x0ab\"");
  CHECK(csv_field("") == "\"\"");
}

TEST_CASE("workflow commands are escaped as @actions/core does") {
  CHECK(github_message("50% : a, b") == "50%25 : a, b");
  CHECK(github_property("50% : a, b") == "50%25 %3A a%2C b");
  CHECK(github_message("a\nb") == "a\\x0ab");  // one message, one line
  CHECK(github_message("##[x]") == "#\\x23[x]");
}

TEST_CASE("Markdown prose means what it says") {
  CHECK(markdown("a*b_c") == "a\\*b\\_c");
  CHECK(markdown("run `git rm --cached .env` now") == "run `git rm --cached .env` now");
  CHECK(markdown("a ` b") == "a \\` b");
  CHECK(markdown("see https://a.example/b_c?d=1, then") == "see <https://a.example/b_c?d=1>, then");
  CHECK(markdown("http://a.example") == "http&#58;//a.example");
  CHECK(markdown("by (www.a.example, Www.b.example") == "by (www&#46;a.example, Www&#46;b.example");
  CHECK(markdown("[x](javascript:y)") == "\\[x\\](javascript:y)");
  CHECK(markdown("<img> &amp; @me") == "&lt;img&gt; &amp;amp; @<!-- -->me");
  CHECK(markdown("- item") == "\\- item");
  CHECK(markdown("https://a.example/<b>") == "https&#58;//a.example/&lt;b&gt;");
}

TEST_CASE("Markdown code holds any text, in a table too") {
  CHECK(markdown_code("a.txt") == "`a.txt`");
  CHECK(markdown_code("a`b") == "``a`b``");
  CHECK(markdown_code("`a") == "`` `a ``");
  // In `a\|b` a table would end the cell at the bar.
  CHECK(markdown_code("a\\|<b>") == "<code>a&#92;&#124;&#60;b&#62;</code>");
  CHECK(markdown_code("").empty());
}

TEST_CASE("a path becomes a relative URI, whatever its bytes") {
  CHECK(relative_uri("src/a b.ts") == "src/a%20b.ts");
  CHECK(relative_uri("./././a") == "a");
  CHECK(relative_uri("//evil.example/x") == "evil.example/x");
  CHECK(relative_uri("javascript:x") == "javascript%3Ax");
  CHECK(relative_uri("größe\xff#?%\\") == "gr%C3%B6%C3%9Fe%FF%23%3F%25%5C");
}
