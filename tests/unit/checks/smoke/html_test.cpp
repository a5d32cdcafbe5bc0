#include "libscan/checks/smoke/html.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace launchgate::checks::smoke;

namespace {

Document page(std::string_view html) {
  auto parsed = Document::parse(html);
  REQUIRE(parsed);
  return std::move(*parsed);
}

std::string repeat(std::string_view text, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("a form is read as a browser would submit it") {
  const Document doc = page(R"(<title>Sign <b>in</title><form id=login action="/go?x=1&amp;y=2" METHOD=Post>
    <input type=hidden name=csrf value="a&quot;b"><input name=who><input type=PASSWORD name=pw autocomplete=Current-Password>
    <input type=checkbox name=no><input type=checkbox name=yes checked><input type=radio name=r value=1>
    <input type=radio name=r value=2 checked><select name=s><option value=a>A<option selected>Bee</select>
    <textarea name=t>text</textarea><input name=off disabled value=1><button name=b value=go>Go</button></form>
    <input form=login name=outside value=o>)");
  REQUIRE(doc.forms().size() == 1);
  const Form form = doc.forms()[0];
  CHECK(form.action == "/go?x=1&y=2");
  CHECK(form.method == "post");
  std::string sent;
  for (const Input& i : form.inputs)
    if (i.sent) sent += i.name + "=" + i.value + ";";
  CHECK(sent == "csrf=a\"b;who=;pw=;yes=on;r=2;s=Bee;t=text;outside=o;");
  CHECK(form.count_of_type("password") == 1);
  CHECK(form.first_of_type("password")->autocomplete == "current-password");
  CHECK(form.first_of_type("submit")->value == "go");
}

TEST_CASE("selectors name the form by itself, by what holds it and by what it holds") {
  const Document doc = page(
      "<form id=search></form><div id=box class='a wide'><form name=inner><input id=pw type=password></form></div>");
  for (const char* text : {"#box", "#pw", "form[name=inner]", "div.wide", "input[type='password']", ".a.wide"})
    CHECK_MESSAGE(doc.form(*parse_selector(text)).value().name == "inner", text);
  CHECK_FALSE(doc.form(*parse_selector("#none")));
  CHECK(doc.has(*parse_selector("form#search")));
  CHECK_FALSE(doc.has(*parse_selector("div#search")));
  CHECK_FALSE(doc.has(*parse_selector(".wid")));
  for (const char* text : {"", "a b", "a>b", "#", "[", "[a", "a:hover", "*", "a,b", "[a=b"})
    CHECK_MESSAGE(!parse_selector(text), text);
}

TEST_CASE("metas, base, assets and links") {
  const Document doc = page(R"(<base href="/app/"><meta name="CSRF-Token" content="t0k"><script src=a.js></script>
    <script>inline()</script><link rel="icon" href=i.png><link rel="preload stylesheet" href=b.css><a href="/login">x</a>)");
  CHECK(doc.meta("csrf-token") == "t0k");
  CHECK(doc.meta("other").empty());
  CHECK(doc.base_href() == "/app/");
  CHECK(doc.assets() == std::vector<std::string>{"a.js", "b.css"});
  CHECK(doc.links() == std::vector<std::string>{"/login"});
}

TEST_CASE("hostile pages cost neither memory nor stack nor time") {
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(Document::parse(repeat("<div>", 400'000)));
  CHECK_FALSE(Document::parse(repeat("<div><table></div>", 100'000)));
  CHECK_FALSE(Document::parse(repeat("<b a><i>", 100'000) + repeat("<p>", 100'000)));
  CHECK_FALSE(Document::parse(std::string(3 << 20, 'x')));
  std::string formatting = "<p>";  // below the depth limit, but every <p> reopens all of them
  for (int i = 0; i < 900; ++i) formatting += "<b x" + std::to_string(i) + ">";
  CHECK_FALSE(Document::parse(formatting + repeat("</p><p>x", 200'000)));
  CHECK(Document::parse(repeat("<li><p>text", 50'000)));
  CHECK(Document::parse(""));
  CHECK(Document::parse(std::string("\0<form\0 id=\xff>", 14)));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}
